"""Kept, late, delayed, silent: what the dates say."""

from datetime import date, timedelta

import pytest

from app.assemblies.models import Track
from app.commitments.models import Commitment
from app.commitments.rules import (
    DongLine,
    Progress,
    Tally,
    progress_of,
    silent_days,
    silent_since,
    total,
)
from app.commitments.words import summary
from app.core.clock import seoul_moment

MADE = seoul_moment(date(2021, 6, 1), 10)


def commitment(**columns):
    fresh = {"created_at": MADE, "due_on": date(2021, 11, 30), "percent": 0}
    return Commitment(**(fresh | columns))


@pytest.mark.parametrize(
    ("columns", "today", "progress"),
    [
        ({}, date(2021, 11, 30), Progress.ON_WAY),
        ({}, date(2021, 12, 1), Progress.LATE),
        ({"delayed_because": "장마"}, date(2021, 11, 1), Progress.DELAYED),
        ({"delayed_because": "장마"}, date(2021, 12, 1), Progress.LATE),
        ({"done_at": MADE}, date(2022, 12, 1), Progress.KEPT),
    ],
)
def test_how_a_commitment_stands(columns, today, progress):
    assert progress_of(commitment(**columns), today=today) is progress


@pytest.mark.parametrize(
    ("columns", "days_later", "silent"),
    [
        ({}, 29, None),
        ({}, 30, 30),
        ({}, 42, 42),
        ({"last_reported_at": MADE + timedelta(days=20)}, 42, None),
        ({"last_reported_at": MADE + timedelta(days=20)}, 50, 30),
        ({"done_at": MADE}, 99, None),
    ],
)
def test_thirty_days_without_news_are_silence(columns, days_later, silent):
    at = MADE + timedelta(days=days_later)
    assert silent_days(commitment(**columns), at=at) == silent
    heard = columns.get("last_reported_at", MADE)
    assert (heard < silent_since(at) and not columns.get("done_at")) is (silent is not None)


def test_tallies_add_up():
    line = DongLine(
        1, "독산1동", "doksan1", {Track.SUPPORT: Tally(6, 2), Track.BUDGET: Tally(1, 1)}
    )
    assert line.whole == Tally(7, 3)
    assert total([line.whole, Tally(1, 0)]) == Tally(8, 3)
    assert Tally(61, 30).share == "49"
    assert Tally().share == "0"


def test_the_summary_is_a_sentence(app):
    with app.test_request_context():
        assert summary(Tally(61, 30)) == "61개 약속 가운데 30개를 지켰습니다"
        assert summary(Tally(61, 0)) == "61개 약속을 하고 있습니다"
        assert summary(Tally(2, 2)) == "2개 약속을 모두 지켰습니다"
