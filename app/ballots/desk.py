"""Pages of ballots for the staff: draw up, freeze, open, close, count, certify."""

from __future__ import annotations

from dataclasses import dataclass
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
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import NoResultFound

from app.assemblies.models import Assembly, AssemblyState
from app.assemblies.panels import Panel
from app.assemblies.queries import rules_in_force, seen_by
from app.assemblies.rules import frozen_rules
from app.ballots import actions, policy, queries, words
from app.ballots.forms import AskForm, BallotForm, OptionForm
from app.ballots.models import Ballot, BallotState, Option
from app.core.clock import seoul_day
from app.core.refusals import Refused, insist
from app.places.models import Department, Place
from app.places.queries import departments
from app.residents.models import Role
from app.residents.queries import places_held
from app.residents.sessions import visitor, who
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.converters import LARGEST_KEY
from app.web.database import now, session, write
from app.web.forms import add_error
from app.web.once import write_once
from app.web.refusing import error_page, sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

bp = Blueprint("ballots_desk", __name__, url_prefix="/desk/ballots")
DRAWERS = ("clerk", "officer")
EVERYONE = (*DRAWERS, "observer")
WORKS = (Role.CLERK, Role.OFFICER, Role.OBSERVER)


@dataclass(frozen=True)
class Act:
    """One consequential act: what the button says, what is asked before, what is said after."""

    title: object
    button: object
    done: object
    run: Callable[..., Any]
    needs_keys: bool = False
    kind: str = "primary"


ACTS = {
    "freeze": Act(
        _l("투표용지와 투표인명부 확정"),
        _l("확정하기"),
        _l("투표용지와 투표인명부를 확정했습니다."),
        actions.freeze_ballot,
        needs_keys=True,
    ),
    "open": Act(
        _l("투표 시작"), _l("투표 시작하기"), _l("투표를 시작했습니다."), actions.open_ballot
    ),
    "close": Act(_l("투표 마감"), _l("마감하기"), _l("투표를 마감했습니다."), actions.close_ballot),
    "count": Act(
        _l("개표"), _l("개표하기"), _l("개표를 마쳤습니다."), actions.count_ballot, needs_keys=True
    ),
    "certify": Act(
        _l("개표 결과 확정"),
        _l("결과 확정하기"),
        _l("개표 결과를 확정했습니다."),
        actions.certify_count,
    ),
    "discard": Act(
        _l("투표 초안 버리기"),
        _l("초안 버리기"),
        _l("투표 초안을 버렸습니다."),
        actions.discard_ballot,
        kind="danger",
    ),
}


@bp.get("")
@staff(*EVERYONE)
def index() -> ResponseReturnValue:
    """Show the ballots of the places somebody works for, what needs an act first."""
    page = queries.desk_ballots(session(), _places(WORKS), number=asked_page())
    return render_template(
        "ballots/desk/index.html",
        page=page,
        tied=queries.with_ties(session(), [ballot.id for ballot in page.items]),
        states=words.STATES,
        may_draw=visitor().standing.holds_any(frozenset(DRAWERS)),
        next_act=_next_act,
    )


@bp.route("/new", methods=["GET", "POST"])
@staff(*DRAWERS)
def draw() -> ResponseReturnValue:
    """Draw up a ballot, for an assembly when one is named."""
    assembly = _assembly()
    places = [assembly.place] if assembly else _places(WORKS[:2])
    form = BallotForm.empty(places)
    if assembly is not None and request.method != "POST":
        rules = frozen_rules(assembly) or rules_in_force(session(), assembly.place, at=now())
        form.start_from(assembly, rules, today=seoul_day(now()))
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return _paper(form, assembly=assembly, places=places), status
    try:
        with write_once(form) as (writing, lead_to):
            ballot = actions.draw_ballot(
                writing,
                place=writing.get_one(Place, form.place.data),
                assembly=writing.get_one(Assembly, assembly.id) if assembly else None,
                by=who(writing),
                at=now(),
                **form.terms(),
            )
            if assembly is not None:
                actions.put_agenda_on_ballot(
                    writing,
                    ballot,
                    writing.get_one(Assembly, assembly.id),
                    by=who(writing),
                    at=now(),
                )
            where = lead_to(url_for("ballots_desk.show", ballot_id=ballot.id))
    except Refused as refused:
        return _paper_refused(form, refused, assembly=assembly, places=places)
    flash(_("투표 초안을 만들었습니다. 선택지를 확인하고 확정해 주세요."), "success")
    return redirect(where, 303)


