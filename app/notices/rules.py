"""When a notice that could not be mailed is tried again."""

from __future__ import annotations

from datetime import timedelta

MOST_ATTEMPTS = 6


def next_try_after(attempts: int) -> timedelta | None:
    """Return how long to wait after this many attempts; None when enough have failed."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(minutes=5 * 2 ** (attempts - 1))
