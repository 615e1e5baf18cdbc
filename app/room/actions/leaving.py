"""What whoever leaves the site leaves behind in the rooms: nobody waits for them to speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.room.actions.floor import _move, hold_room, show_floor
from app.room.models import FloorRequest, FloorState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.residents.facts import PersonWithdrew


def leave_floors(session: Session, left: PersonWithdrew) -> None:
    """Take someone who leaves off every floor: their speech ends, their waiting falls away.

    The rooms are held in the order of their assemblies, and the request is read anew in each.
    """
    theirs = (
        FloorRequest.person_id == left.person_id,
        FloorRequest.state.in_((FloorState.WAITING, FloorState.SPEAKING)),
    )
    rooms = select(FloorRequest.assembly_id).where(*theirs).order_by(FloorRequest.assembly_id)
    for assembly_id in session.scalars(rooms).all():
        hold_room(session, assembly_id)
        request = session.scalar(
            select(FloorRequest)
            .where(*theirs, FloorRequest.assembly_id == assembly_id)
            .execution_options(populate_existing=True)
        )
        if request is not None:
            speaking = request.state is FloorState.SPEAKING
            after = FloorState.DONE if speaking else FloorState.WITHDRAWN
            _move(session, request, after, by=left.by, at=left.at)
            show_floor(session, assembly_id, by=left.by, at=left.at)
