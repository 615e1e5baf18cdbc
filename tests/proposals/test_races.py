"""Many people at once on real connections: one row each, one transition, a count that is true."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select, update

from app.core.database import write_transaction
from app.core.refusals import Refused
from app.proposals import actions
from app.proposals.facts import ThresholdReached
from app.proposals.models import (
    Endorsement,
    Proposal,
    ProposalState,
    TimelineCode,
    TimelineEntry,
)
from app.proposals.policy import ProposalRefusal
from app.residents.queries import standing
from app.web.database import db
from tests.proposals import steps

pytestmark = pytest.mark.race
PATIENCE = 60


@dataclass
class Outcome:
    """What came of a crowd."""

    done: int = 0
    refused: list[ProposalRefusal] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)


def crowd(world, people, verb):
    """Let everyone act at the same moment, each in a thread with its own connection."""
    outcome, guard = Outcome(), threading.Lock()
    barrier = threading.Barrier(len(people))

    def one(person_id):
        with world.app.app_context():
            barrier.wait(PATIENCE)
            try:
                verb(person_id)
            except Refused as refused:
                with guard:
                    outcome.refused.append(refused.refusal)
            except Exception as error:  # noqa: BLE001 - the assertion tells
                with guard:
                    outcome.broken.append(error)
            else:
                with guard:
                    outcome.done += 1
            finally:
                db.session.close()

    threads = [threading.Thread(target=one, args=(person_id,)) for person_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return outcome


def carefully(world, proposal_id):
    """Endorse as the product does."""

    def verb(person_id):
        with write_transaction(db.session) as session:
            by = standing(session, person_id, at=world.at)
            actions.endorse(session, proposal_id, by=by, at=world.at)

    return verb


def naively(proposal_id, meeting):
    """Endorse as one should not: look first, then write what was computed from the look."""

    def verb(person_id):
        with db.engine.connect() as connection:
            count, threshold, state = connection.execute(
                select(Proposal.endorsement_count, Proposal.threshold, Proposal.state).where(
                    Proposal.id == proposal_id
                )
            ).one()
            connection.rollback()
        meeting.wait(PATIENCE)
        if state is not ProposalState.ENDORSING:
            raise Refused(ProposalRefusal.REVIEW_BEGAN)
        with write_transaction(db.session) as session:
            at = session.get_one(Proposal, proposal_id).opens_at
            session.add(Endorsement(proposal_id=proposal_id, person_id=person_id, at=at))
            state = ProposalState.REVIEW if count + 1 >= threshold else state
            session.execute(
                update(Proposal)
                .where(Proposal.id == proposal_id)
                .values(endorsement_count=count + 1, state=state)
            )
            if state is ProposalState.REVIEW:
                session.add(
                    TimelineEntry(
                        proposal_id=proposal_id,
                        stage="review",
                        code=TimelineCode.THRESHOLD_REACHED,
                        note="",
                        href="",
                        at=at,
                    )
                )

    return verb


def assert_true_to_itself(world, proposal_id, outcome, *, before=0):
    """The count is the number of rows, the review began once, nothing broke."""
    with world.read() as session:
        row = session.get_one(Proposal, proposal_id, populate_existing=True)
        rows = session.query(Endorsement).filter_by(proposal_id=proposal_id).count()
        began = (
            session.query(TimelineEntry)
            .filter_by(proposal_id=proposal_id, code=TimelineCode.THRESHOLD_REACHED)
            .count()
        )
        assert outcome.broken == []
        assert row.endorsement_count == rows == before + outcome.done
        assert began == (1 if rows >= row.threshold else 0)
        assert rows <= row.threshold
        assert (row.state is ProposalState.REVIEW) == (began == 1)


@pytest.fixture
def reached(world):
    """The facts that a threshold was reached, as the rest of the product hears them."""
    heard = []
    house = world.app.extensions["house"]
    house.on_committed(ThresholdReached, heard.append)
    yield heard
    house.bus._listeners[ThresholdReached].remove(heard.append)


def test_fifty_people_press_at_once_and_the_twentieth_begins_the_review(world, reached):
    proposal_id = steps.endorsing(world)
    people = world.residents(50)
    outcome = crowd(world, people, carefully(world, proposal_id))
    assert_true_to_itself(world, proposal_id, outcome)
    assert outcome.done == 20
    assert outcome.refused == [ProposalRefusal.REVIEW_BEGAN] * 30
    assert len(reached) == 1


def test_fifty_people_press_for_the_last_place(world, reached):
    proposal_id = steps.endorsing(world)
    for person_id in world.residents(19):
        steps.endorse(world, proposal_id, person_id)
    outcome = crowd(world, world.residents(50), carefully(world, proposal_id))
    assert_true_to_itself(world, proposal_id, outcome, before=19)
    assert outcome.done == len(reached) == 1


def test_one_person_pressing_eight_times_at_once_is_counted_once(world):
    proposal_id = steps.endorsing(world)
    outcome = crowd(world, [world.resident()] * 8, carefully(world, proposal_id))
    assert_true_to_itself(world, proposal_id, outcome)
    assert outcome.done == 1
    assert outcome.refused == [ProposalRefusal.ALREADY_ENDORSED] * 7


def test_endorsing_and_taking_back_at_once_leaves_a_true_count(world):
    proposal_id = steps.endorsing(world)
    staying, leaving = world.residents(10), world.residents(10)
    for person_id in leaving:
        steps.endorse(world, proposal_id, person_id)
    careful = carefully(world, proposal_id)

    def verb(person_id):
        if person_id in staying:
            careful(person_id)
            return
        with write_transaction(db.session) as session:
            by = standing(session, person_id, at=world.at)
            actions.withdraw_endorsement(session, proposal_id, by=by, at=world.at)

    outcome = crowd(world, staying + leaving, verb)
    assert (outcome.done, outcome.broken, outcome.refused) == (20, [], [])
    with world.read() as session:
        assert session.get_one(Proposal, proposal_id).endorsement_count == 10
        assert session.query(Endorsement).filter_by(proposal_id=proposal_id).count() == 10


def test_the_same_crowd_catches_an_endorsement_that_only_looks_before_it_writes(world):
    """Proof that the assertions above can fail."""
    steps.rule(world, threshold=2)
    proposal_id = steps.endorsing(world)
    people = world.residents(8)
    outcome = crowd(world, people, naively(proposal_id, threading.Barrier(len(people))))
    with pytest.raises(AssertionError):
        assert_true_to_itself(world, proposal_id, outcome)


def test_the_job_closes_a_missed_window_once_from_many_workers(world, clock):
    proposal_id = steps.endorsing(world)
    clock.at = world.at.replace(year=2022)

    def verb(_worker):
        with write_transaction(db.session) as session:
            actions.close_missed_windows(session, at=world.at)

    outcome = crowd(world, list(range(6)), verb)
    assert outcome.broken == []
    with world.read() as session:
        missed = session.query(TimelineEntry).filter_by(code=TimelineCode.WINDOW_MISSED).all()
        assert [entry.proposal_id for entry in missed] == [proposal_id]
