"""What facts promise of their aggregates' rows, looked after in every write of every test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, select

from app.core.orm import Base

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.core.bus import Fact


def watch_held_rows(app: Flask, url: str) -> None:
    """Fail every write on PostgreSQL that records a held fact and does not hold its row.

    Another line asks for the row to share it: what is held for changing it, or was not there
    before this write, is given to nobody. A row that is merely referred to would be given. The
    write itself must see the row, or have taken it away from under the other line's eyes: what is
    nowhere is given to nobody, too.
    """
    others = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=5, max_overflow=95)

    def insist(session: Session, facts: list[Fact]) -> None:
        if session.connection().engine.url != others.url:
            return  # the demonstration tells its year in a database of its own
        for fact in facts:
            if fact.held and not (is_held(fact) and (is_there(session, fact) or was_there(fact))):
                message = f"{type(fact).__name__} without its {fact.chain}"
                raise AssertionError(message)

    def is_there(session: Session, fact: Fact) -> bool:
        # Asked of the driver itself, so that no test counts it among the product's statements.
        driver: Any = session.connection().connection.driver_connection
        asked = f'SELECT 1 FROM "{fact.chain}" WHERE id = %s'
        return driver.execute(asked, [fact.subject_id]).fetchone() is not None

    def was_there(fact: Fact) -> bool:
        table = Base.metadata.tables[fact.chain]
        with others.connect() as line:
            seen = line.scalar(select(table.c.id).where(table.c.id == fact.subject_id))
        return seen is not None

    def is_held(fact: Fact) -> bool:
        table = Base.metadata.tables[fact.chain]
        asked = select(table.c.id).where(table.c.id == fact.subject_id)
        with others.connect() as line:
            given = line.scalar(asked.with_for_update(read=True, skip_locked=True))
        return given is None

    app.extensions["house"].on_closing(insist)
