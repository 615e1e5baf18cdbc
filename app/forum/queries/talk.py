"""Reading what was said in the forum: both sides of a topic, and what someone wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, bindparam, exists, false, func, select, true, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.core.paging import PAGE_SIZE, Page, page_of
from app.forum.models import (
    SIDES,
    Opinion,
    OpinionEndorsement,
    OpinionReply,
    Stance,
    StanceChange,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


STRONGEST = 2
FOLDED = 2


@dataclass(frozen=True)
class Statement:
    """An opinion as a page shows it."""

    opinion: Opinion
    is_endorsed: bool
    change: StanceChange | None
    replies: list[OpinionReply] = field(default_factory=list)


@dataclass(frozen=True)
class Side:
    """One side of a topic: its strongest opinions, then its newest, then where to read on."""

    stance: Stance
    strongest: list[Statement]
    newest: list[Statement]
    next_before: int | None

    @property
    def statements(self) -> list[Statement]:
        """Return all opinions in the order they are read."""
        return [*self.strongest, *self.newest]


# ---------------------------------------------------------------- opinions


def sides(
    session: Session,
    topic_id: int,
    *,
    of: Sequence[Stance] = SIDES,
    size: int,
    before: int | None = None,
    viewer: int | None,
) -> list[Side]:
    """Return sides of a topic, each read along its own index however many opinions there are.

    A side begins with its strongest opinions by endorsements, shown once; `before` reads on from
    an opinion's id, and then the strongest are left out. Takes two statements.
    """
    rows = session.execute(
        _sides_read(tuple(of), size, reads_on=before is not None),
        {"topic": topic_id, "viewer": viewer or 0, "before": before},
    ).all()
    replies = _first_replies(session, [row[0] for row in rows])
    found: dict[tuple[Stance, bool], list[Statement]] = {}
    for opinion, change, is_endorsed, is_strong in rows:
        statement = Statement(opinion, bool(is_endorsed), change, replies.get(opinion.id, []))
        found.setdefault((opinion.stance, bool(is_strong)), []).append(statement)
    return [
        _side(stance, found.get((stance, True), []), found.get((stance, False), []), size)
        for stance in of
    ]


def _side(stance: Stance, strongest: list[Statement], newest: list[Statement], size: int) -> Side:
    strongest.sort(key=lambda one: (-one.opinion.endorsement_count, -one.opinion.id))
    newest.sort(key=lambda one: -one.opinion.id)
    more = len(newest) > size
    return Side(stance, strongest, newest[:size], newest[size - 1].opinion.id if more else None)


@cache
def _sides_read(of: tuple[Stance, ...], size: int, *, reads_on: bool) -> Any:
    """Return the statement that reads sides; there are a handful, each built once."""
    picks = union_all(*_picks(of, size, reads_on=reads_on)).subquery("picks")
    return _statements().add_columns(picks.c.is_strong).join(picks, picks.c.id == Opinion.id)


def _picks(of: Sequence[Stance], size: int, *, reads_on: bool) -> list[Select[Any]]:
    """Return one bounded select of ids for the head and one for the run of each side."""
    picks: list[Select[Any]] = []
    for stance in of:
        on_side = and_(Opinion.topic_id == bindparam("topic"), Opinion.stance == stance)
        strong = (
            select(Opinion.id)
            .where(on_side, Opinion.endorsement_count > 0, Opinion.hidden_at.is_(None))
            .order_by(Opinion.endorsement_count.desc(), Opinion.id.desc())
            .limit(STRONGEST)
        )
        new = (
            select(Opinion.id)
            .where(on_side, Opinion.id.not_in(select(strong.subquery().c.id)))
            .order_by(Opinion.id.desc())
            .limit(size + 1)
        )
        if reads_on:
            new = new.where(Opinion.id < bindparam("before"))
        else:
            head = strong.subquery()
            picks.append(select(head.c.id, true().label("is_strong")))
        run = new.subquery()
        picks.append(select(run.c.id, false().label("is_strong")))
    return picks


def _statements() -> Any:
    """Select opinions with their latest change of mind and whether the viewer endorsed them."""
    latest = aliased(StanceChange)
    newest_change = (
        select(func.max(StanceChange.id))
        .where(StanceChange.opinion_id == Opinion.id)
        .correlate(Opinion)
        .scalar_subquery()
    )
    endorsed = exists().where(
        OpinionEndorsement.opinion_id == Opinion.id,
        OpinionEndorsement.person_id == bindparam("viewer"),
    )
    return (
        select(Opinion, latest, endorsed.label("is_endorsed"))
        .select_from(Opinion)
        .outerjoin(latest, latest.id == newest_change)
        .options(
            joinedload(Opinion.author, innerjoin=True),
            joinedload(Opinion.home_place),
            joinedload(Opinion.quoted).joinedload(Opinion.author),
        )
    )


def _first_replies(session: Session, opinions: Sequence[Opinion]) -> dict[int, list[OpinionReply]]:
    """Return the first replies of opinions that have any, those a reader can see."""
    answered = [opinion.id for opinion in opinions if opinion.reply_count]
    if not answered:
        return {}
    place_in_line = (
        func.row_number()
        .over(partition_by=OpinionReply.opinion_id, order_by=OpinionReply.id)
        .label("place_in_line")
    )
    line = (
        select(OpinionReply.id, place_in_line)
        .where(OpinionReply.opinion_id.in_(answered), OpinionReply.hidden_at.is_(None))
        .subquery()
    )
    rows = session.scalars(
        select(OpinionReply)
        .join(line, line.c.id == OpinionReply.id)
        .where(line.c.place_in_line <= FOLDED)
        .order_by(OpinionReply.opinion_id, OpinionReply.id)
        .options(
            joinedload(OpinionReply.author, innerjoin=True), joinedload(OpinionReply.home_place)
        )
    ).all()
    first: dict[int, list[OpinionReply]] = {}
    for reply in rows:
        first.setdefault(reply.opinion_id, []).append(reply)
    return first


def statement(
    session: Session, topic_id: int, opinion_id: int, *, viewer: int | None
) -> Statement | None:
    """Return one opinion of a topic as a page shows it, without replies; None if not there."""
    row = session.execute(
        _statements().where(Opinion.id == opinion_id, Opinion.topic_id == topic_id),
        {"viewer": viewer or 0},
    ).one_or_none()
    return None if row is None else Statement(row[0], bool(row[2]), row[1])


def opinion(session: Session, topic_id: int, opinion_id: int) -> Opinion | None:
    """Return an opinion of a topic with its author."""
    return session.scalar(
        select(Opinion)
        .where(Opinion.id == opinion_id, Opinion.topic_id == topic_id)
        .options(joinedload(Opinion.author, innerjoin=True), joinedload(Opinion.home_place))
    )


def changes(session: Session, opinion_id: int) -> Sequence[StanceChange]:
    """Return how the author's mind changed, in order."""
    return session.scalars(
        select(StanceChange).where(StanceChange.opinion_id == opinion_id).order_by(StanceChange.id)
    ).all()


