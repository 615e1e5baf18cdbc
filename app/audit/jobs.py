"""What the passing of a day brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import queries
from app.audit.actions import anchor_heads
from app.core.clock import seoul_day
from app.places.models import Place, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy.orm import Session


def anchor_daily(
    reading: Session, write: Callable[[], AbstractContextManager[Session]], *, at: datetime
) -> None:
    """Bind the heads that moved since the last time into each district's record, once a Seoul day.

    They are read before the write, which only adds the one row: nobody waits for the reading, and
    what is bound was committed. While nothing moves, a turn asks for acts by their time and reads
    no head.
    """
    districts = select(Place.id).where(Place.kind == PlaceKind.DISTRICT).order_by(Place.id)
    for district_id in reading.scalars(districts).all():
        last = queries.last_anchor(reading, district_id)
        if last is not None and seoul_day(last.at) >= seoul_day(at):
            continue
        moved = queries.moved_heads(reading, district_id, last)
        if moved:
            after = last.seq if last is not None else 0
            with write() as session:
                anchor_heads(session, district_id, moved, after=after, at=at)
