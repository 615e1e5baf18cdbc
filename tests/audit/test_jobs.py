"""The daily anchor: what it binds, that it is written once a day, and what it asks for."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.audit import jobs, queries
from app.audit.actions import anchor_heads
from app.core.bus import record
from app.core.clock import seoul_moment
from app.places.actions import load_district
from app.web.database import db, write
from tests.audit.support import (
    at_once,
    drop_guards,
    endorsed,
    policy_set,
    restore_guards,
)
from tests.support.statements import statements

NIGHT = seoul_moment(date(2021, 3, 3), 0, 1)
HEADS = ("max(audit_row.seq)", "ORDER BY audit_row.seq DESC")


@pytest.fixture
def three_acts(world):
    with world.write() as session:
        record(session, endorsed(world, count=1))
        record(session, endorsed(world, by=8, count=2))
        record(session, policy_set(world))
    return world


def anchor_daily(world):
    with world.app.app_context():
        jobs.anchor_daily(db.session, write, at=world.at)


def anchors(world):
    """What the district's record binds, anchor by anchor."""
    with world.read() as session:
        district = world.place(session, "geumcheon")
        found = queries.chain_rows(session, "district", district.id, limit=100)
        return [[tuple(head[:3]) for head in row.said["heads"]] for row in reversed(found)]


def act_on_topic(world, topic_id=1, *, at=None):
    with world.write() as session:
        fact = endorsed(world, topic_id)
        object.__setattr__(fact, "at", at or world.at)
        record(session, fact)


def test_the_heads_that_moved_are_bound_once_a_seoul_day(three_acts, clock):
    clock.at = seoul_moment(date(2021, 3, 2), 23, 59)
    for _ in range(3):
        anchor_daily(three_acts)
    clock.at = NIGHT
    anchor_daily(three_acts)
    assert anchors(three_acts) == [[("place", 1, 1), ("topic", 1, 2)]], "nothing moved since"
    act_on_topic(three_acts)
    anchor_daily(three_acts)
    act_on_topic(three_acts)
    anchor_daily(three_acts)
    assert anchors(three_acts)[1:] == [[("topic", 1, 3)]]
    clock.at += timedelta(days=30)
    anchor_daily(three_acts)
    assert anchors(three_acts)[2:] == [[("topic", 1, 4)]]


def test_what_was_on_its_way_while_the_anchor_was_written_is_bound_by_the_next(three_acts, clock):
    clock.at = NIGHT
    anchor_daily(three_acts)
    act_on_topic(three_acts, at=NIGHT - timedelta(minutes=50))
    act_on_topic(three_acts, 2, at=NIGHT)
    clock.at += timedelta(days=1)
    anchor_daily(three_acts)
    assert anchors(three_acts)[1:] == [[("topic", 1, 3), ("topic", 2, 1)]]
    clock.at += timedelta(days=1)
    anchor_daily(three_acts)
    assert len(anchors(three_acts)) == 2


def test_an_anchor_just_before_midnight_and_one_just_after_it_bind_each_row_once(three_acts, clock):
    clock.at = NIGHT - timedelta(minutes=2)
    anchor_daily(three_acts)
    act_on_topic(three_acts)
    clock.at = NIGHT
    anchor_daily(three_acts)
    clock.at += timedelta(days=1)
    anchor_daily(three_acts)
    assert anchors(three_acts)[1:] == [[("topic", 1, 3)]]


def test_each_district_binds_the_heads_in_a_record_of_its_own(three_acts, tmp_path):
    file = tmp_path / "elsewhere.toml"
    file.write_text(
        '[district]\nslug = "elsewhere"\nname = "다른구"\ncode = "EW"\n'
        '[[dong]]\nslug = "elsewhere1"\nname = "다른1동"\ncode = "EW1"\n'
        '[[department]]\nslug = "parks"\nname = "공원과"\n',
        encoding="utf-8",
    )
    with three_acts.write() as session:
        elsewhere = load_district(session, file).id
    anchor_daily(three_acts)
    with three_acts.read() as session:
        (anchor,) = queries.chain_rows(session, "district", elsewhere, limit=2)
    assert [tuple(head[:3]) for head in anchor.said["heads"]] == anchors(three_acts)[0]


