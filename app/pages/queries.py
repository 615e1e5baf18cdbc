"""What the home page says: now, waiting, kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from app.assemblies.models import Assembly
from app.assemblies.queries import is_coming
from app.ballots.models import Ballot, Slot, SlotState
from app.ballots.queries import is_taking
from app.commitments.models import Commitment
from app.forum.models import Topic
from app.notices.queries import unread_count
from app.places.models import Place
from app.proposals.models import Proposal, ProposalState
from app.proposals.rules import newest_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
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

    @property
    def is_for_me(self) -> bool:
        """Say whether this visitor may still vote in it."""
        return self.on_roll and not self.has_voted


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
    unread: int
    waiting: Sequence[Proposal]
    kept: Sequence[Commitment]
    newest: Sequence[Proposal]
    newest_are_new: bool
    counts: Counts

    @property
    def asked(self) -> Sequence[OpenBallot]:
        """Return the ballots that ask for an act: those still to vote in, else the first."""
        return [one for one in self.ballots if one.is_for_me] or self.ballots[:1]

    @property
    def other_ballots(self) -> Sequence[OpenBallot]:
        """Return the open ballots that ask nothing of this visitor."""
        asked = self.asked
        return [one for one in self.ballots if one not in asked]

    @property
    def has_more_to_do(self) -> bool:
        """Say whether there is more to look at than what is asked."""
        return bool(self.other_ballots or self.assemblies or self.closing or self.topics)


def home_page(
    session: Session,
    district: Place,
    dongs: Sequence[Place],
    dong: Place | None,
    standing: Standing,
    *,
    at: datetime,
) -> HomePage:
    """Return the home page of a district as seen from one of its dongs.

    What can be done near the dong is what concerns it or the whole district; seen from no dong,
    what concerns any of them.
    """
    everywhere = [district.id, *(one.id for one in dongs)]
    near = [district.id, dong.id] if dong else everywhere
    waiting, closing, latest = _proposals(session, everywhere, near, dong, at)
    newest, are_new = newest_of(latest, at=at)
    return HomePage(
        ballots=_open_ballots(session, near, standing, at),
        assemblies=_assemblies(session, near, at),
        closing=closing,
        topics=_topics(session, near, at),
        unread=unread_count(session, standing.person_id) if standing.person_id else 0,
        waiting=waiting,
        kept=_kept(session, near),
        newest=newest,
        newest_are_new=are_new,
        counts=_counts(session, everywhere),
    )


def _open_ballots(
    session: Session, near: list[int], standing: Standing, at: datetime
) -> Sequence[OpenBallot]:
    """Return open ballots, those this visitor may still vote in first."""
    rows = session.execute(
        select(Ballot, Slot.state)
        .options(joinedload(Ballot.place))
        .outerjoin(Slot, and_(Slot.ballot_id == Ballot.id, Slot.person_id == standing.person_id))
        .where(
            is_taking(at),
            or_(Ballot.place_id.in_(near), Slot.id.is_not(None)),
        )
        .order_by(
            case((Slot.state == SlotState.UNUSED, 0), (Slot.id.is_(None), 1), else_=2),
            Ballot.closes_at,
        )
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
            is_coming(at),
        )
        .order_by(Assembly.held_at)
        .limit(FEW)
    ).all()


def _topics(session: Session, near: list[int], at: datetime) -> Sequence[Topic]:
    return session.scalars(
        select(Topic)
        .options(joinedload(Topic.place))
        .where(
            Topic.place_id.in_(near),
            Topic.opens_at <= at,
            Topic.closes_at > at,
            Topic.concluded_at.is_(None),
        )
        .order_by(Topic.closes_at)
        .limit(FEW)
    ).all()


def _proposals(
    session: Session, everywhere: list[int], near: list[int], dong: Place | None, at: datetime
) -> tuple[Sequence[Proposal], Sequence[Proposal], Sequence[Proposal]]:
    """Return proposals that await an answer, close soon, and are new; in one statement."""
    waiting = (
        _shown("waiting")
        .where(Proposal.state == ProposalState.REVIEW, Proposal.place_id.in_(everywhere))
        .order_by(Proposal.reply_due_on, Proposal.id)
        .limit(SOME)
    )
    closing = (
        _shown("closing")
        .where(
            Proposal.state == ProposalState.ENDORSING,
            Proposal.opens_at <= at,
            Proposal.closes_at > at,
            Proposal.place_id.in_(near),
        )
        .order_by(Proposal.closes_at, Proposal.id)
        .limit(FEW)
    )
    newest = (
        _shown("newest")
        .where(
            Proposal.place_id.in_([dong.id] if dong else everywhere),
            Proposal.state != ProposalState.UNFIT,
        )
        .order_by(Proposal.published_at.desc(), Proposal.id.desc())
        .limit(SOME)
    )
    parts = (select(part.subquery()) for part in (waiting, closing, newest))
    picked = union_all(*parts).subquery()
    rows = session.execute(
        select(picked.c.list, Proposal)
        .join(picked, picked.c.id == Proposal.id)
        .options(joinedload(Proposal.place), joinedload(Proposal.department))
    ).all()

    def of(name: str) -> list[Proposal]:
        return [proposal for list_name, proposal in rows if list_name == name]

    return (
        sorted(of("waiting"), key=lambda one: (str(one.reply_due_on or "9"), one.id)),
        sorted(of("closing"), key=lambda one: (str(one.closes_at), one.id)),
        sorted(of("newest"), key=lambda one: (str(one.published_at), one.id), reverse=True),
    )


def _shown(name: str) -> Select[str, int]:
    return select(literal(name).label("list"), Proposal.id.label("id")).where(
        Proposal.hidden_at.is_(None), Proposal.published_at.is_not(None)
    )


def _kept(session: Session, near: list[int]) -> Sequence[Commitment]:
    return session.scalars(
        select(Commitment)
        .options(joinedload(Commitment.place))
        .where(Commitment.place_id.in_(near), Commitment.done_at.is_not(None))
        .order_by(Commitment.done_at.desc(), Commitment.id.desc())
        .limit(SOME)
    ).all()


def _counts(session: Session, everywhere: list[int]) -> Counts:
    """Return the sums of all proposals that readers see and of all commitments."""
    proposals = (
        select(
            func.count().label("proposals"),
            func.count().filter(Proposal.state == ProposalState.REPLIED).label("answered"),
        )
        .where(
            Proposal.place_id.in_(everywhere),
            Proposal.published_at.is_not(None),
            Proposal.hidden_at.is_(None),
        )
        .subquery()
    )
    commitments = (
        select(func.count().label("commitments"), func.count(Commitment.done_at).label("kept"))
        .where(Commitment.place_id.in_(everywhere))
        .subquery()
    )
    row = session.execute(
        select(
            proposals.c.proposals,
            proposals.c.answered,
            commitments.c.commitments,
            commitments.c.kept,
        ).join(commitments, literal(value=True))
    ).one()
    return Counts(*row)
