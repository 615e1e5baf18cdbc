"""Every act leaves one row in its own transaction, on a chain without gaps."""

from collections import defaultdict

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.audit import queries
from app.audit.models import AuditRow
from app.core.append_only import missing_triggers
from app.core.bus import record
from app.proposals import actions as proposals
from app.proposals.facts import ProposalEndorsed
from app.proposals.models import Proposal, TimelineEntry
from app.residents.models import Person, Role
from app.room.facts import MessagePosted
from app.web.database import db
from tests.audit.support import (
    at_once,
    audited_facts,
    drop_guards,
    endorsed,
    policy_set,
    restore_guards,
)
from tests.proposals import steps
from tests.support.world import START


def rows_of(world, chain="topic", subject_id=1):
    with world.read() as session:
        found = queries.chain_rows(session, chain, subject_id, limit=1000)
        return [(row.seq, row.act, row.by) for row in reversed(found)]


@pytest.fixture
def three_acts(world):
    with world.write() as session:
        record(session, endorsed(world, count=1))
        record(session, endorsed(world, by=8, count=2))
        record(session, policy_set(world))
    with world.write() as session:
        record(session, endorsed(world, by=9, count=3))
    return world


def test_every_act_leaves_one_row_on_its_aggregates_chain(three_acts):
    assert rows_of(three_acts) == [
        (1, "OpinionEndorsed", 7),
        (2, "OpinionEndorsed", 8),
        (3, "OpinionEndorsed", 9),
    ]
    assert rows_of(three_acts, "place") == [(1, "EndorsementPolicySet", None)]
    with three_acts.read() as session:
        assert queries.broken_chains(session) == []


def test_what_the_product_does_is_chained_through_its_actions(world):
    person_id = world.resident()
    assert [act for _, act, _ in rows_of(world, "person", person_id)] == ["ResidentVerified"]
    world.grant(person_id, Role.CHAIR)
    assert rows_of(world, "person", person_id)[-1] == (2, "RoleGranted", None)


def test_a_write_that_is_rolled_back_leaves_no_row_and_no_gap(three_acts):
    def fail_after_recording():
        with three_acts.write() as session:
            record(session, endorsed(three_acts, count=4))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_recording()
    assert len(rows_of(three_acts)) == 3
    with three_acts.write() as session:
        record(session, endorsed(three_acts, count=4))
    assert [seq for seq, _, _ in rows_of(three_acts)] == [1, 2, 3, 4]


def test_a_fact_that_is_no_act_leaves_no_row(world):
    with world.write() as session:
        record(session, MessagePosted(at=world.at, by=7, assembly_id=1, message_id=1))
    with world.read() as session:
        assert session.scalar(select(func.count()).where(AuditRow.act == "MessagePosted")) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_row SET act = 'Nothing'",
        "UPDATE audit_row SET by = NULL WHERE seq = 2",
        "DELETE FROM audit_row WHERE seq = 3",
        "DELETE FROM audit_row",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_a_row(three_acts, statement):
    with pytest.raises(DBAPIError, match="append-only"), three_acts.write() as session:
        session.execute(text(statement))
    with three_acts.read() as session:
        assert queries.broken_chains(session) == []


@pytest.fixture
def unguarded(three_acts):
    """The record after someone with the database's password took its guards away."""
    drop_guards(three_acts)
    yield three_acts
    restore_guards(three_acts)


@pytest.mark.parametrize(
    ("tampering", "row"),
    [
        ("UPDATE audit_row SET by = 99 WHERE chain = 'topic' AND seq = 2", 2),
        ("UPDATE audit_row SET details = '{}' WHERE chain = 'topic' AND seq = 3", 3),
        ("DELETE FROM audit_row WHERE chain = 'topic' AND seq = 1", 1),
        ("DELETE FROM audit_row WHERE chain = 'topic' AND seq = 2", 2),
    ],
)
def test_a_changed_or_removed_row_is_found(unguarded, tampering, row):
    with unguarded.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(tampering))
    with unguarded.read() as session:
        assert queries.broken_chains(session) == [("topic", 1, row)]
        assert queries.misfit(session, "topic", 1) == row
        assert queries.misfit(session, "place", 1) is None


def test_missing_guards_are_named_and_can_be_restored(unguarded):
    with unguarded.read() as session:
        assert missing_triggers(session.connection()) == [
            "audit_row_refuses_update",
            "audit_row_refuses_delete",
        ]
    restore_guards(unguarded)
    with unguarded.read() as session:
        assert missing_triggers(session.connection()) == []


