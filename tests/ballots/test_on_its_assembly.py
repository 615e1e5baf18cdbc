"""What an assembly's page says of its ballot, and no longer says once that reached its quorum."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.assemblies.models import QuorumKind
from app.core.clock import seoul_day
from tests.assemblies.steps import Hall

DURING, AFTER = "투표 안내 보기", "투표 결과 보기"


@pytest.fixture
def gathered(world, polls):
    """An assembly with a quorum of 125 that goes on, its ballot with one of two, and two people."""
    people = polls.crowd(2)
    opens = world.at + timedelta(days=31)
    hall = Hall(world, held=opens, ends=opens + timedelta(hours=2))
    hall.item()
    hall.notice()
    with world.read() as session:
        ballot_id = polls.draw(
            assembly=hall.now(session),
            opens_at=opens,
            closes_at=opens + timedelta(hours=1),
            quorum_kind=QuorumKind.SEATS,
            quorum_value=2,
            base_date=seoul_day(world.at),
        )
    return hall, ballot_id, people


def test_the_page_leads_to_the_ballot_and_then_to_its_result(world, polls, gathered, browser):
    hall, ballot_id, people = gathered
    page = f"/assemblies/{hall.id}"
    assert DURING not in browser.open(page).text  # a draft is no ballot to anybody
    polls.freeze(ballot_id)
    assert "부터 투표할 수 있습니다." in browser.open(page).text
    world.clock.at += timedelta(days=31)
    hall.act("open_assembly", hall.chair)
    polls.open(ballot_id)
    polls.cast(ballot_id, people[0], 1)
    assert "지금까지 1명이 투표했습니다." in browser.open(page).text
    assert DURING in browser.text
    assert f'href="/ballots/{ballot_id}"' in browser.page.get_data(as_text=True)
    assert "투표하신 분도 투표를 마감할 때 더합니다." in browser.text
    hall.act("check_in", people[1])
    polls.close(ballot_id)
    closed = browser.open(page).text
    assert "출석했거나 투표한 분이 2명으로, 성원 기준 2명을 채웠습니다." in closed
    assert "개표를 마치면 이 자리에 결과를 알려 드립니다." in closed
    polls.count(ballot_id)
    assert "결과는 아직 확정되지 않았습니다." in browser.open(page).text
    polls.certify(ballot_id)
    hall.act("close_assembly", hall.chair)
    text = browser.open(page).text
    assert "출석했거나 투표한 분이 2명으로, 성원 기준 2명을 채웠습니다." in text
    assert AFTER in text
    assert DURING not in text
    assert f'href="/ballots/{ballot_id}/result"' in browser.page.get_data(as_text=True)
    assert "투표하신 분까지 더해 성원이 되었습니다." in text
    assert "모자랐습니다" not in text
    assert "마감할 때 더합니다" not in text


def test_a_quorum_that_the_ballot_missed_too_is_told_once_and_for_all(
    world, polls, gathered, browser
):
    hall, ballot_id, people = gathered
    polls.freeze(ballot_id)
    world.clock.at += timedelta(days=31)
    hall.act("open_assembly", hall.chair)
    polls.open(ballot_id)
    polls.cast(ballot_id, people[0], 1)
    polls.close(ballot_id)
    hall.act("close_assembly", hall.chair)
    text = browser.open(f"/assemblies/{hall.id}").text
    assert "1명이 참여하여 성원 기준 2명에 미치지 못했습니다." in text
    assert "출석한 분만으로는 성원에 125명이 모자랐습니다." in text
    assert "마감할 때 더합니다" not in text
