"""Who a page is for. A route that declares no audience is served to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from flask import abort, redirect, request, url_for
from flask_login import current_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.wrappers import Response

V = TypeVar("V", bound="Callable[..., Any]")


class Reach(Enum):
    """How far a page reaches."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    STAFF = "staff"


@dataclass(frozen=True)
class Audience:
    """The people a route is for; finer questions (this dong? this ballot?) are policy."""

    reach: Reach
    roles: frozenset[str] = frozenset()

    def __call__(self, view: V) -> V:
        """Declare a view's audience; used as a decorator right below the route."""
        view.audience = self  # type: ignore[attr-defined]
        return view


public = Audience(Reach.PUBLIC)
signed_in = Audience(Reach.SIGNED_IN)


def staff(*roles: str) -> Audience:
    """Return the audience of people who hold one of these roles anywhere."""
    return Audience(Reach.STAFF, frozenset(roles))


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """Return the audience that an endpoint declares, None if it forgot."""
    if endpoint == "static":
        return public
    return getattr(app.view_functions[endpoint], "audience", None)


def install(app: Flask) -> None:
    """Check the audience before every request."""

    @app.before_request
    def _admit() -> Response | None:
        if request.endpoint is None:
            return None
        audience = audience_of(app, request.endpoint)
        if audience is None:
            abort(403)
        if audience.reach is Reach.PUBLIC:
            return None
        if not current_user.is_authenticated:
            if request.method in ("GET", "HEAD"):
                return redirect(url_for("residents.sign_in", next=request.full_path.rstrip("?")))
            abort(401)
        if audience.reach is Reach.STAFF and not current_user.standing.holds_any(audience.roles):
            abort(403)
        return None
