"""What happens to commitments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class CommitmentFact(Fact):
    """Something happened to a commitment."""

    chain: ClassVar[str] = "commitment"
    commitment_id: int


@dataclass(frozen=True, kw_only=True)
class CommitmentMade(CommitmentFact):
    """What won became a commitment."""


@dataclass(frozen=True, kw_only=True)
class MilestonesSet(CommitmentFact):
    """The department set the dated steps; `milestones` is how many there are."""

    milestones: int


@dataclass(frozen=True, kw_only=True)
class MissedMilestoneMoved(CommitmentFact):
    """A step whose day had passed got another, for a reason.

    `number` is its place until then; days are `rules.day_number`.
    """

    number: int
    due_before: int
    due_after: int


@dataclass(frozen=True, kw_only=True)
class MissedMilestoneRemoved(CommitmentFact):
    """A step whose day had passed was left out, for a reason; `number` was its place."""

    number: int
    due_before: int


@dataclass(frozen=True, kw_only=True)
class ProgressReported(CommitmentFact):
    """The department reported what was done, and the money spent until now in won."""

    percent: int
    spent_won: int


@dataclass(frozen=True, kw_only=True)
class CommitmentKept(CommitmentFact):
    """A commitment was kept."""


@dataclass(frozen=True, kw_only=True)
class CommitmentDelayed(CommitmentFact):
    """The department moved a commitment's date and said why."""
