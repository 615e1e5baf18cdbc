"""What one person wrote, endorsed and follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    select,
    union_all,
)
from sqlalchemy.orm import joinedload

from app.proposals.models import (
    Endorsement,
    Follow,
    Proposal,
    ProposalState,
)
from app.proposals.queries.rows import _LISTED, Line, _listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def drafts_of(session: Session, person_id: int) -> Sequence[Proposal]:
    """Return what a person has begun to write, newest first."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.author_id == person_id, Proposal.state == ProposalState.DRAFT)
        .options(joinedload(Proposal.place))
        .order_by(Proposal.created_at.desc(), Proposal.id.desc())
    ).all()


def proposals_of(session: Session, person_id: int, *, limit: int = 50) -> Sequence[Line]:
    """Return what a person published, newest first; their own hidden ones too."""
    return _listed(
        session,
        select(Proposal.id)
        .where(Proposal.author_id == person_id, Proposal.published_at.is_not(None))
        .order_by(Proposal.published_at.desc(), Proposal.id.desc()),
        limit,
    )


def endorsed_by(session: Session, person_id: int, *, limit: int = 50) -> Sequence[Line]:
    """Return what a person endorsed, newest proposal first."""
    return _listed(
        session,
        select(Proposal.id)
        .join(Endorsement, Endorsement.proposal_id == Proposal.id)
        .where(Endorsement.person_id == person_id, _LISTED)
        .order_by(Proposal.published_at.desc(), Proposal.id.desc()),
        limit,
    )


def followed_by(session: Session, person_id: int, *, limit: int = 50) -> Sequence[Line]:
    """Return what a person follows, newest proposal first."""
    return _listed(
        session,
        select(Proposal.id)
        .join(Follow, Follow.proposal_id == Proposal.id)
        .where(Follow.person_id == person_id, _LISTED)
        .order_by(Proposal.published_at.desc(), Proposal.id.desc()),
        limit,
    )


def followers(session: Session, proposal_id: int) -> Sequence[int]:
    """Return who wants to hear what becomes of a proposal: its author and those who follow."""
    follows = select(Follow.person_id).where(Follow.proposal_id == proposal_id)
    author = select(Proposal.author_id).where(Proposal.id == proposal_id)
    return sorted(session.scalars(union_all(follows, author)).unique().all())
