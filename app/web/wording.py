"""Dates, amounts and particles in the language of the page being made."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import get_locale

from app.core import english, korean
from app.core.clock import seoul_day

if TYPE_CHECKING:
    from datetime import date


WORD_JOINER, NO_BREAK = "\N{WORD JOINER}", "\N{NO-BREAK SPACE}"
# "7. 17.", whose space is no place to end a line; after a year one may end where it is narrow.
_DAY = re.compile(r"(?<!\d)(\d{1,2}\.) (?=\d{1,2}\.)")
# Where "2020. 7. 17." goes on without a space: "(금)", "까지".
_DATE_GOES_ON = re.compile(r"(?<=\d\.)(?=[(가-힣])")


def _is_english() -> bool:
    return str(get_locale()) == "en"


def whole(text: str) -> str:
    """Return a sentence in which no line parts a day from its month, weekday or particle.

    For pages alone: what is kept, sent or exported is plain.
    """
    return _DATE_GOES_ON.sub(WORD_JOINER, _DAY.sub(rf"\1{NO_BREAK}", text))


def format_date(value: date | datetime) -> str:
    """Return a day with its weekday and year."""
    return english.format_date(value) if _is_english() else korean.format_date(value)


def format_plain_day(value: date) -> str:
    """Return a day far back, such as a birthday, without its weekday."""
    return english.format_plain_day(value) if _is_english() else korean.format_plain_day(value)


def format_day(value: date | datetime) -> str:
    """Return a day with its weekday, without its year."""
    return english.format_day(value) if _is_english() else korean.format_day(value)


def format_near_day(value: date | datetime, *, today: date) -> str:
    """Return a day with its weekday, and with its year unless that is the year of today."""
    day = seoul_day(value) if isinstance(value, datetime) else value
    return format_day(day) if day.year == today.year else format_date(day)


def format_datetime(value: datetime) -> str:
    """Return a moment in Seoul, to the minute."""
    return english.format_datetime(value) if _is_english() else korean.format_datetime(value)


def format_until(value: datetime) -> str:
    """Return the last moment of a half-open interval, midnight as 24:00 of the day before."""
    return english.format_until(value) if _is_english() else korean.format_until(value)


def format_won(amount: int) -> str:
    """Return an amount of won."""
    return english.format_won(amount) if _is_english() else korean.format_won(amount)


def josa(word: str, particle: str) -> str:
    """Return the word with its particle on a Korean page, and the bare word on any other."""
    return word if _is_english() else korean.josa(word, particle)