@bp.get("/<int:ballot_id>")
@staff(*EVERYONE)
def show(ballot_id: int) -> ResponseReturnValue:
    """Show one ballot with everything its staff can do next."""
    ballot = _ballot(ballot_id)
    return _show(ballot, OptionForm.empty(departments(session(), ballot.place)))


@bp.route("/<int:ballot_id>/paper", methods=["GET", "POST"])
@staff(*DRAWERS)
def revise(ballot_id: int) -> ResponseReturnValue:
    """Change a draft's paper."""
    ballot = _ballot(ballot_id)
    form = BallotForm.about(ballot)
    if not form.validate_on_submit():
        return _paper(form, ballot=ballot), 422 if request.method == "POST" else 200
    try:
        with write() as writing:
            actions.revise_ballot(
                writing,
                writing.get_one(Ballot, ballot_id),
                by=who(writing),
                at=now(),
                **form.terms(),
            )
    except Refused as refused:
        return _paper_refused(form, refused, ballot=_ballot(ballot_id))
    flash(_("투표 초안을 고쳤습니다."), "success")
    return redirect(url_for("ballots_desk.show", ballot_id=ballot_id), 303)


@bp.post("/<int:ballot_id>/options")
@staff(*DRAWERS)
def add_option(ballot_id: int) -> ResponseReturnValue:
    """Put one more option on a draft's paper."""
    ballot = _ballot(ballot_id)
    form = OptionForm.empty(departments(session(), ballot.place))
    if not form.validate_on_submit():
        return _show(ballot, form), 422
    try:
        with write_once(form) as (writing, lead_to):
            actions.add_option(
                writing,
                writing.get_one(Ballot, ballot_id),
                department=writing.get(Department, form.department.data),
                by=who(writing),
                at=now(),
                **form.terms(),
            )
            where = lead_to(url_for("ballots_desk.show", ballot_id=ballot_id) + "#options")
    except Refused as refused:
        status, sentence = sentence_of(current_app, refused)
        add_error(form.title, sentence)
        return _show(_ballot(ballot_id), form), status
    flash(_("선택지를 올렸습니다."), "success")
    return redirect(where, 303)


@bp.post("/<int:ballot_id>/options/<int:option_id>/remove")
@staff(*DRAWERS)
def remove_option(ballot_id: int, option_id: int) -> ResponseReturnValue:
    """Take an option off a draft's paper."""
    with write() as writing:
        option = writing.get(Option, option_id)
        if option is None or option.ballot_id != ballot_id:
            abort(404)
        actions.remove_option(writing, option, by=who(writing), at=now())
    flash(_("선택지를 뺐습니다."), "success")
    return redirect(url_for("ballots_desk.show", ballot_id=ballot_id) + "#options", 303)


@bp.post("/<int:ballot_id>/agenda")
@staff(*DRAWERS)
def put_agenda(ballot_id: int) -> ResponseReturnValue:
    """Put the assembly's items that are missing on the paper."""
    with write() as writing:
        ballot = writing.get(Ballot, ballot_id)
        if ballot is None or ballot.assembly_id is None:
            abort(404)
        added = actions.put_agenda_on_ballot(
            writing,
            ballot,
            writing.get_one(Assembly, ballot.assembly_id),
            by=who(writing),
            at=now(),
        )
        count = len(added)
    flash(_("총회 안건 %(count)s건을 투표용지에 올렸습니다.", count=count), "success")
    return redirect(url_for("ballots_desk.show", ballot_id=ballot_id) + "#options", 303)


