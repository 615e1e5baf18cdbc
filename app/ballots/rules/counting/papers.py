"""Whether one paper is valid: how many may be picked, in each section and on the whole paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate, Ranking, Scoring


class Fault(StrEnum):
    """What is wrong with a paper."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    WITHDRAWN = "withdrawn"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    BAD_POINTS = "bad_points"


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a paper, where, and how many were found.

    `section` is None where it concerns the whole paper; `candidate` names who it is about.
    """

    fault: Fault
    section: str | None = None
    found: int = 0
    candidate: str = ""


@dataclass(frozen=True)
class Bounds:
    """At least and at most so many; equal bounds mean exactly so many."""

    least: int
    most: int

    def __post_init__(self) -> None:
        """Refuse bounds that nothing can keep. Raises ValueError."""
        if not 0 <= self.least <= self.most:
            raise ValueError(f"nothing is at least {self.least} and at most {self.most}")

    def fault(self, found: int) -> Fault | None:
        """Say whether a number lies outside."""
        if found > self.most:
            return Fault.TOO_MANY
        return Fault.TOO_FEW if found < self.least else None


@dataclass(frozen=True)
class PaperRule:
    """How many may be picked on the whole paper, and in each section that has bounds of its own."""

    total: Bounds
    sections: Mapping[str, Bounds] = field(default_factory=dict)


def why_not_valid(
    picks: Sequence[str], candidates: Iterable[Candidate], rule: PaperRule
) -> Complaint | None:
    """Say why a paper of picks is not valid, or None if it is.

    An empty paper is judged like any other; whether it is an abstention, the caller knows.
    """
    paper = {one.id: one for one in candidates}
    if complaint := _why_not_named(picks, paper):
        return complaint
    if fault := rule.total.fault(len(picks)):
        return Complaint(fault, None, len(picks))
    for section, bounds in rule.sections.items():
        found = sum(paper[pick].section == section for pick in picks)
        if fault := bounds.fault(found):
            return Complaint(fault, section, found)
    return None


def why_not_valid_ranking(
    ranking: Ranking, candidates: Iterable[Candidate], rule: PaperRule, *, ties: bool = False
) -> Complaint | None:
    """Say why a ranking is not valid; `ties` tells whether several may stand on one place."""
    named = [one for tier in ranking.tiers for one in tier]
    if complaint := why_not_valid(named, candidates, rule):
        return complaint
    for tier in ranking.tiers:
        if len(tier) != 1 and not ties:
            return Complaint(Fault.TOO_MANY, None, len(tier), tier[0] if tier else "")
    return None


def why_not_valid_scores(
    scoring: Scoring, candidates: Iterable[Candidate], *, most: int
) -> Complaint | None:
    """Say why a paper of scores is not valid: whole points from 0 to `most`, each named once."""
    paper = {one.id: one for one in candidates}
    if complaint := _why_not_named([one for one, _ in scoring.points], paper):
        return complaint
    for one, points in scoring.points:
        if Fraction(points).denominator != 1 or not 0 <= points <= most:
            return Complaint(Fault.BAD_POINTS, candidate=one)
    return None


def _why_not_named(named: Sequence[str], paper: Mapping[str, Candidate]) -> Complaint | None:
    seen = set()
    for one in named:
        if one not in paper:
            return Complaint(Fault.UNKNOWN, candidate=one)
        if paper[one].is_withdrawn:
            return Complaint(Fault.WITHDRAWN, candidate=one)
        if one in seen:
            return Complaint(Fault.TWICE, candidate=one)
        seen.add(one)
    return None
