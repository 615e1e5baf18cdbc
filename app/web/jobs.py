"""Running what is due: each job in its own write, one failure not stopping the others.

A long job reads and computes before it writes, so that nobody waits for it. An outward job may be
kept waiting by somebody else's machine: what falls due here does not wait with it.
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

    from app.web.house import House

    Due = dict[str, partial[None]]

# What is being sent when the ticker stops is finished, if that does not take longer.
LAST_SENDING_SECONDS = 30.0


def run_due(app: Flask) -> list[str]:
    """Run every job once at the present moment; return the names of those that failed.

    Whatever waits for other machines comes last.
    """
    house = app.extensions["house"]
    return _run(app, _own(house) | _outward(house))


def _own(house: House) -> Due:
    due = {name: partial(_in_a_write, job) for name, job in house.jobs.items()}
    return due | {name: partial(_at_length, job) for name, job in house.long_jobs.items()}


def _outward(house: House) -> Due:
    return {name: partial(_in_a_write, job) for name, job in house.outward_jobs.items()}


def _run(app: Flask, due: Due) -> list[str]:
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
    """Runs the due jobs again and again in threads of this process, from the first moment on.

    Outward jobs have a thread of their own.
    """

    def __init__(self, app: Flask, *, every_seconds: float) -> None:
        self._app, self._every = app, every_seconds
        self._stop = threading.Event()
        self._jobs = threading.Thread(target=self._tick, args=[_own], name="jobs", daemon=True)
        self._sending = threading.Thread(
            target=self._tick, args=[_outward], name="sending", daemon=True
        )

    def start(self) -> None:
        """Begin ticking."""
        self._jobs.start()
        self._sending.start()

    def stop(self) -> None:
        """Stop after the tick that may be running; no machine of others keeps this one up long."""
        self._stop.set()
        self._jobs.join()
        self._sending.join(LAST_SENDING_SECONDS)

    def _tick(self, due: Callable[[House], Due]) -> None:
        while not self._stop.is_set():
            _run(self._app, due(self._app.extensions["house"]))
            self._stop.wait(self._every)
