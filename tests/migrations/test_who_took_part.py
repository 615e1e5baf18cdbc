"""How many took part in a counted ballot, through the migrations that brought and checked it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.clock import FixedClock
from app.factory import alembic
from app.residents.models import Role
from app.web.database import db
from tests.ballots.conftest import Polls
from tests.support.world import START, World


@pytest.fixture
def counted(bare_app):
    """A ballot in which two of three voted and, as its count says, three took part."""
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    polls = Polls(world, bare_app.extensions["settings"].keys_path, *_staff(world))
    people = polls.crowd(3)
    ballot_id = polls.opened()
    for person in people[:2]:
        polls.cast(ballot_id, person, 1)
    polls.close(ballot_id)
    polls.count(ballot_id)
    _write("UPDATE ballot SET took_part = 3")
    return ballot_id


def _staff(world):
    return [world.staff(role, "doksan1") for role in (Role.CLERK, Role.OFFICER, Role.OBSERVER)]


def _write(statement):
    db.session.close()
    try:
        with db.engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        db.engine.dispose()


def _told():
    with db.engine.connect() as connection:
        row = connection.execute(text("SELECT cast_count, took_part FROM ballot")).one()
    db.engine.dispose()
    return tuple(row)


def test_no_count_says_that_fewer_took_part_than_voted(counted):
    with pytest.raises(IntegrityError):
        _write("UPDATE ballot SET took_part = 1")
    _write("UPDATE ballot SET took_part = 2")
    assert _told() == (2, 2)


def test_the_check_goes_and_comes_and_what_was_counted_stays(counted):
    alembic.downgrade("0015")
    assert _told() == (2, 3)
    alembic.upgrade()
    assert _told() == (2, 3)
    assert alembic.compare_metadata() == []
    with pytest.raises(IntegrityError):
        _write("UPDATE ballot SET took_part = 1")


def test_who_took_part_goes_with_its_column_and_the_ballot_stays(counted):
    alembic.downgrade("0013")
    alembic.upgrade()
    assert _told() == (2, None)
    assert alembic.compare_metadata() == []
