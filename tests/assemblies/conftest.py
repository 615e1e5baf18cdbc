"""What assemblies need of the world: a proposal that a department adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.proposals import steps

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture
def adopted(world: World) -> int:
    """A proposal of 독산1동 that the department adopted; its id."""
    return steps.adopted(world)
