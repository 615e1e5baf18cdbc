"""The commands of the demonstration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from app.demo import running, story
from app.demo.figures import figures
from app.web.database import db

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings


@click.group("demo", help="The demonstration's year: tell it, tell it anew, keep it alive.")
def demo() -> None:
    """Group the demonstration's commands."""


@demo.command("story", help="Tell the demonstration's year into an empty database.")
@click.option("--json", "as_json", is_flag=True, help="Print the year's figures as JSON.")
@click.option("--fresh", is_flag=True, help="Use a temporary database, removed afterwards.")
@click.option("--seed", default=story.SEED, show_default=True, help="The seed of chance.")
@with_appcontext
def tell_story(*, as_json: bool, fresh: bool, seed: int) -> None:
    """Tell the year and say what it amounts to."""
    app = _app()
    if fresh:
        with running.fresh_session() as (session, keys):
            story.tell(session, keys=keys, seed=seed)
            told = figures(session)
    else:
        if not running.is_empty(app):
            raise click.ClickException(
                "the database is not empty; use --fresh, or `flask demo reset` to start over"
            )
        running.tell(app, seed=seed)
        told = figures(db.session)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(told))


@demo.command("reset", help="Throw the demonstration's SQLite database away and tell it anew.")
@with_appcontext
def reset() -> None:
    """Delete the demonstration's database and tell the year again."""
    app = _app()
    settings: Settings = app.extensions["settings"]
    if not settings.demo:
        raise click.ClickException("DEMO=1 is needed: only a demonstration can be reset")
    if not settings.database_url.startswith("sqlite"):
        raise click.ClickException("only a SQLite demonstration can be reset")
    if not running.may_be_thrown_away(app):
        raise click.ClickException(
            f"{db.engine.url.database} is no demonstration's database: nothing was deleted;"
            " give the demonstration a folder of its own with INSTANCE_PATH=…"
        )
    running.throw_away(app)
    app.extensions["alembic"].upgrade()
    running.tell(app)
    click.echo(_in_words(figures(db.session)))


@demo.command("keep-open", help="Make sure there is something to endorse, vote on and discuss.")
@with_appcontext
def keep_open() -> None:
    """Add what the running demonstration lacks at its present moment."""
    app = _app()
    if not app.extensions["settings"].demo:
        raise click.ClickException("DEMO=1 is needed: only a demonstration is kept alive")
    running.keep_open(app)


def _app() -> Flask:
    """Return the app, which must not be in production."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    if app.extensions["settings"].is_production:
        raise click.ClickException("the demonstration is refused in production")
    return app


def _in_words(told: dict[str, object]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in told.items())
