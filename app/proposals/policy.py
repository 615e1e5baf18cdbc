"""Who may do what with a proposal, and when. Told the time; asks no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.clock import seoul_day
from app.core.plaintext import length
from app.core.refusals import Refusal
from app.proposals.models import ProposalState, Verdict
from app.proposals.rules import BODY_LEAST, SENSE_LEAST, TITLE_LEAST, Phase, phase
from app.residents.models import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.places.models import Department, Place
    from app.proposals.models import Proposal
    from app.residents.rules import Ground, Standing


RECEIVERS = (Role.CLERK, Role.OPERATOR)


class ProposalRefusal(Refusal):
    """Why an act upon a proposal is refused."""

    UNKNOWN = "proposal.unknown"
    SIGN_IN_NEEDED = "proposal.sign_in_needed"
    NOT_AUTHOR = "proposal.not_author"
    NOT_DRAFT = "proposal.not_draft"
    NOT_VERIFIED = "proposal.not_verified"
    OTHER_DONG = "proposal.other_dong"
    HIDDEN = "proposal.hidden"
    HIDDEN_NOW = "proposal.hidden_now"
    NOT_OPEN_YET = "proposal.not_open_yet"
    WINDOW_CLOSED = "proposal.window_closed"
    REVIEW_BEGAN = "proposal.review_began"
    UNFIT = "proposal.unfit"
    ALREADY_ENDORSED = "proposal.already_endorsed"
    NOT_ENDORSED = "proposal.not_endorsed"
    NOT_CLERK = "proposal.not_clerk"
    NOT_OPERATOR = "proposal.not_operator"
    NOT_IN_PRECHECK = "proposal.not_in_precheck"
    REASON_NEEDED = "proposal.reason_needed"
    NOT_IN_REVIEW = "proposal.not_in_review"
    UNKNOWN_DEPARTMENT = "proposal.unknown_department"
    NO_DEPARTMENT = "proposal.no_department"
    NOT_DEPARTMENT = "proposal.not_department"
    ALREADY_REPLIED = "proposal.already_replied"
    PLAN_NEEDED = "proposal.plan_needed"
    PLAN_PASSED = "proposal.plan_passed"
    UNFINISHED = "proposal.unfinished"


def is_clerk(by: Standing, place: Place) -> bool:
    """Say whether someone receives and routes proposals of a place."""
    return any(by.holds(role, place) for role in RECEIVERS)


def why_not_reach(by: Standing, place: Ground) -> ProposalRefusal | None:
    """Say why someone may not publish or endorse for a place: dong-wide its residents, else all."""
    if not by.is_someone:
        return ProposalRefusal.SIGN_IN_NEEDED
    if not by.is_verified:
        return ProposalRefusal.NOT_VERIFIED
    return None if by.belongs_to(place) else ProposalRefusal.OTHER_DONG


def why_not_draft(by: Standing) -> ProposalRefusal | None:
    """Say why someone may not write a draft."""
    return None if by.is_someone else ProposalRefusal.SIGN_IN_NEEDED


def why_not_revise(by: Standing, proposal: Proposal) -> ProposalRefusal | None:
    """Say why someone may not change or throw away a draft."""
    if proposal.author_id != by.person_id:
        return ProposalRefusal.NOT_AUTHOR
    return None if proposal.state is ProposalState.DRAFT else ProposalRefusal.NOT_DRAFT


def may_try_again(by: Standing, proposal: Proposal, *, at: datetime) -> bool:
    """Say whether this is someone's own proposal that missed its threshold, and is not hidden."""
    own = by.person_id is not None and proposal.author_id == by.person_id
    return own and not proposal.is_hidden and phase(proposal, at) is Phase.EXPIRED


def why_not_publish(by: Standing, proposal: Proposal, place: Place) -> ProposalRefusal | None:
    """Say why someone may not publish a draft."""
    if proposal.author_id != by.person_id:
        return ProposalRefusal.NOT_AUTHOR
    return why_not_reach(by, place) or (
        ProposalRefusal.UNFINISHED if is_unfinished(proposal) else None
    )


def is_unfinished(proposal: Proposal) -> bool:
    """Say whether a draft lacks something that is published with it."""
    if proposal.state is not ProposalState.DRAFT:
        return False
    lacks_words = (
        length(proposal.title) < TITLE_LEAST
        or length(proposal.sense) < SENSE_LEAST
        or length(proposal.body) < BODY_LEAST
    )
    return lacks_words or proposal.is_field_open


