"""What pages plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, url_for
from werkzeug.local import LocalProxy

from app.pages import mine, routes
from app.residents import panels
from app.residents.sessions import visitor

if TYPE_CHECKING:
    from app.web.house import House


def _desk_url() -> str | None:
    """Return the way to the visitor's desk, None for people who have none."""
    person = visitor()
    if not person.is_authenticated:
        return None
    doors = current_app.extensions["house"].desk_doors
    roles: frozenset[str] = frozenset().union(*(door.roles for door in doors))
    return url_for("pages.desk") if person.standing.holds_any(roles) else None


def _frame() -> dict[str, Any]:
    """Give every page the visitor's dong and, for staff, the way to their desk.

    Both are looked up when a page first shows them, so a page without a menu asks nothing.
    """
    return {
        "current_place": LocalProxy(routes.current_place),
        "place_url": url_for("pages.home") + "#dong",
        "desk_home_url": LocalProxy(_desk_url),
    }


def plug(house: House) -> None:
    """Serve the pages and give every template its frame."""
    house.blueprint(routes.blueprint)
    house.app.context_processor(_frame)
    panels.add(house, "proposed", mine.proposed)
    panels.add(house, "endorsed", mine.endorsed)
    panels.add(house, "followed", mine.followed)
    panels.add(house, "said", mine.said)
    panels.add(house, "voted", mine.voted)
