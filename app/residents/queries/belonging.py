"""Reading where people belong: the dongs that have seen who they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.core.paging import PAGE_SIZE, page_of
from app.core.vault import blind_index
from app.places.models import Place
from app.residents.models import Membership, Person, day_of
from app.residents.rules import folded_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ScalarSelect
    from sqlalchemy.orm import Session

    from app.core.paging import Page


def identity_index(name: str, born: date) -> bytes:
    """Return the keyed digest under which a name and birth date are found."""
    return blind_index("identity", f"{folded_name(name)}|{born:%Y%m%d}")


def people_by_identity(session: Session, name: str, born: date) -> Sequence[Person]:
    """Return the people verified under this name and birth date, oldest record first."""
    return session.scalars(
        select(Person)
        .where(Person.identity_mac == identity_index(name, born), Person.withdrawn_at.is_(None))
        .order_by(Person.id)
    ).all()


def twins_of(session: Session, person_id: int, identity_mac: bytes) -> Sequence[Person]:
    """Return whoever else stands under an identity, oldest record first."""
    return session.scalars(
        select(Person)
        .where(
            Person.identity_mac == identity_mac,
            Person.id != person_id,
            Person.withdrawn_at.is_(None),
        )
        .order_by(Person.id)
    ).all()


def dongs_on_list(session: Session, person_id: int) -> Sequence[Place]:
    """Return the dongs whose desk has seen a person, and still has them on its list."""
    return session.scalars(
        select(Place)
        .join(Membership, Membership.place_id == Place.id)
        .where(Membership.person_id == person_id, Membership.until.is_(None))
        .order_by(Place.id)
    ).all()


def memberships_of(session: Session, person_id: int) -> Sequence[Membership]:
    """Return all of a person's memberships with their dongs, those in force first."""
    return session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id)
        .options(joinedload(Membership.place, innerjoin=True))
        .order_by(Membership.until.is_not(None), Membership.since.desc(), Membership.id.desc())
    ).all()


def birth_of(person_id: int | None) -> ScalarSelect[str | None]:
    """Return what reads a person's birth date along with another row; `day_of` reads the day."""
    return select(Person.birth_date).where(Person.id == person_id).scalar_subquery()


def born_on(session: Session, person_id: int | None) -> date | None:
    """Return the day on which a person was born, None where no desk has read one."""
    return day_of(session.scalar(select(birth_of(person_id))))


def places_of(session: Session, person_id: int, *, on: date) -> Sequence[Place]:
    """Return the dongs a person belongs to on a day."""
    return session.scalars(
        select(Place)
        .join(Membership, Membership.place_id == Place.id)
        .where(
            Membership.person_id == person_id,
            Membership.since <= on,
            or_(Membership.until.is_(None), Membership.until > on),
        )
        .order_by(Place.position)
    ).all()


def recent_verifications(
    session: Session, places: Sequence[Place], *, number: int = 1
) -> Page[Membership]:
    """Return one page of the memberships verified at these places, the newest first."""
    rows = session.scalars(
        select(Membership)
        .where(Membership.place_id.in_([place.id for place in places]))
        .options(
            joinedload(Membership.person, innerjoin=True),
            joinedload(Membership.place, innerjoin=True),
        )
        .order_by(Membership.verified_at.desc(), Membership.id.desc())
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    return page_of(rows, number=number)


class Member(NamedTuple):
    """Somebody verified for a place: when they were born, and the dong they belong to."""

    person_id: int
    born: date | None
    place_id: int


def members_of(session: Session, place: Place, *, on: date) -> Sequence[Member]:
    """Return the people verified for a place on a day, each once, and never their names.

    For a district the dong with the lowest id stands for people who belong to several.
    """
    where = Place.parent_id == place.id if place.is_district else Place.id == place.id
    rows = session.execute(
        select(Person.id, Person.birth_date, Membership.place_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Place, Place.id == Membership.place_id)
        .where(
            where,
            Membership.since <= on,
            or_(Membership.until.is_(None), Membership.until > on),
            Person.withdrawn_at.is_(None),
        )
        .order_by(Person.id, Membership.place_id)
    ).all()
    first: dict[int, Member] = {}
    for person_id, birth_date, dong_id in rows:
        first.setdefault(person_id, Member(person_id, day_of(birth_date), dong_id))
    return list(first.values())
