"""Rows are taken in one order, so that nobody waits for somebody who waits for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.assemblies.actions import check_in
from app.assemblies.models import Assembly, Track
from app.ballots import actions
from app.ballots.models import Ballot, BallotState
from app.ballots.policy import BallotRefusal
from app.commitments.actions import make_commitments
from app.commitments.models import Commitment
from app.core.database import held
from app.moderation.models import HideReason
from app.proposals import actions as proposals
from app.proposals.models import Proposal, TimelineCode, TimelineEntry
from app.residents.models import Role
from app.residents.rules import Standing
from app.room.actions.events import next_seq
from tests.assemblies.steps import Hall
from tests.ballots.conftest import CLOSES, OPENS
from tests.proposals import steps
from tests.support.meeting import meet

pytestmark = [pytest.mark.race, pytest.mark.postgres]


def hold(kind, row_id):
    """Take one row for changing it, as every act upon it does."""
    return lambda session: session.execute(
        select(kind.id).where(kind.id == row_id).with_for_update()
    )


def told(world, code):
    """The proposals that were told this, in the order in which they were."""
    with world.read() as session:
        return list(
            session.scalars(
                select(TimelineEntry.proposal_id)
                .where(TimelineEntry.code == code)
                .order_by(TimelineEntry.id)
            )
        )


@pytest.fixture
def backwards(world, polls):
    """A draft whose options come from two proposals, the later one first; low and high id."""
    low, high = steps.published(world), steps.published(world)
    ballot_id = polls.draw((), seats={Track.BUDGET: 2})
    with world.write() as session:
        by = world.standing(session, polls.clerk)
        for proposal_id in (high, low):
            actions.add_option(
                session,
                session.get_one(Ballot, ballot_id),
                track=Track.BUDGET,
                title="골목 안 쉼터",
                sense="앉아 쉴 곳을 만듭니다",
                budget_won=1_000_000,
                proposal_id=proposal_id,
                by=by,
                at=world.at,
            )
    return ballot_id, low, high


def test_a_paper_tells_its_proposals_in_the_order_of_their_ids(world, polls, backwards):
    ballot_id, low, high = backwards
    polls.crowd(2)
    freezing = meet(
        world, hold(Proposal, low), lambda: polls.freeze(ballot_id), hold(Proposal, high)
    )
    assert freezing == []
    assert told(world, TimelineCode.ON_BALLOT) == [high, low]


def test_an_agenda_is_put_on_a_paper_in_the_order_of_its_proposals_ids(world, polls):
    low, high = steps.adopted(world), steps.adopted(world)
    hall = Hall(world)
    for proposal_id in (high, low):
        hall.item(proposal_id=proposal_id)
    hall.notice()
    with world.read() as session:
        ballot_id = polls.draw((), seats={Track.SUPPORT: 1}, assembly=hall.now(session))

    def put():
        with world.write() as session:
            actions.put_agenda_on_ballot(
                session,
                session.get_one(Ballot, ballot_id),
                session.get_one(Assembly, hall.id),
                by=world.standing(session, polls.clerk),
                at=world.at,
            )

    assert meet(world, hold(Proposal, low), put, hold(Proposal, high)) == []
    assert [one.proposal_id for one in polls.ballot(ballot_id).options] == [high, low]


def test_a_paper_is_not_frozen_with_a_proposal_that_is_being_hidden(world, polls, backwards):
    ballot_id, low, _high = backwards
    polls.crowd(2)
    moderator = world.staff(Role.MODERATOR)

    def hide(session):
        proposals.hide_proposal(
            session,
            session.get_one(Proposal, low),
            reason=HideReason.PERSONAL_DATA,
            note="전화번호가 있었습니다.",
            by=world.standing(session, moderator),
            at=world.at,
        )
        session.flush()

    failures = meet(world, hide, lambda: polls.freeze(ballot_id), lambda _session: None)
    assert [failure.refusal for failure in failures] == [BallotRefusal.HIDDEN_PROPOSAL]
    assert polls.ballot(ballot_id).state is BallotState.DRAFT


def test_promises_tell_their_proposals_in_the_order_of_their_ids(world, polls, backwards):
    ballot_id, low, high = backwards
    voters = polls.crowd(2)
    polls.open(ballot_id)
    for voter in voters:
        polls.cast(ballot_id, voter, 1, 2)
    polls.close(ballot_id)
    polls.count(ballot_id)
    certifying = meet(
        world, hold(Proposal, low), lambda: polls.certify(ballot_id), hold(Proposal, high)
    )

    def promise():
        with world.write() as session:
            make_commitments(
                session,
                session.get_one(Ballot, ballot_id),
                year=2022,
                due_on=date(2022, 11, 30),
                default_department=world.department(session),
                by=world.standing(session, polls.clerk),
                at=world.at,
            )

    promising = meet(world, hold(Proposal, low), promise, hold(Proposal, high))
    assert certifying == promising == []
    with world.read() as session:
        assert len(session.scalars(select(Commitment)).all()) == 2


@pytest.mark.parametrize(
    ("act", "moment", "after"),
    [
        (actions.open_due_ballots, OPENS, BallotState.OPEN),
        (actions.close_due_ballots, CLOSES, BallotState.CLOSED),
    ],
)
def test_due_ballots_are_all_held_before_one_is_heard_in_the_room(world, polls, act, moment, after):
    polls.crowd(2)
    hall = Hall(world).notice()
    ballots = [polls.draw() for _ in range(2)]
    for ballot_id in ballots:
        polls.freeze(ballot_id)
    with world.write() as session:  # as assemblies had several ballots once
        for ballot_id in ballots:
            session.get_one(Ballot, ballot_id).assembly_id = hall.id
    if after is BallotState.CLOSED:
        polls.open(ballots[0])
    world.clock.at = moment

    def due():
        with world.write() as session:
            act(session, at=world.at)

    failures = meet(
        world, hold(Ballot, ballots[1]), due, lambda session: next_seq(session, hall.id)
    )
    assert failures == []
    assert [polls.ballot(ballot_id).state for ballot_id in ballots] == [after, after]


@pytest.mark.parametrize(
    ("act", "moment", "after"),
    [
        (actions.open_due_ballots, OPENS, BallotState.OPEN),
        (actions.close_due_ballots, CLOSES, BallotState.CLOSED),
    ],
)
def test_due_ballots_are_heard_in_their_rooms_in_one_order(world, polls, act, moment, after):
    polls.crowd(2)
    halls = [Hall(world).notice().id for _ in range(2)]
    ballots = []
    for hall_id in reversed(halls):
        with world.read() as session:
            ballots.append(polls.draw(assembly=session.get_one(Assembly, hall_id)))
        polls.freeze(ballots[-1])
        if after is BallotState.CLOSED:
            polls.open(ballots[-1])
    world.clock.at = moment

    def due():
        with world.write() as session:
            act(session, at=world.at)

    first, second = (lambda session, hall_id=one: next_seq(session, hall_id) for one in halls)
    assert meet(world, first, due, second) == []
    assert [polls.ballot(ballot_id).state for ballot_id in ballots] == [after, after]


def test_a_ballot_that_opens_while_people_come_in_makes_nobody_wait_for_ever(world, polls):
    """Both are the first to be heard in the room, whose row points to the assembly."""
    people = polls.crowd(2)
    opens = world.at + timedelta(days=31)
    closes = opens + timedelta(hours=2)
    hall = Hall(world, held=opens, ends=closes)
    hall.notice()
    with world.read() as session:
        ballot_id = polls.draw(assembly=hall.now(session), opens_at=opens, closes_at=closes)
    polls.freeze(ballot_id)
    world.clock.at = opens

    def open_it():
        with world.write() as session:
            actions.open_due_ballots(session, at=world.at)

    def come_in(session):
        check_in(
            session,
            session.get_one(Assembly, hall.id),
            by=world.standing(session, people[0]),
            at=world.at,
        )

    failures = meet(world, lambda session: held(session, Assembly, hall.id), open_it, come_in)
    assert failures == []
    assert polls.ballot(ballot_id).state is BallotState.OPEN


@pytest.mark.parametrize("picks", [(1,), (2,)], ids=["the same paper", "another paper"])
def test_who_waited_for_a_ballot_sees_that_their_place_was_used_meanwhile(polls, picks):
    """The place is read with the ballot, before the wait; what is decided on is read after it."""
    (voter,) = polls.crowd(1)
    ballot_id = polls.opened()
    first, late = polls.prepare(ballot_id, voter, 1), polls.prepare(ballot_id, voter, *picks)
    late = first if picks == (1,) else late
    receipts = []

    def cast(choice):
        def casting(session):
            receipts.append(
                actions.cast_ballot(
                    session, ballot_id, choice=choice, by=Standing(voter), at=polls.world.at
                )
            )

        return casting

    def come_late():
        with polls.world.write() as session:
            cast(late)(session)

    failures = meet(polls.world, hold(Ballot, ballot_id), come_late, cast(first))
    refused = [getattr(failure, "refusal", failure) for failure in failures]
    assert refused == ([] if late is first else [BallotRefusal.ALREADY_CAST])
    assert {receipt.leaf for receipt in receipts} == {first.leaf}
    assert polls.ballot(ballot_id).cast_count == 1
    polls.close(ballot_id)
    assert polls.put(ballot_id, voter, first) == receipts[0]
