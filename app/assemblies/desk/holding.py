"""Leading an assembly and recording it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.assemblies import actions, policy, queries, words
from app.assemblies.desk.shared import ONE, _refuse, _seen, _to, _written, blueprint
from app.assemblies.forms import CorrectionPaper, MinutesPaper
from app.assemblies.models import RunningStage
from app.core.refusals import Refused, insist
from app.residents.sessions import visitor, who
from app.web.audience import staff
from app.web.converters import LARGEST_KEY
from app.web.database import now, session, write

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response


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


@blueprint.route(f"{ONE}/close", methods=["GET", "POST"])
@staff("chair")
def close(assembly_id: int) -> ResponseReturnValue:
    """Close the assembly, for good, once that has been asked."""
    if request.method != "POST":
        by = visitor().standing
        assembly = _seen(assembly_id, by)
        insist(policy.why_not_lead(by, assembly))
        return render_template("assemblies/desk_close.html", assembly=assembly)
    return _lead(assembly_id, _("총회를 마쳤습니다."), actions.close_assembly)


@blueprint.post(f"{ONE}/stage")
@staff("chair")
def stage(assembly_id: int) -> Response:
    """Move the running order to a step."""
    with write() as writing:
        chosen = request.form.get("stage", type=int) or 0
        found = writing.get(RunningStage, chosen) if 0 < chosen <= LARGEST_KEY else None
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


@blueprint.route(f"{ONE}/minutes/correction", methods=["GET", "POST"])
@staff("clerk")
def correct_minutes(assembly_id: int) -> ResponseReturnValue:
    """Correct published minutes; everyone sees the day and the reason."""
    by = visitor().standing
    assembly = _seen(assembly_id, by)
    insist(policy.why_not_correct_minutes(by, assembly))
    form = CorrectionPaper()
    status, is_told = 200, False
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with write() as writing:
                    actions.correct_minutes(
                        writing,
                        _written(writing, assembly_id),
                        minutes=form.minutes.data or "",
                        reason=form.reason.data or "",
                        corrections_seen=form.seen.data,
                        by=who(writing),
                        at=now(),
                    )
            except Refused as refused:
                status = _refuse(form.minutes, refused)
                is_told = refused.refusal is policy.AssemblyRefusal.CORRECTED_MEANWHILE
            else:
                flash(_("회의록을 바로잡았습니다."), "success")
                return redirect(url_for("assemblies.detail", assembly_id=assembly_id), 303)
    corrections = queries.corrections(session(), assembly_id)
    form.fill(assembly.minutes or "", len(corrections), is_told=is_told)
    page = render_template(
        "assemblies/desk_correction.html", form=form, assembly=assembly, corrections=corrections
    )
    return page, status
