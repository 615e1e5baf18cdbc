"""Preparing an assembly until its notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.assemblies import actions, panels, policy, queries, words
from app.assemblies.desk.shared import (
    ONE,
    _allowed,
    _refuse,
    _seen,
    _to,
    _written,
    blueprint,
    workers,
)
from app.assemblies.forms import (
    AgendaPaper,
    AssemblyPaper,
    OrderPaper,
)
from app.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyState,
    QuorumKind,
    Track,
)
from app.assemblies.rules import (
    Rules,
    by_track,
    changes,
    current_stage,
    frozen_rules,
    is_left_open,
    latest_notice_day,
    quorum_needed,
    rules_among,
)
from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.places.models import Place
from app.places.queries import department_named, departments, population
from app.proposals.models import Proposal
from app.residents.models import Role
from app.residents.sessions import our_places, visitor, who
from app.web.asking import asked_key, asked_page
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.once import write_once
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.residents.rules import Standing
    from app.web.house import Waiting


@blueprint.get("")
@workers
def index() -> str:
    """List the assemblies of this person's places, what is unfinished first."""
    by, known = visitor().standing, our_places()
    mine = [place for place in known if queries.may_prepare(by, place)]
    asked = request.args.get("state", "")
    state = AssemblyState(asked) if asked in set(AssemblyState) else None
    page = queries.on_the_desk(
        session(), [place.id for place in mine], state=state, number=asked_page()
    )
    history = queries.rules_history(session(), [place.id for place in known])
    return render_template(
        "assemblies/desk_index.html",
        page=page,
        state=state,
        states=list(AssemblyState),
        deadlines={
            one.id: latest_notice_day(one.held_at, rules_among(history, one.place).notice_days)
            for one in page.items
        },
        today=seoul_day(now()),
        may_call=bool(_allowed(known, by, Role.CLERK)),
        words=words,
    )


def waiting(reading: Session, by: Standing, at: datetime) -> Waiting:
    """Say on the desk's home page how much waits here for someone."""
    return words.waiting(*queries.desk_load(reading, by, at=at))


@blueprint.route("/new", methods=["GET", "POST"])
@staff("clerk")
def call() -> ResponseReturnValue:
    """Call an assembly: a draft that nobody else sees."""
    mine = _allowed(our_places(), visitor().standing, Role.CLERK)
    form = AssemblyPaper()
    form.offer(mine)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            held_at, ends_at = form.times
            chosen = next(place.id for place in mine if place.slug == form.place.data)
            try:
                with write_once(form) as (writing, lead_to):
                    assembly = actions.call_assembly(
                        writing,
                        place=writing.get_one(Place, chosen),
                        title=form.title.data or "",
                        notice_text=form.notice_text.data or "",
                        venue=form.venue.data or "",
                        held_at=held_at,
                        ends_at=ends_at,
                        by=who(writing),
                        at=now(),
                    )
                    where = lead_to(url_for("assemblies_desk.show", assembly_id=assembly.id))
                flash(_("총회를 준비합니다. 안건과 식순을 정한 뒤 공고해 주세요."), "success")
                return redirect(where, 303)
            except Refused as refused:
                status = _refuse(form.ends, refused)
    return render_template("assemblies/desk_edit.html", form=form, assembly=None), status


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@staff("clerk")
def edit(assembly_id: int) -> ResponseReturnValue:
    """Change a draft."""
    assembly = _seen(assembly_id, visitor().standing)
    form = AssemblyPaper()
    form.offer([assembly.place])
    form.place.data = assembly.place.slug
    form.place.validators = ()
    status = 200
    if not form.is_submitted():
        form.fill(assembly)
    elif not form.validate():
        status = 422
    else:
        held_at, ends_at = form.times
        try:
            with write() as writing:
                actions.revise_assembly(
                    writing,
                    _written(writing, assembly_id),
                    title=form.title.data or "",
                    notice_text=form.notice_text.data or "",
                    venue=form.venue.data or "",
                    held_at=held_at,
                    ends_at=ends_at,
                    by=who(writing),
                    at=now(),
                )
        except Refused as refused:
            status = _refuse(form.ends, refused)
        else:
            flash(_("고쳤습니다."), "success")
            return _to(assembly_id)
    return render_template("assemblies/desk_edit.html", form=form, assembly=assembly), status


@blueprint.get(ONE)
@workers
def show(assembly_id: int) -> str:
    """Show one assembly with everything that can be done with it now."""
    at, by = now(), visitor().standing
    assembly = _seen(assembly_id, by)
    rules = frozen_rules(assembly) or queries.rules_in_force(session(), assembly.place, at=at)
    corrections = queries.notice_corrections(session(), assembly_id)
    return render_template(
        "assemblies/desk_show.html",
        assembly=assembly,
        rules=rules,
        latest=latest_notice_day(assembly.held_at, rules.notice_days),
        today=seoul_day(at),
        tracks=by_track(assembly.items),
        reworded=[one.correction for one in changes(assembly, corrections) if one.is_reworded],
        stage=current_stage(assembly),
        may_prepare=policy.why_not_prepare(by, assembly) is None,
        may_correct_notice=policy.why_not_correct_notice(by, assembly) is None,
        may_call_off=policy.why_not_call_off(by, assembly) is None,
        may_open=policy.why_not_open(by, assembly, at=at) is None,
        may_lead=policy.why_not_lead(by, assembly) is None,
        left_open=is_left_open(assembly, at=at),
        may_correct=policy.why_not_correct_minutes(by, assembly) is None,
        may_record=policy.why_not_publish_minutes(by, assembly) is None,
        panels=panels.desk_panels_of(current_app, session(), assembly, by=by, at=at),
        words=words,
    )


