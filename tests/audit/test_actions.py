"""Every act leaves one row in its own transaction, on a chain without gaps."""

import threading
from collections import defaultdict
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.audit import queries
from app.audit.actions import anchor_heads
from app.audit.jobs import anchor_daily
from app.audit.models import AuditRow
from app.core.append_only import missing_triggers, statements
from app.core.bus import record
from app.core.clock import seoul_moment
from app.proposals import actions as proposals
from app.proposals.facts import ProposalEndorsed
from app.proposals.models import Proposal, TimelineEntry
from app.residents.models import Person, Role
from app.room.facts import MessagePosted
from app.web.database import db
from tests.audit.support import audited_facts, endorsed, policy_set
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


def drop_guards(world):
    with world.app.app_context(), db.engine.begin() as connection:
        on_table = " ON audit_row" if connection.dialect.name == "postgresql" else ""
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_row_refuses_{verb}{on_table}"))


def restore_guards(world):
    with world.app.app_context(), db.engine.begin() as connection:
        for statement in statements("audit_row", connection.dialect.name):
            connection.execute(text(statement))


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


# ---------------------------------------------------------------- the daily anchor


def anchor(world):
    with world.write() as session:
        return anchor_heads(session, world.place(session, "geumcheon"), at=world.at)


def anchors(world):
    with world.read() as session:
        district = world.place(session, "geumcheon")
        return queries.chain_rows(session, "district", district.id, limit=100)


def test_the_heads_are_anchored_once_a_seoul_day(three_acts, clock):
    clock.at = seoul_moment(date(2021, 3, 2), 23, 59)
    assert anchor(three_acts)
    assert not anchor(three_acts)
    clock.at = seoul_moment(date(2021, 3, 3), 0, 1)
    assert not anchor(three_acts), "nothing moved since"
    with three_acts.write() as session:
        record(session, endorsed(three_acts, count=4))
    assert anchor(three_acts)
    newest = anchors(three_acts)[0]
    assert newest.seq == 2
    assert '["topic",1,4,' in newest.details
    assert '"place"' not in newest.details


def test_the_job_anchors_every_district_and_is_idempotent(three_acts):
    for _ in range(3):
        with three_acts.write() as session:
            anchor_daily(session, at=three_acts.at)
    assert len(anchors(three_acts)) == 1


def test_the_newest_row_of_a_chain_cannot_go_once_it_is_anchored(unguarded):
    with unguarded.write() as session:
        anchor_daily(session, at=unguarded.at)
    with unguarded.read() as session:
        assert queries.lost_heads(session) == []
    with unguarded.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_row WHERE chain = 'topic' AND seq = 3"))
    with unguarded.read() as session:
        assert queries.broken_chains(session) == [], "a shorter chain still fits together"
        assert queries.lost_heads(session) == [("topic", 1, 3)]


# ---------------------------------------------------------------- many at once


def at_once(world, *acts):
    """Run acts in threads with connections of their own; return what they raised."""
    barrier, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with world.app.app_context():
                db.session.connection()
                barrier.wait(30)
                act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


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


@pytest.mark.race
def test_the_anchor_of_a_day_is_written_once_by_many_processes(three_acts):
    def act():
        with three_acts.write() as session:
            anchor_daily(session, at=three_acts.at)

    assert at_once(three_acts, *[act] * 8) == []
    assert len(anchors(three_acts)) == 1


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
