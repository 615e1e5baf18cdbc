"""Reading a live room; hidden words never leave here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.assemblies.models import Assembly, AssemblyState, Attendance, RunningStage
from app.assemblies.rules import current_stage
from app.ballots.models import Ballot, BallotState
from app.core.own_rows import OwnRows, looked_up
from app.places.models import Place
from app.residents.models import Person
from app.room.models import (
    TALK,
    EventKind,
    FloorRequest,
    FloorState,
    LiveEvent,
    Message,
    Question,
    QuestionUpvote,
    Room,
)
from app.room.rules import named, redacted, requests_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

TALK_SHOWN = 60
QUESTIONS_SHOWN = 100
EVENTS_AT_MOST = 500
_OF_MESSAGE = (EventKind.MESSAGE, EventKind.MESSAGE_SHOWN)
_OF_QUESTION = (EventKind.QUESTION, EventKind.QUESTION_SHOWN, EventKind.QUESTION_ANSWERED)


@dataclass(frozen=True)
class Happening:
    """One event as anyone may see it now."""

    seq: int
    kind: str
    at: datetime
    payload: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the event as sockets and the events address carry it."""
        return {
            "seq": self.seq,
            "kind": str(self.kind),
            "at": self.at.isoformat(),
            "payload": self.payload,
        }


@dataclass(frozen=True)
class RoomView:
    """An assembly with its running order, as one asker stands in it."""

    assembly: Assembly
    last_seq: int
    is_checked_in: bool

    @property
    def stage(self) -> RunningStage | None:
        """Return the stage that is running."""
        return current_stage(self.assembly)

    @property
    def next_stage(self) -> RunningStage | None:
        """Return the stage that follows the running one, the first before any ran."""
        here = self.stage.position if self.stage else 0
        return next((one for one in self.assembly.stages if one.position > here), None)


@dataclass(frozen=True)
class QuestionView:
    """A question and whether the asker has raised it."""

    question: Question
    is_raised: bool


def room_view(session: Session, assembly_id: int, by: Standing) -> RoomView | None:
    """Return an assembly whose notice is out, in one statement."""
    rows = session.execute(
        select(Assembly, func.coalesce(Room.last_seq, 0), Attendance.person_id)
        .outerjoin(Room, Room.assembly_id == Assembly.id)
        .outerjoin(
            Attendance,
            and_(
                Attendance.assembly_id == Assembly.id,
                Attendance.person_id == (by.person_id or 0),
            ),
        )
        .where(Assembly.id == assembly_id, Assembly.state != AssemblyState.DRAFT)
        .options(joinedload(Assembly.place), joinedload(Assembly.stages))
    )
    row = rows.unique().first()
    return RoomView(row[0], row[1], row[2] is not None) if row is not None else None


def last_seq(session: Session, assembly_id: int) -> int | None:
    """Return the number of a room's newest event, 0 before the first; None if there is no room."""
    return session.scalar(
        select(func.coalesce(Room.last_seq, 0))
        .select_from(Assembly)
        .outerjoin(Room, Room.assembly_id == Assembly.id)
        .where(Assembly.id == assembly_id, Assembly.state != AssemblyState.DRAFT)
    )


def _happenings(assembly_id: int) -> Select[Any]:
    return (
        select(
            LiveEvent.seq,
            LiveEvent.kind,
            LiveEvent.at,
            LiveEvent.payload,
            Person.masked_name,
            Message.hidden_reason,
            Question.hidden_reason,
        )
        .outerjoin(Message, and_(LiveEvent.kind.in_(_OF_MESSAGE), Message.id == LiveEvent.about_id))
        .outerjoin(
            Question, and_(LiveEvent.kind.in_(_OF_QUESTION), Question.id == LiveEvent.about_id)
        )
        .outerjoin(Person, Person.id == func.coalesce(Message.author_id, Question.author_id))
        .where(LiveEvent.assembly_id == assembly_id)
    )


def _shown(session: Session, statement: Select[Any]) -> list[Happening]:
    rows = session.execute(statement).all()
    requests = _requests(session, [payload for _, kind, _, payload, *_ in rows if _is_floor(kind)])
    shown = []
    for seq, kind, at, payload, name, *reasons in rows:
        reason = next((one for one in reasons if one is not None), None)
        if _is_floor(kind):
            seen = requests_named(payload, requests)
        else:
            seen = redacted(payload, reason) if reason else named(payload, name)
        shown.append(Happening(seq, kind, at, seen))
    return shown


def _is_floor(kind: str) -> bool:
    return kind == EventKind.FLOOR


def _requests(session: Session, payloads: Sequence[dict[str, Any]]) -> dict[int, FloorRequest]:
    """Return the requests that queues repeat, with their people as they are called today."""
    ids = {entry["id"] for payload in payloads for entry in payload["queue"]}
    if not ids:
        return {}
    found = session.scalars(
        select(FloorRequest)
        .where(FloorRequest.id.in_(ids))
        .options(joinedload(FloorRequest.person))
    )
    return {request.id: request for request in found}


def events_after(
    session: Session, assembly_id: int, after: int, *, limit: int = EVENTS_AT_MOST
) -> list[Happening]:
    """Return the events with a number above `after`, in order and without a gap."""
    return _shown(
        session,
        _happenings(assembly_id).where(LiveEvent.seq > after).order_by(LiveEvent.seq).limit(limit),
    )


def talk(session: Session, assembly_id: int, *, limit: int = TALK_SHOWN) -> list[Happening]:
    """Return what was said and announced last, oldest first."""
    newest = _happenings(assembly_id).where(TALK).order_by(LiveEvent.seq.desc()).limit(limit)
    return _shown(session, newest)[::-1]


def questions(session: Session, assembly_id: int, by: Standing) -> list[QuestionView]:
    """Return an assembly's questions: open ones first, the most wanted first among them."""
    rows = session.execute(
        select(Question, QuestionUpvote.person_id)
        .outerjoin(
            QuestionUpvote,
            and_(
                QuestionUpvote.question_id == Question.id,
                QuestionUpvote.person_id == (by.person_id or 0),
            ),
        )
        .where(Question.assembly_id == assembly_id)
        .options(joinedload(Question.author), joinedload(Question.home))
        .order_by(Question.answered_at.is_not(None), Question.upvotes.desc(), Question.id)
        .limit(QUESTIONS_SHOWN)
    )
    return [QuestionView(question, raised is not None) for question, raised in rows]


def floor_queue(session: Session, assembly_id: int) -> Sequence[FloorRequest]:
    """Return who speaks, then who waits, first come first."""
    return session.scalars(
        select(FloorRequest)
        .where(
            FloorRequest.assembly_id == assembly_id,
            or_(
                FloorRequest.state == FloorState.SPEAKING,
                FloorRequest.state == FloorState.WAITING,
            ),
        )
        .options(joinedload(FloorRequest.person), joinedload(FloorRequest.home))
        .order_by(FloorRequest.state != FloorState.SPEAKING, FloorRequest.id)
    ).all()


def ballots(session: Session, assembly_id: int) -> Sequence[Ballot]:
    """Return an assembly's ballots whose paper stands."""
    return session.scalars(
        select(Ballot)
        .where(Ballot.assembly_id == assembly_id, Ballot.state != BallotState.DRAFT)
        .order_by(Ballot.opens_at, Ballot.id)
    ).all()


# ------------------------------------------------------------------ what is one's own
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
        },
    ),
}
