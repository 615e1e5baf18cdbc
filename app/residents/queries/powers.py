"""Reading what people are here and now: their standing, and the roles they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from app.core.clock import seoul_day
from app.core.orm import UtcDateTime
from app.core.paging import PAGE_SIZE, page_of
from app.places.models import Place
from app.places.queries import within
from app.residents.models import Membership, Person, RoleGrant
from app.residents.rules import NOBODY, Grant, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.orm import Session

    from app.core.paging import Page
    from app.residents.models import Role


def standing(session: Session, person_id: int | None, *, at: datetime) -> Standing:
    """Return what a person is at a moment: memberships, districts and roles in force."""
    if person_id is None:
        return NOBODY
    asked = {"person": person_id, "at": at, "today": seoul_day(at)}
    return standing_told(person_id, session.connection().execute(_STANDING, asked).all())


def standing_told(person_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> Standing:
    """Return the standing that rows of `with_standing` tell of one person."""
    return Standing(
        person_id,
        frozenset((row.dong_id, row.member_class) for row in rows if row.dong_id is not None),
        frozenset(row.parent_id for row in rows if row.parent_id is not None),
        frozenset(
            Grant(row.role, row.role_place_id, row.department_id)
            for row in rows
            if row.role is not None
        ),
    )


_person: Any = Person.__table__
_member: Any = Membership.__table__
_grant: Any = RoleGrant.__table__
# The dong of each membership that `with_standing` tells: further columns of it may be asked for.
DONG: Any = Place.__table__.alias("dong")


def with_standing(people: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return a statement of people with the memberships (`today`) and roles (`at`) in force.

    Every membership is paired with every role, so that one statement tells all of a standing; an
    act may take it with what it acts on. `people` is the table of persons, or a join with it.
    """
    at, today = bindparam("at", type_=UtcDateTime), bindparam("today", type_=Date)
    return select(
        *columns,
        _member.c.place_id.label("dong_id"),
        _member.c.member_class,
        DONG.c.parent_id,
        _grant.c.role,
        _grant.c.place_id.label("role_place_id"),
        _grant.c.department_id,
    ).select_from(
        people.outerjoin(
            _member,
            and_(
                _member.c.person_id == _person.c.id,
                _member.c.since <= today,
                or_(_member.c.until.is_(None), _member.c.until > today),
            ),
        )
        .outerjoin(DONG, DONG.c.id == _member.c.place_id)
        .outerjoin(
            _grant,
            and_(
                _grant.c.person_id == _person.c.id,
                _grant.c.since <= at,
                or_(_grant.c.until.is_(None), _grant.c.until > at),
            ),
        )
    )


_STANDING = with_standing(_person).where(_person.c.id == bindparam("person"))


def places_held(session: Session, by: Standing, roles: frozenset[Role]) -> Sequence[Place]:
    """Return the places at which someone holds one of the roles, districts before their dongs."""
    return session.scalars(
        select(Place)
        .where(within(by.places_with(roles)))
        .order_by(Place.parent_id.is_not(None), Place.position, Place.id)
    ).all()


def grants_in_force(
    session: Session, places: Sequence[Place], *, at: datetime, number: int = 1
) -> Page[RoleGrant]:
    """Return one page of the roles held at these places, by role."""
    rows = session.scalars(
        _grants(at)
        .where(RoleGrant.place_id.in_([place.id for place in places]))
        .order_by(RoleGrant.role, RoleGrant.place_id, RoleGrant.id)
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    return page_of(rows, number=number)


def grants_of(session: Session, person_id: int, *, at: datetime) -> Sequence[RoleGrant]:
    """Return the roles a person holds, with place and department."""
    return session.scalars(
        _grants(at).where(RoleGrant.person_id == person_id).order_by(RoleGrant.id)
    ).all()


def powers_of(session: Session, person_id: int, *, at: datetime) -> Sequence[Place]:
    """Return the places at which a person holds a role or speaks for a department."""
    held = grants_of(session, person_id, at=at)
    ids = {one.place_id for one in held}
    ids |= {one.department.place_id for one in held if one.department}
    return session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.id)).all()


def all_grants(session: Session, *, at: datetime) -> Sequence[RoleGrant]:
    """Return every role in force, by role."""
    return session.scalars(_grants(at).order_by(RoleGrant.role, RoleGrant.id)).all()


def _grants(at: datetime) -> Select[RoleGrant]:
    return (
        select(RoleGrant)
        .where(RoleGrant.since <= at, or_(RoleGrant.until.is_(None), RoleGrant.until > at))
        .options(
            joinedload(RoleGrant.person, innerjoin=True),
            joinedload(RoleGrant.place, innerjoin=True),
            joinedload(RoleGrant.department),
        )
    )
