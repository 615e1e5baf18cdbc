"""What an address asks for, read so that nonsense does no harm."""

from __future__ import annotations

from flask import request

from app.core.paging import MOST_PAGES
from app.web.converters import LARGEST_KEY


def asked_page() -> int:
    """Return which page of a list the address asks for; what is no number is the first.

    Nobody is led beyond page MOST_PAGES.
    """
    return min(MOST_PAGES, max(1, request.args.get("page", 1, type=int)))


def asked_again() -> dict[str, list[str]]:
    """Return what the address asks for, to ask the same page again a little otherwise.

    Names that url_for takes for itself (_scheme, _external, the route's own parts) are left out:
    whoever made an address up does not choose where the links of our page lead.
    """
    ours = {"endpoint", *(request.view_args or {})}
    return {
        name: values
        for name, values in request.args.lists()
        if not name.startswith("_") and name not in ours
    }


def asked_key(name: str) -> int | None:
    """Return the row that a parameter names; None for what can be no key."""
    key = request.args.get(name, type=int)
    return key if key is not None and 0 < key <= LARGEST_KEY else None
