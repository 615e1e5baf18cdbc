"""Facts are told at two moments, and lost with what caused them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from app.core.bus import Bus, Fact, record
from app.core.database import write_transaction
from app.web.database import db

AT = datetime(2021, 3, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Rung(Fact):
    chain: ClassVar[str] = "bell"
    bell_id: int


@dataclass(frozen=True, kw_only=True)
class RungTwice(Rung):
    pass


@pytest.fixture
def session(app):
    with app.app_context():
        yield db.session


@pytest.fixture
def bus(session):
    """A bus of our own on this session."""
    before = session.info["bus"]
    session.info["bus"] = Bus()
    yield session.info["bus"]
    session.info["bus"] = before


def test_a_fact_is_recorded_inside_and_delivered_after_the_commit(session, bus):
    told = []
    bus.on_recorded(Rung, lambda s, fact: told.append(("recorded", fact.bell_id, s is session)))
    bus.on_committed(Rung, lambda fact: told.append(("committed", fact.bell_id)))
    with write_transaction(session):
        record(session, Rung(at=AT, by=1, bell_id=1))
        record(session, Rung(at=AT, by=1, bell_id=2))
        assert told == [("recorded", 1, True), ("recorded", 2, True)]
    assert told[2:] == [("committed", 1), ("committed", 2)]


def test_nothing_is_delivered_of_a_write_that_failed(session, bus):
    told = []
    bus.on_committed(Rung, told.append)

    def fail():
        with write_transaction(session):
            record(session, Rung(at=AT, by=1, bell_id=1))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with write_transaction(session):
        record(session, Rung(at=AT, by=1, bell_id=2))
    assert [fact.bell_id for fact in told] == [2]


def test_a_recorder_that_fails_takes_the_write_with_it(session, bus):
    def refuse(s, fact):
        raise LookupError

    told = []
    bus.on_recorded(Rung, refuse)
    bus.on_committed(Rung, told.append)
    with pytest.raises(LookupError), write_transaction(session):
        record(session, Rung(at=AT, by=1, bell_id=1))
    assert told == []


def test_whoever_asks_for_a_kind_hears_its_kinds_too(session, bus):
    told = []
    bus.on_committed(Fact, lambda fact: told.append("fact"))
    bus.on_committed(Rung, lambda fact: told.append("rung"))
    bus.on_committed(RungTwice, lambda fact: told.append("twice"))
    with write_transaction(session):
        record(session, RungTwice(at=AT, by=None, bell_id=1))
    assert told == ["twice", "rung", "fact"]


def test_a_fact_outside_a_write_is_a_mistake_of_ours(session, bus):
    with pytest.raises(RuntimeError, match="Rung recorded outside a write"):
        record(session, Rung(at=AT, by=1, bell_id=1))


def test_the_details_of_a_fact_leave_out_when_and_who():
    assert Rung(at=AT, by=1, bell_id=3).details() == {"bell_id": 3}


def test_the_field_named_after_the_chain_says_which_aggregate_a_fact_is_about():
    assert Rung(at=AT, by=1, bell_id=3).subject_id == 3
    with pytest.raises(AttributeError):
        _ = Fact(at=AT, by=1).subject_id
