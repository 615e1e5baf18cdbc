"""Dates and amounts in English."""

from datetime import UTC, date, datetime

import pytest

from app.core import english


def test_a_day_carries_its_weekday() -> None:
    assert english.format_date(date(2020, 7, 17)) == "Fri 17 July 2020"
    assert english.format_day(date(2020, 12, 1)) == "Tue 1 December"
    assert english.format_plain_day(date(2003, 4, 8)) == "8 April 2003"


def test_a_moment_is_told_in_seoul() -> None:
    assert english.format_datetime(datetime(2020, 7, 17, 15, 3, tzinfo=UTC)) == (
        "Sat 18 July 2020, 00:03"
    )


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (datetime(2020, 7, 23, 15, tzinfo=UTC), "Thu 23 July 2020, 24:00"),
        (datetime(2020, 7, 23, 9, tzinfo=UTC), "Thu 23 July 2020, 18:00"),
    ],
)
def test_an_interval_ends_at_midnight_of_its_last_day(end: datetime, words: str) -> None:
    assert english.format_until(end) == words


def test_an_amount_is_written_out() -> None:
    assert english.format_won(50_000_000) == "50,000,000 won"
