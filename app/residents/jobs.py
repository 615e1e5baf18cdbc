"""What happens to people's records because time passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.residents.actions import forget_passphrase_codes, forget_sign_ins

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def forget_old_sign_ins(session: Session, *, at: datetime) -> None:
    """Delete sign-ins that ended a month ago, so that they are not kept without purpose."""
    forget_sign_ins(session, at=at)


def forget_ended_codes(session: Session, *, at: datetime) -> None:
    """Delete codes for a new passphrase whose time is over."""
    forget_passphrase_codes(session, at=at)