# ---------------------------------------------------------------- many at once


@pytest.mark.race
def test_acts_on_one_aggregate_at_once_leave_a_chain_without_gaps(world):
    def act():
        for count in range(5):
            with world.write() as session:
                record(session, endorsed(world, count=count))

    assert at_once(world, *[act] * 8) == []
    assert [seq for seq, _, _ in rows_of(world)] == list(range(1, 41))
    with world.read() as session:
        assert queries.broken_chains(session) == []


@pytest.mark.race
def test_writes_that_tell_of_two_aggregates_in_either_order_do_not_lock_each_other_out(world):
    def topic_first():
        for _ in range(5):
            with world.write() as session:
                record(session, endorsed(world))
                record(session, policy_set(world))

    def place_first():
        for _ in range(5):
            with world.write() as session:
                record(session, policy_set(world))
                record(session, endorsed(world))

    assert at_once(world, *[topic_first, place_first] * 4) == []
    assert len(rows_of(world)) == len(rows_of(world, "place")) == 40


@pytest.mark.race
def test_a_row_lock_taken_after_recording_does_not_wait_behind_a_chain(world):
    """One write records and then locks a row; the other locks the row and then records."""
    person_id = world.person()

    def lock(session):
        session.execute(select(Person.id).where(Person.id == person_id).with_for_update())

    def record_then_lock():
        for _ in range(5):
            with world.write() as session:
                record(session, endorsed(world))
                lock(session)

    def lock_then_record():
        for _ in range(5):
            with world.write() as session:
                lock(session)
                record(session, endorsed(world))

    assert at_once(world, *[record_then_lock, lock_then_record] * 3) == []
    assert len(rows_of(world)) == 30


def endorsed_proposal(world, proposal_id):
    return ProposalEndorsed(at=world.at, by=7, proposal_id=proposal_id, count=1)


def taken(**how):
    """Take a proposal's row in one of the database's four ways."""
    return lambda session, proposal_id: session.execute(
        select(Proposal.id).where(Proposal.id == proposal_id).with_for_update(**how)
    )


def referred_to(session, proposal_id):
    """Write a row that refers to a proposal, which keeps it from going away and no more."""
    session.add(TimelineEntry(proposal_id=proposal_id, stage="forum", code="replied", at=START))


@pytest.mark.postgres
@pytest.mark.parametrize(
    "hold",
    [
        lambda session, proposal_id: None,
        referred_to,
        taken(read=True),
        taken(read=True, key_share=True),
    ],
    ids=["not", "referred_to", "shared", "key_shared"],
)
def test_an_act_upon_a_row_that_is_not_held_for_changing_it_is_found(world, hold):
    proposal_id = steps.published(world)

    def act():
        with world.write() as session:
            hold(session, proposal_id)
            record(session, endorsed_proposal(world, proposal_id))

    with pytest.raises(AssertionError, match="without its proposal"):
        act()


@pytest.mark.postgres
@pytest.mark.parametrize("hold", [taken(), taken(key_share=True)], ids=["whole", "but_its_key"])
def test_a_chain_without_a_lock_of_its_own_is_written_on_under_its_aggregates_row(world, hold):
    proposal_id = steps.published(world)
    with world.write() as session:
        hold(session, proposal_id)
        record(session, endorsed_proposal(world, proposal_id))
    assert rows_of(world, "proposal", proposal_id)[-1][1:] == ("ProposalEndorsed", 7)


@pytest.mark.postgres
@pytest.mark.parametrize("beside", [1, 2], ids=["free", "nowhere"])
def test_of_several_aggregates_each_is_held_and_each_is_there(world, beside):
    held, _free = steps.published(world), steps.published(world)

    def act():
        with world.write() as session:
            proposals.hold_proposals(session, [held])
            record(session, endorsed_proposal(world, held))
            record(session, endorsed_proposal(world, held + beside))

    with pytest.raises(AssertionError, match="without its proposal"):
        act()


def test_all_facts_of_a_chain_say_the_same_of_its_row():
    said = defaultdict(set)
    for kind in audited_facts():
        said[kind.chain].add(kind.held)
    assert {chain for chain, held in said.items() if held == {True}} == {"ballot", "proposal"}
    assert [chain for chain, held in said.items() if len(held) > 1] == []
