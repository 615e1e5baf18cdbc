"""What the home page says: now, waiting, kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.assemblies.models import Assembly, AssemblyState
from app.ballots.models import Ballot, BallotState, Slot, SlotState
from app.commitments.models import Commitment
from app.forum.models import Topic
from app.places.models import Place
from app.proposals.models import Proposal, ProposalState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

FEW = 3
SOME = 4


@dataclass(frozen=True)
class OpenBallot:
    """A ballot one could vote in now, and whether this visitor is on its roll and has."""

    ballot: Ballot
    on_roll: bool
    has_voted: bool


@dataclass(frozen=True)
class Counts:
    """The year's sums for the district."""

    proposals: int
    answered: int
    commitments: int
    kept: int


@dataclass(frozen=True)
class HomePage:
    """Everything on the home page."""

    ballots: Sequence[OpenBallot]
    assemblies: Sequence[Assembly]
    closing: Sequence[Proposal]
    topics: Sequence[Topic]
    waiting: Sequence[Proposal]
    kept: Sequence[Commitment]
    newest: Sequence[Proposal]
    counts: Counts


def home_page(
    session: Session, district: Place, dong: Place | None, standing: Standing, *, at: datetime
) -> HomePage:
    """Return the home page of a district as seen from one of its dongs (or from none)."""
    near = [district.id, dong.id] if dong else [district.id]
    waiting, closing, newest = _proposals(session, district, near, at)
    return HomePage(
        ballots=_open_ballots(session, near, standing, at),
        assemblies=_assemblies(session, near, at),
        closing=closing,
        topics=_topics(session, near, at),
        waiting=waiting,
        kept=_kept(session, district, dong),
        newest=newest,
        counts=_counts(session, district),
    )


def _open_ballots(
    session: Session, near: list[int], standing: Standing, at: datetime
) -> Sequence[OpenBallot]:
    rows = session.execute(
        select(Ballot, Slot.state)
        .outerjoin(Slot, and_(Slot.ballot_id == Ballot.id, Slot.person_id == standing.person_id))
        .where(
            Ballot.state == BallotState.OPEN,
            Ballot.opens_at <= at,
            Ballot.closes_at > at,
            or_(Ballot.place_id.in_(near), Slot.id.is_not(None)),
        )
        .order_by(Ballot.closes_at)
        .limit(FEW)
    ).all()
    return [
        OpenBallot(ballot, state is not None, state not in (None, SlotState.UNUSED))
        for ballot, state in rows
    ]


def _assemblies(session: Session, near: list[int], at: datetime) -> Sequence[Assembly]:
    return session.scalars(
        select(Assembly)
        .options(joinedload(Assembly.place))
        .where(
            Assembly.place_id.in_(near),
            Assembly.state.in_([AssemblyState.NOTICED, AssemblyState.OPEN]),
            Assembly.ends_at > at,
        )
        .order_by(Assembly.held_at)
        .limit(FEW)
    ).all()


def _topics(session: Session, near: list[int], at: datetime) -> Sequence[Topic]:
    return session.scalars(
        select(Topic)
        .where(Topic.place_id.in_(near), Topic.opens_at <= at, Topic.closes_at > at)
        .order_by(Topic.closes_at)
        .limit(FEW)
    ).all()


def _proposals(
    session: Session, district: Place, near: list[int], at: datetime
) -> tuple[Sequence[Proposal], Sequence[Proposal], Sequence[Proposal]]:
    """Return proposals that await an answer, close soon, and are new."""
    shown = select(Proposal).options(joinedload(Proposal.place)).where(Proposal.hidden_at.is_(None))
    endorsing = and_(
        Proposal.state == ProposalState.ENDORSING, Proposal.opens_at <= at, Proposal.closes_at > at
    )
    waiting = session.scalars(
        shown.options(joinedload(Proposal.department))
        .where(
            Proposal.state == ProposalState.REVIEW,
            _inside(district),
        )
        .order_by(Proposal.reply_due_on, Proposal.id)
        .limit(SOME)
    ).all()
    closing = session.scalars(
        shown.where(endorsing, Proposal.place_id.in_(near)).order_by(Proposal.closes_at).limit(FEW)
    ).all()
    newest = session.scalars(
        shown.where(
            Proposal.place_id == near[-1],
            Proposal.published_at.is_not(None),
            Proposal.state.not_in([ProposalState.DRAFT, ProposalState.UNFIT]),
        )
        .order_by(Proposal.published_at.desc())
        .limit(SOME)
    ).all()
    return waiting, closing, newest


def _inside(district: Place) -> ColumnElement[bool]:
    """Return the condition that a proposal is for the district or one of its dongs."""
    places = select(Place.id).where(or_(Place.id == district.id, Place.parent_id == district.id))
    return Proposal.place_id.in_(places)


def _kept(session: Session, district: Place, dong: Place | None) -> Sequence[Commitment]:
    near = (
        Commitment.place_id.in_([dong.id, district.id])
        if dong
        else Commitment.place_id.in_(
            select(Place.id).where(or_(Place.id == district.id, Place.parent_id == district.id))
        )
    )
    return session.scalars(
        select(Commitment)
        .options(joinedload(Commitment.place))
        .where(near, Commitment.done_at.is_not(None))
        .order_by(Commitment.done_at.desc())
        .limit(SOME)
    ).all()


def _counts(session: Session, district: Place) -> Counts:
    places = select(Place.id).where(or_(Place.id == district.id, Place.parent_id == district.id))
    proposals, answered = session.execute(
        select(
            func.count(),
            func.count().filter(Proposal.state == ProposalState.REPLIED),
        ).where(Proposal.place_id.in_(places), Proposal.published_at.is_not(None))
    ).one()
    commitments, kept = session.execute(
        select(func.count(), func.count(Commitment.done_at)).where(Commitment.place_id.in_(places))
    ).one()
    return Counts(proposals, answered, commitments, kept)
