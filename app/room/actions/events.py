"""Numbering what happens in a room, and telling the sockets after the commit.

Order of locks: each act takes what it decides on (an assembly, shared or not, then attendance or
question; or ballots; or a message or question that is hidden; or a person who leaves), then the
room, then the room's floor requests. Nobody who holds a room waits for any of the former;
docs/live-events.md lists the doors.
The room's row is held until the commit, so numbers are given and become visible in one order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, insert, select, update

from app.assemblies.models import Attendance
from app.core.bus import record
from app.core.database import insert_once
from app.room import facts
from app.room.models import EventKind, LiveEvent, Room

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly
    from app.residents.rules import Standing


def append_event(
    session: Session,
    assembly_id: int,
    kind: str,
    payload: dict[str, Any],
    *,
    about_id: int | None = None,
    by: int | None,
    at: datetime,
) -> int:
    """Write a numbered event into a room; sockets deliver it after the commit.

    `about_id` is the message or question whose words the payload repeats. Returns the number.
    """
    return write_event(
        session, assembly_id, next_seq(session, assembly_id), kind, payload, about_id, by, at
    )


def next_seq(session: Session, assembly_id: int) -> int:
    """Take the room's next number, and with it the room until the commit."""
    take = (
        update(Room)
        .where(Room.assembly_id == assembly_id)
        .values(last_seq=Room.last_seq + 1)
        .returning(Room.last_seq)
        .execution_options(synchronize_session=False)
    )
    seq = session.scalar(take)
    if seq is None:
        insert_once(session, cast("Table", Room.__table__), assembly_id=assembly_id, last_seq=0)
        seq = session.scalar(take)
    assert seq is not None  # noqa: S101 - the row has just been made
    return seq


def write_event(
    session: Session,
    assembly_id: int,
    seq: int,
    kind: str,
    payload: dict[str, Any],
    about_id: int | None,
    by: int | None,
    at: datetime,
) -> int:
    """Write an event under a number that was taken for it."""
    session.execute(
        insert(LiveEvent).values(
            assembly_id=assembly_id,
            seq=seq,
            kind=EventKind(kind),
            about_id=about_id,
            payload=payload,
            at=at,
        )
    )
    record(
        session,
        facts.LiveEventAppended(
            at=at, by=by, assembly_id=assembly_id, seq=seq, kind=str(kind), payload=payload
        ),
    )
    return seq


def hear(session: Session, assembly: Assembly, by: Standing) -> bool:
    """Say whether someone is here, and make their other acts wait until this one is done.

    The assembly's state is read anew and stands until the commit: after its closing nothing is
    said any more.
    """
    session.refresh(assembly, ["state"], with_for_update={"read": True})
    found = session.scalar(
        select(Attendance.person_id)
        .where(Attendance.assembly_id == assembly.id, Attendance.person_id == (by.person_id or 0))
        .with_for_update()
    )
    return found is not None


def stand(session: Session, assembly: Assembly) -> None:
    """Read an assembly's state anew; it stands until the commit."""
    session.refresh(assembly, ["state"], with_for_update={"read": True})
