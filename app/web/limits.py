"""Rate limits: by person once signed in, generously by address before."""

from __future__ import annotations

import time
from ipaddress import ip_address, ip_network
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from flask import g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits.storage.memory import Entry, MemoryStorage
from limits.storage.redis import RedisStorage

from app.core.redis_lines import RedisError, lines_to
from app.web.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

_T = TypeVar("_T")

WRITES_PER_PERSON = "60 per minute"
WRITES_PER_ADDRESS = "1200 per minute"
SIGN_IN_PER_ADDRESS = "300 per minute"
# Whoever knows a name may not keep its owner out by guessing: few tries of a name from one address,
# many from all of them together (decision 27).
SIGN_IN_PER_NAME_HERE = "10 per 5 minutes"
SIGN_IN_PER_NAME = "100 per 5 minutes"
# Whoever is found or not under a birth date tells when they were born, and whoever is found that
# they are somebody of another dong: a desk misreads a few cards and looks for a few it does
# not serve, hour by hour; whoever tries dates or numbers needs thousands.
MISSED_PER_STAFF = "60 per hour"
SWEEP_SECONDS = 60
AWAY_SECONDS = 5


class _Memory(MemoryStorage):
    """Counts of one process, swept once a minute by whoever counts then.

    The library's own memory starts a thread at each count to walk over everybody ever counted,
    and never forgets their names; that cost more than the page it guarded.
    """

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - the library's registry reads it from the class

    def __init__(self, uri: str | None = None, *, wrap_exceptions: bool = False, **_: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._door = Lock()
        self._swept_at = time.time()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count an act if it still fits the window; the newest stands first."""
        now = time.time()
        with self._door:
            if now - self._swept_at >= SWEEP_SECONDS:
                self._sweep(now)
            counted = [entry for entry in self.events.get(key, ()) if entry.expiry > now]
            fits = len(counted) + amount <= limit
            self.events[key] = [Entry(expiry) for _ in range(amount if fits else 0)] + counted
            return fits

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        for key, counted in list(self.events.items()):
            if not counted or counted[0].expiry <= now:
                del self.events[key]


class _Shared(RedisStorage):
    """Counts that all processes share; while their Redis is away, each counts for itself."""

    STORAGE_SCHEME = ["shared+redis", "shared+rediss", "shared+unix"]  # noqa: RUF012 - as above

    def __init__(self, uri: str, **_: object) -> None:
        address = uri.removeprefix("shared+")
        super().__init__(address, lines_to(address))
        self._here = _Memory()
        self._away_until = float("-inf")

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count an act if it still fits the window."""
        return self._counted(
            lambda: super(_Shared, self).acquire_entry(key, limit, expiry, amount),
            lambda: self._here.acquire_entry(key, limit, expiry, amount),
        )

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the window began, and how many acts are in it."""
        return self._counted(
            lambda: super(_Shared, self).get_moving_window(key, limit, expiry),
            lambda: self._here.get_moving_window(key, limit, expiry),
        )

    def _counted(self, together: Callable[[], _T], alone: Callable[[], _T]) -> _T:
        """Ask Redis, unless it did not answer a moment ago."""
        if time.monotonic() >= self._away_until:
            try:
                return together()
            except RedisError as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("limits_counted_alone", kind=type(error).__name__)
        return alone()


def _whom() -> str:
    if current_user.is_authenticated:
        return f"person:{current_user.person_id}"
    return f"address:{get_remote_address()}"


def here(named: Callable[[], str]) -> Callable[[], str]:
    """Return the key of what is named, as far as it comes from the network that asks."""
    return lambda: f"{named()}|{_network(get_remote_address())}"


def _network(address: str) -> str:
    """Return an address, of version 6 the 64 bits that one host has all of."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address  # noqa: PLR2004


def missed() -> None:
    """Say that who this request looked for is nobody, not who was meant, or of another dong."""
    g.is_missed = True


def _allowance() -> str:
    return WRITES_PER_PERSON if current_user.is_authenticated else WRITES_PER_ADDRESS


def _reading() -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS")


limiter = Limiter(key_func=_whom, headers_enabled=True, strategy="moving-window")

# Counts only what called `missed`.
missed_seldom = limiter.shared_limit(
    MISSED_PER_STAFF,
    scope="missed",
    exempt_when=_reading,
    deduct_when=lambda _answer: g.get("is_missed", False),
)


def install(app: Flask, *, redis_url: str | None, enabled: bool) -> None:
    """Limit writes: per person once signed in, per address (halls share one) before."""
    app.config["RATELIMIT_STORAGE_URI"] = f"shared+{redis_url}" if redis_url else "process://"
    app.config["RATELIMIT_ENABLED"] = enabled
    limiter.init_app(app)
    # Limits stand on writes and on marked routes, and each is asked where it is called. The look
    # that the library takes before every request finds none; a limit on a blueprint would need it.
    if enabled:
        app.before_request_funcs[None].remove(limiter._check_request_limit)  # noqa: SLF001

    @limiter.shared_limit(_allowance, scope="writes")
    def _count() -> None:
        return None

    @app.before_request
    def _count_writes() -> None:
        if not _reading():
            _count()
