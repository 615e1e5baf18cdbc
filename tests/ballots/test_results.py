"""What a result says of what was selected, of a tie and of when voting ended."""

from datetime import timedelta

import pytest

from app.assemblies.models import QuorumKind, Track
from app.audit.queries import chain_rows
from app.ballots import actions
from app.ballots.models import Ballot
from app.ballots.policy import BallotRefusal as R
from app.core.refusals import Refused
from app.core.vault import digest
from tests.ballots.conftest import OPENS
from tests.support.year import noticed_year

WHY = "총회에 오신 분이 모두 투표했습니다."
TIED = "‘골목 안 2번째 쉼터’와 ‘골목 안 3번째 쉼터’가 동점입니다."


def counted(polls, *papers, **paper):
    """Count a ballot in which these papers were cast; return its id."""
    voters = polls.world.residents(len(papers))
    ballot_id = polls.opened(**paper)
    for voter, picks in zip(voters, papers, strict=True):
        polls.cast(ballot_id, voter, *picks)
    polls.close(ballot_id)
    polls.count(ballot_id)
    return ballot_id


@pytest.mark.parametrize(
    ("papers", "paper", "line"),
    [
        ([(1, 2), (1, 2)], {"seats": {Track.BUDGET: 2}}, "4건 중 2건을 뽑았습니다"),
        ([(2,), (3,)], {}, "4건 중 2건이 동점입니다"),
        (
            [(1, 2), (1, 3)],
            {"seats": {Track.BUDGET: 2}},
            "4건 중 1건을 뽑았고 2건이 동점입니다",
        ),
        (
            [(1,)],
            {"quorum_kind": QuorumKind.SEATS, "quorum_value": 3},
            "4건 중 뽑힌 것이 없습니다",
        ),
        ([(1,)], {"seats": {Track.BUDGET: 2}}, "4건 중 1건을 뽑았습니다"),
    ],
)
def test_a_track_says_how_many_were_really_selected(polls, browser, papers, paper, line):
    ballot_id = counted(polls, *papers, **paper)
    page = browser.open(f"/ballots/{ballot_id}/result").text
    assert f">{line}<" in browser.page.get_data(as_text=True), page
    assert ("동점입니다. 무엇을 할지 총회에서 정하고" in page) is ("동점" in line)


def test_a_tie_that_stands_is_still_to_be_settled_on_the_desk(polls, new_browser):
    ballot_id = counted(polls, (2,), (3,))
    polls.certify(ballot_id)
    officer = new_browser().sign_in(polls.world, polls.officer)
    assert "동점을 총회에서 정하기" in officer.open("/desk/ballots").text
    officer.open(f"/desk/ballots/{ballot_id}")
    assert "동점을 총회에서 정하기" in officer.text
    assert TIED in officer.text
    clerk = new_browser().sign_in(polls.world, polls.clerk)
    clerk.open(f"/desk/commitments/make/{ballot_id}")
    assert TIED in clerk.text
    assert "뽑힌 것이 없어 약속으로 옮길 것이 없습니다" in clerk.text
    assert "뽑힌 0건" not in clerk.text


def test_a_ballot_without_a_tie_leaves_nothing_to_do(polls, browser):
    ballot_id = counted(polls, (1,))
    polls.certify(ballot_id)
    browser.sign_in(polls.world, polls.officer).open("/desk/ballots")
    assert "동점" not in browser.text
    assert "동점" not in browser.open(f"/desk/ballots/{ballot_id}").text


def test_a_ballot_that_was_closed_early_says_when_it_ended(world, app, new_browser):
    year = noticed_year(world, app)
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    voter = world.resident()
    year.polls.freeze(ballot_id)
    world.clock.at = max(world.at + timedelta(days=2), OPENS) + timedelta(hours=1, minutes=2)
    year.polls.open(ballot_id)
    with world.read() as session:
        planned = session.get_one(Ballot, ballot_id).closes_at
    assert world.at < planned
    officer = new_browser().sign_in(world, year.polls.officer)
    officer.open(f"/desk/ballots/{ballot_id}/close")
    for reason in ("", " \n ", "그냥"):
        officer.submit(f"/desk/ballots/{ballot_id}/close", reason=reason)
        assert officer.status == 422
        assert "일찍 마감하는 까닭" in officer.text
    with world.write() as session:
        by = world.standing(session, year.polls.officer)
        asked = {"reason": " ", "by": by, "at": world.at}
        with pytest.raises(Refused, check=lambda one: one.refusal is R.EARLY_WITHOUT_REASON):
            actions.close_ballot(session, session.get_one(Ballot, ballot_id), **asked)
    officer.submit(f"/desk/ballots/{ballot_id}/close", reason=WHY)
    assert "01:02까지 (예정보다 일찍 마감)" in officer.text
    assert WHY in officer.text
    with world.read() as session:
        [closing] = [
            row
            for row in chain_rows(session, "ballot", ballot_id, limit=9)
            if row.act == "BallotClosed"
        ]
    assert closing.said["digest"] == digest(b"madang/closing/v1", WHY).hex()
    late = new_browser().sign_in(world, voter)
    assert "01:02까지입니다" in late.open(f"/ballots/{ballot_id}/booth").text
    year.polls.count(ballot_id)
    result = new_browser().open(f"/ballots/{ballot_id}/result")
    assert "01:02까지 (예정보다 일찍 마감)" in result.text
    assert f"일찍 마감한 까닭: {WHY}" in result.text
    assert WHY in new_browser().open(f"/ballots/{ballot_id}").text
