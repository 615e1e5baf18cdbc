"""How tests see what is asked of the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event

from app.web.database import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

NOT_COUNTED = ("BEGIN", "PRAGMA")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements sent to the database, but not those that only begin and set up."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(NOT_COUNTED):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
