"""What an address asks for, read so that nonsense does no harm."""

from __future__ import annotations

from flask import request

MOST_PAGES = 10_000


def asked_page() -> int:
    """Return which page of a list the address asks for; what is no number is the first."""
    return min(MOST_PAGES, max(1, request.args.get("page", 1, type=int)))
