"""The running demonstration: told once, kept alive at every start."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import Session

from app.audit.models import AuditRow
from app.core.clock import FixedClock
from app.core.database import prepare_engine
from app.core.orm import Base
from app.demo import story
from app.demo.chapters.present import tell_present
from app.demo.recall import is_told
from app.demo.signins import PASSPHRASE, SIGN_INS
from app.demo.teller import STORY_NOW
from app.places.models import Place
from app.residents.models import Person
from app.web.clocks import OFFSET_FILE, write_offset
from app.web.database import db, now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from app.core.bus import Bus, Fact


class Recorded:
    """A bus for the past: facts leave their rows, but nobody is sent what happened long ago."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def tell_recorded(self, session: Session, fact: Fact) -> None:
        """Pass a fact to everyone who writes a row because of it."""
        self._bus.tell_recorded(session, fact)

    def tell_closing(self, session: Session, facts: list[Fact]) -> None:
        """Pass a whole write's facts to everyone who writes rows last."""
        self._bus.tell_closing(session, facts)

    def listeners(self, fact: Fact) -> list[Callable[[Any], None]]:
        """Return nobody: nothing is delivered."""
        del fact
        return []


def quiet(session: Session) -> Session:
    """Return the session with its facts recorded but no longer delivered."""
    session.info["bus"] = Recorded(current_app.extensions["house"].bus)
    return session


def is_empty(app: Flask) -> bool:
    """Say whether nobody and no place is in the app's database."""
    with app.app_context():
        return all(
            db.session.scalar(select(table.id).limit(1)) is None for table in (Place, Person)
        )


def is_of_the_demo(app: Flask) -> bool:
    """Say whether the demonstration's year was told into the app's database."""
    with app.app_context():
        return is_told(db.session)


def may_be_thrown_away(app: Flask) -> bool:
    """Say whether the app's database holds nothing but what the demonstration told, if that."""
    with app.app_context():
        tables = inspect(db.engine).get_table_names()
        if tables and AuditRow.__tablename__ not in tables:
            return False
    return not tables or is_of_the_demo(app) or is_empty(app)


def tell(app: Flask, *, seed: int = story.SEED) -> None:
    """Tell the year into the app's empty database and set its clock to the story's end.

    A telling that is interrupted is thrown away on SQLite, so that the next start begins anew.
    """
    settings = app.extensions["settings"]
    try:
        with app.app_context():
            story.tell(quiet(db.session), keys=settings.keys_path, seed=seed)
    except BaseException:
        if settings.database_url.startswith("sqlite"):
            throw_away(app)
        raise
    write_offset(settings.instance_path, STORY_NOW)


def throw_away(app: Flask) -> None:
    """Delete the demonstration's SQLite database and its clock.

    Keys stay: they may be those of another database, and a ballot told anew takes its key again.
    """
    settings = app.extensions["settings"]
    with app.app_context():
        db.session.rollback()
        db.engine.dispose()
        file = Path(db.engine.url.database or "")
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)
    (settings.instance_path / OFFSET_FILE).unlink(missing_ok=True)


def keep_open(app: Flask) -> None:
    """See to it that there is something to endorse, vote on, discuss and attend now.

    Nothing is added to a database in which no demo was told.
    """
    settings = app.extensions["settings"]
    with app.app_context():
        if not is_told(db.session):
            return
        if not (settings.instance_path / OFFSET_FILE).exists():
            message = "the demo year was told only halfway; start over with `make demo-reset`"
            raise RuntimeError(message)
        tell_present(quiet(db.session), FixedClock(now()), keys=settings.keys_path)


@contextmanager
def fresh_session() -> Iterator[tuple[Session, Path]]:
    """Open a session on a temporary database and a folder for keys; both are removed after."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'story.db'}")
        turnstile = prepare_engine(engine)
        Base.metadata.create_all(engine)
        info: dict[str, Any] = {"turnstile": turnstile}
        with Session(engine, expire_on_commit=False, info=info) as session:
            yield quiet(session), Path(folder)
        engine.dispose()


def greeting(port: int) -> str:
    """Return how to sign in, for the terminal."""
    width = max(len(sign_in.address) for sign_in in SIGN_INS)
    lines = [
        f"시연용 마당이 http://localhost:{port} 에서 열렸습니다.",
        f"시연 계정의 비밀문구는 모두 {PASSPHRASE} 입니다. 시연에서만 쓰세요.",
        *(f"  {sign_in.address:<{width}}  {sign_in.label}" for sign_in in SIGN_INS),
    ]
    return "\n".join(lines)
