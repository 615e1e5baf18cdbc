"""How many statements the ballot's pages cost, and what the queries give."""

import pytest

from app.ballots import queries
from tests.support.statements import statements


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
