"""What a place may be called in addresses."""

from __future__ import annotations

import re

_SLUG = re.compile(r"[a-z0-9-]{1,40}")


def is_slug(text: str) -> bool:
    """Say whether this can name a place in addresses, forms and commands."""
    return _SLUG.fullmatch(text) is not None
