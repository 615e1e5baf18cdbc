"""From the agenda to the paper, and what the paper says of a proposal that is hidden later."""

import pytest

from app.assemblies.models import Track
from app.ballots.policy import BallotRefusal
from app.core.refusals import Refused
from tests.assemblies.steps import Hall
from tests.support.year import noticed_year

HIDDEN_LATER = "지금은 가린 제안입니다(까닭: 개인정보"


@pytest.fixture
def year(world, app):
    return noticed_year(world, app)


def paper(year, ballot_id):
    return [
        (one.title, one.track, one.budget_won, one.proposal_id, one.department_id is not None)
        for one in year.polls.ballot(ballot_id).options
    ]


def test_every_item_becomes_one_option_with_its_track_its_money_and_its_proposal(year):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    expected = [
        ("쉼터를 함께", Track.SUPPORT, 5_000_000, year.shelter, True),
        ("보안등을 더 밝게", Track.BUDGET, 30_000_000, year.lamps, True),
        ("마을 축제", Track.BUDGET, 8_000_000, None, False),
    ]
    assert paper(year, ballot_id) == expected
    assert year.put_agenda(ballot_id) == []
    assert paper(year, ballot_id) == expected
    with pytest.raises(Refused) as refused:
        year.put_agenda(ballot_id, Hall(year.world))
    assert refused.value.refusal is BallotRefusal.NO_ASSEMBLY
    year.world.resident()
    year.polls.freeze(ballot_id)
    assert year.put_agenda(ballot_id) == []
    assert paper(year, ballot_id) == expected


def test_no_hidden_words_are_frozen_onto_a_paper(year):
    ballot_id = year.drawn()
    year.hide(year.shelter)
    year.put_agenda(ballot_id)
    assert [title for title, *_ in paper(year, ballot_id)] == ["보안등을 더 밝게", "마을 축제"]
    year.show_again(year.shelter)
    year.put_agenda(ballot_id)
    year.hide(year.lamps)
    year.world.resident()
    with pytest.raises(Refused) as refused:
        year.polls.freeze(ballot_id)
    assert refused.value.refusal is BallotRefusal.HIDDEN_PROPOSAL
    year.show_again(year.lamps)
    year.polls.freeze(ballot_id)


def test_a_frozen_paper_keeps_its_words_and_says_what_was_hidden_later(year, browser, new_browser):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.world.pass_time(hours=1)
    voters = year.world.residents(2)
    year.polls.freeze(ballot_id)
    frozen = year.polls.ballot(ballot_id).setup_hash
    year.world.pass_time(days=2)
    year.polls.open(ballot_id)
    year.hide(year.shelter)
    voter = new_browser().sign_in(year.world, voters[0])
    for reader, page in (
        (browser, f"/ballots/{ballot_id}"),
        (voter, f"/ballots/{ballot_id}/booth"),
    ):
        assert "쉼터를 함께, 이렇게 합니다" in reader.open(page).text
        assert reader.text.count(HIDDEN_LATER) == 1
    review, paper_options = f"/ballots/{ballot_id}/booth/review", year.polls.option_ids(ballot_id)
    voter.submit(review, pick=paper_options[:1])
    assert "쉼터를 함께" in voter.text
    assert voter.text.count(HIDDEN_LATER) == 1
    voter.open(f"/ballots/{ballot_id}/booth").submit(review, pick=paper_options[1:2])
    assert "가린 제안" not in voter.text
    for one in voters:
        year.polls.cast(ballot_id, one, 1, 3)
    year.polls.close(ballot_id)
    year.polls.count(ballot_id)
    assert year.polls.ballot(ballot_id).setup_hash == frozen
    assert "쉼터를 함께" in browser.open(f"/ballots/{ballot_id}/result").text
    assert browser.text.count(HIDDEN_LATER) == 1
    assert "쉼터를 함께" in browser.open(f"/ballots/{ballot_id}/result.csv").text


def test_the_review_says_what_is_hidden_at_that_moment_on_this_paper(year, new_browser):
    """One is hidden while the voter chooses, then both, then one and then both are shown again."""
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.world.pass_time(hours=1)
    (voter,) = year.world.residents(1)
    year.polls.freeze(ballot_id)
    year.world.pass_time(days=2)
    year.polls.open(ballot_id)
    browser = new_browser().sign_in(year.world, voter)
    shelter, lamps, feast = year.polls.option_ids(ballot_id)

    def said(*picks, meanwhile=lambda: None):
        browser.open(f"/ballots/{ballot_id}/booth")
        meanwhile()
        browser.submit(f"/ballots/{ballot_id}/booth/review", pick=list(picks))
        return browser.text.count(HIDDEN_LATER)

    assert said(shelter, lamps) == 0
    assert said(shelter, lamps, meanwhile=lambda: year.hide(year.shelter)) == 1
    assert said(shelter, lamps, meanwhile=lambda: year.hide(year.lamps)) == 2
    assert [said(lamps), said(shelter, feast), said(feast)] == [1, 1, 0]
    assert said(shelter, lamps, meanwhile=lambda: year.show_again(year.shelter)) == 1
    assert said(shelter, lamps, meanwhile=lambda: year.show_again(year.lamps)) == 0
