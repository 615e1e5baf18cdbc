"""What opinions and replies say, for those who keep order in the forum; hidden ones too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.paging import PAGE_SIZE
from app.core.richtext import plain
from app.forum.models import Opinion, OpinionReply, Topic
from app.moderation.rules import LETTERS_READ, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def moderated_opinions(session: Session, ids: Sequence[int]) -> dict[int, Subject]:
    """Return what opinions say and where they stand."""
    rows = session.execute(
        select(
            Opinion.id,
            Opinion.topic_id,
            Opinion.reason,
            func.substr(Opinion.text, 1, LETTERS_READ).label("text"),
            Opinion.hidden_at,
            Topic.title,
        )
        .join(Topic, Topic.id == Opinion.topic_id)
        .where(Opinion.id.in_(ids))
    )
    return {
        row.id: Subject(
            f"{row.reason} · {plain(row.text)}",
            row.title,
            f"/forum/{row.topic_id}/opinions/{row.id}#opinion-{row.id}",
            row.hidden_at is not None,
        )
        for row in rows
    }


def moderated_replies(session: Session, ids: Sequence[int]) -> dict[int, Subject]:
    """Return what replies say and where they stand, on whichever page of their opinion."""
    earlier = aliased(OpinionReply)
    rows = session.execute(
        select(
            OpinionReply.id,
            OpinionReply.opinion_id,
            func.substr(OpinionReply.text, 1, LETTERS_READ).label("text"),
            OpinionReply.hidden_at,
            Opinion.topic_id,
            Topic.title,
            select(func.count())
            .where(earlier.opinion_id == OpinionReply.opinion_id, earlier.id < OpinionReply.id)
            .correlate(OpinionReply)
            .scalar_subquery()
            .label("earlier"),
        )
        .join(Opinion, Opinion.id == OpinionReply.opinion_id)
        .join(Topic, Topic.id == Opinion.topic_id)
        .where(OpinionReply.id.in_(ids))
    )
    return {
        row.id: Subject(
            plain(row.text),
            row.title,
            f"/forum/{row.topic_id}/opinions/{row.opinion_id}"
            f"?page={row.earlier // PAGE_SIZE + 1}#reply-{row.id}",
            row.hidden_at is not None,
        )
        for row in rows
    }
