"""What tests of the forum share: a topic that is open, a neighbour, and their browser."""

from __future__ import annotations

import pytest

from tests.forum.claims import Talk
from tests.forum.steps import Forum


@pytest.fixture
def forum(world) -> Forum:
    return Forum(world)


@pytest.fixture
def resident(world) -> int:
    return world.resident()


@pytest.fixture
def me(browser, world, resident):
    return browser.sign_in(world, resident)


@pytest.fixture
def talk(world, forum) -> Talk:
    return Talk(world, forum)
