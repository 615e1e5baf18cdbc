"""The one door to the Redis that processes share: nobody's act hangs on it."""

from __future__ import annotations

from typing import Any

from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

__all__ = ["RedisError", "lines_to", "patience"]
SECONDS = 0.5


def lines_to(address: str) -> ConnectionPool:
    """Return lines to a Redis, none of them open yet.

    Raises ValueError or TypeError where no line could ever be made to such an address.
    """
    lines = ConnectionPool.from_url(address, **patience(address, tries=2))
    lines.make_connection()
    return lines


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
