"""Assemblies as clerks and chairs prepare, announce, lead and record them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

from app.assemblies import actions, policy, queries, words
from app.assemblies.forms import (
    AgendaPaper,
    AssemblyPaper,
    MinutesPaper,
    OrderPaper,
    RulesPaper,
)
from app.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyState,
    QuorumKind,
    RunningStage,
    Track,
)
from app.assemblies.rules import (
    DEFAULT_RULES,
    Rules,
    by_track,
    current_stage,
    frozen_rules,
    latest_notice_day,
    quorum_needed,
    rules_among,
)
from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.places.models import Department, Place
from app.places.queries import departments, population
from app.proposals.models import Proposal
from app.residents.models import Role
from app.residents.rules import AgeMode
from app.residents.sessions import visitor, who
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.forms import add_error
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response
    from wtforms import Field

    from app.residents.rules import Standing

blueprint = Blueprint("assemblies_desk", __name__, url_prefix="/desk/assemblies")
ONE = "/<int:assembly_id>"
workers = staff("clerk", "chair", "operator")


def _places() -> Sequence[Place]:
    """Return the district and its dongs."""
    return queries.places_of(session(), current_app.extensions["settings"].district)


def _allowed(known: Sequence[Place], by: Standing, role: Role) -> list[Place]:
    return [place for place in known if by.holds(role, place)]


def _seen(assembly_id: int, by: Standing) -> Assembly:
    """Return an assembly to someone who works on it; to others it is not there."""
    seen = queries.seen_by(session(), assembly_id, by)
    if seen is None or not queries.may_prepare(by, seen.assembly.place):
        abort(404)
    return seen.assembly


def _written(writing: Session, assembly_id: int) -> Assembly:
    """Return an assembly inside a write."""
    assembly = writing.get(Assembly, assembly_id)
    if assembly is None:
        abort(404)
    return assembly


def _department(writing: Session, slug: str) -> Department | None:
    return writing.query(Department).filter_by(slug=slug).first() if slug else None


def _refuse(field: Field, refused: Refused) -> int:
    """Put a refusal's sentence on the form; return its status."""
    status, sentence = sentence_of(current_app, refused)
    add_error(field, sentence)
    return status


def _to(assembly_id: int) -> Response:
    return redirect(url_for("assemblies_desk.show", assembly_id=assembly_id), 303)


@blueprint.get("")
@workers
def index() -> str:
    """List the assemblies of this person's places, what is unfinished first."""
    by, known = visitor().standing, _places()
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


# ---------------------------------------------------------------- preparing


@blueprint.route("/new", methods=["GET", "POST"])
@staff("clerk")
def call() -> ResponseReturnValue:
    """Call an assembly: a draft that nobody else sees."""
    mine = _allowed(_places(), visitor().standing, Role.CLERK)
    form = AssemblyPaper()
    form.offer(mine)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            held_at, ends_at = form.times
            chosen = next(place.id for place in mine if place.slug == form.place.data)
            try:
                with write() as writing:
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
                flash(_("총회를 준비합니다. 안건과 식순을 정한 뒤 공고해 주세요."), "success")
                return _to(assembly.id)
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
    return render_template(
        "assemblies/desk_show.html",
        assembly=assembly,
        rules=rules,
        latest=latest_notice_day(assembly.held_at, rules.notice_days),
        today=seoul_day(at),
        tracks=by_track(assembly.items),
        stage=current_stage(assembly),
        may_prepare=policy.why_not_prepare(by, assembly) is None,
        may_open=policy.why_not_open(by, assembly, at=at) is None,
        may_lead=policy.why_not_lead(by, assembly) is None,
        may_record=policy.why_not_publish_minutes(by, assembly) is None,
        words=words,
    )


@blueprint.route(f"{ONE}/agenda", methods=["GET", "POST"])
@staff("clerk")
def agenda(assembly_id: int) -> ResponseReturnValue:
    """Put items on the agenda: adopted proposals from the picker, or an item of its own."""
    assembly = _seen(assembly_id, visitor().standing)
    raisable = queries.raisable_proposals(session(), assembly)
    raised = _asked_proposal(raisable)
    form = AgendaPaper()
    form.offer(departments(session(), assembly.place.parent or assembly.place))
    status = 200
    if not form.is_submitted():
        if raised is not None:
            form.fill(raised)
    elif not form.validate():
        status = 422
    else:
        proposal_id = raised.proposal.id if raised else None
        try:
            with write() as writing:
                actions.add_item(
                    writing,
                    _written(writing, assembly_id),
                    title=form.title.data or "",
                    sense=form.sense.data or "",
                    body=form.body.data or "",
                    track=Track(form.track.data),
                    budget_won=form.budget_won.data,
                    department=_department(writing, form.department.data),
                    proposal=writing.get_one(Proposal, proposal_id) if proposal_id else None,
                    by=who(writing),
                    at=now(),
                )
        except Refused as refused:
            status = _refuse(form.title, refused)
        else:
            flash(_("안건에 올렸습니다."), "success")
            return redirect(url_for("assemblies_desk.agenda", assembly_id=assembly_id), 303)
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


