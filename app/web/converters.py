"""Numbers in addresses: as large as a key can be, and no larger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import IntegerConverter

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Map

LARGEST_KEY = 2**31 - 1


class KeyConverter(IntegerConverter):
    """A whole number that fits a key; larger ones are addresses that do not exist."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002 - werkzeug's name
        kwargs.setdefault("max", LARGEST_KEY)
        super().__init__(map, *args, **kwargs)


def install(app: Flask) -> None:
    """Let every <int:…> of an address be a key."""
    app.url_map.converters["int"] = KeyConverter
