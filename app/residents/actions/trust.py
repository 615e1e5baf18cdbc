"""Roles, and looks at personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.refusals import Refused, insist
from app.places.models import Place
from app.residents import facts, policy
from app.residents.models import (
    Role,
    RoleGrant,
)
from app.residents.policy import PersonRefusal
from app.residents.queries import places_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.places.models import Department
    from app.residents.models import LookPurpose, Person
    from app.residents.rules import Standing
from app.residents.actions.codes import end_passphrase_code
from app.residents.actions.holding import hold_operators, hold_person, hold_staying


def grant_role(
    session: Session,
    person: Person,
    role: Role,
    place: Place,
    *,
    department: Department | None = None,
    by: Standing | None,
    at: datetime,
) -> RoleGrant:
    """Entrust someone with a role at a place; `by` None is the operator at the console.

    Granting what is already held changes nothing. Raises Refused: UNKNOWN_PERSON when the person
    has left meanwhile, SELF_GRANT, NOT_OPERATOR, OTHER_DONG, ROLE_UNUSED, DEPARTMENT_NEEDED when
    someone is to answer for a department that is not named.
    """
    hold_staying(session, person)
    dongs = places_of(session, person.id, on=seoul_day(at))
    if by is not None:
        insist(policy.why_not_grant(by, person.id, dongs, place))
    if role not in policy.GRANTED:
        raise Refused(PersonRefusal.ROLE_UNUSED)
    if role is not Role.DEPARTMENT:
        department = None
    elif department is None:
        raise Refused(PersonRefusal.DEPARTMENT_NEEDED)
    elif by is not None:
        # Who answers for a department does so in the whole district, wherever the role stands.
        answered = session.get_one(Place, department.place_id)
        insist(policy.why_not_grant(by, person.id, dongs, answered))
    if by is not None:
        hold_operators(session, by, place)
    same = (
        RoleGrant.department_id == department.id
        if department
        else (RoleGrant.role == role) & (RoleGrant.place_id == place.id)
    )
    held = session.scalar(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.until.is_(None), same)
    )
    if held is not None:
        return held
    # Whoever was helped to a passphrase as a resident is not to be a clerk's by way of that code.
    end_passphrase_code(session, person.id)
    grant = RoleGrant(
        person_id=person.id,
        role=role,
        place_id=place.id,
        department_id=department.id if department else None,
        since=at,
        granted_by=by.person_id if by else None,
    )
    session.add(grant)
    session.flush()
    record(
        session,
        facts.RoleGranted(
            at=at,
            by=by.person_id if by else None,
            person_id=person.id,
            role=role,
            place_id=place.id,
            department_id=grant.department_id,
        ),
    )
    return grant


def end_role(session: Session, grant: RoleGrant, *, by: Standing | None, at: datetime) -> None:
    """Take a role back from now on; the record of having held it stays.

    Ending what has ended changes nothing. Raises Refused: NOT_OPERATOR, OWN_ROLE.
    """
    if by is not None:
        insist(policy.why_not_end_role(by, grant))
        hold_person(session, grant.person)  # who may be leaving, which ends all their roles
        hold_operators(session, by, grant.place)
    ended = session.execute(
        update(RoleGrant)
        .where(RoleGrant.id == grant.id, RoleGrant.until.is_(None))
        .values(until=max(at, grant.since + timedelta(microseconds=1)))
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return
    record(
        session,
        facts.RoleEnded(
            at=at,
            by=by.person_id if by else None,
            person_id=grant.person_id,
            role=grant.role,
            place_id=grant.place_id,
            department_id=grant.department_id,
        ),
    )


def note_refused_look(
    session: Session, person_id: int, *, purpose: LookPurpose, by: Standing, at: datetime
) -> None:
    """Record that staff looked for someone exactly whose record they may not open.

    Raises Refused with NOT_CLERK.
    """
    insist(policy.why_not_show_record(by, []))
    record(
        session,
        facts.PersonalRecordRefused(at=at, by=by.person_id, person_id=person_id, purpose=purpose),
    )


def show_personal_record(
    session: Session, person: Person, *, purpose: LookPurpose, by: Standing, at: datetime
) -> Person:
    """Open someone's personal data to a clerk who says why; the look itself is recorded.

    Raises Refused: NOT_CLERK, OTHER_DONG.
    """
    places = places_of(session, person.id, on=seoul_day(at))
    insist(policy.why_not_show_record(by, places))
    record(
        session,
        facts.PersonalRecordShown(at=at, by=by.person_id, person_id=person.id, purpose=purpose),
    )
    return person
