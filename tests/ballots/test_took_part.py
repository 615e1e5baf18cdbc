"""A quorum of an assembly's ballot counts whoever was there or voted, each of them once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from app.assemblies.models import QuorumKind
from app.ballots import queries
from app.ballots.models import BallotState, Outcome
from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.register import Asked, count_file
from tests.assemblies.steps import Hall


@pytest.fixture
def held(world, polls):
    """An assembly that goes on, its open ballot with a quorum of four, and four people."""
    people = polls.crowd(4)
    opens = world.at + timedelta(days=31)
    hall = Hall(world, held=opens, ends=opens + timedelta(hours=2))
    hall.item()
    hall.notice()
    with world.read() as session:
        ballot_id = polls.draw(
            assembly=hall.now(session),
            opens_at=opens,
            closes_at=opens + timedelta(hours=2),
            quorum_kind=QuorumKind.SEATS,
            quorum_value=4,
        )
    polls.freeze(ballot_id)
    world.clock.at = opens
    hall.act("open_assembly", hall.chair)
    polls.open(ballot_id)
    return hall, ballot_id, people


def counted(polls, ballot_id):
    if polls.ballot(ballot_id).state is BallotState.OPEN:
        polls.close(ballot_id)
    polls.count(ballot_id)
    return polls.ballot(ballot_id)


def test_whoever_was_there_and_voted_is_one_person(polls, held, browser):
    hall, ballot_id, people = held
    for person in people[:3]:
        hall.act("check_in", person)
    for person in people[2:]:
        polls.cast(ballot_id, person, 1)
    page = f"/ballots/{ballot_id}"
    assert "총회에 출석한 분도 마감할 때 한 분씩 더합니다." in browser.open(page).text
    ballot = counted(polls, ballot_id)
    assert (ballot.cast_count, ballot.took_part) == (2, 4)
    result = queries.result(ballot)
    assert result.is_quorate
    assert ballot.options[0].outcome is Outcome.SELECTED
    browser.open(f"{page}/result")
    assert "총회에 출석했거나 투표한 분이 4명으로, 성원 기준 4명을 채웠습니다." in browser.text
    assert "투표한 분은 2명입니다." in browser.text
    assert "비율은 참여자 2명 가운데" in browser.text
    assert "총회에 출석했거나 투표한 분 4명" in browser.open(page).text
    table = browser.client.get(f"{page}/result.csv").get_data(as_text=True)
    rows = [row for row in csv.reader(io.StringIO(table)) if row]
    assert ["출석했거나 투표한 분", "4"] in rows
    assert ["참여자", "2"] in rows


def test_the_file_of_the_sums_counts_the_same_again(polls, held, browser):
    hall, ballot_id, people = held
    for person in people[:3]:
        hall.act("check_in", person)
    polls.cast(ballot_id, people[3], 1)
    counted(polls, ballot_id)
    sums = browser.client.get(f"/ballots/{ballot_id}/result.json").get_data()
    count, _ = count_file(read_file("result.json", sums), "", Asked())
    assert count.figures == {"needed": 4, "voters": 4}
    assert count.selected == ("1",)


def test_who_comes_after_the_closing_changes_nothing(polls, held, browser):
    hall, ballot_id, people = held
    hall.act("check_in", people[0])
    for person in people[:3]:
        polls.cast(ballot_id, person, 1)
    polls.close(ballot_id)
    hall.act("check_in", people[3])
    ballot = counted(polls, ballot_id)
    assert (ballot.cast_count, ballot.took_part) == (3, 3)
    result = queries.result(ballot)
    assert not result.is_quorate
    assert result.selected == 0
    text = browser.open(f"/ballots/{ballot_id}/result").text
    assert "3명이 참여하여 성원 기준 4명에 미치지 못했습니다." in text
    assert "출석했거나" not in text
