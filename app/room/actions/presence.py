"""What whoever leaves takes along from rooms that are not closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.assemblies.actions import hold_attended, take_back_attendance
from app.room.actions.questions import count_upvotes
from app.room.models import Question, QuestionUpvote

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.residents.facts import PersonWithdrew


def take_back_in_rooms(session: Session, left: PersonWithdrew) -> None:
    """Take back the attendance and the upvotes of someone who leaves, where an assembly goes on.

    What was said stays, under no name; what an assembly that is over has counted stands. All
    assemblies are held, then all questions, and only then the rooms, in the order of their ids.
    """
    assemblies = hold_attended(session, left.person_id, at=left.at)
    if not assemblies:
        return
    questions = session.scalars(
        select(Question)
        .join(QuestionUpvote, QuestionUpvote.question_id == Question.id)
        .where(
            QuestionUpvote.person_id == left.person_id,
            Question.assembly_id.in_([one.id for one in assemblies]),
        )
        .order_by(Question.id)
        .with_for_update(of=Question, key_share=True)
    ).all()
    session.execute(
        delete(QuestionUpvote).where(
            QuestionUpvote.person_id == left.person_id,
            QuestionUpvote.question_id.in_([one.id for one in questions]),
        )
    )
    for assembly in assemblies:
        for question in questions:
            if question.assembly_id == assembly.id:
                count_upvotes(session, question, -1, by=left.by, at=left.at)
        take_back_attendance(session, assembly, left.person_id, by=left.by, at=left.at)
