"""Many people at once on real connections: one row each, one transition, a count that is true."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditRow
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
    Verdict,
)
from app.proposals.policy import ProposalRefusal
from app.residents.queries import standing
from app.web.database import db
from tests.proposals import steps
from tests.support.meeting import meet

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
            actions.endorse(session, proposal_id, person_id=person_id, at=world.at)

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
            actions.withdraw_endorsement(session, proposal_id, person_id=person_id, at=world.at)

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


NEW_WORDS = {"title": "쉼터 말고 주차장", "sense": "차를 댈 곳", "body": "차가 많습니다."}
ANSWER = {"reason": "구 소유 땅이라 쉼터로 꾸밀 수 있습니다.", "planned_on": date(2021, 10, 1)}


def publish(session, proposal, by, at):
    actions.publish_proposal(session, proposal, by=by, at=at)


def revise(session, proposal, by, at):
    actions.revise_draft(
        session, proposal, place=proposal.place, field=proposal.field, **NEW_WORDS, by=by, at=at
    )


def discard(session, proposal, by, at):
    del at
    actions.discard_draft(session, proposal, by=by)


def let_pass(session, proposal, by, at):
    actions.pass_precheck(session, proposal, by=by, at=at)


def let_fail(session, proposal, by, at):
    actions.fail_precheck(session, proposal, reason="구의 일이 아닙니다", by=by, at=at)


def adopt(session, proposal, by, at):
    actions.reply_to_proposal(session, proposal, verdict=Verdict.ADOPTED, **ANSWER, by=by, at=at)


def reject(session, proposal, by, at):
    actions.reply_to_proposal(session, proposal, verdict=Verdict.REJECTED, **ANSWER, by=by, at=at)


def drafted(world):
    author = world.resident()
    return steps.draft(world, author), author


def handed_in(world):
    return steps.published(world), world.registrar()


def handed_over(world):
    return steps.assigned(world), steps.department_officer(world)


def acts_upon(world, proposal_id):
    with world.read() as session:
        return session.scalars(
            select(AuditRow.act)
            .where(AuditRow.chain == "proposal", AuditRow.subject_id == proposal_id)
            .order_by(AuditRow.seq)
        ).all()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("begin", "first", "late", "refusal", "left"),
    [
        (drafted, publish, publish, [], ["ProposalPublished"]),
        (drafted, publish, revise, [ProposalRefusal.NOT_DRAFT], ["ProposalPublished"]),
        (drafted, publish, discard, [ProposalRefusal.NOT_DRAFT], ["ProposalPublished"]),
        (drafted, discard, publish, [ProposalRefusal.UNKNOWN], []),
        (drafted, discard, revise, [ProposalRefusal.UNKNOWN], []),
        (drafted, discard, discard, [ProposalRefusal.UNKNOWN], []),
        (handed_in, let_fail, let_pass, [ProposalRefusal.NOT_IN_PRECHECK], ["PrecheckFailed"]),
        (handed_in, let_pass, let_fail, [ProposalRefusal.NOT_IN_PRECHECK], ["PrecheckPassed"]),
        (handed_over, reject, adopt, [ProposalRefusal.ALREADY_REPLIED], ["ProposalReplied"]),
    ],
)
def test_whoever_waited_for_a_proposal_decides_on_what_became_of_it(
    world, begin, first, late, refusal, left
):
    """The late one has read the proposal before it waits for its row; what it read is past."""
    proposal_id, person_id = begin(world)
    before = len(acts_upon(world, proposal_id))

    def act(verb, session):
        proposal = session.get_one(Proposal, proposal_id)
        verb(session, proposal, standing(session, person_id, at=world.at), world.at)

    def come_late():
        with world.write() as session:
            act(late, session)

    def hold(session):
        actions.hold_proposals(session, [proposal_id])

    failures = meet(world, hold, come_late, partial(act, first))
    assert [getattr(failure, "refusal", failure) for failure in failures] == refusal
    assert acts_upon(world, proposal_id)[before:] == left
