"""Writing and publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.numbers import receipt_number
from app.core.refusals import Refused, insist
from app.places.models import Place
from app.proposals import facts, policy, queries, rules
from app.proposals.models import (
    Field,
    Proposal,
    ProposalState,
    Stage,
    TimelineCode,
)
from app.proposals.policy import ProposalRefusal
from app.residents.actions import stays

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.facts import PersonWithdrew
    from app.residents.rules import Standing
from app.proposals.actions.shared import _lock_and_reread, _note, _open_window


def draft_proposal(
    session: Session,
    *,
    place: Place,
    field: Field | None,
    title: str,
    sense: str,
    body: str,
    home: Place | None,
    by: Standing,
    at: datetime,
) -> Proposal:
    """Begin a proposal that only its author sees; it may be unfinished, its field open.

    Raises Refused SIGN_IN_NEEDED, also for who has just left.
    """
    insist(policy.why_not_draft(by))
    if not stays(session, by.person_id):
        raise Refused(ProposalRefusal.SIGN_IN_NEEDED)
    draft = Proposal(
        place_id=place.id,
        home_place_id=home.id if home else None,
        author_id=by.person_id,
        title=title,
        sense=sense,
        body=body,
        state=ProposalState.DRAFT,
        created_at=at,
        endorsement_count=0,
        search_jamo="",
        search_initials="",
    )
    draft.choose_field(field)
    session.add(draft)
    session.flush()
    return draft


def revise_draft(
    session: Session,
    proposal: Proposal,
    *,
    place: Place,
    field: Field | None,
    title: str,
    sense: str,
    body: str,
    by: Standing,
    at: datetime,
) -> Proposal:
    """Change a draft. Raises Refused: NOT_AUTHOR, NOT_DRAFT."""
    _lock_and_reread(session, proposal)
    insist(policy.why_not_revise(by, proposal))
    proposal.place_id = place.id
    proposal.choose_field(field)
    proposal.title, proposal.sense, proposal.body = title, sense, body
    proposal.created_at = at
    session.flush()
    session.expire(proposal, ["place"])
    return proposal


def discard_draft(session: Session, proposal: Proposal, *, by: Standing) -> None:
    """Throw a draft away. Raises Refused: NOT_AUTHOR, NOT_DRAFT."""
    _lock_and_reread(session, proposal)
    insist(policy.why_not_revise(by, proposal))
    session.delete(proposal)
    session.flush()


def discard_drafts_of(session: Session, left: PersonWithdrew) -> None:
    """Throw the drafts of someone who leaves away: nobody else ever saw them."""
    drafts = session.scalars(
        select(Proposal.id)
        .where(Proposal.author_id == left.person_id, Proposal.state == ProposalState.DRAFT)
        .order_by(Proposal.id)
        .with_for_update()
    ).all()
    session.execute(delete(Proposal).where(Proposal.id.in_(drafts)))


def publish_proposal(
    session: Session, proposal: Proposal, *, by: Standing, at: datetime
) -> Proposal:
    """Publish a draft under a receipt number; publishing twice is publishing once.

    It goes to the feasibility pre-check, or where the place asks for none its endorsement window
    opens at once. Raises Refused: NOT_AUTHOR, NOT_VERIFIED, OTHER_DONG,
    UNFINISHED.
    """
    _lock_and_reread(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_publish(by, proposal, place))
    if proposal.state is not ProposalState.DRAFT:
        return proposal
    proposal.home_place_id = _home_of(by, proposal)
    proposal.number = receipt_number(seoul_day(at).year, place.code, proposal.id)
    proposal.published_at = at
    proposal.search_jamo, proposal.search_initials = rules.search_text(
        proposal.title, proposal.sense, proposal.number
    )
    terms = queries.terms_in_force(session, place, at=at)
    if terms.precheck_required:
        proposal.state = ProposalState.PRECHECK
    else:
        _open_window(proposal, terms, at)
    _note(session, proposal.id, Stage.PROPOSAL, TimelineCode.PUBLISHED, at)
    session.flush()
    record(session, facts.ProposalPublished(at=at, by=by.person_id, proposal_id=proposal.id))
    return proposal


def _home_of(by: Standing, proposal: Proposal) -> int | None:
    """Return the dong shown beside the author: one they are verified for, the named one first."""
    dongs = {dong_id for dong_id, _class in by.memberships}
    for named in (proposal.home_place_id, proposal.place_id):
        if named in dongs:
            return named
    return min(dongs, default=None)
