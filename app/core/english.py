"""English in small things: dates and amounts, as `app.core.korean` says them in Korean."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.core.clock import SEOUL

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _day_of(value: date | datetime) -> date:
    return value.astimezone(SEOUL).date() if isinstance(value, datetime) else value


def format_date(value: date | datetime) -> str:
    """Return "Fri 17 July 2020" for a day or a moment (in Seoul)."""
    return f"{format_day(value)} {_day_of(value).year}"


def format_plain_day(value: date) -> str:
    """Return "8 April 2003", a day far back, without its weekday."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def format_day(value: date | datetime) -> str:
    """Return "Fri 17 July", the date without its year."""
    day = _day_of(value)
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def format_datetime(value: datetime) -> str:
    """Return "Fri 17 July 2020, 14:03", to the minute."""
    moment = value.astimezone(SEOUL)
    return f"{format_date(moment)}, {moment:%H:%M}"


def format_until(value: datetime) -> str:
    """Return the last day of a half-open interval: midnight closes the day before, at 24:00."""
    moment = value.astimezone(SEOUL)
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{format_date(moment.date() - timedelta(days=1))}, 24:00"
    return format_datetime(moment)


def format_won(amount: int) -> str:
    """Return an amount of won: 50,000,000 won."""
    return f"{amount:,} won"
