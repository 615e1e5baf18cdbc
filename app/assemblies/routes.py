"""Assemblies as residents see them: the calendar, the notice, checking in."""

from __future__ import annotations

from itertools import groupby
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

from app.assemblies import actions, panels, policy, queries, words
from app.assemblies.models import Assembly, QuorumKind
from app.assemblies.rules import (
    by_track,
    changes,
    check_in_details,
    current_stage,
    frozen_rules,
    is_ahead,
    names_hidden,
)
from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.residents.sessions import our_places, visitor, who
from app.web.asking import asked_page
from app.web.audience import public, signed_in
from app.web.database import now, session, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from app.places.models import Place

blueprint = Blueprint("assemblies", __name__)


def _asked_place(known: Sequence[Place]) -> Place | None:
    """Return the place the address narrows a list to; an unknown one is not found."""
    slug = request.args.get("place")
    if not slug:
        return None
    return next((place for place in known if place.slug == slug), None) or abort(404)


@blueprint.get("/assemblies")
@public
def index() -> str:
    """Show what comes, nearest first, and then what was, year by year."""
    at, known = now(), our_places()
    place = _asked_place(known)
    page = queries.listing(
        session(), place_id=place.id if place else None, number=asked_page(), at=at
    )
    ahead = [one for one in page.items if is_ahead(one, at=at)]
    past = [one for one in page.items if not is_ahead(one, at=at)]
    return render_template(
        "assemblies/index.html",
        page=page,
        ahead=ahead,
        years=[
            (year, list(group))
            for year, group in groupby(past, key=lambda one: seoul_day(one.held_at).year)
        ],
        this_year=seoul_day(at).year,
        place=place,
        places=known,
        words=words,
        nav_active="assemblies",
    )


@blueprint.get("/assemblies/<int:assembly_id>")
@public
def detail(assembly_id: int) -> str:
    """Show an assembly's notice: when and where, who, what about, in which order."""
    at, by = now(), visitor().standing
    seen = queries.seen_by(session(), assembly_id, by)
    if seen is None:
        abort(404)
    assembly = seen.assembly
    rules = frozen_rules(assembly) or queries.rules_in_force(session(), assembly.place, at=at)
    shown = panels.panels_of(current_app, session(), assembly, at=at)
    verdicts = [panel.is_quorate for panel in shown if panel.is_quorate is not None]
    return render_template(
        "assemblies/detail.html",
        assembly=assembly,
        checked_in=seen.checked_in,
        why_not=policy.why_not_check_in(by, assembly, born=seen.born, at=at),
        refusals=policy.AssemblyRefusal,
        check_in_details=check_in_details(assembly),
        rules=rules,
        has_quorum=rules.quorum_kind is not QuorumKind.NONE and assembly.quorum_needed is not None,
        stage=current_stage(assembly),
        tracks=by_track(assembly.items),
        corrections=queries.corrections(session(), assembly_id) if assembly.minutes else [],
        changes=changes(assembly, queries.notice_corrections(session(), assembly_id)),
        names_hidden=names_hidden(assembly.minutes or "", assembly.items),
        panels=shown,
        is_quorate=any(verdicts) if verdicts else None,
        district=assembly.place.parent or assembly.place,
        words=words,
        nav_active="assemblies",
    )


@blueprint.post("/assemblies/<int:assembly_id>/check-in")
@signed_in
def check_in(assembly_id: int) -> Response:
    """Count the visitor as present; a second press says that they are."""
    with write() as writing:
        assembly = writing.get(Assembly, assembly_id)
        if assembly is None or assembly.state not in queries.PUBLIC:
            abort(404)
        try:
            actions.check_in(writing, assembly, by=who(writing), at=now())
            said = _("출석했습니다. 함께해 주셔서 고맙습니다.")
        except Refused as refused:
            if refused.refusal is not policy.AssemblyRefusal.ALREADY_CHECKED_IN:
                raise
            said = _("이미 출석하셨습니다. 한 분은 한 번만 셉니다.")
    flash(said, "success")
    return redirect(url_for("assemblies.detail", assembly_id=assembly_id), 303)
