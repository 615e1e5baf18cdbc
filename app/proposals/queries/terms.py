"""The endorsement rule in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.places.models import Place
from app.proposals.models import EndorsementPolicy
from app.proposals.rules import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


def policy_in_force(session: Session, place: Place, *, at: datetime) -> EndorsementPolicy | None:
    """Return the newest endorsement rule of a place, or of its district where it has none."""
    return session.scalar(
        select(EndorsementPolicy)
        .where(
            EndorsementPolicy.place_id.in_([place.id, place.parent_id]),
            EndorsementPolicy.effective_from <= at,
        )
        .order_by((EndorsementPolicy.place_id == place.id).desc(), EndorsementPolicy.version.desc())
        .limit(1)
    )


def terms_in_force(session: Session, place: Place, *, at: datetime) -> Terms:
    """Return the terms on which a window at this place would open now."""
    found = policy_in_force(session, place, at=at)
    if found is None:
        return Terms()
    return Terms(
        threshold=found.threshold,
        window_days=found.window_days,
        counts_opening_day=found.counts_opening_day,
        precheck_required=found.precheck_required,
        decision_days=found.decision_days,
        policy_id=found.id,
    )


def policy_history(session: Session, place: Place) -> Sequence[EndorsementPolicy]:
    """Return every version of a place's own rule, newest first."""
    return session.scalars(
        select(EndorsementPolicy)
        .where(EndorsementPolicy.place_id == place.id)
        .order_by(EndorsementPolicy.version.desc())
    ).all()
