"""Commitments as departments report on them, and as clerks make them of certified counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.ballots import words as ballot_words
from app.ballots.models import Ballot, Outcome
from app.commitments import actions, policy, queries, words
from app.commitments.forms import DelayPaper, MakePaper, MilestonesPaper, ReportPaper
from app.commitments.models import Commitment
from app.commitments.policy import CommitmentRefusal
from app.commitments.queries import Status
from app.commitments.rules import is_late
from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.places.queries import department_named, departments
from app.residents.models import Role
from app.residents.sessions import our_places, visitor, who
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.forms import add_error
from app.web.once import write_once
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response
    from wtforms import Field

    from app.residents.rules import Standing
    from app.web.house import Waiting

blueprint = Blueprint("commitments_desk", __name__, url_prefix="/desk/commitments")
ONE = "/<int:commitment_id>"
workers = staff("department", "clerk")


def _places_of(by: Standing) -> list[int]:
    return [place.id for place in our_places() if by.holds(Role.CLERK, place)]


def _tended(commitment_id: int) -> Commitment:
    """Return a commitment to someone who answers for it; to others it is not there."""
    commitment = queries.detail(session(), commitment_id)
    if commitment is None:
        abort(404)
    refusal = policy.why_not_tend(visitor().standing, commitment)
    if refusal is CommitmentRefusal.NOT_RESPONSIBLE:
        abort(403)
    return commitment


def _written(writing: Session, commitment_id: int) -> Commitment:
    """Return a commitment inside a write."""
    return writing.get(Commitment, commitment_id) or abort(404)


def _refuse(refused: Refused, at_field: Mapping[CommitmentRefusal, Field], else_: Field) -> int:
    """Put a refusal's sentence on the field it concerns; return its status."""
    status, sentence = sentence_of(current_app, refused)
    field = next((f for code, f in at_field.items() if code == refused.refusal), else_)
    add_error(field, sentence)
    return status


def _to(commitment_id: int) -> Response:
    return redirect(url_for("commitments_desk.show", commitment_id=commitment_id), 303)


@blueprint.get("")
@workers
def index() -> str:
    """List what this person's departments and places answer for, by due date."""
    at, by = now(), visitor().standing
    asked = request.args.get("status", "")
    status = Status(asked) if asked in set(Status) else None
    mine = _places_of(by)
    page = queries.on_the_desk(
        session(),
        departments=by.departments,
        places=mine,
        status=status,
        number=asked_page(),
        at=at,
    )
    return render_template(
        "commitments/desk_index.html",
        page=page,
        status=status,
        statuses=list(Status),
        waiting=queries.waiting_ballots(session(), mine) if mine else [],
        at=at,
        today=seoul_day(at),
        words=words,
    )


def waiting(reading: Session, by: Standing, at: datetime) -> Waiting:
    """Say on the desk's home page how much waits here for someone."""
    return words.waiting(*queries.desk_load(reading, by, at=at))


@blueprint.route(f"{ONE}", methods=["GET", "POST"])
@workers
def show(commitment_id: int) -> ResponseReturnValue:
    """Report on a commitment: the form first, then what was reported before."""
    commitment = _tended(commitment_id)
    form = ReportPaper()
    form.offer(commitment.milestones)
    status = 200
    if not form.is_submitted():
        form.fill(commitment)
    elif not form.validate() or _asks_again(commitment, form):
        status = 422
    else:
        spent_before = commitment.spent_won
        try:
            with write_once(form) as (writing, lead_to):
                actions.report_progress(
                    writing,
                    _written(writing, commitment_id),
                    text=form.text.data or "",
                    percent=form.percent.data,
                    spent_won=form.spent_won.data,
                    milestones_done=form.done,
                    spent_before=spent_before,
                    by=who(writing),
                    at=now(),
                )
                where = lead_to(url_for("commitments_desk.show", commitment_id=commitment_id))
        except Refused as refused:
            fields = {
                CommitmentRefusal.PERCENT_FALLS: form.percent,
                CommitmentRefusal.SPENT_FALLS: form.spent_won,
                CommitmentRefusal.OPEN_MILESTONES: form.milestones_done,
                CommitmentRefusal.NO_SUCH_MILESTONE: form.milestones_done,
            }
            status = _refuse(refused, fields, form.text)
            session().expire_all()
            commitment = _tended(commitment_id)
            _asks_again(commitment, form)
            form.offer(commitment.milestones)
        else:
            flash(_("이행 소식을 알렸습니다."), "success")
            return redirect(where, 303)
    return (
        render_template(
            "commitments/desk_show.html",
            form=form,
            commitment=commitment,
            at=now(),
            today=seoul_day(now()),
            words=words,
        ),
        status,
    )


def _asks_again(commitment: Commitment, form: ReportPaper) -> bool:
    """Ask whether a report that ends a promise, or whose money surprises, is meant; for once."""
    percent, spent_won = form.percent.data, form.spent_won.data
    sentence = words.weighty(commitment, percent=percent, spent_won=spent_won)
    refusal = policy.why_not_report(
        visitor().standing,
        commitment,
        text=form.text.data or "",
        percent=percent,
        spent_won=spent_won,
        milestones_done=form.done,
    )
    if sentence is None or refusal is not None or form.is_sure(commitment):
        return False
    form.ask(sentence, commitment)
    return True


