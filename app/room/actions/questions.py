"""Raising and answering questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, delete, update

from app.assemblies.models import Assembly
from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import insist
from app.room import facts, policy
from app.room.actions.events import append_event, hear, stand
from app.room.models import EventKind, Question, QuestionUpvote

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


def _question_with_assembly(session: Session, question_id: int) -> tuple[Question, Assembly]:
    question = session.get_one(Question, question_id)
    return question, session.get_one(Assembly, question.assembly_id)


def upvote_question(session: Session, question_id: int, *, by: Standing, at: datetime) -> int:
    """Raise a question; a second time changes nothing. Returns its upvotes.

    Raises Refused: NOT_OPEN, NOT_MEMBER, NOT_CHECKED_IN, QUESTION_HIDDEN, OWN_QUESTION.
    """
    question, assembly = _question_with_assembly(session, question_id)
    is_checked_in = hear(session, assembly, by)
    insist(policy.why_not_upvote(assembly, question, by, is_checked_in=is_checked_in, at=at))
    is_new = insert_once(
        session,
        cast("Table", QuestionUpvote.__table__),
        question_id=question_id,
        person_id=by.person_id,
        at=at,
    )
    if not is_new:
        return question.upvotes
    return count_upvotes(session, question, 1, by=by.person_id, at=at)


def withdraw_upvote(session: Session, question_id: int, *, by: Standing, at: datetime) -> int:
    """Take an upvote back; without one nothing changes. Returns the question's upvotes.

    Raises Refused: NOT_OPEN, NOT_MEMBER, NOT_CHECKED_IN, QUESTION_HIDDEN, OWN_QUESTION.
    """
    question, assembly = _question_with_assembly(session, question_id)
    is_checked_in = hear(session, assembly, by)
    insist(policy.why_not_upvote(assembly, question, by, is_checked_in=is_checked_in, at=at))
    result: Any = session.execute(
        delete(QuestionUpvote).where(
            QuestionUpvote.question_id == question_id, QuestionUpvote.person_id == by.person_id
        )
    )
    if not result.rowcount:
        return question.upvotes
    return count_upvotes(session, question, -1, by=by.person_id, at=at)


def count_upvotes(
    session: Session, question: Question, change: int, *, by: int | None, at: datetime
) -> int:
    """Move a question's upvotes and say so in its room; return them."""
    upvotes = session.scalar(
        update(Question)
        .where(Question.id == question.id)
        .values(upvotes=Question.upvotes + change)
        .returning(Question.upvotes)
        .execution_options(synchronize_session=False)
    )
    assert upvotes is not None  # noqa: S101 - the question was read above
    session.refresh(question, ["upvotes"])
    append_event(
        session,
        question.assembly_id,
        EventKind.QUESTION_UPVOTES,
        {"id": question.id, "upvotes": upvotes},
        by=by,
        at=at,
    )
    record(
        session,
        facts.QuestionUpvoted(
            at=at,
            by=by,
            assembly_id=question.assembly_id,
            question_id=question.id,
            upvotes=upvotes,
        ),
    )
    return upvotes


def answer_question(
    session: Session, question: Question, *, answer: str, by: Standing, at: datetime
) -> None:
    """Answer a question; without words it was answered aloud.

    Raises Refused: NOT_CHAIR, NOT_OPEN, QUESTION_HIDDEN, ALREADY_ANSWERED.
    """
    assembly = session.get_one(Assembly, question.assembly_id)
    stand(session, assembly)
    session.refresh(question, with_for_update=True)
    insist(policy.why_not_answer(assembly, question, by))
    question.answer, question.answered_at = answer.strip() or None, at
    session.flush()
    append_event(
        session,
        assembly.id,
        EventKind.QUESTION_ANSWERED,
        {"id": question.id, "answer": question.answer or ""},
        about_id=question.id,
        by=by.person_id,
        at=at,
    )
    record(
        session,
        facts.QuestionAnswered(
            at=at, by=by.person_id, assembly_id=assembly.id, question_id=question.id
        ),
    )
