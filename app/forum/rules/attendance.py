"""Who took part and who is missing, by dong and by age, told only in cells of five and more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SMALLEST_CELL = 5
AGES = ((0, 19), (20, 39), (40, 59), (60, 199))


@dataclass(frozen=True)
class Cell:
    """How many people of a dong or an age took part; None where they are fewer than five."""

    name: str
    people: int | None


def by_dong(people: Iterable[tuple[int, str | None]], dongs: Sequence[str]) -> list[Cell]:
    """Count people by dong, each dong of the topic's place in its order."""
    seen = {(person, dong) for person, dong in people}
    return [_cell(dong, sum(where == dong for _, where in seen)) for dong in dongs]


def by_age(people: Iterable[tuple[int, str | None]], on: date) -> list[Cell]:
    """Count people by age on a day, from their birth dates (YYYY-MM-DD); unknown ones nowhere."""
    born = {person: when for person, when in people if when}
    ages = [_age(date.fromisoformat(when), on) for when in born.values()]
    return [
        _cell(f"{first}-{last}", sum(first <= age <= last for age in ages)) for first, last in AGES
    ]


def _cell(name: str, people: int) -> Cell:
    return Cell(name, people if people >= SMALLEST_CELL else None)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
