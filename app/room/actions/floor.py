"""The floor: who asked to speak, who speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.assemblies.models import Assembly
from app.core.bus import record
from app.core.refusals import insist
from app.places.models import Place
from app.residents.models import Person
from app.room import facts, policy, queries, rules
from app.room.actions.events import hear, next_seq, stand, write_event
from app.room.models import EventKind, FloorRequest, FloorState, Room

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


def request_floor(
    session: Session,
    assembly: Assembly,
    *,
    topic: str,
    minutes: int,
    by: Standing,
    at: datetime,
) -> FloorRequest:
    """Stand in line to speak.

    Raises Refused: NOT_OPEN, NOT_MEMBER, NOT_CHECKED_IN, ALREADY_WAITING, QUEUE_FULL.
    """
    is_checked_in = hear(session, assembly, by)
    hold_room(session, assembly.id)
    queue = queries.floor_queue(session, assembly.id)
    insist(
        policy.why_not_request_floor(
            assembly,
            by,
            is_checked_in=is_checked_in,
            is_waiting=any(request.person_id == by.person_id for request in queue),
            queue_length=len(queue),
            at=at,
        )
    )
    request = FloorRequest(
        assembly_id=assembly.id,
        person=session.get_one(Person, by.person_id),
        home=session.get_one(Place, rules.home_of(assembly, by)),
        topic=topic,
        minutes=minutes,
        state=FloorState.WAITING,
        at=at,
    )
    session.add(request)
    session.flush()
    show_floor(session, assembly.id, by=by.person_id, at=at)
    record(
        session,
        facts.FloorRequested(
            at=at, by=by.person_id, assembly_id=assembly.id, request_id=request.id
        ),
    )
    return request


def call_speaker(session: Session, request: FloorRequest, *, by: Standing, at: datetime) -> None:
    """Give someone the floor; whoever spoke until now has finished.

    Raises Refused: NOT_CHAIR, NOT_OPEN, NOT_WAITING.
    """
    assembly = _hold_floor(session, request)
    insist(policy.why_not_call(assembly, request, by))
    for speaking in queries.floor_queue(session, assembly.id):
        if speaking.state is FloorState.SPEAKING:
            _move(session, speaking, FloorState.DONE, by=by.person_id, at=at)
    session.flush()
    _move(session, request, FloorState.SPEAKING, by=by.person_id, at=at)
    show_floor(session, assembly.id, by=by.person_id, at=at)


def end_speech(session: Session, request: FloorRequest, *, by: Standing, at: datetime) -> None:
    """End a speech: the chair does, or the speaker. Raises Refused: NOT_YOURS, NOT_SPEAKING."""
    assembly = _hold_floor(session, request)
    insist(policy.why_not_end_speech(assembly, request, by))
    _move(session, request, FloorState.DONE, by=by.person_id, at=at)
    show_floor(session, assembly.id, by=by.person_id, at=at)


def withdraw_request(
    session: Session, request: FloorRequest, *, by: Standing, at: datetime
) -> None:
    """Take a request off the queue. Raises Refused: NOT_YOURS, NOT_WAITING."""
    assembly = _hold_floor(session, request)
    insist(policy.why_not_withdraw(assembly, request, by))
    _move(session, request, FloorState.WITHDRAWN, by=by.person_id, at=at)
    show_floor(session, assembly.id, by=by.person_id, at=at)


def clear_floor(session: Session, assembly_id: int, *, by: int | None, at: datetime) -> None:
    """Let the floor go when an assembly closes: speeches end, waiting requests fall away.

    The room is taken before its requests, as by whoever hides one.
    """
    hold_room(session, assembly_id)
    queue = queries.floor_queue(session, assembly_id)
    for request in queue:
        speaking = request.state is FloorState.SPEAKING
        after = FloorState.DONE if speaking else FloorState.WITHDRAWN
        _move(session, request, after, by=by, at=at)
    if queue:
        show_floor(session, assembly_id, by=by, at=at)


def _hold_floor(session: Session, request: FloorRequest) -> Assembly:
    """Hold the room, so that acts upon its floor follow one another, and read the request anew."""
    assembly = session.get_one(Assembly, request.assembly_id)
    stand(session, assembly)
    hold_room(session, assembly.id)
    session.refresh(request)
    return assembly


def hold_room(session: Session, assembly_id: int) -> None:
    """Hold the room; one in which nothing has happened yet has no row, and no queue to guard."""
    session.execute(
        select(Room.assembly_id).where(Room.assembly_id == assembly_id).with_for_update()
    )


def _move(
    session: Session, request: FloorRequest, state: FloorState, *, by: int | None, at: datetime
) -> None:
    request.state = state
    if state is FloorState.SPEAKING:
        request.called_at = at
    else:
        request.ended_at = at
    record(
        session,
        facts.FloorMoved(
            at=at,
            by=by,
            assembly_id=request.assembly_id,
            request_id=request.id,
            state=state.value,
        ),
    )


def show_floor(session: Session, assembly_id: int, *, by: int | None, at: datetime) -> None:
    """Append the whole queue as it stands once the room is ours."""
    session.flush()
    seq = next_seq(session, assembly_id)
    payload = rules.floor_payload(queries.floor_queue(session, assembly_id))
    write_event(session, assembly_id, seq, EventKind.FLOOR, payload, None, by, at)
