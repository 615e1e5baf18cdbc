"""The reference for casting: a bare Flask endpoint that ticks a roll through the ORM.

It has no form, no CSRF token, no sign-in, no seal and no page; only the same rows: the roll is
ticked, a ballot with its picks is stored, an audit row is added, the turnout is counted.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from sqlalchemy import Connection, ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Tables of the reference alone."""


class BareVote(Base):
    """The vote, with its turnout."""

    __tablename__ = "bare_vote"
    id: Mapped[int] = mapped_column(primary_key=True)
    turnout: Mapped[int] = mapped_column(default=0)


class BareRoll(Base):
    """One place on the roll."""

    __tablename__ = "bare_roll"
    person: Mapped[int] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class BareBallot(Base):
    """One cast ballot."""

    __tablename__ = "bare_ballot"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("bare_roll.person"), unique=True)
    at: Mapped[datetime]


class BarePick(Base):
    """One option chosen."""

    __tablename__ = "bare_pick"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("bare_ballot.id"), primary_key=True)
    option: Mapped[int] = mapped_column(primary_key=True)


class BareAudit(Base):
    """One line of the record."""

    __tablename__ = "bare_audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    at: Mapped[datetime]


def create_app() -> Flask:
    app = Flask(__name__)
    engine = create_engine(os.environ["DATABASE_URL"])
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @app.post("/cast")
    def cast() -> tuple[str, int]:
        at = datetime.now(UTC).replace(tzinfo=None)
        with Session(engine) as session, session.begin():
            vote = session.scalars(select(BareVote).with_for_update()).one()
            place = session.get(BareRoll, int(request.form["person"]), with_for_update=True)
            if place is None or place.used_at is not None:
                return "no", 409
            place.used_at = at
            ballot = BareBallot(person=place.person, at=at)
            session.add(ballot)
            session.flush()
            session.add_all(
                BarePick(ballot_id=ballot.id, option=int(option))
                for option in request.form.getlist("pick")
            )
            session.add(BareAudit(act="cast", at=at))
            vote.turnout += 1
        return "ok", 200

    return app
