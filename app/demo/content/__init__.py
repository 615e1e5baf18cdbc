"""What the demo year tells: texts kept as TOML, read into plain values."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def text_of(name: str) -> dict[str, Any]:
    """Return one of the content files, parsed."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
