"""When a notice that could not be mailed is tried again."""

from __future__ import annotations

from datetime import timedelta

MOST_ATTEMPTS = 6
# What everybody with an e-mail address is mailed, whatever news they agreed to, and is told though
# they may have done it themselves: if it was a stranger, nothing else would tell them.
ABOUT_THE_ACCOUNT = frozenset({"PassphraseSetAnew"})


def next_try_after(attempts: int) -> timedelta | None:
    """Return how long to wait after this many attempts; None when enough have failed."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(minutes=5 * 2 ** (attempts - 1))
