"""What room plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug room in."""