@blueprint.route(f"{ONE}/agenda", methods=["GET", "POST"])
@staff("clerk")
def agenda(assembly_id: int) -> ResponseReturnValue:
    """Put items on the agenda: adopted proposals from the picker, or an item of its own."""
    assembly = _seen(assembly_id, visitor().standing)
    raisable = queries.raisable_proposals(session(), assembly, at=now(), number=asked_page())
    raised = _asked_proposal(assembly)
    form = AgendaPaper()
    form.offer(departments(session(), assembly.place))
    status = 200
    if not form.is_submitted():
        if raised is not None:
            form.fill(raised)
    elif not form.validate():
        status = 422
    else:
        proposal_id = raised.proposal.id if raised else None
        try:
            with write_once(form) as (writing, lead_to):
                actions.add_item(
                    writing,
                    _written(writing, assembly_id),
                    title=form.title.data or "",
                    sense=form.sense.data or "",
                    body=form.body.data or "",
                    track=Track(form.track.data),
                    budget_won=form.budget_won.data,
                    department=department_named(writing, assembly.place, form.department.data),
                    proposal=writing.get_one(Proposal, proposal_id) if proposal_id else None,
                    by=who(writing),
                    at=now(),
                )
                where = lead_to(url_for("assemblies_desk.agenda", assembly_id=assembly_id))
        except Refused as refused:
            status = _refuse(form.title, refused)
        else:
            flash(_("안건에 올렸습니다."), "success")
            return redirect(where, 303)
    return (
        render_template(
            "assemblies/desk_agenda.html",
            form=form,
            assembly=assembly,
            tracks=by_track(assembly.items),
            raisable=raisable,
            raised=raised,
            may_prepare=policy.why_not_prepare(visitor().standing, assembly) is None,
            words=words,
        ),
        status,
    )


def _asked_proposal(assembly: Assembly) -> queries.Raisable | None:
    """Return the proposal the address picks; one that cannot be raised is not found."""
    if not request.args.get("proposal"):
        return None
    asked = asked_key("proposal")
    found = asked and queries.raisable_proposal(session(), assembly, asked, at=now())
    return found or abort(404)


@blueprint.post(f"{ONE}/agenda/<int:item_id>/remove")
@staff("clerk")
def remove_item(assembly_id: int, item_id: int) -> Response:
    """Take an item off a draft's agenda."""
    with write() as writing:
        item = writing.get(AgendaItem, item_id)
        if item is None or item.assembly_id != assembly_id:
            abort(404)
        actions.remove_item(writing, item, by=who(writing), at=now())
    flash(_("안건에서 뺐습니다."), "success")
    return redirect(url_for("assemblies_desk.agenda", assembly_id=assembly_id), 303)


@blueprint.route(f"{ONE}/order", methods=["GET", "POST"])
@staff("clerk")
def order(assembly_id: int) -> ResponseReturnValue:
    """Set the running order: numbers decide, empty rows are left out."""
    assembly = _seen(assembly_id, visitor().standing)
    form = OrderPaper()
    status = 200
    if not form.is_submitted():
        form.fill(assembly.stages)
    elif not form.validate():
        status = 422
    else:
        try:
            with write() as writing:
                actions.set_running_order(
                    writing,
                    _written(writing, assembly_id),
                    form.planned,
                    by=who(writing),
                    at=now(),
                )
        except Refused as refused:
            status, sentence = sentence_of(current_app, refused)
            form.form_errors.append(sentence)
        else:
            flash(_("식순을 정했습니다."), "success")
            return redirect(url_for("assemblies_desk.order", assembly_id=assembly_id), 303)
    return render_template("assemblies/desk_order.html", form=form, assembly=assembly), status


@blueprint.route(f"{ONE}/notice", methods=["GET", "POST"])
@staff("clerk")
def notice(assembly_id: int) -> ResponseReturnValue:
    """Say exactly what the notice will do, and publish it."""
    at, by = now(), visitor().standing
    assembly = _seen(assembly_id, by)
    if request.method == "POST":
        with write() as writing:
            actions.publish_notice(
                writing, _written(writing, assembly_id), by=who(writing), at=now()
            )
        flash(_("공고했습니다. 이제 누구나 볼 수 있습니다."), "success")
        return redirect(url_for("assemblies.detail", assembly_id=assembly_id), 303)
    rules = queries.rules_in_force(session(), assembly.place, at=at)
    base = (
        population(session(), assembly.place, seoul_day(at))
        if rules.quorum_kind is QuorumKind.PERMILLE
        else 0
    )
    refusal = policy.why_not_notice(by, assembly, notice_days=rules.notice_days, at=at)
    return render_template(
        "assemblies/desk_notice.html",
        assembly=assembly,
        rules=rules,
        base=base,
        needed=quorum_needed(rules.quorum_kind, rules.quorum_value, base),
        latest=latest_notice_day(assembly.held_at, rules.notice_days),
        why_not=_why_not(refusal, assembly, rules),
        consequences=words.notice_consequences(assembly, rules),
        words=words,
    )


def _why_not(
    refusal: policy.AssemblyRefusal | None, assembly: Assembly, rules: Rules
) -> str | None:
    if refusal is None:
        return None
    return words.SENTENCES[refusal].fill(actions.notice_details(assembly, rules))
