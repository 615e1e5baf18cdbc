"""Rows are taken in one order, so that nobody waits for somebody who waits for them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.assemblies.models import Assembly, Track
from app.ballots import actions
from app.ballots.models import Ballot, BallotState
from app.commitments.actions import make_commitments
from app.commitments.models import Commitment
from app.proposals.models import Proposal, TimelineCode, TimelineEntry
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
                due_on=CLOSES.date(),
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
    hall = Hall(world)
    with world.read() as session:
        assembly = session.get_one(Assembly, hall.id)
    ballots = [polls.draw(assembly=assembly) for _ in range(2)]
    for ballot_id in ballots:
        polls.freeze(ballot_id)
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
