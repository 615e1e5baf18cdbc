"""What whoever leaves takes along, so that nobody is present twice as another person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.assemblies import facts
from app.assemblies.models import Assembly, Attendance
from app.assemblies.queries import is_coming
from app.assemblies.rules import is_ahead
from app.core.bus import record
from app.core.database import held

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def hold_attended(session: Session, person_id: int, *, at: datetime) -> list[Assembly]:
    """Hold the assemblies that someone is present at and that are not over, in order of their ids.

    Who is present does not come or go meanwhile: whoever checks in lets nobody leave.
    """
    asked = (
        select(Attendance.assembly_id)
        .join(Assembly, Assembly.id == Attendance.assembly_id)
        .where(Attendance.person_id == person_id, is_coming(at))
        .order_by(Attendance.assembly_id)
    )
    assemblies = [held(session, Assembly, one) for one in session.scalars(asked).all()]
    return [one for one in assemblies if is_ahead(one, at=at)]


def take_back_attendance(
    session: Session, assembly: Assembly, person_id: int, *, by: int | None, at: datetime
) -> None:
    """Count someone as present no more, at an assembly that is held."""
    session.execute(
        delete(Attendance).where(
            Attendance.assembly_id == assembly.id, Attendance.person_id == person_id
        )
    )
    assembly.attendance_count -= 1
    session.flush()
    record(
        session,
        facts.AttendanceTakenBack(
            at=at, by=by, assembly_id=assembly.id, count=assembly.attendance_count
        ),
    )