def replies(session: Session, opinion_id: int, *, number: int) -> Page[OpinionReply]:
    """Return a page of the answers to an opinion, in the order they were given."""
    rows = session.scalars(
        select(OpinionReply)
        .where(OpinionReply.opinion_id == opinion_id)
        .order_by(OpinionReply.id)
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
        .options(
            joinedload(OpinionReply.author, innerjoin=True), joinedload(OpinionReply.home_place)
        )
    ).all()
    return page_of(rows, number=number)


def reply(session: Session, opinion_id: int, reply_id: int) -> OpinionReply | None:
    """Return an answer to an opinion with its author."""
    return session.scalar(
        select(OpinionReply)
        .where(OpinionReply.id == reply_id, OpinionReply.opinion_id == opinion_id)
        .options(
            joinedload(OpinionReply.author, innerjoin=True), joinedload(OpinionReply.home_place)
        )
    )


def page_of_reply(session: Session, reply: OpinionReply) -> int:
    """Return the number of the page on which an answer stands."""
    earlier = session.scalars(
        select(func.count()).where(
            OpinionReply.opinion_id == reply.opinion_id, OpinionReply.id < reply.id
        )
    ).one()
    return earlier // PAGE_SIZE + 1


def opinions_by(session: Session, person_id: int, *, limit: int = 50) -> Sequence[Opinion]:
    """Return what someone wrote in the forum, newest first, with its topics."""
    return session.scalars(
        select(Opinion)
        .where(Opinion.author_id == person_id)
        .order_by(Opinion.created_at.desc(), Opinion.id.desc())
        .limit(limit)
        .options(
            joinedload(Opinion.topic, innerjoin=True).joinedload(Topic.place, innerjoin=True),
            selectinload(Opinion.changes),
        )
    ).all()


def opinions_since(session: Session, person_id: int, since: datetime) -> int:
    """Return how many opinions someone has written since a moment."""
    return session.scalars(
        select(func.count()).where(Opinion.author_id == person_id, Opinion.created_at >= since)
    ).one()


def replies_since(session: Session, person_id: int, since: datetime) -> int:
    """Return how many replies someone has written since a moment."""
    return session.scalars(
        select(func.count()).where(
            OpinionReply.author_id == person_id, OpinionReply.created_at >= since
        )
    ).one()


def gist_material(session: Session, topic_id: int, *, limit: int = 300) -> Sequence[Opinion]:
    """Return the opinions a summary draws on: the most endorsed ones that readers can see."""
    return session.scalars(
        select(Opinion)
        .where(Opinion.topic_id == topic_id, Opinion.hidden_at.is_(None))
        .order_by(Opinion.endorsement_count.desc(), Opinion.id)
        .limit(limit)
    ).all()