def why_not_endorse(
    by: Standing, place: Ground, phase: Phase, *, is_hidden: bool
) -> ProposalRefusal | None:
    """Say why someone may not endorse now, whether or not they have; None if they may."""
    return _why_window_is_shut(phase, is_hidden=is_hidden) or why_not_reach(by, place)


def why_not_withdraw(by: Standing, phase: Phase, *, is_hidden: bool) -> ProposalRefusal | None:
    """Say why an endorsement may not be taken back now: after the window it stands."""
    if not by.is_someone:
        return ProposalRefusal.SIGN_IN_NEEDED
    return _why_window_is_shut(phase, is_hidden=is_hidden)


_SHUT = {
    Phase.DRAFT: ProposalRefusal.UNKNOWN,
    Phase.PRECHECK: ProposalRefusal.NOT_OPEN_YET,
    Phase.UNFIT: ProposalRefusal.UNFIT,
    Phase.EXPIRED: ProposalRefusal.WINDOW_CLOSED,
    Phase.REVIEW: ProposalRefusal.REVIEW_BEGAN,
    Phase.OVERDUE: ProposalRefusal.REVIEW_BEGAN,
    Phase.REPLIED: ProposalRefusal.REVIEW_BEGAN,
}


def _why_window_is_shut(phase: Phase, *, is_hidden: bool) -> ProposalRefusal | None:
    if is_hidden and phase is not Phase.DRAFT:
        return ProposalRefusal.HIDDEN
    return _SHUT.get(phase)


def why_not_follow(by: Standing, phase: Phase) -> ProposalRefusal | None:
    """Say why someone may not follow: anyone signed in may, verified or not."""
    if phase is Phase.DRAFT:
        return ProposalRefusal.UNKNOWN
    return None if by.is_someone else ProposalRefusal.SIGN_IN_NEEDED


def why_not_precheck(by: Standing, proposal: Proposal, place: Place) -> ProposalRefusal | None:
    """Say why someone may not decide the feasibility pre-check (타당성 검토)."""
    if not is_clerk(by, place):
        return ProposalRefusal.NOT_CLERK
    if proposal.state is not ProposalState.PRECHECK:
        return ProposalRefusal.NOT_IN_PRECHECK
    return ProposalRefusal.HIDDEN_NOW if proposal.is_hidden else None


def why_not_assign(
    by: Standing, proposal: Proposal, place: Place, department: Department
) -> ProposalRefusal | None:
    """Say why someone may not name the department that answers."""
    if not is_clerk(by, place):
        return ProposalRefusal.NOT_CLERK
    if proposal.state not in (
        ProposalState.PRECHECK,
        ProposalState.ENDORSING,
        ProposalState.REVIEW,
    ):
        return ProposalRefusal.NOT_IN_REVIEW
    if proposal.is_hidden:
        return ProposalRefusal.HIDDEN_NOW
    district = place.id if place.is_district else place.parent_id
    return None if department.place_id == district else ProposalRefusal.UNKNOWN_DEPARTMENT


def why_not_reply(
    by: Standing,
    proposal: Proposal,
    *,
    verdict: Verdict,
    reason: str,
    planned_on: date | None,
    at: datetime,
) -> ProposalRefusal | None:
    """Say why someone may not answer: the department's own, once, with a reason and a date.

    What is adopted carries when it will be done (국민 제안 규정 §10②), a day to come.
    """
    refusal = _why_not_answer_for(by, proposal.department_id) or _why_no_answer_is_due(proposal)
    if refusal is not None:
        return refusal
    if not reason.strip():
        return ProposalRefusal.REASON_NEEDED
    if verdict is Verdict.REJECTED:
        return None
    if planned_on is None:
        return ProposalRefusal.PLAN_NEEDED
    return ProposalRefusal.PLAN_PASSED if planned_on < seoul_day(at) else None


def _why_not_answer_for(by: Standing, department_id: int | None) -> ProposalRefusal | None:
    if department_id is None:
        return ProposalRefusal.NO_DEPARTMENT
    return None if by.speaks_for(department_id) else ProposalRefusal.NOT_DEPARTMENT


def _why_no_answer_is_due(proposal: Proposal) -> ProposalRefusal | None:
    if proposal.state is ProposalState.REPLIED:
        return ProposalRefusal.ALREADY_REPLIED
    if proposal.state is not ProposalState.REVIEW:
        return ProposalRefusal.NOT_IN_REVIEW
    return ProposalRefusal.HIDDEN_NOW if proposal.is_hidden else None


def why_not_set_policy(by: Standing, place: Place) -> ProposalRefusal | None:
    """Say why someone may not set the endorsement rule of a place."""
    return None if by.holds(Role.OPERATOR, place) else ProposalRefusal.NOT_OPERATOR
