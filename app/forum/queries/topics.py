"""Topics of the forum: one, those of a list, those of the desk."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import defer, joinedload

from app.core.paging import PAGE_SIZE, Page, page_of
from app.forum.models import Claim, ClaimState, Topic, TopicKind
from app.forum.policy import LEADERS, NOT_FOR_FORUM
from app.places.models import Department, Place, PlaceKind
from app.places.queries import within
from app.proposals.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


OUTCOME_SHOWN = 500  # a list shows less, but Markdown has marks too


class TopicLine(NamedTuple):
    """A topic as one of a list; `outcome` begins the answer, else the conclusion, as written."""

    id: int
    kind: TopicKind
    title: str
    question: str
    opens_at: datetime
    closes_at: datetime
    for_count: int
    improve_count: int
    against_count: int
    concluded_at: datetime | None
    replied_at: datetime | None
    outcome: str | None
    place: str
    department: str


# Lines are read from the tables themselves: that is cheaper than through the mapped classes.
_topic: Any = Topic.__table__
_place: Any = Place.__table__
_department: Any = Department.__table__
_LINES: Select[Any] = select(
    *(_topic.c[name] for name in TopicLine._fields[:11]),
    func.substr(func.coalesce(_topic.c.reply, _topic.c.conclusion), 1, OUTCOME_SHOWN),
    _place.c.name,
    _department.c.name,
).select_from(
    _topic.join(_place, _place.c.id == _topic.c.place_id).join(
        _department, _department.c.id == _topic.c.department_id
    )
)


def current_topics(
    session: Session, place: Place | None, *, at: datetime, limit: int = 60
) -> list[TopicLine]:
    """Return the topics not closed yet, the one that closes first at the head.

    A dong is concerned by its own topics and its district's, a district by all within it.
    """
    return _lines(session, _current, place, {"at": at, "limit": limit})


def past_topics(
    session: Session, place: Place | None, *, at: datetime, number: int
) -> Page[TopicLine]:
    """Return a page of the topics that are closed, concluded or answered, newest first."""
    bounds = {"at": at, "offset": (number - 1) * PAGE_SIZE}
    return page_of(_lines(session, _past, place, bounds), number=number)


def _lines(
    session: Session, asked: Any, place: Place | None, values: dict[str, Any]
) -> list[TopicLine]:
    if place is not None:
        values |= {"place": place.id, "district": place.parent_id}
    kind = None if place is None else place.kind
    return [TopicLine(*row) for row in session.execute(asked(kind), values)]


@cache
def _current(kind: PlaceKind | None) -> Select[Any]:
    return (
        _seen_from(kind)
        .where(_topic.c.closes_at > bindparam("at"))
        .order_by(_topic.c.closes_at, _topic.c.id)
        .limit(bindparam("limit"))
    )


@cache
def _past(kind: PlaceKind | None) -> Select[Any]:
    return (
        _seen_from(kind)
        .where(_topic.c.closes_at <= bindparam("at"))
        .order_by(_topic.c.closes_at.desc(), _topic.c.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset(bindparam("offset"))
    )


def _seen_from(kind: PlaceKind | None) -> Select[Any]:
    """Return the lines that concern a district, a dong, or (None) anybody."""
    if kind is None:
        return _LINES
    if kind is PlaceKind.DISTRICT:
        return _LINES.where(
            or_(_place.c.id == bindparam("place"), _place.c.parent_id == bindparam("place"))
        )
    return _LINES.where(_topic.c.place_id.in_((bindparam("place"), bindparam("district"))))


def topic(session: Session, topic_id: int) -> Topic | None:
    """Return a topic with its place and its department."""
    return session.scalar(_TOPIC, {"topic": topic_id})


_TOPIC = (
    select(Topic)
    .where(Topic.id == bindparam("topic"))
    .options(
        joinedload(Topic.place, innerjoin=True),
        joinedload(Topic.department, innerjoin=True),
    )
)


def topic_alone(session: Session, topic_id: int) -> Topic | None:
    """Return a topic with its place and without its long text: enough to act in it."""
    return session.scalar(_TOPIC_ALONE, {"topic": topic_id})


_TOPIC_ALONE = (
    select(Topic)
    .where(Topic.id == bindparam("topic"))
    .options(joinedload(Topic.place, innerjoin=True), defer(Topic.background))
)


def is_in_forum(session: Session, proposal_id: int) -> bool:
    """Say whether a topic from this proposal still waits for its end."""
    return bool(
        session.scalar(
            select(exists().where(Topic.proposal_id == proposal_id, Topic.replied_at.is_(None)))
        )
    )


# ---------------------------------------------------------------- the desk


def desk_topics(
    session: Session, places: Collection[int], departments: Collection[int], *, number: int
) -> Page[Topic]:
    """Return a page of the topics of some places or departments, those to act on first."""
    rows = session.scalars(
        select(Topic)
        .where(or_(Topic.place_id.in_(places), Topic.department_id.in_(departments)))
        .order_by(Topic.replied_at.is_not(None), Topic.closes_at, Topic.id)
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
        .options(
            joinedload(Topic.place, innerjoin=True),
            joinedload(Topic.department, innerjoin=True),
            defer(Topic.background),
        )
    ).all()
    return page_of(rows, number=number)


def desk_load(session: Session, by: Standing, *, at: datetime) -> tuple[int, int, int]:
    """Return how many conclusions, departments' answers and sentences wait for someone."""
    led = within(by.places_with(LEADERS))
    here = select(func.count()).select_from(Topic).join(Place, Place.id == Topic.place_id)
    unanswered = here.where(Topic.replied_at.is_(None))
    row = session.execute(
        select(
            unanswered.where(
                Topic.concluded_at.is_(None), Topic.closes_at <= at, led
            ).scalar_subquery(),
            unanswered.where(
                Topic.concluded_at.is_not(None), Topic.department_id.in_(by.departments)
            ).scalar_subquery(),
            here.join(Claim, Claim.topic_id == Topic.id)
            .where(Topic.concluded_at.is_(None), Topic.closes_at > at, led)
            .where(Claim.state == ClaimState.WAITING)
            .scalar_subquery(),
        )
    ).one()
    conclusions, answers, claims = row
    return conclusions, answers, claims


def candidate_proposals(
    session: Session, places: Collection[int], *, limit: int = 50
) -> Sequence[Proposal]:
    """Return proposals that could go to the forum, the most endorsed first."""
    return session.scalars(
        select(Proposal)
        .where(
            Proposal.place_id.in_(places),
            Proposal.hidden_at.is_(None),
            Proposal.state.not_in(NOT_FOR_FORUM),
            ~exists().where(Topic.proposal_id == Proposal.id, Topic.replied_at.is_(None)),
        )
        .order_by(Proposal.endorsement_count.desc(), Proposal.id.desc())
        .limit(limit)
    ).all()
