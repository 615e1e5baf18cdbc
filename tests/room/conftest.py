"""What the room's tests stand on."""

import pytest

from tests.room.house import LiveAssembly
from tests.support.world import World


@pytest.fixture
def live(world: World) -> LiveAssembly:
    """An open assembly of 독산1동."""
    return LiveAssembly(world)
