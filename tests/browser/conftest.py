"""One server for all of it; each module has a Chromium and starts from an empty database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.visiting import Visitors
from tests.room.served import served
from tests.support import chromium as browser
from tests.support.world import START, World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="session")
def address(built_app) -> Iterator[str]:
    with served(built_app) as found:
        yield found


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[Any]:
    """Return what runs a function in a thread that the browser's event loop does not hold."""
    with ThreadPoolExecutor(1) as one_thread:
        yield lambda act, *given, **named: one_thread.submit(act, *given, **named).result()


@pytest.fixture(scope="module")
def app(built_app, clock, empty_database):
    """The product on an empty database, emptied once for a module."""
    empty_database()
    clock.at = START
    return built_app


@pytest.fixture(scope="module")
def world(app, clock, elsewhere) -> World:
    return elsewhere(World, app, clock)


@pytest.fixture(scope="module")
def visitors(app, world, address, chromium, elsewhere) -> Iterator[Visitors]:
    """Everybody who looks at the pages in a module, each in a browser profile of their own."""
    made = Visitors(app, world, address, chromium, elsewhere)
    yield made
    made.leave()
