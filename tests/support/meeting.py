"""Two writes that meet on PostgreSQL, step by step, so that a wrong order of locks always shows."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.refusals import Refused
from app.web.database import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.support.world import World

PATIENCE = 60
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def meet(
    world: World,
    first: Callable[[Session], object],
    act: Callable[[], object],
    second: Callable[[Session], object],
) -> list[Exception]:
    """Take `first`; let `act` go on elsewhere until it waits or is done; take `second` and commit.

    Returns what the act failed with. Whoever takes rows in another order than everybody else
    meets a deadlock, which the database ends by failing one of the two.
    """
    failures: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the assertion tells
            failures.append(error)

    thread = threading.Thread(target=run)
    with world.write() as writing:
        first(writing)
        thread.start()
        _until_it_waits(world, thread)
        second(writing)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    return failures


def _until_it_waits(world: World, thread: threading.Thread) -> None:
    with world.app.app_context(), db.engine.connect() as looking:
        while thread.is_alive() and not looking.scalar(_WAITING):
            looking.rollback()
            thread.join(0.01)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Let acts begin at one moment, each on a line of its own; return what each gave or refused."""
    barrier, found = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait(PATIENCE)
        try:
            found.append(act())
        except Refused as refused:
            found.append(refused.refusal)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return found
