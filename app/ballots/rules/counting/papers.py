"""What a paper may hold: how many picks in all and in each section, and how many points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import Approval, Ranking, Scoring

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Bounds:
    """At least and at most so many; equal bounds mean exactly so many."""

    least: int
    most: int

    def __post_init__(self) -> None:
        """Refuse bounds that nothing can keep. Raises ValueError."""
        if not 0 <= self.least <= self.most:
            raise ValueError(f"nothing is at least {self.least} and at most {self.most}")

    def hold(self, found: int) -> bool:
        """Say whether a number lies within."""
        return self.least <= found <= self.most


@dataclass(frozen=True, kw_only=True)
class PaperRule:
    """How many may be named on the whole paper, and in each section that has bounds of its own.

    `most_points` is what one candidate can be given at most, in whole points.
    """

    total: Bounds | None = None
    sections: Mapping[str, Bounds] = field(default_factory=dict)
    most_points: int | None = None


@dataclass(frozen=True)
class Complaint:
    """What a paper does not keep: of a section, of one candidate's points, or of the whole."""

    bounds: Bounds
    found: int = 0
    section: str | None = None
    candidate: str = ""


def why_not_valid(
    ballot: Approval | Scoring | Ranking, sections: Mapping[str, str], rule: PaperRule
) -> Complaint | None:
    """Say why a paper is not valid, or None if it is; `sections` are those of all candidates.

    An empty paper is judged like any other; whether it is an abstention, the caller knows.
    Raises KeyError where somebody is named who is not on the paper.
    """
    named = ballot.names
    if rule.total and not rule.total.hold(len(named)):
        return Complaint(rule.total, len(named))
    for section, bounds in rule.sections.items():
        found = sum(sections[one] == section for one in named)
        if not bounds.hold(found):
            return Complaint(bounds, found, section)
    if isinstance(ballot, Scoring) and rule.most_points is not None:
        for one, points in ballot.points:
            if points.denominator != 1 or not 0 <= points <= rule.most_points:
                return Complaint(Bounds(0, rule.most_points), candidate=one)
    return None
