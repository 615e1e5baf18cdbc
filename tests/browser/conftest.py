"""One server and one Chromium for all of it; each module starts from an empty database."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.visiting import Visitors
from tests.room.served import served
from tests.support.world import START, World

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


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
