"""How tests see what is asked of the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event

from app.web.database import db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

NOT_COUNTED = ("BEGIN", "PRAGMA")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements sent to the database, but not those that only begin and set up."""
    seen: list[str] = []
    with _told(app, lambda statement, _values: seen.append(statement)):
        yield seen


@contextmanager
def questions(app: Flask) -> Iterator[list[tuple[str, str]]]:
    """Collect the same statements, each with the values it was sent with."""
    seen: list[tuple[str, str]] = []
    with _told(app, lambda statement, values: seen.append((statement, str(values)))):
        yield seen


@contextmanager
def _told(app: Flask, note: Callable[[str, object], None]) -> Iterator[None]:
    def hear(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if not statement.startswith(NOT_COUNTED):
            note(statement, values)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", hear)
