"""The database at the edge: one session a request, one write where a write begins."""

from __future__ import annotations

from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

from flask import current_app
from flask_sqlalchemy_lite import SQLAlchemy

from app.core.database import for_reading, prepare_engine, write_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.core.bus import Bus

db = SQLAlchemy(session_options={"expire_on_commit": False, "autoflush": True})


def install(app: Flask, bus: Bus) -> None:
    """Connect the app to its database and its sessions to the bus."""
    db.init_app(app)
    # No engine here is asynchronous; the extension's closer of such would cost every request a
    # thread and an event loop.
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    with app.app_context():
        turnstile = prepare_engine(db.engine)
        db.sessionmaker.configure(
            bind=for_reading(db.engine), info={"bus": bus, "turnstile": turnstile}
        )


def session() -> Session:
    """Return this request's session, for reading."""
    return db.session


@contextmanager
def write() -> Iterator[Session]:
    """Open the write of this request; it commits when the block ends and announces its facts."""
    with write_transaction(db.session) as writing:
        yield writing


def now() -> datetime:
    """Return the present moment by this installation's clock."""
    moment: datetime = current_app.extensions["clock"].now()
    return moment
