"""Reading places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.places.models import Department, Place, PlaceKind, Population
from app.places.rules import is_slug

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def district_and_dongs(session: Session, slug: str) -> Sequence[Place]:
    """Return a district, then its dongs in their customary order; nothing if it is not loaded."""
    parent = (
        select(Place.id)
        .where(Place.slug == slug, Place.kind == PlaceKind.DISTRICT)
        .scalar_subquery()
    )
    return session.scalars(
        select(Place)
        .where(or_(Place.id == parent, Place.parent_id == parent))
        .order_by(Place.parent_id.is_not(None), Place.position, Place.id)
    ).all()


def within(place_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a place is one of these, or a dong of one of these."""
    return or_(Place.id.in_(place_ids), Place.parent_id.in_(place_ids))


class NamedPlace(NamedTuple):
    """A place as lists and filters name it."""

    id: int
    slug: str
    name: str
    is_district: bool


_place: Any = Place.__table__
_around: Any = _place.alias("around")
_NAMED_PLACES = (
    select(_place.c.id, _place.c.slug, _place.c.name, _place.c.parent_id.is_(None))
    .select_from(
        _around.join(_place, or_(_place.c.id == _around.c.id, _place.c.parent_id == _around.c.id))
    )
    .where(_around.c.slug == bindparam("slug"), _around.c.kind == PlaceKind.DISTRICT)
    .order_by(_place.c.parent_id.is_not(None), _place.c.position, _place.c.id)
)


def named_places(session: Session, slug: str) -> tuple[NamedPlace, ...]:
    """Return the names of what district_and_dongs returns, at less cost."""
    return tuple(NamedPlace(*row) for row in session.execute(_NAMED_PLACES, {"slug": slug}))


def dongs(session: Session, district_place: Place) -> Sequence[Place]:
    """Return a district's dongs in their customary order."""
    return session.scalars(
        select(Place).where(Place.parent_id == district_place.id).order_by(Place.position)
    ).all()


def place_by_slug(session: Session, slug: str) -> Place | None:
    """Return the place with this slug; None for what cannot be one."""
    if not is_slug(slug):
        return None
    return session.scalar(select(Place).where(Place.slug == slug))


def departments(session: Session, place: Place) -> Sequence[Department]:
    """Return the departments of a district, or of the district around a dong, in order."""
    return session.scalars(
        select(Department)
        .where(Department.place_id == (place.parent_id or place.id))
        .order_by(Department.position)
    ).all()


def department_named(session: Session, place: Place, slug: str | None) -> Department | None:
    """Return a department of a place's district, None when none is named or there is none."""
    if not slug:
        return None
    return session.scalar(
        select(Department).where(
            Department.place_id == (place.parent_id or place.id), Department.slug == slug
        )
    )


def population(session: Session, place: Place, on: date) -> int:
    """Return how many people live in a dong, or in all dongs of a district, on a day.

    The newest count not after the day holds; 0 where there is none. One statement for any place.
    """
    counted = aliased(Population)
    newest = (
        select(func.max(counted.as_of))
        .where(counted.place_id == Population.place_id, counted.as_of <= on)
        .scalar_subquery()
    )
    where = Place.parent_id == place.id if place.is_district else Place.id == place.id
    return session.scalars(
        select(func.coalesce(func.sum(Population.residents), 0))
        .join(Place, Place.id == Population.place_id)
        .where(where, Population.as_of == newest)
    ).one()
