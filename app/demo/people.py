"""Who lives and works in the demo year: invented names, births, homes and duties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.demo.content import text_of
from app.residents import queries
from app.residents.models import Role
from app.residents.rules import AgeMode, is_old_enough

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

DISTRICT = "geumcheon"
FIRST_BIRTH, LAST_BIRTH = date(1935, 1, 1), date(2008, 12, 31)


@dataclass(frozen=True)
class Identity:
    """An invented name and birth date; no two people of the demo share both."""

    name: str
    born: date


def identities(chance: Random) -> Iterator[Identity]:
    """Return invented people without end, older names for older people."""
    names = text_of("names")
    surnames = list(names["surnames"])
    common = list(names["surnames"].values())
    generations = list(names["given"].values())
    weights = [generation["weight"] for generation in generations]
    known: set[Identity] = set()
    while True:
        generation = chance.choices(generations, weights)[0]
        first = max(date(generation["born"][0], 1, 1), FIRST_BIRTH)
        last = min(date(generation["born"][1], 12, 31), LAST_BIRTH)
        born = first + timedelta(days=chance.randrange((last - first).days + 1))
        name = chance.choices(surnames, common)[0] + chance.choice(generation["names"])
        identity = Identity(name, born)
        if identity not in known:
            known.add(identity)
            yield identity


def grown_ups(everyone: Iterator[Identity]) -> Iterator[Identity]:
    """Return only those of an age to hold an office."""
    return (one for one in everyone if date(1958, 1, 1) <= one.born <= date(1995, 1, 1))


@dataclass(frozen=True)
class Neighbour:
    """A verified resident of the demo: the person and what chapters ask about them."""

    person_id: int
    dong: str
    born: date

    def is_old_enough(self, years: int, *, on: date) -> bool:
        """Say whether the neighbour is of this age on a day (만 나이, the day of birth counted)."""
        return is_old_enough(self.born, base=on, years=years, mode=AgeMode.ELECTION_LAW)


@dataclass
class Cast:
    """Everybody by what they do; ids, because rows belong to a write and end with it."""

    session: Session
    neighbours: dict[str, list[Neighbour]] = field(default_factory=dict)
    clerks: dict[str, int] = field(default_factory=dict)
    chairs: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    operator: int = 0
    registrar: int = 0
    moderator: int = 0
    officer: int = 0
    observer: int = 0
    _standings: dict[int, Standing] = field(default_factory=dict)

    def entrust(
        self, role: Role, place: str, person_id: int, *, department: str | None = None
    ) -> None:
        """Let someone act in a role from now on."""
        match role:
            case Role.CLERK if place == DISTRICT:
                self.registrar = person_id
            case Role.CLERK:
                self.clerks[place] = person_id
            case Role.CHAIR:
                self.chairs[place] = person_id
            case Role.DEPARTMENT:
                self.departments[department or ""] = person_id
            case Role.MODERATOR:
                self.moderator = person_id
            case Role.OFFICER:
                self.officer = person_id
            case Role.OBSERVER:
                self.observer = person_id
            case Role.OPERATOR:
                self.operator = person_id
            case _:
                pass

    def everybody(self) -> list[Neighbour]:
        """Return all verified residents, dong by dong."""
        return [one for dong in self.neighbours.values() for one in dong]

    def old_enough(self, dong: str, *, years: int, on: date) -> list[Neighbour]:
        """Return a dong's residents who meet an age limit on a day."""
        return [one for one in self.neighbours[dong] if one.is_old_enough(years, on=on)]

    def standing(self, person_id: int, *, at: datetime) -> Standing:
        """Return what someone is; asked of the database once, as duties last the whole year."""
        known = self._standings.get(person_id)
        if known is None:
            known = queries.standing(self.session, person_id, at=at)
            self._standings[person_id] = known
        return known

    def forget(self, person_id: int) -> None:
        """Ask the database again the next time, because something changed."""
        self._standings.pop(person_id, None)


def some_of(people: Sequence[Neighbour], count: int, chance: Random) -> list[Neighbour]:
    """Return up to so many of these people, each once, in a shuffled order."""
    return chance.sample(people, min(count, len(people)))
