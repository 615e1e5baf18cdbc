"""What happens in the forum because time passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forum import actions, queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy.orm import Session

WEIGHINGS_AT_MOST = 300_000


def draw_maps(
    reading: Session, write: Callable[[], AbstractContextManager[Session]], *, at: datetime
) -> None:
    """Draw the map that is longest older than what five people or more weighed, or a decision.

    One a turn: the other jobs wait for it, and what is weighed meanwhile is for the next. A topic
    with more than 300,000 weighings would keep the process busy too long; `flask forum draw`
    draws it.
    """
    due = queries.topics_to_draw(reading, limit=1, most=WEIGHINGS_AT_MOST, at=at)
    for topic_id in due:
        actions.draw_map(reading, write, topic_id, at=at)
