"""Which language a visitor reads: Korean unless they chose another."""

from __future__ import annotations

from flask import has_request_context, request

LANGUAGES = ("ko", "en")
COOKIE = "language"


def choose() -> str:
    """Return the language code for this request."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]
