"""What is said in a room: the discussion and the chair's announcements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.core.bus import record
from app.core.refusals import insist
from app.places.models import Place
from app.residents.models import Person
from app.room import facts, policy, rules
from app.room.actions.events import append_event, hear, stand
from app.room.models import EventKind, Message, Question

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly
    from app.residents.rules import Standing


def _written(
    session: Session,
    kind: type[Message | Question],
    assembly: Assembly,
    *,
    text: str,
    nonce: str,
    by: Standing,
    at: datetime,
) -> tuple[Any, bool]:
    """Write what someone says or asks, and say whether it is new: the same nonce is the same.

    Raises Refused: NOT_OPEN, NOT_MEMBER, NOT_CHECKED_IN, EMPTY, TOO_FAST.
    """
    is_checked_in = hear(session, assembly, by)
    theirs = (kind.assembly_id == assembly.id, kind.author_id == by.person_id)
    earlier = session.scalar(select(kind).where(*theirs, kind.nonce == nonce))
    if earlier is not None:
        return earlier, False
    last_at = session.scalar(select(func.max(kind.at)).where(*theirs))
    insist(
        policy.why_not_write(
            assembly, by, is_checked_in=is_checked_in, text=text, last_at=last_at, at=at
        )
    )
    row = kind(
        assembly_id=assembly.id,
        author=session.get_one(Person, by.person_id),
        home=session.get_one(Place, rules.home_of(assembly, by)),
        nonce=nonce,
        text=text,
        at=at,
    )
    session.add(row)
    session.flush()
    return row, True


def post_message(
    session: Session, assembly: Assembly, *, text: str, nonce: str, by: Standing, at: datetime
) -> Message:
    """Say something in the discussion; the same nonce again is the same message.

    Raises Refused: NOT_OPEN, NOT_MEMBER, NOT_CHECKED_IN, EMPTY, TOO_FAST.
    """
    message: Message
    message, is_new = _written(session, Message, assembly, text=text, nonce=nonce, by=by, at=at)
    if is_new:
        append_event(
            session,
            assembly.id,
            EventKind.MESSAGE,
            rules.message_payload(message),
            about_id=message.id,
            by=by.person_id,
            at=at,
        )
        record(
            session,
            facts.MessagePosted(
                at=at, by=by.person_id, assembly_id=assembly.id, message_id=message.id
            ),
        )
    return message


def ask_question(
    session: Session, assembly: Assembly, *, text: str, nonce: str, by: Standing, at: datetime
) -> Question:
    """Ask the assembly; the same nonce again is the same question.

    Raises Refused: NOT_OPEN, NOT_MEMBER, NOT_CHECKED_IN, EMPTY, TOO_FAST.
    """
    question: Question
    question, is_new = _written(session, Question, assembly, text=text, nonce=nonce, by=by, at=at)
    if is_new:
        append_event(
            session,
            assembly.id,
            EventKind.QUESTION,
            rules.question_payload(question),
            about_id=question.id,
            by=by.person_id,
            at=at,
        )
        record(
            session,
            facts.QuestionAsked(
                at=at, by=by.person_id, assembly_id=assembly.id, question_id=question.id
            ),
        )
    return question


def announce(session: Session, assembly: Assembly, *, text: str, by: Standing, at: datetime) -> int:
    """Tell everyone in the room something. Raises Refused: NOT_CHAIR, NOT_OPEN."""
    stand(session, assembly)
    insist(policy.why_not_lead(assembly, by))
    seq = append_event(
        session, assembly.id, EventKind.ANNOUNCE, {"text": text}, by=by.person_id, at=at
    )
    record(session, facts.Announced(at=at, by=by.person_id, assembly_id=assembly.id, seq=seq))
    return seq
