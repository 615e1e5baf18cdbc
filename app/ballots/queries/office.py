"""The ballots that the staff of some places work on, and who had a hand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, or_, select, union
from sqlalchemy.orm import aliased, joinedload

from app.assemblies.models import Assembly, Attendance, NoticeCorrection
from app.assemblies.queries import is_coming
from app.ballots.models import (
    Ballot,
    BallotEditor,
    BallotState,
    Option,
    Outcome,
    Slot,
    SlotState,
)
from app.ballots.policy import Surroundings
from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Place
from app.places.queries import within
from app.residents.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing
# Frozen, and nobody has certified yet what became of its options.
UNDECIDED = (BallotState.FROZEN, BallotState.OPEN, BallotState.CLOSED, BallotState.COUNTED)


def editors(session: Session, ballot_id: int) -> frozenset[int]:
    """Return everyone who had a hand in a ballot's paper."""
    return frozenset(
        session.scalars(select(BallotEditor.person_id).where(BallotEditor.ballot_id == ballot_id))
    )


def took_part(session: Session, ballot_id: int, *, assembly_id: int) -> int:
    """Return how many people checked in at an assembly or voted in its ballot, each once."""
    came = select(Attendance.person_id).where(Attendance.assembly_id == assembly_id)
    voted = select(Slot.person_id).where(
        Slot.ballot_id == ballot_id, Slot.state != SlotState.UNUSED
    )
    people = select(func.count()).select_from(union(came, voted).subquery())
    return session.execute(people).scalar_one()


def desk_ballots(session: Session, places: Collection[Place], *, number: int = 1) -> Page[Ballot]:
    """Return one page of the ballots of the places somebody works for.

    What is not certified yet comes first, the earliest closing before all; then the latest.
    """
    waits = Ballot.state != BallotState.CERTIFIED
    rows = session.scalars(
        select(Ballot)
        .where(Ballot.place_id.in_([place.id for place in places]))
        .options(joinedload(Ballot.place))
        .order_by(
            waits.desc(),
            case((waits, Ballot.closes_at)),
            Ballot.closes_at.desc(),
            Ballot.id.desc(),
        )
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return page_of(rows, number=number)


def desk_load(session: Session, by: Standing) -> tuple[int, int, int]:
    """Return how many drafts, counts and certifications wait for someone, of ballots they work on.

    Whoever had a hand in a ballot's paper does not certify its count.
    """
    edited = exists().where(
        BallotEditor.ballot_id == Ballot.id, BallotEditor.person_id == by.person_id
    )
    counts_votes = within(by.places_with({Role.OFFICER}))
    certifies = within(by.places_with({Role.OFFICER, Role.OBSERVER}))
    drafts, closed, counted = session.execute(
        select(
            func.count().filter(
                Ballot.state == BallotState.DRAFT,
                within(by.places_with({Role.CLERK, Role.OFFICER})),
            ),
            func.count().filter(Ballot.state == BallotState.CLOSED, counts_votes),
            func.count().filter(Ballot.state == BallotState.COUNTED, certifies, ~edited),
        )
        .select_from(Ballot)
        .join(Place, Place.id == Ballot.place_id)
    ).one()
    return drafts, closed, counted


def ballot_of(session: Session, assembly_id: int) -> Ballot | None:
    """Return the newest ballot of an assembly, drafts among them."""
    return session.scalar(
        select(Ballot).where(Ballot.assembly_id == assembly_id).order_by(Ballot.id.desc()).limit(1)
    )


def corrected_since(session: Session, ballot: Ballot) -> tuple[Assembly, NoticeCorrection] | None:
    """Return a ballot's assembly and the first correction of its notice since it was settled.

    A draft is settled when it is drawn up, a paper when it is frozen. Once voting has ended no
    correction matters.
    """
    if ballot.assembly_id is None or ballot.closed_at is not None:
        return None
    settled = ballot.frozen_at or ballot.created_at
    row = session.execute(
        select(Assembly, NoticeCorrection)
        .join(NoticeCorrection, NoticeCorrection.assembly_id == Assembly.id)
        .where(Assembly.id == ballot.assembly_id, NoticeCorrection.at > settled)
        .order_by(NoticeCorrection.number)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def surroundings_of(session: Session, ballot: Ballot) -> Surroundings:
    """Return what is around a draft that hinders its freezing.

    What another ballot did not select, once that is certified, may be voted on again.
    """
    there, other = aliased(Option), aliased(Ballot)
    decided = (
        select(Option.title)
        .join(there, and_(there.proposal_id == Option.proposal_id, there.ballot_id != ballot.id))
        .join(other, other.id == there.ballot_id)
        .where(
            Option.ballot_id == ballot.id,
            or_(other.state.in_(UNDECIDED), there.outcome == Outcome.SELECTED),
        )
        .order_by(Option.position)
    )
    titles = tuple(dict.fromkeys(session.scalars(decided)))
    if ballot.assembly_id is None:
        return Surroundings(assembly=None, has_other=False, decided_elsewhere=titles)
    has_other = exists().where(
        Ballot.assembly_id == ballot.assembly_id,
        Ballot.id != ballot.id,
        Ballot.state != BallotState.DRAFT,
    )
    return Surroundings(
        assembly=session.get_one(Assembly, ballot.assembly_id),
        has_other=bool(session.scalar(select(has_other))),
        decided_elsewhere=titles,
    )


def without_ballot(
    session: Session, places: Collection[Place], *, at: datetime
) -> Sequence[Assembly]:
    """Return the announced assemblies of some places that no ballot belongs to, the next first."""
    return session.scalars(
        select(Assembly)
        .where(
            Assembly.place_id.in_([place.id for place in places]),
            is_coming(at),
            ~exists().where(Ballot.assembly_id == Assembly.id),
        )
        .options(joinedload(Assembly.place))
        .order_by(Assembly.held_at, Assembly.id)
    ).all()
