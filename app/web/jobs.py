"""Running what is due: each job in its own write, one failure not stopping the others.

A long job reads and computes before it writes, so that nobody waits for it.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from app.web.database import now, session, write
from app.web.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


def run_due(app: Flask) -> list[str]:
    """Run every job once at the present moment; return the names of those that failed."""
    house = app.extensions["house"]
    due = {name: partial(_in_a_write, job) for name, job in house.jobs.items()}
    due |= {name: partial(_at_length, job) for name, job in house.long_jobs.items()}
    failed = []
    for name, run in due.items():
        with app.app_context():
            try:
                run()
            except Exception:  # noqa: BLE001 - the other jobs must still run
                log.exception("job_failed", job=name)
                failed.append(name)
    return failed


def _in_a_write(job: Callable[..., None]) -> None:
    with write() as writing:
        job(writing, at=now())


def _at_length(job: Callable[..., None]) -> None:
    job(session(), write, at=now())


class Ticker:
    """Runs the due jobs again and again in a thread of this process."""

    def __init__(self, app: Flask, *, every_seconds: float) -> None:
        self._app, self._every = app, every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin ticking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the tick that may be running."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            run_due(self._app)
