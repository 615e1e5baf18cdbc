"""The ballots that everyone sees, and those that wait for a person's vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload, selectinload

from app.ballots import policy
from app.ballots.models import TAKES_VOTES, Ballot, BallotState, Option, Slot, SlotState
from app.core.paging import PAGE_SIZE, Page, page_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


PUBLIC = tuple(state for state in BallotState if state is not BallotState.DRAFT)
HAS_RESULT = (BallotState.COUNTED, BallotState.CERTIFIED)


@dataclass(frozen=True)
class Shelves:
    """The public ballots by what a visitor can do with them."""

    open: Sequence[Ballot]
    upcoming: Sequence[Ballot]
    counting: Sequence[Ballot]
    finished: Page[Ballot]


def is_taking(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a ballot takes votes at a moment, as the policy says it."""
    return and_(Ballot.state.in_(TAKES_VOTES), Ballot.opens_at <= at, Ballot.closes_at > at)


def ballot_page(session: Session, ballot_id: int) -> Ballot | None:
    """Return a ballot with its place, options and seats."""
    return session.scalar(
        select(Ballot)
        .where(Ballot.id == ballot_id)
        .options(
            joinedload(Ballot.place),
            selectinload(Ballot.options).joinedload(Option.department),
            selectinload(Ballot.seats),
        )
    )


def public_ballot(session: Session, ballot_id: int) -> Ballot | None:
    """Return a ballot that the public may see; drafts are not among them."""
    ballot = ballot_page(session, ballot_id)
    return ballot if ballot is not None and ballot.state in PUBLIC else None


def public_ballot_of(session: Session, assembly_id: int) -> Ballot | None:
    """Return the ballot of an assembly that the public may see."""
    return session.scalar(
        select(Ballot)
        .where(Ballot.assembly_id == assembly_id, Ballot.state.in_(PUBLIC))
        .order_by(Ballot.id.desc())
        .limit(1)
    )


def shelves(
    session: Session, place_ids: Collection[int] | None, *, number: int = 1, at: datetime
) -> Shelves:
    """Return the public ballots of some places (None: all), sorted onto shelves.

    Those with a result come in pages, the latest first; all others are there at once.
    """
    query = (
        select(Ballot)
        .where(Ballot.state.in_(PUBLIC))
        .options(joinedload(Ballot.place))
        .order_by(Ballot.closes_at.desc(), Ballot.id.desc())
    )
    if place_ids is not None:
        query = query.where(Ballot.place_id.in_(place_ids))
    rows = session.scalars(query.where(Ballot.state.not_in(HAS_RESULT))).all()
    finished = session.scalars(
        query.where(Ballot.state.in_(HAS_RESULT))
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    phases = [(policy.phase_of(ballot, at=at), ballot) for ballot in rows]
    return Shelves(
        open=[ballot for phase, ballot in reversed(phases) if phase is BallotState.OPEN],
        upcoming=[ballot for phase, ballot in reversed(phases) if phase is BallotState.FROZEN],
        counting=[ballot for phase, ballot in phases if phase is BallotState.CLOSED],
        finished=page_of(finished, number=number),
    )


def used_places(session: Session, person_id: int, ballot_ids: Collection[int]) -> dict[int, bool]:
    """Return on which of these ballots' rolls a person stands, and whether they have voted."""
    rows = session.execute(
        select(Slot.ballot_id, (Slot.state != SlotState.UNUSED).label("has_voted")).where(
            Slot.person_id == person_id, Slot.ballot_id.in_(ballot_ids)
        )
    )
    return {row.ballot_id: row.has_voted for row in rows}


def to_cast(session: Session, person_id: int, *, at: datetime) -> Sequence[Ballot]:
    """Return the open ballots on whose roll a person stands and has not voted, soonest first."""
    return session.scalars(
        select(Ballot)
        .join(Slot, Slot.ballot_id == Ballot.id)
        .where(
            Slot.person_id == person_id,
            Slot.state == SlotState.UNUSED,
            is_taking(at),
        )
        .options(joinedload(Ballot.place))
        .order_by(Ballot.closes_at)
    ).all()