@bp.route(
    "/<int:ballot_id>/<any(freeze, open, close, count, certify, discard):name>",
    methods=["GET", "POST"],
)
@staff(*EVERYONE)
def act(ballot_id: int, name: str) -> ResponseReturnValue:
    """Say exactly what an act will do; do it when that is confirmed."""
    found = queries.ballot_page(session(), ballot_id)
    if name == "discard" and found is None:
        return redirect(url_for("ballots_desk.index"), 303)  # a second click: it is gone already
    ballot, chosen = _worked_on(found), ACTS[name]
    why_not = _why_not(name, ballot)
    if why_not is not None and request.method != "POST":
        raise Refused(
            why_not, base=ballot.base_date, **actions.hours(ballot.opens_at, ballot.closes_at)
        )
    form = AskForm()
    if not form.validate_on_submit():
        return render_template(
            "ballots/desk/act.html",
            ballot=ballot,
            act=chosen,
            form=form,
            warnings=_differences(ballot) if name == "freeze" else [],
            consequences=words.consequences(
                name, ballot, roll_count=_roll_count(name, ballot), at=now()
            ),
        )
    keys = {"keys": current_app.extensions["settings"].keys_path} if chosen.needs_keys else {}
    with write() as writing:
        chosen.run(writing, writing.get_one(Ballot, ballot_id), by=who(writing), at=now(), **keys)
    flash(str(chosen.done), "success")
    if name == "discard":
        return redirect(url_for("ballots_desk.index"), 303)
    return redirect(url_for("ballots_desk.show", ballot_id=ballot_id), 303)


@bp.errorhandler(NoResultFound)
def gone(_error: NoResultFound) -> ResponseReturnValue:
    """Answer an act upon a draft that somebody threw away meanwhile: it is not found."""
    return error_page(404)


# ---------------------------------------------------------------- what these pages share


def _places(roles: Sequence[Role]) -> list[Place]:
    """Return the places at which the visitor holds one of these roles."""
    return list(places_held(session(), visitor().standing, frozenset(roles)))


def _ballot(ballot_id: int) -> Ballot:
    """Return a ballot of a place the visitor works for; 404 and 403 otherwise."""
    return _worked_on(queries.ballot_page(session(), ballot_id))


def _worked_on(ballot: Ballot | None) -> Ballot:
    if ballot is None:
        abort(404)
    if not any(visitor().standing.holds(role, ballot.place) for role in WORKS):
        abort(403)
    return ballot


def _assembly() -> Assembly | None:
    """Return the assembly that is asked for: 404 to whom it does not show, 403 to whom it does."""
    asked = request.args.get("assembly", type=int)
    if asked is None:
        return None
    by = visitor().standing
    seen = seen_by(session(), asked, by) if 0 < asked <= LARGEST_KEY else None
    if seen is None:
        abort(404)
    insist(policy.why_not_draw(by, seen.assembly.place, seen.assembly))
    return seen.assembly


def _differences(ballot: Ballot) -> list[str]:
    """Say what a ballot does otherwise than the notice of its assembly."""
    if ballot.assembly_id is None:
        return []
    return words.differences(ballot, session().get_one(Assembly, ballot.assembly_id))


def panel(reading: Session, assembly: Assembly, by: Standing, at: datetime) -> Panel | None:
    """Lead from an assembly's desk page to its ballot, or to drawing one up while there is time."""
    del at
    if assembly.state is AssemblyState.DRAFT or not policy.may_draw(by, assembly.place):
        return None
    title, found = _("이 총회의 투표"), queries.ballot_of(reading, assembly.id)
    if found is not None:
        url = url_for("ballots_desk.show", ballot_id=found.id)
        return Panel(title, f"{found.title} · {words.STATES[found.state]}", url, _("투표 열기"))
    if assembly.state is AssemblyState.CLOSED:
        return None
    url = url_for("ballots_desk.draw", assembly=assembly.id)
    text = _("아직 투표가 없습니다. 공고한 규칙과 안건이 담긴 초안에서 시작합니다.")
    return Panel(title, text, url, _("이 총회의 투표 만들기"))


