"""Reading a room's numbered events, each with its words as they may be seen today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from app.assemblies.models import Assembly
from app.assemblies.queries import stands
from app.residents.models import Person
from app.room.models import (
    TALK,
    EventKind,
    FloorRequest,
    LiveEvent,
    Message,
    Question,
    Room,
)
from app.room.rules import named, redacted, requests_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


TALK_SHOWN = 60
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


def last_seq(session: Session, assembly_id: int) -> int | None:
    """Return the number of a room's newest event, 0 before the first; None if there is no room."""
    return session.scalar(
        select(func.coalesce(Room.last_seq, 0))
        .select_from(Assembly)
        .outerjoin(Room, Room.assembly_id == Assembly.id)
        .where(Assembly.id == assembly_id, stands())
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
