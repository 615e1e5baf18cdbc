"""A ballot is open by its dates: where no job has come yet, the first cast opens it, once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.ballots import actions, policy, queries
from app.ballots.facts import BallotCast, BallotOpened
from app.ballots.models import Ballot, BallotState
from app.ballots.policy import BallotRefusal
from app.core.refusals import Refused
from app.notices.models import Notice
from app.residents.rules import Standing
from app.room.models import LiveEvent
from app.web.database import db, write
from tests.assemblies.steps import Hall
from tests.ballots.booth import cast, choose, counts
from tests.ballots.conftest import CLOSES, OPENS
from tests.support.statements import statements


@pytest.fixture
def due(polls):
    """A frozen ballot whose time came two hours ago while no job ran."""
    polls.voter, polls.neighbour = polls.world.residents(2)
    ballot_id = polls.draw()
    polls.freeze(ballot_id)
    polls.world.clock.at = OPENS + timedelta(hours=2)
    return ballot_id


def test_somebody_votes_though_no_job_has_opened_the_ballot(polls, due, new_browser, heard):
    page = f"/ballots/{due}"
    voter = new_browser().sign_in(polls.world, polls.voter)
    assert "지금 투표할 수 있습니다" in voter.open(page).text
    assert "투표 중" in voter.text
    assert "부터 투표할 수 있습니다" not in voter.text
    assert polls.ballot(due).title in voter.open("/").text
    choose(voter, polls, due, 1, 3)
    cast(voter, due)
    assert voter.path == f"{page}/receipt"
    assert counts(polls, due) == (1, 1, 1)
    neighbour = new_browser().sign_in(polls.world, polls.neighbour)
    choose(neighbour, polls, due, 2)
    cast(neighbour, due)
    assert counts(polls, due) == (2, 2, 2)
    told = [type(fact) for fact in heard if isinstance(fact, BallotOpened | BallotCast)]
    assert told == [BallotOpened, BallotCast, BallotCast]


def test_the_first_cast_opens_as_the_job_does(polls, heard):
    """In the record, in the room and to those who have not voted; the job finds it done."""
    world = polls.world
    voter, neighbour = world.residents(2)
    for person in (voter, neighbour):
        world.account_of(person)
    hall = Hall(world).notice()
    with world.read() as session:
        ballot_id = polls.draw(assembly=hall.now(session))
    polls.freeze(ballot_id)
    world.clock.at = OPENS + timedelta(minutes=5, seconds=42)
    polls.cast(ballot_id, voter, 1)
    with world.write() as session:
        actions.open_due_ballots(session, at=world.at)
    (opened,) = [fact for fact in heard if isinstance(fact, BallotOpened)]
    assert (opened.ballot_id, opened.assembly_id, opened.by) == (ballot_id, hall.id, None)
    assert opened.at == OPENS + timedelta(minutes=5)
    ballot = polls.ballot(ballot_id)
    assert (ballot.state, ballot.opened_at) == (BallotState.OPEN, opened.at)
    with world.read() as session:
        invited = select(Notice.person_id).where(Notice.kind == "BallotOpened")
        assert session.scalars(invited).all() == [neighbour]
        told = session.scalars(select(LiveEvent).where(LiveEvent.kind == "ballot")).all()
        assert [event.payload["state"] for event in told] == ["open"]


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        (OPENS - timedelta(seconds=1), BallotState.FROZEN),
        (OPENS, BallotState.OPEN),
        (CLOSES - timedelta(seconds=1), BallotState.OPEN),
        (CLOSES, BallotState.CLOSED),
    ],
)
@pytest.mark.parametrize("state", [BallotState.FROZEN, BallotState.OPEN])
def test_the_dates_say_how_far_a_ballot_has_come(moment, phase, state):
    ballot = Ballot(state=state, opens_at=OPENS, closes_at=CLOSES)
    assert policy.phase_of(ballot, at=moment) is phase
    takes = policy.is_taking(state, OPENS, CLOSES, at=moment)
    assert takes is (phase is BallotState.OPEN)


def test_nothing_is_cast_before_or_after_its_time_though_a_job_is_late(polls, due):
    choice = polls.prepare(due, polls.voter, 1)
    for moment in (OPENS - timedelta(seconds=1), CLOSES):
        polls.world.clock.at = moment
        with pytest.raises(Refused) as refused:
            polls.put(due, polls.voter, choice)
        assert refused.value.refusal is BallotRefusal.OUTSIDE_HOURS
    assert polls.ballot(due).state is BallotState.FROZEN


def test_a_ballot_whose_jobs_are_late_is_over_by_its_dates(polls, due, new_browser):
    polls.world.clock.at = CLOSES + timedelta(minutes=1)
    voter = new_browser().sign_in(polls.world, polls.voter).open(f"/ballots/{due}")
    assert "투표가 마감되었습니다" in voter.text
    assert "부터 투표할 수 있습니다" not in voter.text


def test_the_room_leads_to_a_ballot_that_is_due(polls, new_browser):
    world = polls.world
    voter = world.resident()
    hall = Hall(world, held=OPENS + timedelta(days=31)).notice()
    with world.read() as session:
        ballot_id = polls.draw(assembly=hall.now(session))
    polls.freeze(ballot_id)
    world.clock.at = OPENS
    browser = new_browser().sign_in(world, voter).open(f"/assemblies/{hall.id}/room")
    assert f'href="/ballots/{ballot_id}/booth"' in browser.page.get_data(as_text=True)


def test_only_the_cast_that_opens_asks_more_than_others(polls, due):
    """The way that everybody walks, into a ballot that is open, costs what it did."""
    by_hand = polls.draw()
    polls.freeze(by_hand)
    with polls.world.write() as session:
        by = polls.world.standing(session, polls.officer)
        actions.open_ballot(session, session.get_one(Ballot, by_hand), by=by, at=polls.world.at)
    asked = {}
    for name, ballot_id, voter in (
        ("opening", due, polls.voter),
        ("after it", due, polls.neighbour),
        ("opened before", by_hand, polls.voter),
    ):
        choice = polls.prepare(ballot_id, voter, 1)
        with statements(polls.world.app) as seen:
            polls.put(ballot_id, voter, choice)
        asked[name] = len(seen)
    assert asked["after it"] == asked["opened before"] < asked["opening"]


@pytest.mark.race
def test_many_first_casts_and_two_jobs_open_it_once(polls, heard):
    people = polls.crowd(12)
    ballot_id = polls.draw()
    polls.freeze(ballot_id)
    at = polls.world.clock.at = OPENS + timedelta(seconds=1)
    choices = [polls.prepare(ballot_id, person, 1) for person in people]
    together, errors = threading.Barrier(len(people) + 2), []

    def run(act) -> None:
        together.wait(60)
        try:
            with polls.world.app.app_context(), write() as writing:
                act(writing)
        except Exception as error:  # noqa: BLE001 - what must not happen is gathered
            errors.append(error)

    acts = [lambda session: actions.open_due_ballots(session, at=at)] * 2
    for person, choice in zip(people, choices, strict=True):
        acts.append(
            lambda session, who=person, what=choice: actions.cast_ballot(
                session, ballot_id, choice=what, by=Standing(who), at=at
            )
        )
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert len([fact for fact in heard if isinstance(fact, BallotOpened)]) == 1
    with polls.world.read() as session:
        assert queries.urn_sizes(session, ballot_id) == (len(people), len(people))
        chain = session.scalars(
            select(AuditRow.act)
            .where(AuditRow.chain == "ballot", AuditRow.subject_id == ballot_id)
            .order_by(AuditRow.seq)
        ).all()
    assert chain.count("BallotOpened") == 1
    assert chain.index("BallotOpened") < chain.index("BallotCast")
    with polls.world.app.app_context():
        assert db.engine.pool.checkedout() <= 1


def test_nobody_is_invited_to_a_ballot_that_was_over_before_any_job_came(polls, due):
    world = polls.world
    world.account_of(polls.voter)
    world.clock.at = CLOSES + timedelta(hours=1)
    with world.write() as session:
        actions.open_due_ballots(session, at=world.at)
        actions.close_due_ballots(session, at=world.at)
    assert polls.ballot(due).state is BallotState.CLOSED
    with world.read() as session:
        assert session.scalars(select(Notice).where(Notice.kind == "BallotOpened")).all() == []
