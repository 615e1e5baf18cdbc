"""The demo year's calendar: acts wait for their moment and happen in order."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.core.clock import FixedClock, seoul_day, seoul_moment
from app.core.database import write_transaction
from app.core.working_days import is_working_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sqlalchemy.orm import Session


@dataclass(order=True)
class _Entry:
    moment: datetime
    serial: int
    act: Callable[..., Any] = field(compare=False)
    given: tuple[Any, ...] = field(compare=False)


class Calendar:
    """Acts by the moment they happen; those of one moment keep the order they were noted in."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self._entries: list[_Entry] = []
        self._serial = 0

    def at(self, moment: datetime, act: Callable[..., Any], *given: Any) -> None:
        """Note an act and what it is given; a moment that has passed means now, right after the running act."""
        self._serial += 1
        heapq.heappush(self._entries, _Entry(max(moment, self.clock.at), self._serial, act, given))

    def happen(self, session: Session) -> None:
        """Let everything noted happen, in order, each Seoul day in a write of its own."""
        while self._entries:
            today = seoul_day(self._entries[0].moment)
            with write_transaction(session):
                while self._entries and seoul_day(self._entries[0].moment) == today:
                    entry = heapq.heappop(self._entries)
                    self.clock.at = entry.moment
                    entry.act(*entry.given)


def office_hour(day: date, chance: Random) -> datetime:
    """Return a moment of a working day, between nine and half past five."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return seoul_moment(day, 9) + timedelta(seconds=chance.randrange(int(8.5 * 3600)))


def waking_hour(day: date, chance: Random) -> datetime:
    """Return a moment of a day at which people are up, evenings likelier than mornings."""
    hour = chance.choices(range(7, 23), weights=(1, 2, 2, 2, 2, 3, 3, 2, 2, 2, 3, 4, 5, 6, 5, 3))[0]
    return seoul_moment(day, hour) + timedelta(seconds=chance.randrange(3600))


def spread(begin: datetime, end: datetime, count: int, chance: Random) -> list[datetime]:
    """Return moments between two others, in order, where nobody is woken at night."""
    span = (end - begin).total_seconds()
    moments: list[datetime] = []
    while len(moments) < count:
        moment = begin + timedelta(seconds=chance.random() * span)
        if span < 86_400 or 22 > ((moment.hour + 9) % 24) >= 7:
            moments.append(moment)
    return sorted(moments)
