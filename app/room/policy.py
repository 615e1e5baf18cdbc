"""Who may speak, ask and chair in a live room, and when. Told the time; asks no database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.assemblies.models import AssemblyState
from app.assemblies.rules import is_left_open
from app.core.refusals import Refusal
from app.residents.models import Role
from app.room.models import FloorState

if TYPE_CHECKING:
    from datetime import datetime

    from app.assemblies.models import Assembly
    from app.residents.rules import Standing
    from app.room.models import FloorRequest, Question

SLOW_MODE = timedelta(seconds=3)
MESSAGE_LETTERS = 500
ANSWER_LETTERS = 1000
TOPIC_LETTERS = 60
QUEUE_LENGTH = 50
ORDER_KEEPERS = (Role.CHAIR, Role.CLERK, Role.MODERATOR)


class RoomRefusal(Refusal):
    """Why an act in a live room is refused."""

    NOT_OPEN = "room.not_open"
    NOT_MEMBER = "room.not_member"
    NOT_CHECKED_IN = "room.not_checked_in"
    TOO_FAST = "room.too_fast"
    EMPTY = "room.empty"
    NOT_CHAIR = "room.not_chair"
    OWN_QUESTION = "room.own_question"
    QUESTION_HIDDEN = "room.question_hidden"
    ALREADY_ANSWERED = "room.already_answered"
    ALREADY_WAITING = "room.already_waiting"
    QUEUE_FULL = "room.queue_full"
    NOT_YOURS = "room.not_yours"
    NOT_WAITING = "room.not_waiting"
    NOT_SPEAKING = "room.not_speaking"


def may_watch(assembly: Assembly) -> bool:
    """Say whether the room may be looked at: by everyone, from the notice on unless called off."""
    return assembly.state is not AssemblyState.DRAFT and not assembly.is_called_off


def is_chair(assembly: Assembly, by: Standing) -> bool:
    """Say whether someone leads this assembly."""
    return by.holds(Role.CHAIR, assembly.place)


def keeps_order(assembly: Assembly, by: Standing) -> bool:
    """Say whether someone may open the console: to lead, or only to hide."""
    return any(by.holds(role, assembly.place) for role in ORDER_KEEPERS)


def why_not_speak(
    assembly: Assembly, by: Standing, *, is_checked_in: bool, at: datetime
) -> RoomRefusal | None:
    """Say why someone may not take part in the talk, or None if they may.

    Nobody talks on in an assembly that was left open, which every page calls past.
    """
    if assembly.state is not AssemblyState.OPEN or is_left_open(assembly, at=at):
        return RoomRefusal.NOT_OPEN
    if not by.belongs_to(assembly.place):
        return RoomRefusal.NOT_MEMBER
    return None if is_checked_in else RoomRefusal.NOT_CHECKED_IN


def why_not_write(
    assembly: Assembly,
    by: Standing,
    *,
    is_checked_in: bool,
    text: str,
    last_at: datetime | None,
    at: datetime,
) -> RoomRefusal | None:
    """Say why someone may not post this now: whoever wrote a moment ago waits a little."""
    refusal = why_not_speak(assembly, by, is_checked_in=is_checked_in, at=at)
    if refusal is not None:
        return refusal
    if not text.strip():
        return RoomRefusal.EMPTY
    if last_at is not None and at - last_at < SLOW_MODE:
        return RoomRefusal.TOO_FAST
    return None


def why_not_upvote(
    assembly: Assembly, question: Question, by: Standing, *, is_checked_in: bool, at: datetime
) -> RoomRefusal | None:
    """Say why someone may not raise a question, or take their upvote back."""
    refusal = why_not_speak(assembly, by, is_checked_in=is_checked_in, at=at)
    if refusal is not None:
        return refusal
    if question.is_hidden:
        return RoomRefusal.QUESTION_HIDDEN
    return RoomRefusal.OWN_QUESTION if question.author_id == by.person_id else None


def why_not_request_floor(
    assembly: Assembly,
    by: Standing,
    *,
    is_checked_in: bool,
    is_waiting: bool,
    queue_length: int,
    at: datetime,
) -> RoomRefusal | None:
    """Say why someone may not ask to speak."""
    refusal = why_not_speak(assembly, by, is_checked_in=is_checked_in, at=at)
    if refusal is not None:
        return refusal
    if is_waiting:
        return RoomRefusal.ALREADY_WAITING
    return RoomRefusal.QUEUE_FULL if queue_length >= QUEUE_LENGTH else None


def why_not_lead(assembly: Assembly, by: Standing) -> RoomRefusal | None:
    """Say why someone may not lead: call speakers, answer, announce."""
    if not is_chair(assembly, by):
        return RoomRefusal.NOT_CHAIR
    return None if assembly.state is AssemblyState.OPEN else RoomRefusal.NOT_OPEN


def why_not_answer(assembly: Assembly, question: Question, by: Standing) -> RoomRefusal | None:
    """Say why someone may not answer a question."""
    refusal = why_not_lead(assembly, by)
    if refusal is not None:
        return refusal
    if question.is_hidden:
        return RoomRefusal.QUESTION_HIDDEN
    return RoomRefusal.ALREADY_ANSWERED if question.answered_at is not None else None


def why_not_call(assembly: Assembly, request: FloorRequest, by: Standing) -> RoomRefusal | None:
    """Say why a speaker may not be called now."""
    refusal = why_not_lead(assembly, by)
    if refusal is not None:
        return refusal
    return None if request.state is FloorState.WAITING else RoomRefusal.NOT_WAITING


def why_not_end_speech(
    assembly: Assembly, request: FloorRequest, by: Standing
) -> RoomRefusal | None:
    """Say why a speech may not be ended: the chair ends it, or the speaker."""
    if request.person_id != by.person_id and not is_chair(assembly, by):
        return RoomRefusal.NOT_YOURS
    return None if request.state is FloorState.SPEAKING else RoomRefusal.NOT_SPEAKING


def why_not_withdraw(assembly: Assembly, request: FloorRequest, by: Standing) -> RoomRefusal | None:
    """Say why a floor request may not be taken off the queue: by its owner, or by the chair."""
    if request.person_id != by.person_id and not is_chair(assembly, by):
        return RoomRefusal.NOT_YOURS
    return None if request.state is FloorState.WAITING else RoomRefusal.NOT_WAITING
