"""What the demo's commands refuse."""

import dataclasses

import pytest

from app.demo import running
from app.factory import create_app
from app.settings import Environment


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


def test_the_greeting_names_every_account(app):
    greeting = running.greeting(5000)
    assert "http://localhost:5000" in greeting
    assert "operator@demo.example" in greeting
    assert running.PASSPHRASE in greeting
