"""Loading a district from a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.core.plaintext import tidy
from app.core.refusals import InvalidText
from app.places.models import Department, Place, PlaceKind, Population
from app.places.rules import is_slug

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

MOST_RESIDENTS = 100_000_000
LONGEST = 80


class BadPlaceFile(ValueError):
    """A district file that cannot be loaded; the message names the entry and what was expected."""


def load_district(session: Session, path: Path) -> Place:
    """Load a district, its dongs, dated populations and departments from a TOML file.

    Loading again updates names and adds what is new; nothing is removed. Raises BadPlaceFile.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        message = f"{path.name}: nested too deeply"
        raise BadPlaceFile(message) from None
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        message = f"{path.name}: {error}"
        raise BadPlaceFile(message) from error
    whole = _Entry(path.name, content)
    whole.knows("district", "dong", "department")
    district = _upsert_place(session, whole.table("district"), PlaceKind.DISTRICT, None, 0)
    session.flush()
    for position, entry in enumerate(whole.tables("dong", unlike="slug"), start=1):
        dong = _upsert_place(session, entry, PlaceKind.DONG, district.id, position)
        session.flush()
        if "population" in entry.content:
            for count in entry.tables("population", unlike="as_of"):
                _upsert_population(session, dong, count)
    for position, entry in enumerate(whole.tables("department", unlike="slug"), start=1):
        _upsert_department(session, district, entry, position)
    session.flush()
    return district


@dataclass(frozen=True)
class _Entry:
    """A table of the file, and how to find it there."""

    where: str
    content: dict[str, Any]

    def bad(self, complaint: str) -> BadPlaceFile:
        """Return what to raise about this table."""
        return BadPlaceFile(f"{self.where}: {complaint}")

    def knows(self, *keys: str) -> None:
        """Insist that nothing else stands here: a misspelt key would be passed over."""
        for key in self.content:
            if key not in keys:
                raise self.bad(f"{key!r} is none of {', '.join(keys)}")

    def table(self, key: str) -> _Entry:
        """Return the one table of a name."""
        value = self.content.get(key)
        if not isinstance(value, dict):
            raise self.bad(f"[{key}] is missing")
        return _Entry(f"{self.where}: [{key}]", value)

    def tables(self, key: str, *, unlike: str) -> list[_Entry]:
        """Return the tables of a name, one at least, no two of them with the same `unlike`."""
        value = self.content.get(key)
        if not isinstance(value, list) or not value:
            raise self.bad(f"at least one [[{key}]] is needed")
        entries: list[_Entry] = []
        for number, content in enumerate(value, start=1):
            where = f"{self.where}: {key} {number}"
            if not isinstance(content, dict):
                raise BadPlaceFile(f"{where}: must be a table")
            if any(one.content.get(unlike) == content.get(unlike) for one in entries):
                raise BadPlaceFile(f"{where}: {unlike} {content.get(unlike)!r} stands here twice")
            entries.append(_Entry(where, content))
        return entries

    def text(self, key: str) -> str:
        """Return a text, tidied."""
        value = self.content.get(key)
        try:
            text = tidy(value) if isinstance(value, str) else ""
        except InvalidText as error:
            raise self.bad(f"{key} holds what no name can ({error})") from error
        if not 0 < len(text) <= LONGEST:
            raise self.bad(f"{key} must be text of 1 to {LONGEST} letters")
        return text

    def slug(self) -> str:
        """Return the name in addresses."""
        slug = self.text("slug")
        if not is_slug(slug):
            raise self.bad(f"slug {slug!r} must be 1 to 40 of a-z, 0-9 and -")
        return slug


def _upsert_place(
    session: Session, entry: _Entry, kind: PlaceKind, parent: int | None, position: int
) -> Place:
    counted = ("population",) if kind is PlaceKind.DONG else ()
    entry.knows("slug", "name", "code", *counted)
    slug = entry.slug()
    place = session.scalar(select(Place).where(Place.slug == slug))
    if place is not None and (place.kind is not kind or place.parent_id != parent):
        raise entry.bad(f"{slug} already stands as another kind of place")
    name, code = entry.text("name"), entry.text("code")
    if place is None:
        place = Place(slug=slug, kind=kind, parent_id=parent)
        session.add(place)
    place.name, place.code, place.position = name, code, position
    return place


def _upsert_population(session: Session, dong: Place, count: _Entry) -> None:
    count.knows("as_of", "residents", "source")
    as_of, residents = count.content.get("as_of"), count.content.get("residents")
    # A moment is a date to Python, and true a number.
    if type(as_of) is not date:
        raise count.bad("as_of must be a date like 2021-01-01")
    if type(residents) is not int or not 0 <= residents <= MOST_RESIDENTS:
        raise count.bad("residents must be a whole number like 24180")
    source = count.text("source") if "source" in count.content else "file"
    row = session.scalar(
        select(Population).where(Population.place_id == dong.id, Population.as_of == as_of)
    )
    if row is None:
        row = Population(place_id=dong.id, as_of=as_of)
        session.add(row)
    row.residents, row.source = residents, source


def _upsert_department(session: Session, district: Place, entry: _Entry, position: int) -> None:
    entry.knows("slug", "name")
    slug, name = entry.slug(), entry.text("name")
    row = session.scalar(
        select(Department).where(Department.place_id == district.id, Department.slug == slug)
    )
    if row is None:
        row = Department(place_id=district.id, slug=slug)
        session.add(row)
    row.name, row.position = name, position
