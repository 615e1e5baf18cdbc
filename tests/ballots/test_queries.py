"""How many statements the ballot's pages cost, and what the queries give."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.ballots import queries
from app.ballots.models import Ballot, BallotState
from app.core.paging import PAGE_SIZE
from tests.ballots.conftest import CLOSES
from tests.support.statements import statements

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.mark.parametrize(
    ("path", "most"),
    [("", 6), ("/{id}", 8), ("/{id}/booth", 8), ("/{done}/result", 8), ("/{id}/receipt", 8)],
)
def test_a_page_takes_few_statements(polls, new_browser, path, most):
    voter = polls.world.resident()
    done = polls.opened()
    polls.close(done)
    polls.count(done)
    now = polls.world.at
    ballot_id = polls.draw(opens_at=now, closes_at=now.replace(month=4))
    polls.freeze(ballot_id)
    polls.open(ballot_id)
    if path.endswith("receipt"):
        polls.cast(ballot_id, voter, 1)
    browser = new_browser().sign_in(polls.world, voter)
    browser.open("/ballots")
    with statements(polls.world.app) as asked:
        browser.open("/ballots" + path.format(id=ballot_id, done=done))
    assert browser.status == 200
    assert len(asked) <= most, asked


def test_a_ballot_waits_for_a_person_on_its_roll_until_they_vote(polls):
    voter, stranger = polls.world.resident(), polls.world.resident("gasan")
    ballot_id = polls.opened()
    at = polls.world.at
    with polls.world.read() as session:
        assert [b.id for b in queries.to_cast(session, voter, at=at)] == [ballot_id]
        assert not queries.to_cast(session, stranger, at=at)
    polls.cast(ballot_id, voter, 1)
    with polls.world.read() as session:
        assert not queries.to_cast(session, voter, at=at)


def finished(polls, count):
    """Certify as many ballots, one week after the other; return their ids, the oldest first."""
    polls.world.resident()
    for number in range(count):
        ballot_id = polls.draw(title=f"{number + 1}번째 투표", closes_at=CLOSES + number * WEEK)
        polls.freeze(ballot_id)
    ids = list(range(ballot_id - count + 1, ballot_id + 1))
    with polls.world.write() as session:
        session.execute(
            update(Ballot).values(
                state=BallotState.CERTIFIED,
                opened_at=polls.world.at,
                closed_at=polls.world.at,
                counted_at=polls.world.at,
                certified_at=polls.world.at,
                certified_by=polls.observer,
            )
        )
    return ids


def test_every_result_is_on_some_page_and_the_shelves_stand_on_the_first(polls, browser):
    ids = finished(polls, 2 * PAGE_SIZE + 1)
    polls.freeze(polls.draw(title="곧 열릴 투표"))
    seen = []
    for number in (1, 2, 3):
        page = browser.open(f"/ballots?page={number}").text
        seen += [int(one) for one in re.findall(r'href="/ballots/(\d+)/result"', page)]
        assert ("곧 열릴 투표" in page) is (number == 1)
    assert seen == ids[::-1]
    assert "목록은 이 쪽보다 앞에서 끝납니다" in browser.open("/ballots?page=4").text


def test_the_desk_shows_first_what_has_to_be_done_soonest(polls, browser):
    ids = finished(polls, PAGE_SIZE)
    waiting = [polls.draw(closes_at=CLOSES + days * DAY) for days in (30, 10, 20)]
    browser.sign_in(polls.world, polls.officer)
    shown = [
        int(one)
        for number in (1, 2)
        for one in re.findall(
            r'href="/desk/ballots/(\d+)"', browser.open(f"/desk/ballots?page={number}").text
        )
    ]
    assert shown == [waiting[1], waiting[2], waiting[0], *ids[::-1]]
    assert "목록은 이 쪽보다 앞에서 끝납니다" in browser.open("/desk/ballots?page=3").text
