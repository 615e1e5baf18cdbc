"""Keeping order in a room: hiding what was said in it, and showing it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.moderation import actions as moderation
from app.room.actions.floor import hold_room
from app.room.models import FloorRequest, kind_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly
    from app.moderation.models import HideReason
    from app.residents.rules import Standing
    from app.room.models import Said


def hide_words(
    session: Session,
    assembly: Assembly,
    said: Said,
    *,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Show the reason in place of a message, a question or what someone wants to speak about.

    Raises Refused: NOT_MODERATOR, ALREADY_HIDDEN, REASON_NEEDED.
    """
    _hold_line(session, said)
    moderation.hide(
        session,
        said,
        kind=kind_of(said),
        subject_id=said.id,
        place=assembly.place,
        container_id=assembly.id,
        reason=reason,
        note=note,
        by=by,
        at=at,
    )


def restore_words(
    session: Session,
    assembly: Assembly,
    said: Said,
    *,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Show words again. Raises Refused: NOT_MODERATOR, NOT_HIDDEN, REASON_NEEDED."""
    _hold_line(session, said)
    moderation.restore(
        session,
        said,
        kind=kind_of(said),
        subject_id=said.id,
        place=assembly.place,
        container_id=assembly.id,
        note=note,
        by=by,
        at=at,
    )


def _hold_line(session: Session, said: Said) -> None:
    """Take the room before its floor request, as every act upon the floor does."""
    if isinstance(said, FloorRequest):
        hold_room(session, said.assembly_id)
