"""Who may make, report on and delay commitments. Told the time; asks no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ballots.models import BallotState
from app.commitments.rules import WHOLE, missed_steps, open_steps, steps_beyond
from app.core.clock import seoul_day
from app.core.refusals import Refusal
from app.residents.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from app.ballots.models import Ballot
    from app.commitments.models import Commitment
    from app.residents.rules import Standing


class CommitmentRefusal(Refusal):
    """Why an act upon a commitment is refused."""

    NOT_CLERK = "commitment.not_clerk"
    NOT_RESPONSIBLE = "commitment.not_responsible"
    NOT_COUNTED = "commitment.not_counted"
    NOT_CERTIFIED = "commitment.not_certified"
    ALREADY_KEPT = "commitment.already_kept"
    PERCENT_OUTSIDE = "commitment.percent_outside"
    PERCENT_FALLS = "commitment.percent_falls"
    SPENT_FALLS = "commitment.spent_falls"
    SPENT_NEGATIVE = "commitment.spent_negative"
    NO_TEXT = "commitment.no_text"
    NO_REASON = "commitment.no_reason"
    NOT_LATER = "commitment.not_later"
    BAD_MILESTONE = "commitment.bad_milestone"
    MISSED_WITHOUT_REASON = "commitment.missed_without_reason"
    MILESTONE_AFTER_DUE = "commitment.milestone_after_due"
    NO_SUCH_MILESTONE = "commitment.no_such_milestone"
    OPEN_MILESTONES = "commitment.open_milestones"
    STEPS_CHANGED_MEANWHILE = "commitment.steps_changed_meanwhile"
    DUE_PASSED = "commitment.due_passed"
    DEPARTMENT_NEEDED = "commitment.department_needed"


def why_not_make(by: Standing, ballot: Ballot) -> CommitmentRefusal | None:
    """Say why what a ballot selected may not become commitments yet, or by this person.

    The outcomes are final only once somebody without a hand in the paper has certified the count.
    """
    if not by.holds(Role.CLERK, ballot.place):
        return CommitmentRefusal.NOT_CLERK
    if ballot.state is BallotState.COUNTED:
        return CommitmentRefusal.NOT_CERTIFIED
    return None if ballot.state is BallotState.CERTIFIED else CommitmentRefusal.NOT_COUNTED


def why_not_promise(*, due_on: date, at: datetime) -> CommitmentRefusal | None:
    """Say why nothing may be promised for a day: it has passed."""
    return CommitmentRefusal.DUE_PASSED if due_on < seoul_day(at) else None


def why_not_tend(by: Standing, commitment: Commitment) -> CommitmentRefusal | None:
    """Say why someone may not write on a commitment: its department, or a clerk of its place."""
    if not (by.speaks_for(commitment.department_id) or by.holds(Role.CLERK, commitment.place)):
        return CommitmentRefusal.NOT_RESPONSIBLE
    return CommitmentRefusal.ALREADY_KEPT if commitment.done_at is not None else None


def why_not_plan(
    commitment: Commitment, planned: Mapping[str, date], *, reason: str, at: datetime
) -> CommitmentRefusal | None:
    """Say why steps may not be set for these days: no step outlasts its commitment.

    A step whose day has passed is moved or left out with a reason, as a commitment is delayed.
    """
    if steps_beyond(commitment, planned):
        return CommitmentRefusal.MILESTONE_AFTER_DUE
    missed = missed_steps(commitment.milestones, planned, today=seoul_day(at))
    return CommitmentRefusal.MISSED_WITHOUT_REASON if missed and not reason.strip() else None


def why_not_report(
    by: Standing,
    commitment: Commitment,
    *,
    text: str,
    percent: int,
    spent_won: int,
    milestones_done: Collection[str] = (),
) -> CommitmentRefusal | None:
    """Say why a progress report may not be published.

    What was once reached never falls, and nothing is whole while one of its steps is open.
    """
    refusal = why_not_tend(by, commitment)
    if refusal is not None:
        return refusal
    if not text.strip():
        return CommitmentRefusal.NO_TEXT
    if not 0 <= percent <= WHOLE:
        return CommitmentRefusal.PERCENT_OUTSIDE
    if percent < commitment.percent:
        return CommitmentRefusal.PERCENT_FALLS
    if spent_won < 0:
        return CommitmentRefusal.SPENT_NEGATIVE
    return _why_not_finish(commitment, milestones_done, percent=percent)


def why_not_lower(
    commitment: Commitment, *, spent_won: int, spent_before: int | None
) -> CommitmentRefusal | None:
    """Say why less money may not be told: whoever does knows what was told before."""
    if spent_won >= commitment.spent_won or spent_before == commitment.spent_won:
        return None
    return CommitmentRefusal.SPENT_FALLS


def _why_not_finish(
    commitment: Commitment, done: Collection[str], *, percent: int
) -> CommitmentRefusal | None:
    if not set(done) <= {step.name for step in commitment.milestones}:
        return CommitmentRefusal.NO_SUCH_MILESTONE
    is_open = percent == WHOLE and open_steps(commitment, done)
    return CommitmentRefusal.OPEN_MILESTONES if is_open else None


def why_not_delay(
    by: Standing, commitment: Commitment, *, due_on: date, reason: str
) -> CommitmentRefusal | None:
    """Say why a date may not be moved: a delay names its reason and a later day."""
    refusal = why_not_tend(by, commitment)
    if refusal is not None:
        return refusal
    if not reason.strip():
        return CommitmentRefusal.NO_REASON
    return CommitmentRefusal.NOT_LATER if due_on <= commitment.due_on else None
