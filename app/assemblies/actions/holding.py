"""Leading an assembly, counting who is there, publishing its minutes and correcting them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.assemblies import facts, policy, queries
from app.assemblies.models import (
    Assembly,
    AssemblyState,
    Attendance,
    MinutesCorrection,
    RunningStage,
)
from app.assemblies.policy import AssemblyRefusal
from app.assemblies.rules import check_in_details, current_stage
from app.core.bus import record
from app.core.database import held, insert_once
from app.core.refusals import Refused, insist
from app.residents.actions import stays
from app.residents.queries import born_on

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


def open_assembly(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> Assembly:
    """Open the assembly (개회). Raises Refused NOT_CHAIR, NOT_NOTICED or TOO_EARLY."""
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_open(by, assembly, at=at))
    assembly.state, assembly.opened_at = AssemblyState.OPEN, at
    session.flush()
    record(session, facts.AssemblyOpened(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly


def move_to_stage(
    session: Session, assembly: Assembly, stage: RunningStage, *, by: Standing, at: datetime
) -> RunningStage:
    """Move the running order to a step, forwards or back; its clock starts anew.

    Moving to where the assembly already is changes nothing. Raises Refused NOT_CHAIR, NOT_OPEN
    or OTHER_ASSEMBLY.
    """
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_lead(by, assembly))
    if stage.assembly_id != assembly.id:
        raise Refused(AssemblyRefusal.OTHER_ASSEMBLY)
    session.refresh(stage)
    now_at = current_stage(assembly)
    if now_at is not None and now_at.id == stage.id:
        return stage
    if now_at is not None:
        now_at.ended_at = at
    stage.started_at, stage.ended_at = at, None
    session.flush()
    record(
        session,
        facts.StageMoved(at=at, by=by.person_id, assembly_id=assembly.id, stage_id=stage.id),
    )
    return stage


def check_in(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> int:
    """Count someone as present, once; return the new attendance.

    Nobody is counted while they leave: they could come again as another.

    Raises Refused NOT_NOTICED, NOT_SIGNED_IN, NOT_MEMBER, MEMBER_ELSEWHERE with `place`,
    TOO_YOUNG with `birth` (the latest day), DOORS_CLOSED, OVER or ALREADY_CHECKED_IN.
    """
    if by.is_someone and not stays(session, by.person_id):
        raise Refused(AssemblyRefusal.NOT_MEMBER)
    assembly = held(session, Assembly, assembly.id)
    insist(
        policy.why_not_check_in(by, assembly, born=born_on(session, by.person_id), at=at),
        **check_in_details(assembly),
    )
    inserted = insert_once(
        session,
        Attendance.__table__,
        assembly_id=assembly.id,
        person_id=by.person_id,
        at=at,
    )
    if not inserted:
        raise Refused(AssemblyRefusal.ALREADY_CHECKED_IN)
    assembly.attendance_count += 1
    session.flush()
    record(
        session,
        facts.CheckedIn(
            at=at, by=by.person_id, assembly_id=assembly.id, count=assembly.attendance_count
        ),
    )
    return assembly.attendance_count


def close_assembly(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> Assembly:
    """Close the assembly (폐회), for good. Raises Refused NOT_CHAIR or NOT_OPEN."""
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_lead(by, assembly))
    now_at = current_stage(assembly)
    if now_at is not None:
        now_at.ended_at = at
    assembly.state, assembly.closed_at = AssemblyState.CLOSED, at
    session.flush()
    record(session, facts.AssemblyClosed(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly


def publish_minutes(
    session: Session, assembly: Assembly, *, minutes: str, by: Standing, at: datetime
) -> Assembly:
    """Publish the minutes (회의록) of a closed assembly, once.

    Raises Refused NOT_CLERK, NOT_CLOSED, MINUTES_STAND or EMPTY_MINUTES.
    """
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_publish_minutes(by, assembly))
    if not minutes.strip():
        raise Refused(AssemblyRefusal.EMPTY_MINUTES)
    assembly.minutes = minutes
    session.flush()
    record(
        session,
        facts.MinutesPublished(
            at=at, by=by.person_id, assembly_id=assembly.id, digest=_digest(minutes)
        ),
    )
    return assembly


def correct_minutes(
    session: Session,
    assembly: Assembly,
    *,
    minutes: str,
    reason: str,
    corrections_seen: int,
    by: Standing,
    at: datetime,
) -> MinutesCorrection:
    """Put other minutes in the place of published ones, with the day and the reason (정정).

    What stood there is kept for the desk. `corrections_seen` is how many the writer knew of. Raises
    Refused NOT_CLERK, NO_MINUTES, CORRECTED_MEANWHILE, EMPTY_MINUTES or NOTHING_CORRECTED.
    """
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_correct_minutes(by, assembly))
    if len(queries.corrections(session, assembly.id)) != corrections_seen:
        raise Refused(AssemblyRefusal.CORRECTED_MEANWHILE)
    if not minutes.strip():
        raise Refused(AssemblyRefusal.EMPTY_MINUTES)
    if minutes == assembly.minutes:
        raise Refused(AssemblyRefusal.NOTHING_CORRECTED)
    correction = MinutesCorrection(
        assembly_id=assembly.id,
        number=corrections_seen + 1,
        reason=reason,
        minutes_before=assembly.minutes,
        by=by.person_id,
        at=at,
    )
    session.add(correction)
    assembly.minutes = minutes
    session.flush()
    record(
        session,
        facts.MinutesCorrected(
            at=at,
            by=by.person_id,
            assembly_id=assembly.id,
            number=correction.number,
            digest=_digest(minutes),
        ),
    )
    return correction


def _digest(minutes: str) -> str:
    return hashlib.sha256(minutes.encode()).hexdigest()
