"""What the passing of a day brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit.actions import anchor_heads
from app.places.models import Place, PlaceKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def anchor_daily(session: Session, *, at: datetime) -> None:
    """Anchor the heads of all chains into each district's record, once a day."""
    for district in session.scalars(select(Place).where(Place.kind == PlaceKind.DISTRICT)):
        anchor_heads(session, district, at=at)