def _asked_proposal(raisable: Sequence[queries.Raisable]) -> queries.Raisable | None:
    """Return the proposal the address picks; one that cannot be raised is not found."""
    asked = request.args.get("proposal")
    if not asked:
        return None
    found = next((one for one in raisable if str(one.proposal.id) == asked), None)
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


# ---------------------------------------------------------------- holding and recording


def _lead(assembly_id: int, said: str, act: Any) -> Response:
    """Do one act of the chair in a write of its own."""
    with write() as writing:
        act(writing, _written(writing, assembly_id), by=who(writing), at=now())
    flash(said, "success")
    return _to(assembly_id)


@blueprint.post(f"{ONE}/open")
@staff("chair")
def open_(assembly_id: int) -> Response:
    """Open the assembly."""
    return _lead(assembly_id, _("총회를 열었습니다."), actions.open_assembly)


@blueprint.post(f"{ONE}/close")
@staff("chair")
def close(assembly_id: int) -> Response:
    """Close the assembly, for good."""
    return _lead(assembly_id, _("총회를 마쳤습니다."), actions.close_assembly)


@blueprint.post(f"{ONE}/stage")
@staff("chair")
def stage(assembly_id: int) -> Response:
    """Move the running order to a step."""
    with write() as writing:
        chosen = request.form.get("stage", type=int) or 0
        found = writing.get(RunningStage, chosen) if 0 < chosen < 2**31 else None
        if found is None:
            abort(404)
        actions.move_to_stage(
            writing, _written(writing, assembly_id), found, by=who(writing), at=now()
        )
    flash(_("식순을 옮겼습니다."), "success")
    return _to(assembly_id)


@blueprint.route(f"{ONE}/minutes", methods=["GET", "POST"])
@staff("clerk")
def minutes(assembly_id: int) -> ResponseReturnValue:
    """Publish the minutes of a closed assembly."""
    assembly = _seen(assembly_id, visitor().standing)
    form = MinutesPaper()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with write() as writing:
                    actions.publish_minutes(
                        writing,
                        _written(writing, assembly_id),
                        minutes=form.minutes.data or "",
                        by=who(writing),
                        at=now(),
                    )
            except Refused as refused:
                status = _refuse(form.minutes, refused)
            else:
                flash(_("회의록을 공개했습니다."), "success")
                return redirect(url_for("assemblies.detail", assembly_id=assembly_id), 303)
    page = render_template(
        "assemblies/desk_minutes.html", form=form, assembly=assembly, words=words
    )
    return page, status


# ---------------------------------------------------------------- rules


@blueprint.route("/rules", methods=["GET", "POST"])
@workers
def rules() -> ResponseReturnValue:
    """Show every version of the rules; an operator sets a new one."""
    at, by, known = now(), visitor().standing, _places()
    settable = _allowed(known, by, Role.OPERATOR)
    form = RulesPaper()
    form.offer(settable)
    status = 200
    if not form.is_submitted():
        _fill_rules(form, DEFAULT_RULES)
    elif not form.validate():
        status = 422
    else:
        chosen = next(place.id for place in settable if place.slug == form.place.data)
        try:
            with write() as writing:
                actions.set_assembly_rules(
                    writing,
                    writing.get_one(Place, chosen),
                    notice_days=form.notice_days.data,
                    quorum_kind=QuorumKind(form.quorum_kind.data),
                    quorum_value=form.quorum_value.data,
                    min_age=form.min_age.data,
                    age_mode=AgeMode(form.age_mode.data),
                    by=who(writing),
                    at=now(),
                )
        except Refused as refused:
            status = _refuse(form.quorum_value, refused)
        else:
            flash(_("새 규칙을 정했습니다. 이미 공고한 총회는 그대로입니다."), "success")
            return redirect(url_for("assemblies_desk.rules"), 303)
    history = queries.rules_history(session(), [place.id for place in known])
    return (
        render_template(
            "assemblies/desk_rules.html",
            form=form,
            may_set=bool(settable),
            history=[
                (place, [row for row in history if row.place_id == place.id]) for place in known
            ],
            rules_of=Rules.of,
            defaults=DEFAULT_RULES,
            at=at,
            words=words,
        ),
        status,
    )


def _fill_rules(form: RulesPaper, rules: Rules) -> None:
    form.notice_days.data, form.quorum_value.data = rules.notice_days, rules.quorum_value
    form.quorum_kind.data, form.age_mode.data = rules.quorum_kind.value, rules.age_mode.value
    form.min_age.data = rules.min_age
