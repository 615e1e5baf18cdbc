"""Loading a district from a file."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.core.refusals import InvalidText
from app.places.models import Department, Place, PlaceKind, Population

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


class BadPlaceFile(ValueError):
    """A district file that cannot be loaded; the message names the entry and what was expected."""


def load_district(session: Session, path: Path) -> Place:
    """Load a district, its dongs, dated populations and departments from a TOML file.

    Loading again updates names and adds what is new; nothing is removed. Raises BadPlaceFile.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, InvalidText) as error:
        message = f"{path.name}: {error}"
        raise BadPlaceFile(message) from error
    district = _upsert_place(session, _table(content, "district"), PlaceKind.DISTRICT, None, 0)
    session.flush()
    for position, entry in enumerate(_tables(content, "dong"), start=1):
        dong = _upsert_place(session, entry, PlaceKind.DONG, district.id, position)
        session.flush()
        for count in entry.get("population", []):
            _upsert_population(session, dong, count)
    for position, entry in enumerate(_tables(content, "department"), start=1):
        _upsert_department(session, district, entry, position)
    session.flush()
    return district


def _table(content: dict[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name)
    if not isinstance(value, dict):
        message = f"[{name}] is missing"
        raise BadPlaceFile(message)
    return value


def _tables(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = content.get(name, [])
    if not isinstance(value, list) or not value:
        message = f"at least one [[{name}]] is needed"
        raise BadPlaceFile(message)
    return value


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        message = f"{entry.get('slug', entry)}: {key} must be text"
        raise BadPlaceFile(message)
    return value.strip()


def _upsert_place(
    session: Session, entry: dict[str, Any], kind: PlaceKind, parent: int | None, position: int
) -> Place:
    slug = _text(entry, "slug")
    place = session.scalar(select(Place).where(Place.slug == slug))
    if place is None:
        place = Place(slug=slug, kind=kind, parent_id=parent)
        session.add(place)
    elif place.kind is not kind or place.parent_id != parent:
        message = f"{slug}: already stands as another kind of place"
        raise BadPlaceFile(message)
    place.name, place.code, place.position = _text(entry, "name"), _text(entry, "code"), position
    return place


def _upsert_population(session: Session, dong: Place, count: dict[str, Any]) -> None:
    as_of, residents = count.get("as_of"), count.get("residents")
    if not isinstance(as_of, date) or not isinstance(residents, int) or residents < 0:
        message = f"{dong.slug}: population needs as_of (a date) and residents (a number)"
        raise BadPlaceFile(message)
    row = session.scalar(
        select(Population).where(Population.place_id == dong.id, Population.as_of == as_of)
    )
    if row is None:
        row = Population(place_id=dong.id, as_of=as_of)
        session.add(row)
    row.residents, row.source = residents, str(count.get("source", "file"))


def _upsert_department(
    session: Session, district: Place, entry: dict[str, Any], position: int
) -> None:
    slug = _text(entry, "slug")
    row = session.scalar(
        select(Department).where(Department.place_id == district.id, Department.slug == slug)
    )
    if row is None:
        row = Department(place_id=district.id, slug=slug)
        session.add(row)
    row.name, row.position = _text(entry, "name"), position
