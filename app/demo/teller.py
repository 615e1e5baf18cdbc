"""The teller: what every chapter of the demo year has at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.core.clock import seoul_moment
from app.demo.calendar import Calendar
from app.demo.people import DISTRICT, Cast
from app.places.models import Department, Place

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

STORY_BEGINS = seoul_moment(date(2020, 1, 2), 9)
STORY_NOW = seoul_moment(date(2021, 11, 22), 10)


class StoryWentWrong(RuntimeError):
    """The year came out otherwise than its texts say."""


@dataclass
class Teller:
    """Session, calendar, seeded chance and people; ids of what chapters must find again."""

    session: Session
    calendar: Calendar
    chance: Random
    keys: Path
    cast: Cast
    place_ids: dict[str, int] = field(default_factory=dict)
    department_ids: dict[str, int] = field(default_factory=dict)
    proposal_ids: dict[str, int] = field(default_factory=dict)
    commitment_ids: dict[str, int] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """Return the story's present moment."""
        return self.calendar.clock.at

    def who(self, person_id: int) -> Standing:
        """Return someone as actors: their standing."""
        return self.cast.standing(person_id, at=self.at)

    def place(self, slug: str = DISTRICT) -> Place:
        """Return the district or one of its dongs."""
        return self.session.get_one(Place, self.place_ids[slug])

    def department(self, slug: str) -> Department:
        """Return a department."""
        return self.session.get_one(Department, self.department_ids[slug])

    @property
    def dongs(self) -> list[str]:
        """Return the slugs of the dongs in their customary order."""
        return [slug for slug in self.place_ids if slug != DISTRICT]
