"""Hiding, restoring, reporting; counts that follow what readers see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from app.forum.models import (
    Opinion,
    OpinionReply,
    Stance,
    Topic,
)
from app.moderation import actions as moderation
from app.moderation.facts import ModerationFact
from app.moderation.models import SubjectKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.moderation.models import HideReason
    from app.residents.rules import Standing
from app.forum.actions.within import _counter, _hold_sums, _whereabouts


def hide_statement(
    session: Session,
    subject: Opinion | OpinionReply,
    *,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Show the reason in place of an opinion or a reply; the line goes into the public ledger."""
    where = _whereabouts(session, subject)
    moderation.hide(
        session,
        subject,
        kind=where.kind,
        subject_id=subject.id,
        place=where.topic.place,
        container_id=where.topic.id,
        reason=reason,
        note=note,
        by=by,
        at=at,
    )


def restore_statement(
    session: Session, subject: Opinion | OpinionReply, *, note: str, by: Standing, at: datetime
) -> None:
    """Show a hidden opinion or reply again."""
    where = _whereabouts(session, subject)
    moderation.restore(
        session,
        subject,
        kind=where.kind,
        subject_id=subject.id,
        place=where.topic.place,
        container_id=where.topic.id,
        note=note,
        by=by,
        at=at,
    )


def report_statement(
    session: Session,
    subject: Opinion | OpinionReply,
    *,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Ask the moderators to look at an opinion or a reply."""
    where = _whereabouts(session, subject)
    moderation.report(
        session,
        kind=where.kind,
        subject_id=subject.id,
        place=where.topic.place,
        container_id=where.topic.id,
        reason=reason,
        note=note,
        href=where.href,
        by=by,
        at=at,
    )


def recount_what_readers_see(session: Session, fact: ModerationFact) -> None:
    """Count a topic's sides, or an opinion's replies, anew after something was hidden or shown.

    The row that keeps the sums is held before the counting begins: whoever adds to it meanwhile
    has been counted, or adds afterwards.
    """
    if fact.subject_kind == SubjectKind.OPINION:
        _hold_sums(session, Topic, fact.container_id)
        seen = {
            _counter(stance): select(func.count())
            .where(
                Opinion.topic_id == fact.container_id,
                Opinion.stance == stance,
                Opinion.hidden_at.is_(None),
            )
            .scalar_subquery()
            for stance in Stance
        }
        session.flush()
        session.execute(update(Topic).where(Topic.id == fact.container_id).values(**seen))
    elif fact.subject_kind == SubjectKind.OPINION_REPLY:
        reply = session.get_one(OpinionReply, fact.moderated_id)
        _hold_sums(session, Opinion, reply.opinion_id)
        session.flush()
        shown = (
            select(func.count())
            .where(OpinionReply.opinion_id == Opinion.id, OpinionReply.hidden_at.is_(None))
            .correlate(Opinion)
            .scalar_subquery()
        )
        session.execute(
            update(Opinion)
            .where(Opinion.id == reply.opinion_id)
            .values(reply_count=shown)
            .execution_options(synchronize_session=False)
        )
