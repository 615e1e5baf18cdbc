"""Correcting a published notice, calling an assembly off, throwing a draft away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.assemblies import actions, policy, queries, words
from app.assemblies.desk.shared import ONE, _refuse, _seen, _to, _written, blueprint
from app.assemblies.forms import CallOffPaper, NoticePaper
from app.assemblies.models import Assembly, AssemblyState
from app.assemblies.policy import AssemblyRefusal
from app.assemblies.rules import after_notice
from app.core.clock import seoul_day
from app.core.refusals import Refused, insist
from app.residents.sessions import visitor, who
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.forms import Paper
from app.web.once import write_once

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.residents.rules import Standing


@blueprint.route(f"{ONE}/notice/correction", methods=["GET", "POST"])
@staff("clerk")
def correct_notice(assembly_id: int) -> ResponseReturnValue:
    """Correct a published notice; everyone sees the day, the reason and what stood there."""
    by = visitor().standing
    assembly = _seen(assembly_id, by)
    insist(policy.why_not_correct_notice(by, assembly))
    form = NoticePaper()
    status, is_told = 200, False
    if form.is_submitted():
        status = 422
        if form.validate():
            held_at, ends_at = form.times
            try:
                with write_once(form) as (writing, lead_to):
                    actions.correct_notice(
                        writing,
                        _written(writing, assembly_id),
                        held_at=held_at,
                        ends_at=ends_at,
                        venue=form.venue.data or "",
                        notice_text=form.notice_text.data or "",
                        reason=form.reason.data or "",
                        corrections_seen=form.seen.data,
                        by=who(writing),
                        at=now(),
                    )
                    where = lead_to(url_for("assemblies.detail", assembly_id=assembly_id))
            except Refused as refused:
                status = _refuse(form.held_on, refused)
                is_told = refused.refusal is policy.AssemblyRefusal.NOTICE_MOVED_MEANWHILE
            else:
                flash(_("공고를 정정했습니다. 주민에게 알림을 보냅니다."), "success")
                return redirect(where, 303)
    form.fill_as_it_stands(
        assembly, len(queries.notice_corrections(session(), assembly_id)), is_told=is_told
    )
    page = render_template(
        "assemblies/desk_notice_correction.html",
        form=form,
        assembly=assembly,
        soonest=after_notice(assembly, seoul_day(now())),
        words=words,
    )
    return page, status


@blueprint.route(f"{ONE}/call-off", methods=["GET", "POST"])
@staff("clerk")
def call_off(assembly_id: int) -> ResponseReturnValue:
    """Ask before an announced assembly is called off, and for the reason that everyone reads."""
    by = visitor().standing
    assembly = _seen(assembly_id, by)
    if assembly.is_called_off:
        return _to(assembly_id)
    insist(policy.why_not_call_off(by, assembly))
    form = CallOffPaper()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with write() as writing:
                    actions.call_off(
                        writing,
                        _written(writing, assembly_id),
                        reason=form.reason.data or "",
                        by=who(writing),
                        at=now(),
                    )
            except Refused as refused:
                if refused.refusal is AssemblyRefusal.CALLED_OFF:
                    return _to(assembly_id)
                status = _refuse(form.reason, refused)
            else:
                flash(_("총회를 취소했습니다. 주민에게 알림을 보냅니다."), "success")
                return _to(assembly_id)
    page = render_template(
        "assemblies/desk_call_off.html", form=form, assembly=assembly, words=words
    )
    return page, status


@blueprint.route(f"{ONE}/discard", methods=["GET", "POST"])
@staff("clerk")
def discard(assembly_id: int) -> ResponseReturnValue:
    """Ask before a draft is thrown away; whoever presses twice has done it once."""
    by = visitor().standing
    if _is_gone(session(), assembly_id, by):
        return _to_the_drafts()
    assembly = _seen(assembly_id, by)
    insist(policy.why_not_prepare(by, assembly))
    form = Paper()
    if not form.validate_on_submit():
        page = render_template(
            "assemblies/desk_discard.html", form=form, assembly=assembly, words=words
        )
        return page, 422 if form.is_submitted() else 200
    try:
        with write() as writing:
            found = _written(writing, assembly_id)
            actions.discard_assembly(writing, found, by=who(writing), at=now())
    except Refused as refused:
        if refused.refusal is not AssemblyRefusal.THROWN_AWAY:
            raise
    else:
        flash(_("총회 초안을 버렸습니다."), "success")
    return _to_the_drafts()


def _is_gone(reading: Session, assembly_id: int, by: Standing) -> bool:
    """Say whether it is a draft of this clerk's place that was thrown away."""
    assembly = reading.get(Assembly, assembly_id)
    if assembly is None:
        return False
    return policy.why_not_prepare(by, assembly) is AssemblyRefusal.THROWN_AWAY


def _to_the_drafts() -> Response:
    return redirect(url_for("assemblies_desk.index", state=AssemblyState.DRAFT.value), 303)
