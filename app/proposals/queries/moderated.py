"""What proposals say, for those who keep order on the board; hidden ones too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.moderation.rules import Subject
from app.proposals.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def moderated_proposals(session: Session, ids: Sequence[int]) -> dict[int, Subject]:
    """Return what proposals say in a line; a proposal stands for itself."""
    rows = session.execute(
        select(Proposal.id, Proposal.title, Proposal.sense, Proposal.hidden_at).where(
            Proposal.id.in_(ids)
        )
    )
    return {
        row.id: Subject(
            f"{row.title} · {row.sense}", "", f"/proposals/{row.id}", row.hidden_at is not None
        )
        for row in rows
    }
