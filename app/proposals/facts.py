"""What happens to proposals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class ProposalFact(Fact):
    """Something happened to a proposal."""

    chain: ClassVar[str] = "proposal"
    held: ClassVar[bool] = True
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ProposalPublished(ProposalFact):
    """A resident published a proposal."""


@dataclass(frozen=True, kw_only=True)
class PrecheckPassed(ProposalFact):
    """The feasibility pre-check (타당성 검토) passed and the endorsement window opened."""


@dataclass(frozen=True, kw_only=True)
class PrecheckFailed(ProposalFact):
    """The pre-check found that this is not a proposal the district can decide."""


@dataclass(frozen=True, kw_only=True)
class ProposalEndorsed(ProposalFact):
    """Someone endorsed; `count` is the new total."""

    count: int


@dataclass(frozen=True, kw_only=True)
class EndorsementWithdrawn(ProposalFact):
    """Someone took their endorsement back; `count` is the new total."""

    count: int


@dataclass(frozen=True, kw_only=True)
class ThresholdReached(ProposalFact):
    """The endorsement that met the threshold moved the proposal to department review."""

    count: int


@dataclass(frozen=True, kw_only=True)
class WindowMissed(ProposalFact):
    """The window closed below the threshold."""

    count: int


@dataclass(frozen=True, kw_only=True)
class DepartmentAssigned(ProposalFact):
    """A department was asked to answer by a date."""

    department_id: int


@dataclass(frozen=True, kw_only=True)
class ProposalReplied(ProposalFact):
    """The department answered."""

    verdict: str


@dataclass(frozen=True, kw_only=True)
class ProposalAdvanced(ProposalFact):
    """A later stage (forum, assembly, execution, result) noted itself on the proposal."""

    stage: str
    code: str


@dataclass(frozen=True, kw_only=True)
class EndorsementPolicySet(Fact):
    """An operator set a new version of the endorsement rule."""

    chain: ClassVar[str] = "place"
    place_id: int
    version: int
