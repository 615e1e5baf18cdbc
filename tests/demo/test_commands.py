"""What the demo's commands refuse, and which databases the demo leaves alone."""

import dataclasses
import sqlite3

import pytest

from app import serve
from app.core.bus import record
from app.core.clock import FixedClock
from app.core.database import write_transaction
from app.demo import running
from app.demo.teller import STORY_BEGINS
from app.factory import create_app, prepare_database
from app.residents import actions as residents
from app.settings import Environment
from app.web.database import db
from tests.audit.support import policy_set
from tests.support.world import World


def run(app, *words):
    return app.test_cli_runner().invoke(args=["demo", *words])


def test_a_year_is_told_only_into_an_empty_database(world, app):
    result = run(app, "story")
    assert result.exit_code == 1
    assert "not empty" in result.output


@pytest.mark.parametrize("command", ["reset", "keep-open"])
def test_only_a_demonstration_is_reset_or_kept_open(world, app, command):
    result = run(app, command)
    assert result.exit_code == 1
    assert "DEMO=1" in result.output
    assert not running.is_empty(app)


@pytest.mark.parametrize("command", ["story", "reset", "keep-open"])
def test_production_knows_no_demonstration(settings, command, tmp_path):
    production = dataclasses.replace(
        settings,
        environment=Environment.PRODUCTION,
        database_url=f"sqlite:///{tmp_path / 'madang.db'}",
    )
    result = run(create_app(production), command)
    assert result.exit_code == 1
    assert "refused in production" in result.output


def test_a_database_of_its_own_is_left_alone(world, app):
    person = world.resident()
    running.keep_open(app)
    with world.read() as session:
        from app.proposals.models import Proposal

        assert session.query(Proposal).count() == 0
        assert world.standing(session, person).is_verified


# ---------------------------------------------------------------- whose database it is


@pytest.fixture
def at_home(settings, tmp_path):
    """The settings of an installation whose database is a file in a folder of its own."""
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "tally-7.key").write_bytes(b"k" * 32)
    return dataclasses.replace(
        settings, instance_path=tmp_path, database_url=f"sqlite:///{tmp_path / 'madang.db'}"
    )


def as_demo(settings):
    return dataclasses.replace(settings, demo=True)


def prepared(settings):
    app = create_app(settings, clock=FixedClock(STORY_BEGINS))
    with app.app_context():
        prepare_database()
    return app


def untouched(settings):
    pass


def emptied(settings):
    prepared(settings)


def told(settings):
    """Leave what the first act of the year does; nothing else tells a told database."""
    app = prepared(settings)
    with app.app_context(), write_transaction(db.session) as session:
        residents.add_person(session, name="김새봄", at=STORY_BEGINS)
        record(session, policy_set(World(app, FixedClock(STORY_BEGINS), has_district=True)))


def of_somebody(settings):
    app = prepared(settings)
    with app.app_context(), write_transaction(db.session) as session:
        residents.add_person(session, name="김새봄", at=STORY_BEGINS)


def of_another_program(settings):
    with sqlite3.connect(settings.instance_path / "madang.db") as database:
        database.execute("CREATE TABLE recipe (name TEXT)")
    database.close()


@pytest.mark.parametrize(
    ("database", "may_go"),
    [
        (untouched, True),
        (emptied, True),
        (told, True),
        (of_somebody, False),
        (of_another_program, False),
    ],
)
def test_only_a_told_or_an_empty_database_is_thrown_away(at_home, database, may_go):
    database(at_home)
    assert running.may_be_thrown_away(create_app(as_demo(at_home))) is may_go


def test_no_reset_deletes_what_the_demo_did_not_tell(at_home):
    of_somebody(at_home)
    files = {file.name for file in at_home.instance_path.iterdir()}
    app = create_app(as_demo(at_home))
    result = run(app, "reset")
    assert result.exit_code == 1
    assert "nothing was deleted" in result.output
    assert "INSTANCE_PATH" in result.output
    assert not running.is_empty(app)
    assert files <= {file.name for file in at_home.instance_path.iterdir()}
    assert (at_home.keys_path / "tally-7.key").exists()


def test_a_demo_that_is_thrown_away_takes_no_key_along(at_home):
    told(at_home)
    running.throw_away(create_app(as_demo(at_home)))
    assert not (at_home.instance_path / "madang.db").exists()
    assert (at_home.keys_path / "tally-7.key").exists()


@pytest.mark.parametrize(
    ("database", "start", "way_out"),
    [
        (of_somebody, as_demo, "start with DEMO=0"),
        (told, lambda settings: settings, "INSTANCE_PATH="),
    ],
)
def test_neither_a_demo_nor_a_district_starts_on_the_others_database(
    at_home, database, start, way_out
):
    database(at_home)
    with pytest.raises(SystemExit, match=f"^DEMO: .*{way_out}"):
        serve._prepared(start(at_home))


@pytest.mark.parametrize("database", [untouched, emptied, of_somebody])
def test_a_district_of_ones_own_starts_where_nothing_was_told(at_home, database):
    database(at_home)
    app = serve._prepared(at_home)
    assert running.is_empty(app) is (database is not of_somebody)


def test_the_greeting_names_every_account(app):
    greeting = running.greeting(5000)
    assert "http://localhost:5000" in greeting
    assert "operator@demo.example" in greeting
    assert running.PASSPHRASE in greeting
