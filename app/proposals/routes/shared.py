"""What the pages of proposals share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    abort,
    redirect,
    url_for,
)

from app.core.refusals import Refused
from app.proposals import queries, words
from app.proposals.models import Proposal, ProposalState
from app.proposals.policy import ProposalRefusal
from app.residents.sessions import visitor
from app.web.database import session

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session


routes = Blueprint("proposals", __name__)


@routes.app_template_filter("seen_title")
def _seen_title(one: words.FromProposal) -> str:
    return words.seen_title(one)


def _sentence(refusal: ProposalRefusal | None) -> str:
    return "" if refusal is None else str(words.SENTENCES[refusal].text)


def _published(proposal_id: int) -> Proposal | None:
    """Return a published proposal; None for the visitor's own draft; 404 for anything else."""
    found = queries.proposal(session(), proposal_id)
    if found is None:
        abort(404)
    if found.state is not ProposalState.DRAFT:
        return found
    if found.author_id != visitor().person_id:
        abort(404)
    return None


def _me() -> int:
    person_id = visitor().person_id
    assert person_id is not None  # noqa: S101 - the route is for people signed in
    return person_id


def _own(proposal_id: int) -> Proposal:
    found = queries.proposal(session(), proposal_id)
    if found is None or found.author_id != _me():
        abort(404)
    return found


def _own_draft(proposal_id: int) -> Proposal:
    draft = _own(proposal_id)
    if draft.state is not ProposalState.DRAFT:
        raise Refused(ProposalRefusal.NOT_DRAFT)
    return draft


def _one(s: Session, proposal_id: int) -> Proposal:
    """Return the proposal of an address, whoever looks; policy decides the rest."""
    found = s.get(Proposal, proposal_id)
    if found is None:
        raise Refused(ProposalRefusal.UNKNOWN)
    return found


def _back_to(proposal_id: int) -> ResponseReturnValue:
    return redirect(url_for("proposals.detail", proposal_id=proposal_id), 303)
