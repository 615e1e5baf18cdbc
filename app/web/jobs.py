"""Running what is due: each job in its own write, one failure not stopping the others."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.web.database import now, write
from app.web.logs import log

if TYPE_CHECKING:
    from flask import Flask


def run_due(app: Flask) -> list[str]:
    """Run every job once at the present moment; return the names of those that failed."""
    failed = []
    for name, job in app.extensions["house"].jobs.items():
        with app.app_context():
            try:
                with write() as session:
                    job(session, at=now())
            except Exception:  # noqa: BLE001 - the other jobs must still run
                log.exception("job_failed", job=name)
                failed.append(name)
    return failed


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
