"""The migrations make what the models say, both ways, with rows inside, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from app.core import sendings
from app.core.append_only import missing_triggers
from app.core.clock import FixedClock
from app.core.orm import Base
from app.factory import alembic, create_app, prepare_database
from app.residents.models import Person
from app.settings import Settings
from app.web.database import db
from tests.conftest import fresh_database
from tests.forum.claims import Talk
from tests.forum.steps import Forum
from tests.support.world import START, World

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def bare_app(settings: Settings, tmp_path: Path, worker: str) -> Iterator[Flask]:
    """The product before its database has any table."""
    with fresh_database(f"migrating_{worker}", tmp_path) as url:
        app = create_app(replace(settings, database_url=url), clock=FixedClock(START))
        with app.app_context():
            yield app
            db.session.close()
            db.engine.dispose()


def tables() -> set[str]:
    found = inspect(db.engine).get_table_names()
    return {name for name in found if not name.startswith(("alembic", "proposal_search"))}


def test_the_newest_revision_makes_exactly_what_the_models_say(bare_app):
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    assert tables() == set(Base.metadata.tables)


def test_every_revision_goes_down_and_up_again_with_rows_inside(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    world.resident("doksan1")
    db.session.close()
    db.engine.dispose()
    alembic.downgrade("base")
    assert tables() == set()
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    world = World(bare_app, FixedClock(START))
    assert world.resident("doksan1")


def test_what_stood_before_the_newer_revisions_survives_them_both_ways(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    talk = Talk(world, Forum(world))
    talk.two_camps(4)
    talk.draw()
    gone = world.person()
    with world.write() as session:
        person = session.get_one(Person, gone)
        person.withdrawn_at, person.masked_name = world.at, ""
        sendings.take(session, b"key", at=world.at)
    before = _people_and_topics()
    assert before[gone] == ""
    alembic.downgrade("0001")
    newer = {"sending", "claim", "weighing", "agreement_map"}
    assert tables() == set(Base.metadata.tables) - newer
    assert _people_and_topics() == before | {gone: "탈퇴한 주민"}
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    assert _people_and_topics() == before


def _people_and_topics() -> dict[object, object]:
    """Return what everybody is called, and how many topics there are; let go of the database."""
    db.session.close()
    with db.engine.connect() as connection:
        names = connection.execute(text("SELECT id, masked_name FROM person")).all()
        topics = connection.scalar(text("SELECT count(*) FROM topic"))
    db.engine.dispose()
    return {**{row.id: row.masked_name for row in names}, "topics": topics}


def test_rows_survive_an_upgrade_that_has_nothing_to_do(bare_app):
    alembic.upgrade()
    person_id = World(bare_app, FixedClock(START)).resident("doksan1")
    db.session.close()
    alembic.upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person")) >= 1
        assert connection.scalar(
            text("SELECT count(*) FROM membership WHERE person_id = :id"), {"id": person_id}
        )


def test_the_guards_stand_after_the_migrations(bare_app):
    prepare_database()
    with db.engine.connect() as connection:
        assert missing_triggers(connection) == []


def test_a_database_that_lost_a_guard_is_not_served(bare_app):
    prepare_database()
    with db.engine.begin() as connection:
        on = " ON audit_row" if db.engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER audit_row_refuses_delete{on}"))
    with pytest.raises(RuntimeError, match="audit_row_refuses_delete"):
        prepare_database()
