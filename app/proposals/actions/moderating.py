"""Reporting, hiding, restoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.moderation import actions as moderation
from app.moderation.models import HideReason, SubjectKind
from app.places.models import Place
from app.proposals import rules
from app.proposals.models import (
    Proposal,
    ProposalState,
    TimelineCode,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing
from app.proposals.actions.shared import _lock_and_reread, _note, _published_only, _stage_of


def report_proposal(
    session: Session,
    proposal: Proposal,
    *,
    reason: HideReason,
    note: str,
    href: str,
    by: Standing,
    at: datetime,
) -> None:
    """Ask the moderators to look at a proposal; see moderation for the refusals."""
    moderation.report(
        session,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        place=proposal.place,
        container_id=proposal.id,
        reason=reason,
        note=note,
        href=href,
        by=by,
        at=at,
    )


def hide_proposal(
    session: Session,
    proposal: Proposal,
    *,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Show the reason in place of a published proposal; see moderation for the refusals."""
    _published_only(proposal)
    moderation.hide(
        session,
        proposal,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        place=session.get_one(Place, proposal.place_id),
        container_id=proposal.id,
        reason=reason,
        note=note,
        by=by,
        at=at,
    )
    _note(session, proposal.id, _stage_of(proposal), TimelineCode.HIDDEN, at, note=note.strip())


def restore_proposal(
    session: Session, proposal: Proposal, *, note: str, by: Standing, at: datetime
) -> None:
    """Show a hidden proposal again; see moderation for the refusals.

    Its window and the day of its answer, where they had not passed, move on by the time it was
    hidden: nobody could endorse it or answer it meanwhile.
    """
    _lock_and_reread(session, proposal)
    _published_only(proposal)
    hidden_at = proposal.hidden_at
    moderation.restore(
        session,
        proposal,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        place=session.get_one(Place, proposal.place_id),
        container_id=proposal.id,
        note=note,
        by=by,
        at=at,
    )
    if hidden_at is not None:
        _give_back(proposal, hidden_at, at)
    _note(session, proposal.id, _stage_of(proposal), TimelineCode.RESTORED, at, note=note.strip())


def _give_back(proposal: Proposal, hidden_at: datetime, at: datetime) -> None:
    """Move the terms that run on by the time for which a proposal was hidden."""
    closes_at, due_on = proposal.closes_at, proposal.reply_due_on
    if proposal.state is ProposalState.ENDORSING and closes_at is not None:
        proposal.closes_at = rules.window_given_back(closes_at, hidden_at, at)
    elif proposal.state is ProposalState.REVIEW and due_on is not None:
        proposal.reply_due_on = rules.reply_given_back(due_on, hidden_at, at)
