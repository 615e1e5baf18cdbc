"""Throwing a draft away, and what keeps its assembly from being called off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.ballots import facts, policy, queries
from app.ballots.actions.shared import about
from app.ballots.models import Ballot, BallotEditor, DiscardedBallot, Option, TrackSeats
from app.core.bus import record
from app.core.database import held
from app.core.refusals import insist

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.assemblies.facts import AssemblyFact
    from app.residents.rules import Standing


def discard_ballot(session: Session, ballot: Ballot, *, by: Standing, at: datetime) -> None:
    """Throw a draft away with its options; its assembly is free for another, its number for none.

    Raises Refused: NOT_CLERK, NOT_DRAFT.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_edit(by, ballot))
    gone = about(ballot, by, at)
    for parts in (Option, TrackSeats, BallotEditor):
        session.execute(delete(parts).where(parts.ballot_id == ballot.id))
    session.add(DiscardedBallot(id=ballot.id, place_id=ballot.place_id))
    session.execute(delete(Ballot).where(Ballot.id == ballot.id))
    record(session, facts.BallotDiscarded(**gone))


def keep_voted_assembly(session: Session, gone: AssemblyFact) -> None:
    """Let no assembly go that has a ballot; whoever draws one up holds the assembly.

    Raises Refused: ASSEMBLY_HAS_DRAFT, ASSEMBLY_VOTES.
    """
    insist(policy.why_not_without_assembly(queries.ballot_of(session, gone.assembly_id)))
