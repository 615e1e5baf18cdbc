"""How long anybody waits for the Redis that processes share: an act never hangs on it."""

from __future__ import annotations

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 0.5


def patience(address: str, *, tries: int) -> dict[str, Any]:
    """Return the options of lines to a Redis; only whoever listens waits longer than a moment.

    With two `tries` nobody notices that Redis closed a line meanwhile.
    """
    options: dict[str, Any] = {
        "socket_connect_timeout": SECONDS,
        "socket_timeout": SECONDS,
        "retry": Retry(NoBackoff(), tries - 1),
    }
    if not address.startswith("unix:"):
        options["socket_keepalive"] = True  # whoever listens notices that the other end is gone
    return options
