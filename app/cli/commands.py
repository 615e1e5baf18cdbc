"""Commands that belong to no domain: running what is due."""

from __future__ import annotations

import signal
import threading

import click
from flask import current_app
from flask.cli import with_appcontext

from app.web.jobs import Ticker, run_due


@click.group("jobs", help="What time brings: windows that close, ballots that open, mail.")
def jobs() -> None:
    """Group the commands on jobs."""


@jobs.command("run-due", help="Run every job once; exit with 1 if one failed.")
@with_appcontext
def run_due_once() -> None:
    """Run every job once."""
    failed = run_due(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}")


@jobs.command("watch", help="Run what is due, at once and every few seconds until interrupted.")
@click.option("--every", default=15.0, show_default=True, help="Seconds between runs.")
@with_appcontext
def watch(every: float) -> None:
    """Run the jobs again and again; for installations of several processes.

    Told to stop (SIGINT, SIGTERM), it finishes the job that is running.
    """
    told_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_stop.set())
    ticker = Ticker(current_app._get_current_object(), every_seconds=every)  # type: ignore[attr-defined] # noqa: SLF001
    ticker.start()
    told_to_stop.wait()
    ticker.stop()
