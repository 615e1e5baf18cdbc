"""Quorums in whole numbers, notice days, frozen rules."""

from datetime import date

import pytest

from app.assemblies.models import QuorumKind
from app.assemblies.rules import (
    CUSTOMARY_ORDER,
    DEFAULT_RULES,
    latest_birth,
    latest_notice_day,
    quorum_needed,
)
from app.core.clock import seoul_moment


@pytest.mark.parametrize(
    ("kind", "value", "base", "needed"),
    [
        (QuorumKind.PERMILLE, 5, 24_999, 125),
        (QuorumKind.PERMILLE, 5, 25_000, 125),
        (QuorumKind.PERMILLE, 5, 25_001, 126),
        (QuorumKind.PERMILLE, 10, 25_001, 251),
        (QuorumKind.PERMILLE, 4, 1, 1),
        (QuorumKind.SEATS, 72, 0, 72),
        (QuorumKind.NONE, 0, 25_000, 0),
    ],
)
def test_a_quorum_is_rounded_up_in_whole_numbers(kind, value, base, needed):
    assert quorum_needed(kind, value, base) == needed


def test_an_assembly_on_24_may_is_announced_by_24_april():
    assert latest_notice_day(seoul_moment(date(2021, 5, 24), 19), 30) == date(2021, 4, 24)


def test_the_notice_day_is_a_day_in_seoul():
    assert latest_notice_day(seoul_moment(date(2021, 5, 24), 0, 30), 30) == date(2021, 4, 24)


def test_the_default_rules_are_those_of_the_first_year():
    assert (DEFAULT_RULES.notice_days, DEFAULT_RULES.min_age) == (30, 15)
    assert latest_birth(seoul_moment(date(2021, 5, 24), 19), DEFAULT_RULES) == date(2006, 5, 25)


def test_the_customary_order_runs_from_the_prelude_to_the_results():
    assert [stage.title for stage in CUSTOMARY_ORDER] == [
        "사전 행사",
        "결과 보고",
        "계획 보고",
        "제안 발표",
        "공론",
        "투표",
        "개표",
        "협약식",
        "결과 발표",
    ]
