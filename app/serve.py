"""One process for everything: `python -m app.serve`, what `make run` starts.

Prepares the database, tells the demonstration's year on the first start, and serves pages,
sockets and jobs. For development, demonstrations and small sites.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from app.demo import running
from app.factory import create_app, prepare_database
from app.settings import BadSettings, Settings, read_settings
from app.web.jobs import Ticker
from app.web.sockets import serve

if TYPE_CHECKING:
    from flask import Flask

TICK_SECONDS = 15.0


def main() -> None:
    """Serve until interrupted (SIGINT, SIGTERM); a job that is running is finished first."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = read_settings({**os.environ, "DEMO": os.environ.get("DEMO") or "1"})
    except BadSettings as error:
        sys.exit(str(error))
    with suppress(KeyboardInterrupt):
        _serve(_prepared(settings))


def _prepared(settings: Settings) -> Flask:
    app = create_app(settings)
    with app.app_context():
        prepare_database()
    if settings.demo:
        return _with_demo(app)
    if running.is_of_the_demo(app):
        sys.exit(
            "DEMO: the demo year is in this database, with accounts that everybody can open;"
            " for a district of your own start with INSTANCE_PATH=… and DEMO=0"
        )
    return app


def _serve(app: Flask) -> None:
    ticker = Ticker(app, every_seconds=TICK_SECONDS)
    ticker.start()
    try:
        serve(app, port=app.extensions["settings"].port)
    finally:
        ticker.stop()


def _with_demo(app: Flask) -> Flask:
    """Tell the story if nobody has, keep something open to try, and say how to sign in."""
    settings = app.extensions["settings"]
    if running.is_empty(app):
        click.echo("시연용 한 해를 준비하고 있습니다. 1분쯤 걸립니다.")
        running.tell(app)
        app = create_app(settings)
    elif not running.is_of_the_demo(app):
        sys.exit(
            "DEMO: this database holds data of its own, and nothing was told into it;"
            " start with DEMO=0, or give the demo a folder of its own with INSTANCE_PATH=…"
        )
    running.keep_open(app)
    click.echo(running.greeting(settings.port))
    return app


if __name__ == "__main__":
    main()
