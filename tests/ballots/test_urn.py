"""The urn is opened in a reading, and its sums are written once, in a short write."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.ballots import queries
from app.ballots.models import Ballot, BallotState
from app.ballots.policy import BallotRefusal
from app.ballots.rules import count_paper
from app.core.database import held
from app.core.refusals import Refused
from app.web.database import db
from tests.ballots.conftest import CLOSES


@pytest.fixture
def closed(polls):
    """A closed ballot with three votes."""
    voters = polls.world.residents(3)
    ballot_id = polls.opened()
    for voter in voters:
        polls.cast(ballot_id, voter, 1)
    polls.close(ballot_id)
    return ballot_id


@contextmanager
def writes(app):
    """Collect the statements that are sent within a write."""
    seen = []

    def hear(connection, _cursor, statement, *_):
        if connection.get_execution_options().get("writing"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@contextmanager
def calls(function):
    """Count how often a function is called in this thread."""
    seen = []

    def look(frame, what, _argument):
        if what == "call" and frame.f_code is function.__code__:
            seen.append(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(before)


def test_a_count_holds_no_write_while_it_opens_the_urn(polls, closed, new_browser):
    officer = new_browser().sign_in(polls.world, polls.officer)
    page = f"/desk/ballots/{closed}/count"
    officer.open(page)
    with writes(polls.world.app) as written:
        officer.submit(page)
    assert "개표를 마쳤습니다" in officer.text
    assert any("UPDATE ballot SET" in statement for statement in written)
    assert not [one for one in written if "envelope" in one or "FROM slot" in one]
    assert [option.votes for option in polls.ballot(closed).options] == [3, 0, 0, 0]


def test_an_urn_is_opened_while_somebody_holds_its_ballot(polls, closed):
    opened = []
    with polls.world.write() as session:
        held(session, Ballot, closed)
        reading = threading.Thread(target=lambda: opened.append(polls.open_urn(closed)))
        reading.start()
        reading.join(30)
        assert not reading.is_alive()
    assert [one.cast_count for one in opened] == [3]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"cast_count": 2}, BallotRefusal.URN_DAMAGED),
        ({"setup_hash": b"another"}, BallotRefusal.SETUP_CHANGED),
    ],
)
def test_sums_of_another_urn_are_not_written(polls, closed, changed, refusal):
    opened = replace(polls.open_urn(closed), **changed)
    with pytest.raises(Refused) as refused:
        polls.write_count(closed, opened)
    assert refused.value.refusal is refusal
    assert polls.ballot(closed).state is BallotState.CLOSED
    with polls.world.read() as session:
        assert queries.result(session.get_one(Ballot, closed)) is None


def test_no_urn_is_opened_before_its_ballot_is_closed(polls):
    polls.world.resident()
    ballot_id = polls.opened()
    for moment in (polls.world.at, CLOSES + timedelta(hours=1)):
        polls.world.clock.at = moment
        with pytest.raises(Refused) as refused:
            polls.open_urn(ballot_id)
        assert refused.value.refusal is BallotRefusal.NOT_CLOSED


@pytest.mark.race
def test_an_urn_opened_by_many_is_counted_once(polls, closed):
    together, found = threading.Barrier(4), []

    def count() -> None:
        opened = polls.open_urn(closed)
        together.wait(60)
        try:
            polls.write_count(closed, opened)
        except Refused as refused:
            found.append(refused.refusal)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [BallotRefusal.NOT_CLOSED] * 3
    assert polls.ballot(closed).state is BallotState.COUNTED


def test_only_the_page_of_a_result_counts_again(polls, closed, browser):
    polls.count(closed)
    with calls(count_paper) as counted:
        browser.open(f"/ballots/{closed}")
    assert "투표 결과 보기" in browser.text
    assert counted == []
    with calls(count_paper) as counted:
        browser.open(f"/ballots/{closed}/result")
    assert len(counted) == 1
