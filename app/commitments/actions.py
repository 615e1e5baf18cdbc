"""Making commitments of what won, and reporting on them until they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.assemblies.models import AgendaItem
from app.ballots.models import Ballot, Option, Outcome
from app.commitments import facts, policy
from app.commitments.models import Commitment, Milestone, ProgressReport
from app.commitments.policy import CommitmentRefusal
from app.commitments.rules import WHOLE, day_number, mark_of, missed_steps, open_steps, steps_beyond
from app.core.bus import record
from app.core.clock import seoul_day
from app.core.database import held
from app.core.numbers import receipt_number
from app.core.refusals import Refused, insist
from app.proposals.actions import hold_proposals, note_progress
from app.proposals.models import Stage, TimelineCode

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.places.models import Department
    from app.residents.rules import Standing

NOTE_LENGTH = 120


def _tell_proposal(
    session: Session,
    commitment: Commitment,
    code: TimelineCode,
    *,
    stage: Stage = Stage.EXECUTION,
    note: str = "",
    by: int | None,
    at: datetime,
) -> None:
    """Write on the timeline of the proposal that this commitment came from, if one did."""
    if commitment.proposal_id is not None:
        note_progress(
            session,
            commitment.proposal_id,
            stage=stage,
            code=code,
            note=note if len(note) <= NOTE_LENGTH else note[: NOTE_LENGTH - 1] + "…",
            href=f"/commitments/{commitment.id}",
            by=by,
            at=at,
        )


def make_commitments(
    session: Session,
    ballot: Ballot,
    *,
    year: int,
    due_on: date,
    default_department: Department | None = None,
    by: Standing,
    at: datetime,
) -> list[Commitment]:
    """Make a commitment of every option that a certified count selected; return all of them.

    Calling again adds only what is missing. An option that names no department falls to
    `default_department`. Raises Refused NOT_CLERK, NOT_COUNTED, NOT_CERTIFIED, DUE_PASSED, or
    DEPARTMENT_NEEDED where an option would fall to nobody.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_make(by, ballot))
    insist(policy.why_not_promise(due_on=due_on, at=at))
    chosen = session.execute(
        select(Option, AgendaItem.body)
        .outerjoin(AgendaItem, AgendaItem.id == Option.agenda_item_id)
        .where(Option.ballot_id == ballot.id, Option.outcome == Outcome.SELECTED)
        .order_by(Option.position)
    ).all()
    made = {
        one.option_id: one
        for one in session.scalars(
            select(Commitment).where(Commitment.option_id.in_([option.id for option, _ in chosen]))
        )
    }
    hold_proposals(session, [option.proposal_id for option, _ in chosen])
    commitments = []
    for option, body in chosen:
        commitment = made.get(option.id)
        if commitment is None:
            department_id = option.department_id or (default_department and default_department.id)
            if department_id is None:
                raise Refused(CommitmentRefusal.DEPARTMENT_NEEDED)
            commitment = Commitment(
                number=f"option-{option.id}",
                place=ballot.place,
                option=option,
                proposal_id=option.proposal_id,
                department_id=department_id,
                track=option.track,
                year=year,
                title=option.title,
                body=body or option.sense,
                budget_won=option.budget_won,
                created_at=at,
                due_on=due_on,
            )
            _announce(session, commitment, by=by, at=at)
        commitments.append(commitment)
    return commitments


def _announce(session: Session, commitment: Commitment, *, by: Standing, at: datetime) -> None:
    """Store a new commitment, number it and tell its proposal."""
    session.add(commitment)
    session.flush()
    commitment.number = receipt_number(commitment.year, commitment.place.code, commitment.id)
    session.flush()
    _tell_proposal(session, commitment, TimelineCode.COMMITMENT_MADE, by=by.person_id, at=at)
    record(session, facts.CommitmentMade(at=at, by=by.person_id, commitment_id=commitment.id))


