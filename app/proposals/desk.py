"""The desk: receiving, checking, routing and answering proposals; the endorsement rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.places.models import Department
from app.places.queries import departments
from app.proposals import actions, policy, queries, rules, words
from app.proposals.forms import AssignForm, PolicyForm, PrecheckForm, ReplyForm
from app.proposals.models import Proposal, ProposalState, Verdict
from app.proposals.policy import ProposalRefusal
from app.proposals.queries import Pile
from app.residents.models import Role
from app.residents.sessions import our_places, visitor, who
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.forms import add_error
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from wtforms import Field

    from app.places.models import Place
    from app.residents.rules import Standing
    from app.web.house import Waiting

desk = Blueprint("proposals_desk", __name__, url_prefix="/desk/proposals")
ROLES = (Role.CLERK, Role.OPERATOR, Role.DEPARTMENT)


@desk.get("")
@staff(*ROLES)
def index() -> ResponseReturnValue:
    """Show what this officer works on, the earliest due first."""
    places = our_places()
    asked, dong = request.args.get("pile", ""), request.args.get("dong", "")
    pile = Pile(asked) if asked in list(Pile) else Pile.TO_DO
    place = next((place for place in places if place.slug == dong), None)
    at = now()
    page = queries.desk(
        session(), visitor().standing, pile=pile, place=place, at=at, page=asked_page()
    )
    return render_template(
        "proposals/desk.html",
        page=page,
        pile=pile,
        piles=Pile,
        place=place,
        places=places,
        may_set_policy=_operated(places),
        rules=rules,
        words=words,
        at=at,
    )


def waiting(reading: Session, by: Standing, at: datetime) -> Waiting:
    """Say on the desk's home page how much waits here for someone."""
    return words.waiting(*queries.desk_load(reading, by, at=at))


@desk.get("/<int:proposal_id>")
@staff(*ROLES)
def work(proposal_id: int) -> ResponseReturnValue:
    """Show one proposal with what this officer may do about it now."""
    return _work_page(_mine(proposal_id))


def _mine(proposal_id: int) -> Proposal:
    """Return a proposal this officer works on; 404 for what is not theirs to know of."""
    found = queries.proposal(session(), proposal_id)
    if found is None or found.state is ProposalState.DRAFT:
        abort(404)
    standing = visitor().standing
    if not (policy.is_clerk(standing, found.place) or standing.speaks_for(found.department_id)):
        abort(403)
    return found


def _work_page(
    found: Proposal,
    *,
    status: int = 200,
    precheck: PrecheckForm | None = None,
    assign: AssignForm | None = None,
    reply: ReplyForm | None = None,
) -> ResponseReturnValue:
    at, standing = now(), visitor().standing
    told_at = rules.told_at(found, at)
    is_clerk = policy.is_clerk(standing, found.place)
    # What was sent before the page told that the proposal is hidden comes back on its form.
    is_shown = not found.is_hidden
    entries = queries.timeline(session(), found.id)
    assign = assign or _assign_form(found)
    return render_template(
        "proposals/desk_proposal.html",
        proposal=found,
        phase=rules.phase(found, told_at),
        line=words.life_line(
            queries.life_line_of(found, entries, at=told_at),
            today=seoul_day(at),
            is_held=found.is_hidden,
        ),
        passages=words.timeline(entries),
        late=rules.days_overdue(found.reply_due_on, told_at) if found.reply_due_on else 0,
        precheck=precheck or PrecheckForm(),
        assign=assign,
        reply=reply or ReplyForm(),
        terms=queries.terms_in_force(session(), found.place, at=at),
        checks=is_clerk
        and found.state is ProposalState.PRECHECK
        and (is_shown or precheck is not None),
        assigns=is_clerk
        and is_shown
        and found.state in (ProposalState.PRECHECK, ProposalState.ENDORSING, ProposalState.REVIEW),
        replies=standing.speaks_for(found.department_id)
        and found.state is ProposalState.REVIEW
        and (is_shown or reply is not None),
        words=words,
        verdicts=Verdict,
        at=at,
    ), status


def _assign_form(found: Proposal) -> AssignForm:
    form = AssignForm()
    form.offer(_departments(found))
    if form.department.data is None and found.department is not None:
        form.department.data = found.department.slug
    return form


def _departments(found: Proposal) -> Sequence[Department]:
    return departments(session(), found.place)


@desk.post("/<int:proposal_id>/pass")
@staff(Role.CLERK, Role.OPERATOR)
def pass_precheck(proposal_id: int) -> ResponseReturnValue:
    """Find a proposal fit, and open its endorsement window."""
    with write() as s:
        found = _existing(s.get(Proposal, proposal_id))
        actions.pass_precheck(s, found, by=who(s), at=now())
    flash(_("타당성 검토를 마쳤습니다. 공감을 모으기 시작합니다."), "success")
    return _back_to(proposal_id)


