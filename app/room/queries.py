"""Reading a live room; hidden words leave here for those who keep order in it, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.assemblies.models import Assembly, AssemblyState, Attendance, RunningStage
from app.assemblies.rules import current_stage
from app.ballots.models import Ballot
from app.ballots.queries import is_taking
from app.core.own_rows import OwnRows, looked_up
from app.core.paging import page_of
from app.moderation.models import ModerationAct, SubjectKind
from app.moderation.policy import LIVE_KINDS
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
from app.room.policy import keeps_order
from app.room.rules import named, redacted, requests_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from app.core.paging import Page
    from app.moderation.models import HideReason
    from app.residents.models import Role
    from app.residents.rules import Standing

TALK_SHOWN = 60
QUESTIONS_A_PAGE = 100
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
    """A question as one asker may see it: a hidden one without its words and its author."""

    id: int
    at: datetime
    who: str
    dong: str
    text: str
    upvotes: int
    is_answered: bool
    answer: str
    hidden_reason: HideReason | None
    is_own: bool
    is_raised: bool


@dataclass(frozen=True)
class HiddenWords:
    """What was hidden in a room, for those who may show it again: by whom, when and why."""

    kind: SubjectKind
    id: int
    who: str
    dong: str
    text: str
    reason: HideReason
    note: str
    hidden_by: str
    role: Role
    hidden_at: datetime


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


def questions(
    session: Session, assembly_id: int, by: Standing, *, number: int = 1
) -> Page[QuestionView]:
    """Return one page of an assembly's questions, with the total of all.

    First those that wait for an answer, the most wanted first among them. A page after the last
    is the first.
    """
    rows = session.execute(
        select(Question, QuestionUpvote.person_id, func.count().over())
        .outerjoin(
            QuestionUpvote,
            and_(
                QuestionUpvote.question_id == Question.id,
                QuestionUpvote.person_id == (by.person_id or 0),
            ),
        )
        .where(Question.assembly_id == assembly_id)
        .options(joinedload(Question.author), joinedload(Question.home))
        .order_by(
            or_(Question.answered_at.is_not(None), Question.hidden_at.is_not(None)),
            Question.upvotes.desc(),
            Question.id,
        )
        .offset((number - 1) * QUESTIONS_A_PAGE)
        .limit(QUESTIONS_A_PAGE + 1)
    ).all()
    if not rows and number > 1:
        return questions(session, assembly_id, by)
    return page_of(
        [_seen(question, by, is_raised=raised is not None) for question, raised, _ in rows],
        number=number,
        size=QUESTIONS_A_PAGE,
        total=rows[0][2] if rows else 0,
    )


def _seen(question: Question, by: Standing, *, is_raised: bool) -> QuestionView:
    is_open = not question.is_hidden
    return QuestionView(
        id=question.id,
        at=question.at,
        who=question.author.masked_name if is_open else "",
        dong=question.home.name if is_open else "",
        text=question.text if is_open else "",
        upvotes=question.upvotes,
        is_answered=question.answered_at is not None,
        answer=(question.answer or "") if is_open else "",
        hidden_reason=question.hidden_reason,
        is_own=question.author_id == by.person_id,
        is_raised=is_raised,
    )


def hidden_words(session: Session, assembly: Assembly, by: Standing) -> list[HiddenWords]:
    """Return what is hidden in a room, last hidden first; nothing to who keeps no order there."""
    if not keeps_order(assembly, by):
        return []
    author, hider = aliased(Person), aliased(Person)
    last_hide = (
        select(func.max(ModerationAct.id))
        .where(ModerationAct.act == "hide", ModerationAct.subject_kind.in_(LIVE_KINDS))
        .group_by(ModerationAct.subject_kind, ModerationAct.subject_id)
    )
    rows = session.execute(
        select(
            ModerationAct,
            func.coalesce(Message.text, Question.text),
            author.masked_name,
            Place.name,
            hider.masked_name,
        )
        .outerjoin(Message, _is_about(Message, SubjectKind.MESSAGE))
        .outerjoin(Question, _is_about(Question, SubjectKind.QUESTION))
        .join(author, author.id == func.coalesce(Message.author_id, Question.author_id))
        .join(Place, Place.id == func.coalesce(Message.home_id, Question.home_id))
        .join(hider, hider.id == ModerationAct.by)
        .where(
            ModerationAct.id.in_(last_hide),
            or_(Message.assembly_id == assembly.id, Question.assembly_id == assembly.id),
        )
        .order_by(ModerationAct.id.desc())
    )
    return [
        HiddenWords(
            kind=act.subject_kind,
            id=act.subject_id,
            who=who,
            dong=dong,
            text=text,
            reason=act.reason,
            note=act.note,
            hidden_by=hidden_by,
            role=act.by_role,
            hidden_at=act.at,
        )
        for act, text, who, dong, hidden_by in rows
    ]


def _is_about(kind: type[Message | Question], code: SubjectKind) -> ColumnElement[bool]:
    """Return the condition that a line of the ledger tells of a thing that is hidden now."""
    return and_(
        ModerationAct.subject_kind == code,
        kind.id == ModerationAct.subject_id,
        kind.hidden_at.is_not(None),
    )


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


def open_ballots(session: Session, assembly_id: int, *, at: datetime) -> Sequence[Ballot]:
    """Return an assembly's ballots that take votes now."""
    return session.scalars(
        select(Ballot)
        .where(Ballot.assembly_id == assembly_id, is_taking(at))
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
