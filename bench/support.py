"""What the measurements share: an application served on loopback for as long as it is asked."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text

from tests.support.services import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import ExitStack

    from sqlalchemy import Engine

WORKERS = 2
READY_SECONDS = 120


def unwind_when_stopped() -> None:
    """Turn SIGTERM into an exit that ends, on its way out, whatever was started."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def postgresql_pair(stack: ExitStack) -> tuple[str, str]:
    """Start PostgreSQL as durable as in production; return the addresses of two databases.

    Raises ServiceMissing where it is not installed.
    """
    url = make_url(stack.enter_context(postgres(fsync=True)).url())
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("first", "second"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    first, second = (
        url.set(database=name).render_as_string(hide_password=False) for name in ("first", "second")
    )
    return first, second


def settle(engine: Engine) -> None:
    """Let a database do what filling it left for later, lest it be done while it is measured."""
    housekeeping = {
        "postgresql": ("VACUUM (ANALYZE)", "CHECKPOINT"),
        "sqlite": ("ANALYZE",),
    }[engine.dialect.name]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in housekeeping:
            connection.execute(text(statement))


def show(runs: Sequence[Mapping[str, object]], keys: Sequence[str]) -> None:
    """Print a table, a line for each database, and the JSON object last.

    The object is the first run's, the embedded database's where both were measured, and holds all
    of them under `runs`.
    """
    width = max(map(len, keys)) + 3
    print(f"{'database':<12}" + "".join(f"{key:>{width}}" for key in keys))
    for one in runs:
        shown = ("–" if one[key] is None else str(one[key]) for key in keys)
        print(f"{one['db']!s:<12}" + "".join(f"{figure:>{width}}" for figure in shown))
    print(json.dumps({**runs[0], "runs": runs}, ensure_ascii=False))


@contextmanager
def served(target: str, environment: Mapping[str, str]) -> Iterator[int]:
    """Serve an application under gunicorn on a free loopback port, and end it afterwards.

    The port is open before the server is: the first request waits in its queue until a worker has
    loaded the application, so nobody has to look again and again.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = int(listener.getsockname()[1])
        command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "--log-level", "error"]
        process = subprocess.Popen(
            [*command, "-b", f"fd://{listener.fileno()}", target],
            env=dict(environment),
            pass_fds=(listener.fileno(),),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    try:
        _wait_for(port, target)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, target: str) -> None:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=READY_SECONDS) as wire:
            wire.sendall(b"GET /no-such-page HTTP/1.0\r\n\r\n")
            answered = wire.recv(12)
    except OSError:
        answered = b""
    if not answered:
        message = f"{target} did not start"
        raise RuntimeError(message)
