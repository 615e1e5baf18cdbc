"""The session's cookie: Flask's own, signed, with its signer made once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from flask import Flask
    from itsdangerous import URLSafeTimedSerializer


class _Sessions(SecureCookieSessionInterface):
    """Flask makes the signer anew to read and again to write, at every request."""

    def __init__(self) -> None:
        self._signer = lru_cache(maxsize=1)(self._make_signer)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer(app, app.secret_key)

    def _make_signer(self, app: Flask, _key: object) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(app)


def install(app: Flask) -> None:
    """Keep sessions in cookies."""
    app.session_interface = _Sessions()
