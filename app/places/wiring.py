"""What places plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.places import commands

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug the commands in."""
    house.commands(commands.places)
