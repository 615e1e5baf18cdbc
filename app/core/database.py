"""How a write begins, ends and is announced, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, nullcontext
from functools import cache
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import event, inspect, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError

from app.core import bus
from app.core.orm import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, FromClause
    from sqlalchemy.orm import Session
    from sqlalchemy.pool import ConnectionPoolEntry

Row = TypeVar("Row", bound=Base)
BUSY_TIMEOUT_MS = 15_000
ASK_AFTER_IDLE_SECONDS = 5.0
# For a statement whose best plan hangs on its values, such as the words of a search: PostgreSQL
# would settle on one plan for all of them once it is prepared.
PLANNED_ANEW = {"planned_anew": True}


class Turnstile:
    """A fair lock: whoever came first writes first.

    SQLite's own busy handler retries at random and can starve a writer for seconds; threads of
    one process queue here instead. Other processes still meet in the busy handler.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def __enter__(self) -> None:
        """Wait in line for the write lock."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            ticket = Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        ticket.acquire()

    def __exit__(self, *_exc: object) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def prepare_engine(engine: Engine) -> Turnstile | None:
    """Fit an engine with what its database needs; return the turnstile of a SQLite engine.

    On SQLite every transaction gets an explicit BEGIN (deferred for readers, IMMEDIATE for
    writers), foreign keys, WAL and full durability. On PostgreSQL a line that lay idle for some
    seconds is asked whether it still stands before anybody uses it, and statements marked
    PLANNED_ANEW get a plan for the values they come with.
    """
    if engine.dialect.name != "sqlite":
        _ask_idle_lines(engine)
        _plan_anew_where_asked(engine)
        return None

    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        # Said to the driver itself: every request begins, and nothing here needs compiling.
        driver: Any = connection.connection.dbapi_connection
        driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")

    return Turnstile()


def _ask_idle_lines(engine: Engine) -> None:
    """Ask a line only after it has lain idle: asking before each use costs each one a journey."""

    @event.listens_for(engine, "checkin")
    def _on_checkin(_driver: object, record: ConnectionPoolEntry) -> None:
        record.info["left"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _on_checkout(driver: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        left = record.info.get("left")
        if left is None or monotonic() - left < ASK_AFTER_IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.OperationalError as lost:
            raise DisconnectionError from lost


def _plan_anew_where_asked(engine: Engine) -> None:
    @event.listens_for(engine, "do_execute")
    def _on_execute(cursor: Any, statement: str, values: Any, context: Any) -> bool:
        if not context.execution_options.get("planned_anew"):
            return False
        cursor.execute(statement, values, prepare=False)
        return True


def for_reading(engine: Engine) -> Engine:
    """Return the engine as sessions read by it: on PostgreSQL without BEGIN and ROLLBACK.

    Under READ COMMITTED each statement sees its own moment, inside a transaction or not, so the
    two journeys bought nothing. On SQLite the transaction stays: there it holds one snapshot.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


_WRITING = {"writing": True}
_WRITING_APART = {"writing": True, "isolation_level": "READ COMMITTED"}


@contextmanager
def write_transaction(session: Session) -> Iterator[Session]:
    """Run one whole write: all of it is committed, or none of it.

    What was read before is forgotten, so that every decision inside is taken on rows read under
    the lock. Facts recorded inside are delivered after the commit, never before.
    """
    if session.info.get("writing"):
        message = "a write has already begun"
        raise RuntimeError(message)
    session.rollback()
    session.expire_all()  # a rollback forgets nothing when no transaction was open
    turnstile = session.info.get("turnstile") or nullcontext()
    with turnstile:
        session.info["writing"] = True
        session.info["facts"] = []
        try:
            on_sqlite = session.get_bind().dialect.name == "sqlite"
            session.connection(execution_options=_WRITING if on_sqlite else _WRITING_APART)
            yield session
            bus.close(session)
            session.commit()
        except BaseException:
            session.rollback()
            session.info["facts"] = []
            raise
        finally:
            session.info["writing"] = False
    bus.deliver(session)


def held(session: Session, kind: type[Row], row_id: int) -> Row:
    """Return a row as it stands now, held against everyone else's changes until the write ends.

    The whole row is fetched on purpose: `populate_existing` reads anew what a statement fetches
    and nothing else, so locking by the id alone would decide on what was read before the wait.
    Rows that merely come to point to a held one are not hindered: whoever inserts one, holding
    something else, does not wait here. Raises NoResultFound where the row is gone.
    """
    (key,) = inspect(kind).primary_key
    return session.scalars(
        select(kind)
        .where(key == row_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def insert_once(session: Session, table: FromClause, **values: object) -> bool:
    """Insert a row unless its key is taken; say whether it was inserted.

    The key itself decides, so two simultaneous calls give one True and one False.
    """
    connection = session.connection()
    statement = _insert_once(connection.dialect.name, table)
    return connection.execute(statement, values).first() is not None


@cache
def _insert_once(dialect: str, table: FromClause) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # The driver's row count cannot be trusted here: psycopg tells -1 for an insert through the ORM.
    return (
        insert(table)  # type: ignore[arg-type]
        .on_conflict_do_nothing()
        .returning(literal_column("1"))
    )