def set_milestones(
    session: Session,
    commitment: Commitment,
    milestones: Sequence[tuple[str, date]],
    *,
    seen: str,
    reason: str = "",
    by: Standing,
    at: datetime,
) -> Sequence[Milestone]:
    """Set the dated steps that are still open; steps already done keep their names and days.

    `seen` is the mark (`rules.mark_of`) of the steps that the writer knew of. `reason` stands
    among the reports beside each step that is moved or left out after its day. Raises Refused
    NOT_RESPONSIBLE, ALREADY_KEPT, STEPS_CHANGED_MEANWHILE, BAD_MILESTONE for a step without a name
    or named as another, MILESTONE_AFTER_DUE with `steps` and `due_on` or MISSED_WITHOUT_REASON
    with `steps`. Returns all steps in the order of their days.
    """
    commitment = held(session, Commitment, commitment.id)
    insist(policy.why_not_tend(by, commitment))
    if seen != mark_of(commitment.milestones):
        raise Refused(CommitmentRefusal.STEPS_CHANGED_MEANWHILE)
    done = [one for one in commitment.milestones if one.done_on is not None]
    names = [name.strip() for name, _ in milestones]
    if not all(names) or len({*names, *(one.name for one in done)}) < len(names) + len(done):
        raise Refused(CommitmentRefusal.BAD_MILESTONE)
    planned = dict(zip(names, (due_on for _, due_on in milestones), strict=True))
    missed = missed_steps(commitment.milestones, planned, today=seoul_day(at))
    insist(
        policy.why_not_plan(commitment, planned, reason=reason, at=at),
        steps="’, ‘".join(steps_beyond(commitment, planned) or [step.name for step in missed]),
        due_on=commitment.due_on,
    )
    for step in missed:
        _tell_missed(
            session, commitment, step, due_on=planned.get(step.name), reason=reason, by=by, at=at
        )
    session.execute(delete(Milestone).where(Milestone.commitment_id == commitment.id))
    session.expire(commitment, ["milestones"])
    steps = [(one.name, one.due_on, one.done_on) for one in done]
    steps += [(name, due_on, None) for name, due_on in planned.items()]
    rows = [
        Milestone(
            commitment_id=commitment.id,
            position=position,
            name=name,
            due_on=due_on,
            done_on=done_on,
        )
        for position, (name, due_on, done_on) in enumerate(
            sorted(steps, key=lambda step: step[1]), start=1
        )
    ]
    session.add_all(rows)
    session.flush()
    record(
        session,
        facts.MilestonesSet(
            at=at, by=by.person_id, commitment_id=commitment.id, milestones=len(rows)
        ),
    )
    return rows


def _tell_missed(
    session: Session,
    commitment: Commitment,
    step: Milestone,
    *,
    due_on: date | None,
    reason: str,
    by: Standing,
    at: datetime,
) -> None:
    """Publish why a step is due later than the day it missed, or not at all any more."""
    commitment.reports.append(
        ProgressReport(
            commitment_id=commitment.id,
            text=reason,
            percent=commitment.percent,
            spent_won=commitment.spent_won,
            due_on=due_on,
            step=step.name,
            step_was_due=step.due_on,
            by=by.person_id,
            at=at,
        )
    )
    commitment.last_reported_at = at
    before = day_number(step.due_on)
    if due_on is None:
        fact: facts.CommitmentFact = facts.MissedMilestoneRemoved(
            at=at,
            by=by.person_id,
            commitment_id=commitment.id,
            number=step.position,
            due_before=before,
        )
    else:
        fact = facts.MissedMilestoneMoved(
            at=at,
            by=by.person_id,
            commitment_id=commitment.id,
            number=step.position,
            due_before=before,
            due_after=day_number(due_on),
        )
    record(session, fact)


