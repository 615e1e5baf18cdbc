"""The app on a real database, emptied between tests; SQLite unless TEST_DATABASE_URL is set."""

from __future__ import annotations

import gc
import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypotheses
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from app.core.clock import FixedClock
from app.core.orm import Base
from app.factory import alembic, create_app
from app.settings import Environment, Settings
from app.web.database import db
from app.web.sockets import sockets
from tests.support.held import watch_held_rows
from tests.support.http import Browser
from tests.support.world import START, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

POSTGRESQL = os.environ.get("TEST_DATABASE_URL")
MEMORY = Path("/dev/shm")
LATE_LINES_SECONDS = 5
FULL = os.environ.get("MADANG_FULL") == "1"

# Found examples are judged by what they show, not by how busy the machine is. A gate tries the same
# ones each time; at a desk chance looks further.
hypotheses.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
hypotheses.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what only PostgreSQL can show out of the run on SQLite."""
    if POSTGRESQL:
        return
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))


def pytest_collection_finish() -> None:
    """Spare the search for garbage what stands by now: it would be a fifth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


@contextmanager
def fresh_database(name: str, folder: Path) -> Iterator[str]:
    """Give the address of a database that nobody has used, and remove it afterwards."""
    if not POSTGRESQL:
        yield f"sqlite:///{folder / name}.db"
        return
    admin = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder in memory, where the system has one: tests commit thousands of times.

    What a power cut leaves is proved on a disk (tests/ballots/test_kill.py).
    """
    if not MEMORY.is_dir():
        yield tmp_path_factory.mktemp("memory")
        return
    with TemporaryDirectory(prefix="madang-tests-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def database_url(worker: str, memory: Path) -> Iterator[str]:
    with fresh_database(f"madang_{worker}_{os.getpid()}", memory) as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    instance = tmp_path_factory.mktemp("instance")
    (instance / "keys").mkdir()
    return Settings(
        environment=Environment.TEST,
        instance_path=instance,
        database_url=database_url,
        secret_key=b"s" * 32,
        field_key=b"f" * 32,
        signing_key=b"g" * 32,
        limits=False,
    )


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture(scope="session")
def built_app(
    settings: Settings, clock: FixedClock, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    if POSTGRESQL:
        watch_held_rows(app, settings.database_url)
    compiled = request.config.cache.mkdir("templates")
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    app.extensions["own_sockets"] = dict(vars(sockets))
    with app.app_context():
        alembic.upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def empty_database(built_app: Flask, clock: FixedClock, memory: Path) -> Callable[..., None]:
    """Return what empties the database again, however many connections wrote to it.

    ``empty_database(with_district=True)`` leaves the district of World in it.
    """
    with built_app.app_context():
        engine = db.engine
    if engine.dialect.name == "postgresql":
        tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)

        def truncate(*, with_district: bool = False) -> None:
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
            if with_district:
                World(built_app, clock)

        return truncate
    file = Path(engine.url.database or "")
    templates = {with_district: memory / f"template-{with_district}.db" for with_district in (0, 1)}
    engine.dispose()
    shutil.copyfile(file, templates[False])
    World(built_app, clock)
    engine.dispose()
    shutil.copyfile(file, templates[True])

    returned = threading.Condition()

    @event.listens_for(engine, "checkin")
    def _tell(*_line: object) -> None:
        with returned:
            returned.notify_all()

    def wait_for_lines() -> None:
        """Let the threads of the last test's server give their lines back.

        Where somebody still writes to a file that is replaced, the next one to write is told of a
        "disk I/O error" or that the database is locked.
        """
        until = time.monotonic() + LATE_LINES_SECONDS
        with returned:
            while engine.pool.checkedout() and time.monotonic() < until:
                returned.wait(0.02)

    def copy_back(*, with_district: bool = False) -> None:
        wait_for_lines()
        engine.dispose()
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(templates[with_district], file)

    return copy_back


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    built_app: Flask,
    clock: FixedClock,
    empty_database: Callable[..., None],
) -> Flask:
    """The product on an empty database (the district in it for who asks for a world) at START.

    The sockets belong to the process: whatever app was built meanwhile gives them back.
    """
    clock.at = START
    empty_database(with_district="world" in request.fixturenames)
    vars(sockets).update(built_app.extensions["own_sockets"])
    return built_app


@pytest.fixture
def world(app: Flask, clock: FixedClock) -> World:
    """A district with three dongs and three departments, and nobody in it yet."""
    return World(app, clock, has_district=True)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A visitor who has not signed in."""
    return Browser(app)


@pytest.fixture
def new_browser(app: Flask) -> Callable[[], Browser]:
    """As many visitors as a test needs."""
    return lambda: Browser(app)
