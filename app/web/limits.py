"""Rate limits: by person once signed in, generously by address before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

if TYPE_CHECKING:
    from flask import Flask

WRITES_PER_PERSON = "60 per minute"
WRITES_PER_ADDRESS = "1200 per minute"
SIGN_IN_PER_ADDRESS = "300 per minute"
SIGN_IN_PER_NAME = "10 per 5 minutes"


def _whom() -> str:
    if current_user.is_authenticated:
        return f"person:{current_user.person_id}"
    return f"address:{get_remote_address()}"


def _allowance() -> str:
    return WRITES_PER_PERSON if current_user.is_authenticated else WRITES_PER_ADDRESS


def _reading() -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS")


limiter = Limiter(key_func=_whom, headers_enabled=True, strategy="moving-window")


def install(app: Flask, *, redis_url: str | None, enabled: bool) -> None:
    """Limit writes: per person once signed in, per address (halls share one) before."""
    app.config["RATELIMIT_STORAGE_URI"] = redis_url or "memory://"
    app.config["RATELIMIT_ENABLED"] = enabled
    app.config["RATELIMIT_APPLICATION"] = None
    limiter.init_app(app)

    @limiter.shared_limit(_allowance, scope="writes")
    def _count() -> None:
        return None

    @app.before_request
    def _count_writes() -> None:
        if not _reading():
            _count()
