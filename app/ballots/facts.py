"""What happens to ballots. No fact ever carries a choice or a leaf."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class BallotFact(Fact):
    """Something happened to a ballot; `assembly_id` is its assembly's, if it has one."""

    chain: ClassVar[str] = "ballot"
    held: ClassVar[bool] = True
    ballot_id: int
    assembly_id: int | None


@dataclass(frozen=True, kw_only=True)
class BallotDrawn(BallotFact):
    """Someone drew a ballot up."""


@dataclass(frozen=True, kw_only=True)
class BallotDiscarded(BallotFact):
    """Someone threw a draft away, with all that stood on it."""


class PaperChange(StrEnum):
    """What someone changed of a draft."""

    REVISED = "revised"
    OPTION_ADDED = "option_added"
    OPTION_REMOVED = "option_removed"


@dataclass(frozen=True, kw_only=True)
class PaperChanged(BallotFact):
    """Someone changed the draft."""

    change: PaperChange
    option_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class BallotFrozen(BallotFact):
    """An officer froze the paper and the roll."""

    roll_count: int
    setup_hash: str


@dataclass(frozen=True, kw_only=True)
class BallotOpened(BallotFact):
    """Voting began."""


@dataclass(frozen=True, kw_only=True)
class BallotCast(BallotFact):
    """Someone on the roll voted, in the minute `at`; `turnout` is how many have."""

    turnout: int
    roll_count: int


@dataclass(frozen=True, kw_only=True)
class BallotClosed(BallotFact):
    """Voting ended, for good; before its time with a reason, whose SHA-256 in hex is `digest`."""

    turnout: int
    digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class BallotCounted(BallotFact):
    """The urn was opened and counted."""

    turnout: int


@dataclass(frozen=True, kw_only=True)
class BallotCertified(BallotFact):
    """Someone who did not draw the ballot up certified its count."""
