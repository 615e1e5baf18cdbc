"""What the command line plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli import commands

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug the commands in."""
    house.commands(commands.jobs)