@blueprint.route(f"{ONE}/milestones", methods=["GET", "POST"])
@workers
def milestones(commitment_id: int) -> ResponseReturnValue:
    """Set the dated steps; rows without a name are left out."""
    commitment = _tended(commitment_id)
    form = MilestonesPaper()
    status, refusal, has_changed, is_too_late = 200, None, False, False
    if not form.is_submitted():
        form.fill(commitment.milestones)
    elif not form.validate():
        status = 422
    else:
        try:
            with write() as writing:
                actions.set_milestones(
                    writing,
                    _written(writing, commitment_id),
                    form.steps,
                    seen=form.seen.data or "",
                    reason=form.reason.data or "",
                    by=who(writing),
                    at=now(),
                )
        except Refused as refused:
            status, refusal = sentence_of(current_app, refused)
            if refused.refusal is CommitmentRefusal.MISSED_WITHOUT_REASON:
                add_error(form.reason, refusal)
            is_too_late = refused.refusal is CommitmentRefusal.MILESTONE_AFTER_DUE
            if refused.refusal is CommitmentRefusal.STEPS_CHANGED_MEANWHILE:
                commitment, has_changed = _tended(commitment_id), True
                form.show(commitment.milestones)
        else:
            flash(_("단계를 정했습니다."), "success")
            return _to(commitment_id)
    today = seoul_day(now())
    page = render_template(
        "commitments/desk_milestones.html",
        form=form,
        commitment=commitment,
        refusal=refusal,
        has_changed=has_changed,
        is_too_late=is_too_late,
        has_done=any(step.done_on is not None for step in commitment.milestones),
        has_missed=any(is_late(step, today=today) for step in commitment.milestones),
        today=today,
        words=words,
    )
    return page, status


@blueprint.route(f"{ONE}/delay", methods=["GET", "POST"])
@workers
def delay(commitment_id: int) -> ResponseReturnValue:
    """Move the date, in public, with the reason."""
    commitment = _tended(commitment_id)
    form = DelayPaper()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with write() as writing:
                    actions.delay_commitment(
                        writing,
                        _written(writing, commitment_id),
                        due_on=form.due_on.data,
                        reason=form.reason.data or "",
                        by=who(writing),
                        at=now(),
                    )
            except Refused as refused:
                fields = {CommitmentRefusal.NOT_LATER: form.due_on}
                status = _refuse(refused, fields, form.reason)
                commitment = _tended(commitment_id)
            else:
                flash(_("새 기한과 까닭을 알렸습니다."), "success")
                return _to(commitment_id)
    return render_template("commitments/desk_delay.html", form=form, commitment=commitment), status


@blueprint.route("/make/<int:ballot_id>", methods=["GET", "POST"])
@staff("clerk")
def make(ballot_id: int) -> ResponseReturnValue:
    """Make commitments of what a certified count selected; say what it waits for until then."""
    ballot = session().get(Ballot, ballot_id) or abort(404)
    why_not = policy.why_not_make(visitor().standing, ballot)
    if why_not is CommitmentRefusal.NOT_CLERK:
        abort(403)
    chosen = [option for option in ballot.options if option.outcome is Outcome.SELECTED]
    orphans = [option for option in chosen if option.department_id is None]
    form = MakePaper()
    form.offer(departments(session(), ballot.place), is_needed=bool(orphans))
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with write() as writing:
                    counted = writing.get_one(Ballot, ballot_id)
                    asked = form.department.data if orphans else None
                    made = actions.make_commitments(
                        writing,
                        counted,
                        year=form.year.data,
                        due_on=form.due_on.data,
                        default_department=department_named(writing, counted.place, asked),
                        by=who(writing),
                        at=now(),
                    )
                    count = len(made)
            except Refused as refused:
                fields: dict[CommitmentRefusal, Field] = {CommitmentRefusal.DUE_PASSED: form.due_on}
                if orphans:
                    fields[CommitmentRefusal.DEPARTMENT_NEEDED] = form.department
                status = _refuse(refused, fields, form.year)
                ballot = session().get_one(Ballot, ballot_id)
            else:
                flash(_("약속 %(count)s건을 만들었습니다.", count=count), "success")
                return redirect(url_for("commitments_desk.index"), 303)
    else:
        form.year.data = seoul_day(now()).year + 1
    return (
        render_template(
            "commitments/desk_make.html",
            form=form,
            ballot=ballot,
            waits_for=words.SENTENCES[why_not].fill({}) if why_not else None,
            chosen=chosen,
            orphans=orphans,
            tie_line=_tie_line(ballot),
        ),
        status,
    )


def _tie_line(ballot: Ballot) -> str | None:
    """Say which options of a ballot stand equal, if any do."""
    tied = any(option.outcome is Outcome.TIED for option in ballot.options)
    return ballot_words.tie_line(ballot) if tied else None
