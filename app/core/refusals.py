"""How a domain says no: a code for the machine, details for the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Refusal(StrEnum):
    """Base of every domain's refusal codes; members are '<domain>.<reason>'."""


class Refused(Exception):
    """An act that may not happen, with the code that says why."""

    def __init__(self, refusal: Refusal, **details: object) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.details = details


@dataclass(frozen=True)
class Until:
    """A refusal's detail that ends something: midnight is told as 24:00 of the day before."""

    moment: datetime


@dataclass(frozen=True)
class BirthDay:
    """A refusal's detail that somebody was born on: it is told without its weekday."""

    day: date


class InvalidText(ValueError):
    """Text that may not be stored; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def insist(refusal: Refusal | None, **details: object) -> None:
    """Raise Refused if a policy named a refusal; pass otherwise."""
    if refusal is not None:
        raise Refused(refusal, **details)
