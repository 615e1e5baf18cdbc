"""What is kept of a person in rooms, as it is handed over to whoever asks for their own."""

from __future__ import annotations

from sqlalchemy import case, select

from app.assemblies.models import Assembly
from app.core.own_rows import OwnRows, looked_up
from app.places.models import Place
from app.room.models import (
    FloorRequest,
    Message,
    Question,
    QuestionUpvote,
)

_ASSEMBLY_ASKED = select(Assembly.title).join(Question, Question.assembly_id == Assembly.id)
OWN = {
    "messages": OwnRows(
        Message.author_id,
        {
            "at": Message.at,
            "id": Message.id,
            "assembly_id": Message.assembly_id,
            "assembly": looked_up(Assembly.title, Assembly.id == Message.assembly_id),
            "written_from": looked_up(Place.name, Place.id == Message.home_id),
            "text": Message.text,
            "hidden_at": Message.hidden_at,
            "hidden_reason": Message.hidden_reason,
        },
    ),
    "questions": OwnRows(
        Question.author_id,
        {
            "at": Question.at,
            "id": Question.id,
            "assembly_id": Question.assembly_id,
            "assembly": looked_up(Assembly.title, Assembly.id == Question.assembly_id),
            "written_from": looked_up(Place.name, Place.id == Question.home_id),
            "text": Question.text,
            "upvotes": Question.upvotes,
            "answer": Question.answer,
            "answered_at": Question.answered_at,
            "hidden_at": Question.hidden_at,
            "hidden_reason": Question.hidden_reason,
        },
    ),
    "question_upvotes": OwnRows(
        QuestionUpvote.person_id,
        {
            "at": QuestionUpvote.at,
            "assembly": _ASSEMBLY_ASKED.where(
                Question.id == QuestionUpvote.question_id
            ).scalar_subquery(),
            "question_id": QuestionUpvote.question_id,
            "question": looked_up(
                case((Question.hidden_at.is_(None), Question.text)),
                Question.id == QuestionUpvote.question_id,
            ),
        },
    ),
    "floor_requests": OwnRows(
        FloorRequest.person_id,
        {
            "at": FloorRequest.at,
            "id": FloorRequest.id,
            "assembly_id": FloorRequest.assembly_id,
            "assembly": looked_up(Assembly.title, Assembly.id == FloorRequest.assembly_id),
            "asked_from": looked_up(Place.name, Place.id == FloorRequest.home_id),
            "topic": FloorRequest.topic,
            "minutes": FloorRequest.minutes,
            "state": FloorRequest.state,
            "called_at": FloorRequest.called_at,
            "ended_at": FloorRequest.ended_at,
            "hidden_at": FloorRequest.hidden_at,
            "hidden_reason": FloorRequest.hidden_reason,
        },
    ),
}
