"""The only place that asks the machine what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock, shifted by a fixed offset (zero outside demonstrations)."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return the machine's time plus the offset."""
        return datetime.now(UTC) + self.offset


@dataclass
class FixedClock:
    """A clock that stands still until it is told to move; for stories and tests."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment this clock was last set to."""
        return self.at


def seoul_day(at: datetime) -> date:
    """Return the calendar day in Seoul on which the moment falls."""
    return at.astimezone(SEOUL).date()


def seoul_midnight(day: date) -> datetime:
    """Return the first moment of a Seoul calendar day, as UTC."""
    return datetime.combine(day, time(0), tzinfo=SEOUL).astimezone(UTC)


def seoul_moment(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Return a wall-clock moment of a Seoul day, as UTC."""
    return datetime.combine(day, time(hour, minute, second), tzinfo=SEOUL).astimezone(UTC)