@desk.post("/<int:proposal_id>/fail")
@staff(Role.CLERK, Role.OPERATOR)
def fail_precheck(proposal_id: int) -> ResponseReturnValue:
    """Find that this is nothing the district can decide, with a public reason."""
    form = PrecheckForm()
    if not form.validate_on_submit():
        return _work_page(_mine(proposal_id), status=422, precheck=form)
    try:
        with write() as s:
            found = _existing(s.get(Proposal, proposal_id))
            actions.fail_precheck(s, found, reason=form.reason.data or "", by=who(s), at=now())
    except Refused as refused:
        status = _tell(form.reason, refused)
        return _work_page(_mine(proposal_id), status=status, precheck=form)
    flash(_("제안 요건에 맞지 않는다고 알렸습니다. 까닭은 제안에 공개됩니다."), "success")
    return _back_to(proposal_id)


@desk.post("/<int:proposal_id>/assign")
@staff(Role.CLERK, Role.OPERATOR)
def assign(proposal_id: int) -> ResponseReturnValue:
    """Name the department that answers."""
    proposal = _mine(proposal_id)
    departments = {one.slug: one.id for one in _departments(proposal)}
    form = _assign_form(proposal)
    if not form.validate_on_submit():
        return _work_page(proposal, status=422, assign=form)
    try:
        with write() as s:
            found = _existing(s.get(Proposal, proposal_id))
            department = s.get_one(Department, departments[form.department.data])
            actions.assign_department(s, found, department, by=who(s), at=now())
    except Refused as refused:
        status = _tell(form.department, refused)
        return _work_page(_mine(proposal_id), status=status, assign=form)
    flash(_("소관부서를 정했습니다."), "success")
    return _back_to(proposal_id)


@desk.post("/<int:proposal_id>/reply")
@staff(Role.DEPARTMENT)
def reply(proposal_id: int) -> ResponseReturnValue:
    """Answer a proposal for its department."""
    form = ReplyForm()
    if not form.validate_on_submit():
        return _work_page(_mine(proposal_id), status=422, reply=form)
    try:
        with write() as s:
            actions.reply_to_proposal(
                s,
                _existing(s.get(Proposal, proposal_id)),
                verdict=form.chosen,
                reason=form.reason.data or "",
                planned_on=form.planned_on.data,
                by=who(s),
                at=now(),
            )
    except Refused as refused:
        of_the_plan = refused.refusal in (ProposalRefusal.PLAN_NEEDED, ProposalRefusal.PLAN_PASSED)
        status = _tell(form.planned_on if of_the_plan else form.verdict, refused)
        return _work_page(_mine(proposal_id), status=status, reply=form)
    flash(_("답변을 공개했습니다. 제안하신 분과 지켜보는 분들에게 알립니다."), "success")
    return _back_to(proposal_id)


def _tell(field: Field, refused: Refused) -> int:
    """Say a refusal beside a field; return its status."""
    status, sentence = sentence_of(current_app, refused)
    add_error(field, sentence)
    return status


def _existing(found: Proposal | None) -> Proposal:
    if found is None or found.state is ProposalState.DRAFT:
        raise Refused(ProposalRefusal.UNKNOWN)
    return found


def _back_to(proposal_id: int) -> ResponseReturnValue:
    return redirect(url_for("proposals_desk.work", proposal_id=proposal_id), 303)


# ---------------------------------------------------------------- the endorsement rule


@desk.route("/policy", methods=["GET", "POST"])
@staff(Role.OPERATOR)
def endorsement_policy() -> ResponseReturnValue:
    """Show a place's endorsement rule and its history; set a new version."""
    places = our_places()
    operated = _operated(places)
    if not operated:
        abort(403)
    asked = request.args.get("place", "")
    place = next((one for one in operated if one.slug == asked), operated[0])
    form = PolicyForm()
    form.offer(operated)
    if form.validate_on_submit():
        slug = form.place.data
        with write() as s:
            chosen = next(one for one in our_places() if one.slug == slug)
            actions.set_endorsement_policy(
                s,
                chosen,
                threshold=form.threshold.data or 0,
                window_days=form.window_days.data or 0,
                counts_opening_day=form.counts_opening_day.data,
                precheck_required=form.precheck_required.data,
                decision_days=form.decision_days.data or 0,
                by=who(s),
                at=now(),
            )
        flash(_("새 공감 기준을 지금부터 씁니다. 이미 열린 공감 기간은 그대로입니다."), "success")
        return redirect(url_for("proposals_desk.endorsement_policy", place=slug), 303)
    terms = queries.terms_in_force(session(), place, at=now())
    if request.method != "POST":
        form.start_from(terms, place)
    return render_template(
        "proposals/policy.html",
        form=form,
        place=place,
        places=operated,
        history=queries.policy_history(session(), place),
        terms=terms,
    ), (422 if form.errors else 200)


def _operated(places: Sequence[Place]) -> list[Place]:
    standing = visitor().standing
    return [place for place in places if policy.why_not_set_policy(standing, place) is None]