def test_a_quiet_turn_asks_by_time_begins_no_write_and_reads_no_head(three_acts, clock):
    clock.at = NIGHT - timedelta(minutes=90)
    act_on_topic(three_acts)
    clock.at = NIGHT
    anchor_daily(three_acts)
    assert len(anchors(three_acts)) == 1
    with statements(three_acts.app) as sent:
        anchor_daily(three_acts)
    assert len(sent) == 2, "a day that has its anchor asks for nothing more"
    clock.at += timedelta(days=1)
    with statements(three_acts.app) as sent:
        anchor_daily(three_acts)
    districts, newest, since = sent
    assert "FROM place" in districts
    assert "details" not in newest
    assert "audit_row.at >= " in since


def test_what_moved_shortly_before_the_anchor_is_compared_with_it_and_not_read(three_acts, clock):
    clock.at = NIGHT - timedelta(minutes=2)
    act_on_topic(three_acts)
    clock.at = NIGHT
    anchor_daily(three_acts)
    clock.at += timedelta(days=1)
    with statements(three_acts.app) as sent:
        anchor_daily(three_acts)
    assert len(sent) == 4
    assert not any("digest" in one and "details" not in one for one in sent)


def test_heads_are_read_before_the_write_and_only_those_that_moved(three_acts, clock):
    for topic_id in range(2, 30):
        act_on_topic(three_acts, topic_id)
    anchor_daily(three_acts)
    clock.at = NIGHT + timedelta(hours=3)
    act_on_topic(three_acts, 7)
    with statements(three_acts.app) as sent:
        anchor_daily(three_acts)
    assert anchors(three_acts)[1:] == [[("topic", 7, 2)]]
    begun = next(i for i, one in enumerate(sent) if "FROM place" in one and "kind" not in one)
    assert sum(any(words in one for words in HEADS) for one in sent[:begun]) <= 3
    assert not any("max(" in one for one in sent[begun:])


def plan(session, statement, **given):
    """How the database would look a statement up among many rows."""
    line = session.connection()
    asked = statement.compile(dialect=line.dialect)
    values = asked.construct_params(given)
    if line.dialect.name == "sqlite":
        numbered = tuple(str(values[name]) for name in asked.positiontup)
        return str(line.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", numbered).all())
    line.execute(text("SET enable_seqscan = off"))  # a few rows it would sooner read whole
    found = str(line.exec_driver_sql(f"EXPLAIN {asked}", values).all())
    line.execute(text("RESET enable_seqscan"))
    return found


def test_acts_since_a_moment_are_found_by_their_times(three_acts):
    """Were they not, each quiet turn would walk over every act there ever was."""
    with three_acts.read() as session:
        assert "ix_audit_row_at" in plan(session, queries._SINCE, since=NIGHT)


def test_an_anchor_that_another_process_wrote_meanwhile_is_not_written_beside_it(three_acts):
    with three_acts.read() as session:
        district_id = three_acts.place(session, "geumcheon").id
        moved = queries.moved_heads(session, district_id, None)
    anchor_daily(three_acts)
    with three_acts.write() as session:
        assert not anchor_heads(session, district_id, moved, after=0, at=three_acts.at)
    assert len(anchors(three_acts)) == 1


@pytest.mark.race
def test_the_anchor_of_a_day_is_written_once_by_many_processes(three_acts):
    assert at_once(three_acts, *[lambda: anchor_daily(three_acts)] * 8) == []
    assert len(anchors(three_acts)) == 1


@pytest.fixture
def unguarded(three_acts):
    """The record after someone with the database's password took its guards away."""
    drop_guards(three_acts)
    yield three_acts
    restore_guards(three_acts)


def test_the_newest_row_of_a_chain_cannot_go_once_it_is_anchored(unguarded):
    anchor_daily(unguarded)
    with unguarded.read() as session:
        assert queries.lost_heads(session) == []
    with unguarded.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_row WHERE chain = 'topic' AND seq = 2"))
    with unguarded.read() as session:
        assert queries.broken_chains(session) == [], "a shorter chain still fits together"
        assert queries.lost_heads(session) == [("topic", 1, 2)]
