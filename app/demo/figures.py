"""What the told year amounts to, asked of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.ballots.models import Ballot, BallotState, Envelope
from app.commitments.models import Commitment
from app.demo.teller import STORY_NOW
from app.forum.models import Topic
from app.places.models import Place, PlaceKind
from app.proposals.models import Proposal, ProposalState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def figures(session: Session) -> dict[str, Any]:
    """Return the story's figures; what keeps the running demo busy comes later and is not counted."""
    year = Proposal.published_at < STORY_NOW.replace(month=1, day=1)
    kinds = {kind: _proposals(session, kind, year) for kind in PlaceKind}
    told = select(Ballot.id).where(Ballot.state == BallotState.CERTIFIED)
    by_dong = session.execute(
        select(func.count(Commitment.id))
        .select_from(Place)
        .outerjoin(Commitment, Commitment.place_id == Place.id)
        .where(Place.kind == PlaceKind.DONG)
        .group_by(Place.id)
        .order_by(Place.position)
    ).scalars()
    return {
        "dongs": _count(session, Place, Place.kind == PlaceKind.DONG),
        "proposals": kinds[PlaceKind.DISTRICT],
        "dong_proposals": kinds[PlaceKind.DONG],
        "expired": _count(session, Proposal, year, Proposal.state == ProposalState.EXPIRED),
        "forum_topics": _count(session, Topic, Topic.replied_at.is_not(None)),
        "ballots": _count(session, Ballot, Ballot.state == BallotState.CERTIFIED),
        "votes": _count(session, Envelope, Envelope.ballot_id.in_(told)),
        "commitments": _count(session, Commitment),
        "commitments_by_dong": list(by_dong),
    }


def _count(session: Session, table: Any, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _proposals(session: Session, kind: PlaceKind, *where: Any) -> int:
    here = select(Place.id).where(Place.kind == kind)
    return _count(session, Proposal, Proposal.place_id.in_(here), *where)
