"""A review that comes late: chosen anew from where it stood, never cast, never shown to another."""

import re

import pytest

from app.ballots import rules
from app.ballots.models import Slot
from tests.ballots.booth import cast, choose, counts, state_of
from tests.ballots.conftest import CLOSES
from tests.support.statements import statements

LATE = "확인 화면을 연 지 15분이 지났습니다."
TICKED = re.compile(r'value="(\d+)" checked')


@pytest.fixture
def late(polls, ballot_id, voter):
    """The state of a review of the second and the fourth option, fifteen minutes old."""
    choose(voter, polls, ballot_id, 2, 4)
    polls.world.pass_time(minutes=15)
    return state_of(voter)


def ticked(browser, polls, ballot_id):
    """The positions of the options that are ticked."""
    ids = polls.option_ids(ballot_id)
    return [ids.index(int(found)) + 1 for found in TICKED.findall(browser.text)]


def test_a_late_review_is_chosen_from_anew_and_cast_after_another_look(
    polls, ballot_id, voter, late
):
    voter.submit(f"/ballots/{ballot_id}/booth/cast", state=late)
    assert voter.status == 409
    assert "아직 투표되지 않았습니다" in voter.text
    assert LATE in voter.text
    assert "‘다음’을 눌러 한 번 더 확인해 주세요" in voter.text
    assert ticked(voter, polls, ballot_id) == [2, 4]
    assert counts(polls, ballot_id) == (0, 0, 0)
    picks = TICKED.findall(voter.text)
    voter.submit(f"/ballots/{ballot_id}/booth/review", pick=picks)
    assert "아래 2개를 고르셨습니다" in voter.text
    cast(voter, ballot_id)
    assert "투표가 접수되었습니다" in voter.text
    assert counts(polls, ballot_id) == (1, 1, 1)


def test_whoever_goes_back_late_keeps_what_was_chosen(polls, ballot_id, voter, late):
    voter.submit(f"/ballots/{ballot_id}/booth", state=late)
    assert voter.status == 200
    assert ticked(voter, polls, ballot_id) == [2, 4]
    assert LATE not in voter.text


def test_a_late_choice_stands_on_the_page_alone(polls, ballot_id, voter, late):
    voter.client.get("/about")  # writes down that the voter was here, which is no part of this
    with statements(polls.world.app) as seen:
        voter.submit(f"/ballots/{ballot_id}/booth/cast", follow=False, state=late)
    assert ticked(voter, polls, ballot_id) == [2, 4]
    assert [statement for statement in seen if not statement.startswith("SELECT")] == []
    assert voter.page.headers.getlist("Set-Cookie") == []
    assert voter.page.headers["Cache-Control"] == "no-store"
    assert voter.page.request.query_string == b""
    assert late not in voter.page.get_data(as_text=True)


def test_once_the_vote_is_cast_no_review_tells_what_it_was(polls, ballot_id, voter, late):
    polls.cast(ballot_id, polls.voter, 2, 4)
    for page in ("booth/cast", "booth"):
        voter.submit(f"/ballots/{ballot_id}/{page}", state=late)
        assert voter.status == 409
        assert "이미 투표하셨습니다" in voter.text
        assert "checked" not in voter.text
        assert "쉼터" not in voter.text
    assert counts(polls, ballot_id) == (1, 1, 1)


def test_a_late_review_after_the_closing_is_told_the_hours(polls, ballot_id, voter, late):
    polls.world.clock.at = CLOSES
    voter.submit(f"/ballots/{ballot_id}/booth/cast", state=late)
    assert voter.status == 409
    assert "투표 기간이 아닙니다" in voter.text
    assert "checked" not in voter.text
    assert counts(polls, ballot_id) == (0, 0, 0)


def test_a_late_review_of_another_person_or_ballot_is_forgotten(
    polls, ballot_id, voter, late, new_browser
):
    neighbour = new_browser().sign_in(polls.world, polls.neighbour)
    second = polls.opened()
    for browser, asked in ((neighbour, ballot_id), (voter, second)):
        for page, status in (("booth/cast", 409), ("booth", 200)):
            browser.open(f"/ballots/{asked}/booth")
            browser.submit(f"/ballots/{asked}/{page}", state=late)
            assert browser.status == status
            assert "checked" not in browser.text
            assert LATE not in browser.text
    neighbour.submit(f"/ballots/{ballot_id}/booth/cast", state=late)
    assert "온전하지 않은 화면입니다" in neighbour.text
    assert "다시 고르기" in neighbour.text
    assert counts(polls, ballot_id) == counts(polls, second) == (0, 0, 0)


def test_a_late_review_that_was_changed_or_sealed_by_another_site_is_forgotten(
    polls, ballot_id, voter, late
):
    with polls.world.read() as session:
        slot = session.query(Slot).filter_by(person_id=polls.voter).one()
    forged = rules.PreparedChoice(
        ballot_id=ballot_id,
        slot_id=slot.id,
        setup_hash=polls.ballot(ballot_id).setup_hash,
        picks=rules.picks_to_bytes([1]),
        seed=b"s" * rules.SEED_BYTES,
    )
    elsewhere = rules.seal_choice(rules.review_key(b"another"), forged, at=polls.world.at)
    flipped = late[:60] + ("A" if late[60] != "A" else "B") + late[61:]
    for state in (elsewhere, flipped, late[:40], ""):
        voter.submit(f"/ballots/{ballot_id}/booth/cast", state=state)
        assert voter.status == 409
        assert "온전하지 않은 화면입니다" in voter.text
        assert "checked" not in voter.text
    assert counts(polls, ballot_id) == (0, 0, 0)
