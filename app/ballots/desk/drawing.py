"""Drawing up a ballot's paper until it is frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.assemblies.models import Assembly
from app.assemblies.queries import rules_in_force, seen_by
from app.assemblies.rules import frozen_rules
from app.ballots import actions, policy, queries
from app.ballots.desk.shared import DRAWERS, WORKS, ballot_or_404, bp, held_or_404, held_places
from app.ballots.desk.showing import show_page
from app.ballots.forms import BallotForm, OptionForm
from app.ballots.models import Ballot, Option
from app.core.clock import seoul_day
from app.core.refusals import Refused, insist
from app.places.models import Department, Place
from app.places.queries import departments
from app.residents.sessions import visitor, who
from app.web.audience import staff
from app.web.converters import LARGEST_KEY
from app.web.database import now, session, write
from app.web.forms import add_error
from app.web.once import write_once
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@bp.route("/new", methods=["GET", "POST"])
@staff(*DRAWERS)
def draw() -> ResponseReturnValue:
    """Draw up a ballot, for an assembly when one is named."""
    assembly = _assembly()
    if assembly is not None and request.method != "POST":
        there = queries.ballot_of(session(), assembly.id)
        if there is not None:
            flash(_("이 총회에는 이미 투표가 있어 그 투표로 왔습니다."), "info")
            return redirect(url_for("ballots_desk.show", ballot_id=there.id), 303)
    places = [assembly.place] if assembly else held_places(WORKS[:2])
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


@bp.route("/<int:ballot_id>/paper", methods=["GET", "POST"])
@staff(*DRAWERS)
def revise(ballot_id: int) -> ResponseReturnValue:
    """Change a draft's paper."""
    ballot = ballot_or_404(ballot_id)
    form = BallotForm.about(ballot)
    if not form.validate_on_submit():
        return _paper(form, ballot=ballot), 422 if request.method == "POST" else 200
    try:
        with write() as writing:
            actions.revise_ballot(
                writing,
                held_or_404(writing, ballot_id),
                by=who(writing),
                at=now(),
                **form.terms(),
            )
    except Refused as refused:
        return _paper_refused(form, refused, ballot=ballot_or_404(ballot_id))
    flash(_("투표 초안을 고쳤습니다."), "success")
    return redirect(url_for("ballots_desk.show", ballot_id=ballot_id), 303)


@bp.post("/<int:ballot_id>/options")
@staff(*DRAWERS)
def add_option(ballot_id: int) -> ResponseReturnValue:
    """Put one more option on a draft's paper."""
    ballot = ballot_or_404(ballot_id)
    form = OptionForm.empty(departments(session(), ballot.place))
    if not form.validate_on_submit():
        return show_page(ballot, form), 422
    try:
        with write_once(form) as (writing, lead_to):
            actions.add_option(
                writing,
                held_or_404(writing, ballot_id),
                department=writing.get(Department, form.department.data),
                by=who(writing),
                at=now(),
                **form.terms(),
            )
            where = lead_to(url_for("ballots_desk.show", ballot_id=ballot_id) + "#options")
    except Refused as refused:
        status, sentence = sentence_of(current_app, refused)
        add_error(form.title, sentence)
        return show_page(ballot_or_404(ballot_id), form), status
    flash(_("선택지를 올렸습니다."), "success")
    return redirect(where, 303)


@bp.post("/<int:ballot_id>/options/<int:option_id>/remove")
@staff(*DRAWERS)
def remove_option(ballot_id: int, option_id: int) -> ResponseReturnValue:
    """Take an option off a draft's paper."""
    with write() as writing:
        held_or_404(writing, ballot_id)
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
        ballot = held_or_404(writing, ballot_id)
        if ballot.assembly_id is None:
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


def _assembly() -> Assembly | None:
    """Return the assembly that is asked for: 404 to whom it does not show, 403 to whom it does."""
    asked = request.args.get("assembly", type=int)
    if asked is None:
        return None
    by = visitor().standing
    seen = seen_by(session(), asked, by) if 0 < asked <= LARGEST_KEY else None
    if seen is None:
        abort(404)
    # Another ballot does not hinder here: the page leads to it, and the act asks for it held.
    insist(policy.why_not_draw(by, seen.assembly.place, seen.assembly, has_other=False, at=now()))
    return seen.assembly


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
