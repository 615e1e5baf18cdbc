"""A ballot that is older than a correction of its assembly's notice says where the two differ."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.ballots.models import Ballot
from app.core.clock import seoul_day
from tests.assemblies.steps import ENDS, HELD, Hall

WEEK = timedelta(days=7)
DRAFTED = "초안을 만든 뒤 총회 공고가 정정되었습니다."
FROZEN = "이 투표를 확정한 뒤 총회 공고가 정정되었습니다. 투표는 확정한 대로 합니다."
HOURS = "총회는 2021. 5. 31.(월) 19:00에 시작하는데, 투표는 그 전인 2021. 5. 24.(월) 20:30까지"


@pytest.fixture
def hall(world):
    """An announced assembly with an item."""
    found = Hall(world)
    found.item()
    return found.notice()


@pytest.fixture
def ballot_id(world, polls, hall):
    """A draft for the hours of the assembly, with somebody who may vote."""
    world.resident()
    with world.read() as session:
        return polls.draw(
            assembly=hall.now(session),
            opens_at=HELD,
            closes_at=ENDS,
            base_date=seoul_day(world.at),
            ages_on=seoul_day(HELD),
        )


def move(hall, *, by_weeks=1, seen=0, **new):
    hall.go_to(hall.world.at + timedelta(hours=1))
    stood = {
        "venue": "주민센터 3층 강당",
        "notice_text": "함께 모여 **내년에 할 일**을 정합니다.",
        "reason": "태풍 예보로 미룹니다.",
    }
    times = {"held_at": HELD + by_weeks * WEEK, "ends_at": ENDS + by_weeks * WEEK}
    hall.act("correct_notice", hall.clerk, corrections_seen=seen, **(stood | times | new))


def test_a_draft_is_to_be_changed_after_a_correction(world, polls, hall, ballot_id, browser):
    desk = browser.sign_in(world, polls.clerk).open(f"/desk/ballots/{ballot_id}")
    assert DRAFTED not in desk.text
    move(hall)
    desk.open(f"/desk/ballots/{ballot_id}")
    assert DRAFTED in desk.text
    assert HOURS in desk.text
    assert "나이: 공고는 ‘2006. 6. 1.까지 태어난 분" in desk.text
    assert "성원: 공고는" not in desk.text  # that was chosen so


def test_a_frozen_paper_keeps_its_dates_and_says_the_difference_to_everybody(
    world, polls, hall, ballot_id, new_browser
):
    polls.freeze(ballot_id)
    with world.read() as session:
        stood = session.get_one(Ballot, ballot_id)
        before = (stood.opens_at, stood.closes_at, stood.base_date, stood.ages_on, stood.setup_hash)
    page, officer = f"/ballots/{ballot_id}", new_browser().sign_in(world, polls.officer)
    assert FROZEN not in new_browser().open(page).text
    move(hall)
    for shown in (new_browser().open(page).text, officer.open(f"/desk{page}").text):
        assert FROZEN in shown
        assert HOURS in shown
        assert "나이: 공고는" in shown
    with world.read() as session:
        now = session.get_one(Ballot, ballot_id)
        assert before == (
            now.opens_at, now.closes_at, now.base_date, now.ages_on, now.setup_hash,
        )  # fmt: skip


def test_a_correction_that_changes_nothing_for_the_ballot_is_not_told_there(
    world, polls, hall, ballot_id, browser
):
    polls.freeze(ballot_id)
    move(hall, by_weeks=0, venue="구청 대강당")
    assert FROZEN not in browser.open(f"/ballots/{ballot_id}").text


def test_a_paper_that_was_frozen_after_the_correction_says_nothing_of_it(
    world, polls, hall, ballot_id, browser
):
    move(hall)
    hall.go_to(world.at + timedelta(hours=1))
    polls.freeze(ballot_id)
    assert FROZEN not in browser.open(f"/ballots/{ballot_id}").text


def test_an_assembly_whose_own_ballot_is_settled_is_still_put_off(world, polls, hall):
    with world.read() as session:
        ballot_id = polls.draw(assembly=hall.now(session))
    voter = world.resident()
    polls.open(ballot_id)
    polls.cast(ballot_id, voter, 1)
    polls.close(ballot_id)
    polls.count(ballot_id)
    polls.certify(ballot_id)
    assert world.at < HELD
    move(hall)
    with world.read() as session:
        assert hall.now(session).held_at == HELD + WEEK
