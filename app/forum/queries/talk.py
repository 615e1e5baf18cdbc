"""Opinions and replies to act on, and what someone wrote in the forum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.paging import PAGE_SIZE, Page, page_of
from app.forum.models import (
    Opinion,
    OpinionReply,
    StanceChange,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


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
