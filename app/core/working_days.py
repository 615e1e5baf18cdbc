"""The one door to the calendar of holidays: which days are worked, and when a term ends."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

SATURDAY = 5


@cache
def _holidays_of(year: int) -> frozenset[date]:
    """Return a year's public holidays in Korea, substitute holidays and election days included."""
    from holidays import country_holidays

    return frozenset(country_holidays("KR", years=year))


def is_working_day(day: date) -> bool:
    """Say whether public offices work on a day."""
    return day.weekday() < SATURDAY and day not in _holidays_of(day.year)


def due_day(start: date, days: int) -> date:
    """Return the last day of a term of calendar days that begins the day after `start`.

    A term that would end on a day off ends on the next working day (행정기본법 §6, 민법 §157,
    §161).
    """
    day = start + timedelta(days=days)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
