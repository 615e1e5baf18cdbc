"""How an election is to be counted, as far as its file says it itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from app.ballots.rules.counting.majority import Majority
    from app.ballots.rules.counting.papers import PaperRule
    from app.ballots.rules.counting.ties import TieRule


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the paper that is counted by itself: its places, or its share of the budget."""

    id: str
    name: str = ""
    seats: int = 1
    budget: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way to vote: its weight in percent, and how many votes each candidate got by it."""

    id: str
    weight: Fraction
    sums: Mapping[str, Fraction | int]
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The rule, the parts of the paper, the channels, and who had to take part.

    `voters` took part (papers alone do not tell who abstained), `roll` could have, `needed` is the
    quorum in people; `ties` settles equals where nobody asks otherwise.
    """

    rule: str = ""
    sections: tuple[Section, ...] = ()
    channels: tuple[Channel, ...] = ()
    paper: PaperRule | None = None
    majority: Majority | None = None
    voters: int | None = None
    roll: int | None = None
    needed: int = 0
    ties: TieRule | None = None
