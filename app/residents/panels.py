"""What 내 활동 shows: a panel for each domain in which a person does things.

A higher domain adds its panel in its wiring:

    panels.add(house, "proposals", routes.my_proposals)

where `my_proposals(session, person_id, at) -> Panel` costs one or two statements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from flask import Flask

    from app.web.house import House

KEY = "residents.panels"


@dataclass(frozen=True, kw_only=True)
class PanelItem:
    """One thing someone did: its title and page, where it stands, when."""

    title: str
    url: str
    status: str = ""
    note: str = ""
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One section of 내 활동: a few newest items, what an empty one says, where all of them are."""

    title: object
    items: Sequence[PanelItem]
    empty: object
    url: str | None = None


PanelOf = Callable[[Session, int, datetime], Panel]


def add(house: House, name: str, panel_of: PanelOf) -> None:
    """Show a domain's panel on 내 활동, in the order in which the domains are plugged in."""
    house.app.extensions.setdefault(KEY, {})[name] = panel_of


def panels_of(app: Flask, session: Session, person_id: int, at: datetime) -> dict[str, Panel]:
    """Return every domain's panel for a person, by the domain's name."""
    panels: dict[str, PanelOf] = app.extensions.get(KEY, {})
    return {name: panel_of(session, person_id, at) for name, panel_of in panels.items()}