def _why_not(name: str, ballot: Ballot) -> policy.BallotRefusal | None:
    """Say why the visitor may not do an act now, None if they may."""
    by, at = visitor().standing, now()
    checks: dict[str, Callable[[], policy.BallotRefusal | None]] = {
        "freeze": lambda: policy.why_not_freeze(by, ballot, at=at),
        "open": lambda: policy.why_not_open(by, ballot, at=at),
        "close": lambda: policy.why_not_close(by, ballot, at=at),
        "count": lambda: policy.why_not_count(by, ballot),
        "certify": lambda: policy.why_not_certify(
            by, ballot, editors=queries.editors(session(), ballot.id)
        ),
        "discard": lambda: policy.why_not_edit(by, ballot),
    }
    return checks[name]()


def _hindrance(ballot: Ballot) -> str | None:
    """Say what keeps a draft from being frozen as it is, whoever may do it."""
    if ballot.state is not BallotState.DRAFT:
        return None
    found = policy.why_roll_is_unknown(ballot, at=now()) or policy.why_not_stand(ballot)
    return words.SENTENCES[found].fill({"base": ballot.base_date}) if found else None


def _next_act(ballot: Ballot, *, has_tie: bool) -> object:
    """Return what a ballot waits for, in words."""
    waits: dict[BallotState, object] = {
        BallotState.DRAFT: _l("확정"),
        BallotState.FROZEN: _l("시작 (때가 되면 저절로)"),
        BallotState.OPEN: _l("마감 (때가 되면 저절로)"),
        BallotState.CLOSED: _l("개표"),
        BallotState.COUNTED: _l("결과 확정"),
        BallotState.CERTIFIED: _l("동점을 총회에서 정하기") if has_tie else _l("없음"),
    }
    return waits[ballot.state]


def _roll_count(name: str, ballot: Ballot) -> int:
    """Return how many stand, or would stand once it is frozen, on the roll."""
    return len(actions.roll_for(session(), ballot)) if name == "freeze" else ballot.roll_count


def _show(ballot: Ballot, form: OptionForm) -> str:
    result = queries.result(ballot)
    possible = {name: act for name, act in ACTS.items() if _why_not(name, ballot) is None}
    return render_template(
        "ballots/desk/show.html",
        ballot=ballot,
        form=form,
        acts={name: act for name, act in possible.items() if act.kind == "primary"},
        result=result,
        tie_line=words.tie_line(ballot) if result and result.tied else None,
        may_edit=policy.why_not_edit(visitor().standing, ballot) is None,
        hindrance=_hindrance(ballot),
        latest_birth=words.latest_birth(ballot),
        states=words.STATES,
        tracks=words.TRACKS,
        outcomes=words.OUTCOMES,
        age_modes=words.AGE_MODES,
        quorum_kinds=words.QUORUM_KINDS,
        pick_rule=words.pick_rule(ballot.min_picks, ballot.max_picks),
        next_act=_next_act(ballot, has_tie=bool(result and result.tied)),
    )


def _paper(
    form: BallotForm,
    *,
    ballot: Ballot | None = None,
    assembly: Assembly | None = None,
    places: Sequence[Place] = (),
) -> str:
    alone = ballot is None and assembly is None
    return render_template(
        "ballots/desk/paper.html",
        form=form,
        ballot=ballot,
        assembly=assembly,
        waiting=queries.without_ballot(session(), places, at=now()) if alone else [],
    )


def _paper_refused(
    form: BallotForm,
    refused: Refused,
    *,
    ballot: Ballot | None = None,
    assembly: Assembly | None = None,
    places: Sequence[Place] = (),
) -> ResponseReturnValue:
    status, sentence = sentence_of(current_app, refused)
    late = refused.refusal is policy.BallotRefusal.BAD_WINDOW
    add_error(form.closes_on if late else form.max_picks, sentence)
    return _paper(form, ballot=ballot, assembly=assembly, places=places), status
