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
    """How many people of a dong or an age took part; None where that is not told."""

    name: str
    people: int | None


def by_dong(people: Iterable[tuple[int, str | None]], dongs: Sequence[str]) -> list[Cell]:
    """Count people by dong, each dong of the topic's place in its order."""
    seen = {(person, dong) for person, dong in people}
    return _told([(dong, sum(where == dong for _, where in seen)) for dong in dongs])


def by_age(people: Iterable[tuple[int, str | None]], on: date) -> list[Cell]:
    """Count people by age on a day, from their birth dates (YYYY-MM-DD); unknown ones nowhere."""
    born = {person: when for person, when in people if when}
    ages = [_age(date.fromisoformat(when), on) for when in born.values()]
    return _told(
        [(f"{first}-{last}", sum(first <= age <= last for age in ages)) for first, last in AGES]
    )


def _told(counts: Sequence[tuple[str, int]]) -> list[Cell]:
    """Return the cells, hiding small ones so that the number of all does not give them away.

    Who knows how many took part can take the cells told from it. So where those hidden are
    together fewer than five as well, the smallest one told is hidden with them.
    """
    hidden = {name for name, people in counts if people < SMALLEST_CELL}
    for name, _ in sorted((one for one in counts if one[0] not in hidden), key=lambda one: one[1]):
        if not 0 < sum(people for one, people in counts if one in hidden) < SMALLEST_CELL:
            break
        hidden.add(name)
    return [Cell(name, None if name in hidden else people) for name, people in counts]


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