def report_progress(
    session: Session,
    commitment: Commitment,
    *,
    text: str,
    percent: int,
    spent_won: int,
    milestones_done: Collection[str] = (),
    spent_before: int | None = None,
    by: Standing,
    at: datetime,
) -> ProgressReport:
    """Publish what was done (이행 보고); 100 per cent means that the commitment is kept.

    `spent_won` is what has been spent in all. `milestones_done` are the names of the steps that
    are done today: a place in the order may be another step's by now. Who reports less money than
    was told before says in `spent_before` that they know what that was. Raises Refused
    NOT_RESPONSIBLE, ALREADY_KEPT, NO_TEXT, PERCENT_OUTSIDE, PERCENT_FALLS with `before`,
    SPENT_NEGATIVE, NO_SUCH_MILESTONE, OPEN_MILESTONES with `steps` (their names) or
    SPENT_FALLS.
    """
    commitment = held(session, Commitment, commitment.id)
    insist(
        policy.why_not_report(
            by,
            commitment,
            text=text,
            percent=percent,
            spent_won=spent_won,
            milestones_done=milestones_done,
        ),
        before=commitment.percent,
        steps="’, ‘".join(one.name for one in open_steps(commitment, milestones_done)),
    )
    insist(policy.why_not_lower(commitment, spent_won=spent_won, spent_before=spent_before))
    _finish_milestones(commitment, milestones_done, on=seoul_day(at))
    report = ProgressReport(
        commitment_id=commitment.id,
        text=text,
        percent=percent,
        spent_won=spent_won,
        by=by.person_id,
        at=at,
    )
    commitment.reports.append(report)
    commitment.percent, commitment.spent_won = percent, spent_won
    commitment.last_reported_at = at
    if percent == WHOLE:
        commitment.done_at = at
    session.flush()
    record(
        session,
        facts.ProgressReported(
            at=at,
            by=by.person_id,
            commitment_id=commitment.id,
            percent=percent,
            spent_won=spent_won,
        ),
    )
    if percent < WHOLE:
        _tell_proposal(
            session,
            commitment,
            TimelineCode.PROGRESS_REPORTED,
            note=text,
            by=by.person_id,
            at=at,
        )
        return report
    record(session, facts.CommitmentKept(at=at, by=by.person_id, commitment_id=commitment.id))
    _tell_proposal(
        session,
        commitment,
        TimelineCode.COMMITMENT_KEPT,
        stage=Stage.RESULT,
        note=text,
        by=by.person_id,
        at=at,
    )
    return report


def _finish_milestones(commitment: Commitment, names: Collection[str], *, on: date) -> None:
    """Mark steps as done on a day; those done before keep their day."""
    for step in commitment.milestones:
        if step.name in names:
            step.done_on = step.done_on or on


def delay_commitment(
    session: Session,
    commitment: Commitment,
    *,
    due_on: date,
    reason: str,
    by: Standing,
    at: datetime,
) -> Commitment:
    """Move a commitment's date, in public: the reason and the new day stand among its reports.

    (국민 제안 규정 §11②: a delay is announced with its reason and a new date.) Raises Refused
    NOT_RESPONSIBLE, ALREADY_KEPT, NO_REASON or NOT_LATER with `due_on`, the day that stands.
    """
    commitment = held(session, Commitment, commitment.id)
    insist(
        policy.why_not_delay(by, commitment, due_on=due_on, reason=reason),
        due_on=commitment.due_on,
    )
    commitment.reports.append(
        ProgressReport(
            commitment_id=commitment.id,
            text=reason,
            percent=commitment.percent,
            spent_won=commitment.spent_won,
            due_on=due_on,
            by=by.person_id,
            at=at,
        )
    )
    commitment.due_on, commitment.delayed_because = due_on, reason
    commitment.last_reported_at = at
    session.flush()
    _tell_proposal(
        session,
        commitment,
        TimelineCode.COMMITMENT_DELAYED,
        note=reason,
        by=by.person_id,
        at=at,
    )
    record(session, facts.CommitmentDelayed(at=at, by=by.person_id, commitment_id=commitment.id))
    return commitment
