"""One process for everything: `python -m app.serve`, what `make run` starts.

Prepares the database, tells the demonstration's year on the first start, and serves pages,
sockets and jobs. For development, demonstrations and small sites.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from typing import TYPE_CHECKING

from app.factory import create_app, prepare_database
from app.settings import BadSettings, read_settings
from app.web.jobs import Ticker
from app.web.sockets import serve

if TYPE_CHECKING:
    from flask import Flask

TICK_SECONDS = 15.0


def main() -> None:
    """Serve until interrupted."""
    try:
        settings = read_settings({"DEMO": "1", **os.environ})
    except BadSettings as error:
        sys.exit(str(error))
    app = create_app(settings)
    with app.app_context():
        prepare_database()
    if settings.demo:
        app = _with_demo(app)
    ticker = Ticker(app, every_seconds=TICK_SECONDS)
    ticker.start()
    try:
        serve(app, port=settings.port)
    except KeyboardInterrupt:
        ticker.stop()


def _with_demo(app: Flask) -> Flask:
    """Tell the story if nobody has, keep something open to try, and say how to sign in."""
    from app.demo import running

    settings = app.extensions["settings"]
    if running.is_empty(app):
        print("시연용 한 해를 준비하고 있습니다. 1분쯤 걸립니다.", flush=True)
        running.tell(app)
        app = create_app(dataclasses.replace(settings))
    running.keep_open(app)
    print(running.greeting(settings.port), flush=True)
    return app


if __name__ == "__main__":
    main()
