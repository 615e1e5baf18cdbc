"""The rule, the pre-check, the department and its reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.core.bus import record
from app.core.refusals import Refused, insist
from app.places.models import Place
from app.proposals import facts, policy, queries
from app.proposals.models import (
    EndorsementPolicy,
    Proposal,
    ProposalState,
    Reply,
    Stage,
    TimelineCode,
    Verdict,
)
from app.proposals.policy import ProposalRefusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.places.models import Department
    from app.residents.rules import Standing
from app.proposals.actions.shared import _lock_and_reread, _note, _open_window


def set_endorsement_policy(
    session: Session,
    place: Place,
    *,
    threshold: int,
    window_days: int,
    counts_opening_day: bool,
    precheck_required: bool,
    decision_days: int,
    by: Standing | None,
    at: datetime,
) -> EndorsementPolicy:
    """Set a place's endorsement rule from now on; windows already open keep theirs.

    `by` None is the operator at the console. Raises Refused NOT_OPERATOR.
    """
    if by is not None:
        insist(policy.why_not_set_policy(by, place))
    session.execute(select(Place.id).where(Place.id == place.id).with_for_update())
    newest = session.scalar(
        select(func.max(EndorsementPolicy.version)).where(EndorsementPolicy.place_id == place.id)
    )
    version = EndorsementPolicy(
        place_id=place.id,
        version=(newest or 0) + 1,
        threshold=threshold,
        window_days=window_days,
        counts_opening_day=counts_opening_day,
        precheck_required=precheck_required,
        decision_days=decision_days,
        effective_from=at,
        set_by=by.person_id if by else None,
    )
    session.add(version)
    session.flush()
    record(
        session,
        facts.EndorsementPolicySet(
            at=at,
            by=by.person_id if by else None,
            place_id=place.id,
            version=version.version,
        ),
    )
    return version


def pass_precheck(session: Session, proposal: Proposal, *, by: Standing, at: datetime) -> Proposal:
    """Find a proposal fit: its endorsement window opens on the terms in force now.

    Raises Refused: NOT_CLERK, NOT_IN_PRECHECK, HIDDEN_NOW.
    """
    _lock_and_reread(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_precheck(by, proposal, place))
    _open_window(proposal, queries.terms_in_force(session, place, at=at), at)
    _note(session, proposal.id, Stage.ENDORSEMENT, TimelineCode.PRECHECK_PASSED, at)
    session.flush()
    record(session, facts.PrecheckPassed(at=at, by=by.person_id, proposal_id=proposal.id))
    return proposal


def fail_precheck(
    session: Session, proposal: Proposal, *, reason: str, by: Standing, at: datetime
) -> Proposal:
    """Find that this is nothing the district can decide, and say publicly why.

    Raises Refused: NOT_CLERK, NOT_IN_PRECHECK, HIDDEN_NOW, REASON_NEEDED.
    """
    _lock_and_reread(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_precheck(by, proposal, place))
    if not reason.strip():
        raise Refused(ProposalRefusal.REASON_NEEDED)
    proposal.state = ProposalState.UNFIT
    _note(
        session, proposal.id, Stage.PROPOSAL, TimelineCode.PRECHECK_FAILED, at, note=reason.strip()
    )
    session.flush()
    record(session, facts.PrecheckFailed(at=at, by=by.person_id, proposal_id=proposal.id))
    return proposal


def assign_department(
    session: Session, proposal: Proposal, department: Department, *, by: Standing, at: datetime
) -> Proposal:
    """Name the department that answers; naming the same again changes nothing.

    Raises Refused: NOT_CLERK, NOT_IN_REVIEW, HIDDEN_NOW, UNKNOWN_DEPARTMENT.
    """
    _lock_and_reread(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_assign(by, proposal, place, department))
    if proposal.department_id == department.id:
        return proposal
    proposal.department_id = department.id
    _note(
        session,
        proposal.id,
        Stage.REVIEW,
        TimelineCode.DEPARTMENT_ASSIGNED,
        at,
        note=department.name,
    )
    session.flush()
    session.expire(proposal, ["department"])
    record(
        session,
        facts.DepartmentAssigned(
            at=at, by=by.person_id, proposal_id=proposal.id, department_id=department.id
        ),
    )
    return proposal


def reply_to_proposal(
    session: Session,
    proposal: Proposal,
    *,
    verdict: Verdict,
    reason: str,
    planned_on: date | None,
    by: Standing,
    at: datetime,
) -> Reply:
    """Answer a proposal for its department, once.

    Raises Refused: NO_DEPARTMENT, NOT_DEPARTMENT, ALREADY_REPLIED, NOT_IN_REVIEW, HIDDEN_NOW,
    REASON_NEEDED, PLAN_NEEDED or PLAN_PASSED (채택 and 부분채택 carry the day of their plan).
    """
    _lock_and_reread(session, proposal)
    insist(
        policy.why_not_reply(
            by, proposal, verdict=verdict, reason=reason, planned_on=planned_on, at=at
        )
    )
    reply = Reply(
        proposal_id=proposal.id,
        verdict=verdict,
        department_id=proposal.department_id,
        reason=reason.strip(),
        planned_on=planned_on if verdict is not Verdict.REJECTED else None,
        by=by.person_id,
        at=at,
    )
    session.add(reply)
    proposal.state = ProposalState.REPLIED
    _note(session, proposal.id, Stage.REVIEW, TimelineCode.REPLIED, at)
    session.flush()
    session.expire(proposal, ["reply"])
    record(
        session,
        facts.ProposalReplied(at=at, by=by.person_id, proposal_id=proposal.id, verdict=verdict),
    )
    return reply
