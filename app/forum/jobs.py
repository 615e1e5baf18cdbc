"""What happens in the forum because time passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forum import actions, queries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

MAPS_AT_ONCE = 1  # others wait for the write: each topic has a turn of its own
WEIGHINGS_AT_MOST = 300_000


def draw_maps(session: Session, *, at: datetime) -> None:
    """Draw the maps that are older than what five people or more weighed, or a decision.

    A topic with more than 300,000 weighings would hold the write too long; `flask forum draw`
    draws it, with the reading and the computing outside.
    """
    due = queries.topics_to_draw(session, limit=MAPS_AT_ONCE, most=WEIGHINGS_AT_MOST, at=at)
    for topic_id in due:
        actions.draw_map(session, topic_id, at=at)
