"""How far a topic has come, and what one person may write in a day."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.core.clock import seoul_day, seoul_midnight

if TYPE_CHECKING:
    from datetime import datetime

    from app.residents.rules import Standing

OPINIONS_PER_DAY = 10
REPLIES_PER_DAY = 50
CLAIMS_PER_DAY = 5


class Phase(StrEnum):
    """How far a topic has come: 예고, 토론, 정리, 결론, 종료."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    CONCLUDED = "concluded"
    FINISHED = "finished"


class Timed(Protocol):
    """What of a topic tells how far it has come."""

    @property
    def opens_at(self) -> datetime:
        """When the talk begins."""

    @property
    def closes_at(self) -> datetime:
        """When it ends, this moment not within."""

    @property
    def concluded_at(self) -> datetime | None:
        """When the conclusion was written."""

    @property
    def replied_at(self) -> datetime | None:
        """When the department answered."""


def phase_of(topic: Timed, *, at: datetime) -> Phase:
    """Return how far a topic has come; the department's answer finishes it."""
    if topic.replied_at is not None:
        return Phase.FINISHED
    if topic.concluded_at is not None:
        return Phase.CONCLUDED
    if at < topic.opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if at < topic.closes_at else Phase.CLOSED


def day_began(at: datetime) -> datetime:
    """Return when the calendar day in Seoul began; limits by the day count from there."""
    return seoul_midnight(seoul_day(at))


def dong_of(by: Standing, place_id: int) -> int | None:
    """Return the dong to show beside a name: that of the topic, or the first they belong to."""
    dongs = {dong for dong, _ in by.memberships}
    return place_id if place_id in dongs else min(dongs, default=None)
