"""A seam for higher domains: what they show on an assembly's pages, without being known here.

A domain's wiring calls `register(house.app, render)`. `render(session, assembly, at)` returns a
Panel, or None when it has nothing to show; it should need no more than one statement. Panels
stand on /assemblies/<id> in the order in which they were registered. `register_on_desk` does the
same for its page on the desk, whose `render(session, assembly, by, at)` is told who looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly
    from app.residents.rules import Standing

_KEY, _DESK_KEY = "assembly_panels", "assembly_desk_panels"


@dataclass(frozen=True)
class Panel:
    """What another domain says on an assembly's page, and where it leads.

    `action` is the word on the link ("투표하기"). `is_quorate` says whether enough took part,
    where a domain counts more of them than those who checked in; None while it cannot say.
    """

    title: str
    text: str
    url: str
    action: str
    is_quorate: bool | None = None


if TYPE_CHECKING:
    Render = Callable[[Session, Assembly, datetime], Panel | None]
    RenderOnDesk = Callable[[Session, Assembly, Standing, datetime], Panel | None]


def register(app: Flask, render: Render) -> None:
    """Let a domain show a panel on every assembly's page."""
    app.extensions.setdefault(_KEY, []).append(render)


def panels_of(app: Flask, session: Session, assembly: Assembly, *, at: datetime) -> list[Panel]:
    """Return what the registered domains have to show on an assembly's page."""
    shown = (render(session, assembly, at) for render in app.extensions.get(_KEY, ()))
    return [panel for panel in shown if panel is not None]


def register_on_desk(app: Flask, render: RenderOnDesk) -> None:
    """Let a domain show a panel on the desk's page of every assembly."""
    app.extensions.setdefault(_DESK_KEY, []).append(render)


def desk_panels_of(
    app: Flask, session: Session, assembly: Assembly, *, by: Standing, at: datetime
) -> list[Panel]:
    """Return what the registered domains have to show someone on an assembly's desk page."""
    shown = (render(session, assembly, by, at) for render in app.extensions.get(_DESK_KEY, ()))
    return [panel for panel in shown if panel is not None]
