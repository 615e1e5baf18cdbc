"""Who is who in a demo told earlier, asked of the database."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit.models import AuditRow
from app.core.clock import FixedClock, seoul_day
from app.demo.calendar import Calendar
from app.demo.people import Cast, Neighbour
from app.demo.signins import SIGN_INS
from app.demo.teller import STORY_BEGINS, Teller
from app.places.models import Department, Place
from app.residents.models import RoleGrant
from app.residents.queries import account_by_contact, members_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.core.clock import Clock


# What is added at the start of a demo began up to so long ago, by people known even then.
PAST = timedelta(days=90)


def is_told(session: Session) -> bool:
    """Say whether the demonstration's year was told into this database.

    The record says so, which nobody can write into or take away from: it has acts of the very
    moment at which the year begins. The accounts do not: whoever tries one may end it.
    """
    return (
        session.scalar(select(AuditRow.seq).where(AuditRow.at == STORY_BEGINS).limit(1)) is not None
    )


def recall(session: Session, clock: Clock, *, keys: Path) -> Teller:
    """Return a teller who knows the people of a demo told earlier.

    The people behind the sign-ins are left out of the neighbours, so that whoever tries them
    finds their acts still to be done.
    """
    begins = clock.now() - PAST
    chance = Random(seoul_day(begins).toordinal())
    teller = Teller(session, Calendar(FixedClock(begins)), chance, keys, Cast(session))
    places = session.scalars(select(Place).order_by(Place.position)).all()
    teller.place_ids |= {place.slug: place.id for place in places}
    teller.department_ids |= {one.slug: one.id for one in session.scalars(select(Department))}
    ours = set()
    for sign_in in SIGN_INS:
        account = account_by_contact(session, sign_in.address)
        if account is not None:
            ours.add(account.person_id)
    cast = teller.cast
    for place in places:
        if not place.is_district:
            cast.neighbours[place.slug] = [
                Neighbour(member.person_id, place.slug, member.born)
                for member in members_of(session, place, on=seoul_day(begins))
                if member.person_id not in ours and member.born is not None
            ]
    _recall_duties(session, cast, {place.id: place.slug for place in places})
    return teller


def _recall_duties(session: Session, cast: Cast, slugs: dict[int, str]) -> None:
    """Fill in who holds which duty; of several the one who has held it longest acts."""
    grants = session.execute(
        select(RoleGrant.role, RoleGrant.place_id, RoleGrant.person_id, Department.slug)
        .outerjoin(Department, Department.id == RoleGrant.department_id)
        .where(RoleGrant.until.is_(None))
        .order_by(RoleGrant.id.desc())
    )
    for role, place_id, person_id, department in grants:
        cast.entrust(role, slugs[place_id], person_id, department=department)
