"""What pages plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, url_for

from app.pages import mine, routes
from app.residents import panels
from app.residents.sessions import home_dong_name, visitor

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


def plug(house: House) -> None:
    """Serve the pages; let the frame name the visitor's dong and, for staff, lead to their desk."""
    house.blueprint(routes.blueprint)
    house.app.jinja_env.globals.update(dong_name=home_dong_name, desk_home_url=_desk_url)
    panels.add(house, "proposed", mine.proposed)
    panels.add(house, "endorsed", mine.endorsed)
    panels.add(house, "followed", mine.followed)
    panels.add(house, "said", mine.said)
    panels.add(house, "voted", mine.voted)
