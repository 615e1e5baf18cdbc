"""What a person is here, now: pure values that every policy asks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.places.models import Place
    from app.residents.models import MemberClass, Role


def folded_name(name: str) -> str:
    """Return a name as it is compared: without spaces, and without regard to case or width.

    홍 길동 is 홍길동, and KIM MINJI, Kim Minji and Ｋｉｍ Minji are one name.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(folded.split())


class AgeMode(StrEnum):
    """How an age limit is read."""

    ELECTION_LAW = "election_law"
    PLAIN = "plain"
    COUNTING = "counting"


class Twin(StrEnum):
    """What a clerk says of whoever stands already under the identity on a card."""

    ANOTHER = "another"
    SAME = "same"


class Ground(Protocol):
    """Where one may belong: a dong, or a district with all of its dongs."""

    @property
    def id(self) -> int:
        """Return the place's id."""

    @property
    def is_district(self) -> bool:
        """Say whether this is the whole district."""


@dataclass(frozen=True)
class Grant:
    """A role held at a place (and in a department)."""

    role: Role
    place_id: int
    department_id: int | None


@dataclass(frozen=True)
class Standing:
    """What one person is at one moment: where they belong and what they are trusted with."""

    person_id: int | None
    memberships: frozenset[tuple[int, MemberClass]] = frozenset()
    districts: frozenset[int] = frozenset()
    grants: frozenset[Grant] = frozenset()

    @property
    def is_someone(self) -> bool:
        """Say whether this is a signed-in person."""
        return self.person_id is not None

    @property
    def is_verified(self) -> bool:
        """Say whether the person is a verified member of any dong."""
        return bool(self.memberships)

    def belongs_to(self, place: Ground) -> bool:
        """Say whether the person is verified for a dong, or for any dong of a district."""
        if place.is_district:
            return place.id in self.districts
        return any(place.id == dong for dong, _class in self.memberships)

    def holds(self, role: Role, place: Place) -> bool:
        """Say whether the person holds a role at a place or at the district around it."""
        return any(
            grant.role == role and grant.place_id in (place.id, place.parent_id)
            for grant in self.grants
        )

    def places_with(self, roles: Collection[str]) -> frozenset[int]:
        """Return where one of the roles is held; at a district it is held for its dongs, too."""
        return frozenset(grant.place_id for grant in self.grants if grant.role in roles)

    @property
    def departments(self) -> frozenset[int]:
        """Return the departments that the person answers for."""
        return frozenset(
            grant.department_id for grant in self.grants if grant.department_id is not None
        )

    def speaks_for(self, department_id: int | None) -> bool:
        """Say whether the person answers for a department."""
        return department_id in self.departments

    def holds_any(self, roles: frozenset[str]) -> bool:
        """Say whether the person holds one of the roles anywhere."""
        return any(grant.role in roles for grant in self.grants)


NOBODY = Standing(None)


def cut_off(base: date, years: int, mode: AgeMode) -> date:
    """Return the latest birth date that meets a minimum age on the base date.

    ELECTION_LAW counts the day of birth, so an age is complete on the eve of the birthday
    (민법 §158, 공직선거법 §17): for 18 on 2021-04-07 it is 2003-04-08. PLAIN is 만 나이, for which
    it is 2003-04-07.
    COUNTING is 세는 나이, year minus birth year plus one.
    """
    if mode is AgeMode.COUNTING:
        return date(base.year - years + 1, 12, 31)
    reached_by = base + timedelta(days=1) if mode is AgeMode.ELECTION_LAW else base
    return _latest_birth(reached_by, years)


def _latest_birth(reached_by: date, years: int) -> date:
    """Return the latest birth date whose `years`-th birthday is not after `reached_by`.

    Who is born on 29 February has the birthday of a common year on 1 March.
    """
    year = reached_by.year - years
    try:
        return reached_by.replace(year=year)
    except ValueError:  # 29 February, and that year had none
        return date(year, 2, 28)


def typed_day(text: str) -> date | None:
    """Return the day that someone typed, 19500302 or 1950. 3. 2. or 1950-03-02; None if no day."""
    parts = re.fullmatch(
        r"([12][0-9]{3})(?:[-./\s]{1,3}([0-9]{1,2})[-./\s]{1,3}([0-9]{1,2})[.\s]{0,2}"
        r"|([0-9]{2})([0-9]{2}))",
        text.strip(),
    )
    if parts is None:
        return None
    try:
        return date(int(parts[1]), int(parts[2] or parts[4]), int(parts[3] or parts[5]))
    except ValueError:
        return None


def is_old_enough(born: date, *, base: date, years: int, mode: AgeMode) -> bool:
    """Say whether someone born that day meets the minimum age on the base date."""
    return born <= cut_off(base, years, mode)
