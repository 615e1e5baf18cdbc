"""What of proposals is handed over to the person whom it is about."""

from __future__ import annotations

from sqlalchemy import case

from app.core.own_rows import OwnRows, looked_up
from app.places.models import Department, Place
from app.proposals.models import Endorsement, EndorsementPolicy, Follow, Proposal, Reply

# Words of somebody else that are hidden now are hidden here too.
_READABLE_TITLE = case((Proposal.hidden_at.is_(None), Proposal.title))

OWN = {
    "proposals": OwnRows(
        Proposal.author_id,
        {
            "written_at": Proposal.created_at,
            "id": Proposal.id,
            "number": Proposal.number,
            "place": looked_up(Place.name, Place.id == Proposal.place_id),
            "written_from": looked_up(Place.name, Place.id == Proposal.home_place_id),
            "field": case((Proposal.is_field_open.is_(False), Proposal.field)),
            "title": Proposal.title,
            "sense": Proposal.sense,
            "body": Proposal.body,
            "state": Proposal.state,
            "published_at": Proposal.published_at,
            "threshold": Proposal.threshold,
            "endorsements_from": Proposal.opens_at,
            "endorsements_until": Proposal.closes_at,
            "endorsements": Proposal.endorsement_count,
            "department": looked_up(Department.name, Department.id == Proposal.department_id),
            "review_began_at": Proposal.review_began_at,
            "decision_days": Proposal.decision_days,
            "reply_due_on": Proposal.reply_due_on,
            "hidden_at": Proposal.hidden_at,
            "hidden_reason": Proposal.hidden_reason,
        },
    ),
    "endorsements": OwnRows(
        Endorsement.person_id,
        {
            "at": Endorsement.at,
            "proposal_id": Endorsement.proposal_id,
            "proposal": looked_up(_READABLE_TITLE, Proposal.id == Endorsement.proposal_id),
        },
    ),
    "follows": OwnRows(
        Follow.person_id,
        {
            "at": Follow.at,
            "proposal_id": Follow.proposal_id,
            "proposal": looked_up(_READABLE_TITLE, Proposal.id == Follow.proposal_id),
        },
    ),
    "replies_to_proposals": OwnRows(
        Reply.by,
        {
            "at": Reply.at,
            "id": Reply.id,
            "proposal_id": Reply.proposal_id,
            "proposal": looked_up(_READABLE_TITLE, Proposal.id == Reply.proposal_id),
            "department": looked_up(Department.name, Department.id == Reply.department_id),
            "verdict": Reply.verdict,
            "reason": Reply.reason,
            "planned_on": Reply.planned_on,
        },
    ),
    "endorsement_rules_set": OwnRows(
        EndorsementPolicy.set_by,
        {
            "effective_from": EndorsementPolicy.effective_from,
            "place": looked_up(Place.name, Place.id == EndorsementPolicy.place_id),
            "version": EndorsementPolicy.version,
        },
    ),
}
