"""Ages on the day: the golden vectors of election law, 만 나이 and 세는나이, and leap days."""

import unicodedata
from datetime import date

import pytest

from app.residents.rules import AgeMode, cut_off, folded_name, is_old_enough

ELECTION, PLAIN, COUNTING = AgeMode.ELECTION_LAW, AgeMode.PLAIN, AgeMode.COUNTING


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("홍 길동", "홍길동"),
        ("KIM  Minji", "kimminji"),
        ("Ｋｉｍ　MINJI", "kimminji"),
        ("Strauß", "strauss"),
        ("İREM", "i̇rem"),
        (unicodedata.normalize("NFD", "홍길동"), "홍길동"),
    ],
)
def test_a_name_is_compared_without_spaces_case_and_width(typed, folded):
    assert folded_name(typed) == folded
    assert folded_name(folded) == folded


@pytest.mark.parametrize(
    ("base", "years", "mode", "latest"),
    [
        (date(2021, 4, 7), 18, ELECTION, date(2003, 4, 8)),
        (date(2021, 4, 7), 18, PLAIN, date(2003, 4, 7)),
        (date(2020, 4, 15), 18, ELECTION, date(2002, 4, 16)),
        (date(2016, 4, 13), 19, ELECTION, date(1997, 4, 14)),
        (date(2021, 6, 7), 12, COUNTING, date(2010, 12, 31)),
        (date(2021, 12, 31), 18, ELECTION, date(2004, 1, 1)),
        (date(2021, 12, 31), 18, PLAIN, date(2003, 12, 31)),
        (date(2020, 6, 7), 0, PLAIN, date(2020, 6, 7)),
    ],
)
def test_the_latest_birth_date_is_the_one_the_law_says(base, years, mode, latest):
    assert cut_off(base, years, mode) == latest


@pytest.mark.parametrize(
    ("base", "years", "mode", "latest"),
    [
        (date(2020, 2, 28), 18, ELECTION, date(2002, 2, 28)),
        (date(2020, 2, 29), 18, ELECTION, date(2002, 3, 1)),
        (date(2020, 2, 29), 18, PLAIN, date(2002, 2, 28)),
        (date(2024, 2, 28), 20, ELECTION, date(2004, 2, 29)),
        (date(2024, 2, 29), 20, PLAIN, date(2004, 2, 29)),
        (date(2024, 2, 29), 20, ELECTION, date(2004, 3, 1)),
    ],
)
def test_a_base_date_at_the_end_of_february_lets_in_nobody_a_day_early(base, years, mode, latest):
    assert cut_off(base, years, mode) == latest


@pytest.mark.parametrize(
    ("base", "mode", "old_enough"),
    [
        (date(2022, 2, 27), ELECTION, False),
        (date(2022, 2, 28), ELECTION, True),
        (date(2022, 2, 28), PLAIN, False),
        (date(2022, 3, 1), PLAIN, True),
        (date(2021, 12, 31), COUNTING, True),
    ],
)
def test_someone_born_on_a_leap_day_is_eighteen_when_february_has_ended(base, mode, old_enough):
    """민법 §160③: where the last month lacks the day, the term ends with the month."""
    assert is_old_enough(date(2004, 2, 29), base=base, years=18, mode=mode) is old_enough


@pytest.mark.parametrize(
    ("born", "mode", "old_enough"),
    [
        (date(2003, 4, 8), ELECTION, True),
        (date(2003, 4, 9), ELECTION, False),
        (date(2003, 4, 7), PLAIN, True),
        (date(2003, 4, 8), PLAIN, False),
        (date(2004, 12, 31), COUNTING, True),
        (date(2005, 1, 1), COUNTING, False),
    ],
)
def test_one_day_decides_on_election_day(born, mode, old_enough):
    assert is_old_enough(born, base=date(2021, 4, 7), years=18, mode=mode) is old_enough


def test_every_day_of_four_years_agrees_with_counting_birthdays():
    for ordinal in range(date(2019, 1, 1).toordinal(), date(2023, 1, 1).toordinal()):
        base = date.fromordinal(ordinal)
        latest = cut_off(base, 15, PLAIN)
        assert _age(latest, base) == 15
        assert _age(date.fromordinal(latest.toordinal() + 1), base) == 14


def _age(born, base):
    return base.year - born.year - ((base.month, base.day) < (born.month, born.day))
