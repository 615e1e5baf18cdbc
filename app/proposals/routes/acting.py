"""Endorse, follow, report, hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    abort,
    current_app,
    flash,
    render_template,
    url_for,
)
from flask_babel import gettext as _

from app.core.refusals import Refused
from app.moderation.forms import HideForm, ReportForm, RestoreForm
from app.proposals import actions
from app.proposals.policy import ProposalRefusal
from app.proposals.routes.reading import _detail_page
from app.proposals.routes.shared import _back_to, _one, _published, routes
from app.residents.sessions import visitor, who
from app.web.audience import signed_in
from app.web.database import now, write
from app.web.forms import add_error
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@routes.post("/proposals/<int:proposal_id>/endorse")
@signed_in
def endorse(proposal_id: int) -> ResponseReturnValue:
    """Endorse a proposal; whoever has endorsed it already, in another tab, is told so calmly."""
    try:
        with write() as s:
            count = actions.endorse(s, proposal_id, person_id=_acting(), at=now())
    except Refused as refused:
        return _settled(proposal_id, refused, _("이미 공감하셨습니다."))
    flash(_("공감했습니다. 이제 %(count)s명입니다.", count=f"{count:,}"), "success")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/withdraw")
@signed_in
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Take an endorsement back, which may be done already."""
    try:
        with write() as s:
            actions.withdraw_endorsement(s, proposal_id, person_id=_acting(), at=now())
    except Refused as refused:
        return _settled(proposal_id, refused, _("이미 공감을 거두셨습니다."))
    flash(_("공감을 거두었습니다. 기간 안에는 다시 공감할 수 있습니다."), "success")
    return _back_to(proposal_id)


def _settled(proposal_id: int, refused: Refused, sentence: str) -> ResponseReturnValue:
    """Lead back to the proposal, with a sentence, where there was nothing left to do."""
    if refused.refusal not in (ProposalRefusal.ALREADY_ENDORSED, ProposalRefusal.NOT_ENDORSED):
        raise refused
    flash(sentence, "info")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/follow")
@signed_in
def follow(proposal_id: int) -> ResponseReturnValue:
    """Hear what becomes of a proposal."""
    with write() as s:
        actions.follow(s, proposal_id, by=who(s), at=now())
    flash(_("이 제안을 지켜봅니다. 새로운 일이 생기면 알려 드립니다."), "success")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/unfollow")
@signed_in
def unfollow(proposal_id: int) -> ResponseReturnValue:
    """No longer hear of a proposal."""
    with write() as s:
        actions.unfollow(s, proposal_id, by=who(s), at=now())
    flash(_("이 제안을 더 지켜보지 않습니다."), "success")
    return _back_to(proposal_id)


@routes.route("/proposals/<int:proposal_id>/report", methods=["GET", "POST"])
@signed_in
def report(proposal_id: int) -> ResponseReturnValue:
    """Ask the moderators to look at a proposal."""
    found = _published(proposal_id)
    if found is None or found.is_hidden:
        abort(404)
    form = ReportForm()
    if form.validate_on_submit():
        try:
            with write() as s:
                actions.report_proposal(
                    s,
                    _one(s, proposal_id),
                    reason=form.chosen,
                    note=form.note.data or "",
                    href=url_for("proposals.detail", proposal_id=proposal_id),
                    by=who(s),
                    at=now(),
                )
        except Refused as refused:
            status, sentence = sentence_of(current_app, refused)
            add_error(form.reason, sentence)
            return render_template("proposals/report.html", form=form, proposal=found), status
        flash(_("신고를 받았습니다. 담당자가 살펴봅니다."), "success")
        return _back_to(proposal_id)
    status = 422 if form.errors else 200
    return render_template("proposals/report.html", form=form, proposal=found), status


@routes.post("/proposals/<int:proposal_id>/hide")
@signed_in
def hide(proposal_id: int) -> ResponseReturnValue:
    """Show the reason in place of a proposal; for moderators of its place."""
    form = HideForm()
    if not form.validate_on_submit():
        return _moderated(proposal_id, form)
    with write() as s:
        actions.hide_proposal(
            s,
            _one(s, proposal_id),
            reason=form.chosen,
            note=form.note.data or "",
            by=who(s),
            at=now(),
        )
    flash(_("제안을 가렸습니다. 까닭은 공개 장부에 남습니다."), "success")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/restore")
@signed_in
def restore(proposal_id: int) -> ResponseReturnValue:
    """Show a hidden proposal again; for moderators of its place."""
    form = RestoreForm()
    if not form.validate_on_submit():
        return _moderated(proposal_id, None)
    with write() as s:
        actions.restore_proposal(
            s, _one(s, proposal_id), note=form.note.data or "", by=who(s), at=now()
        )
    flash(_("제안을 다시 보이게 했습니다."), "success")
    return _back_to(proposal_id)


def _moderated(proposal_id: int, form: HideForm | None) -> ResponseReturnValue:
    found = _published(proposal_id)
    if found is None:
        abort(404)
    return _detail_page(found, status=422, hide_form=form)


def _acting() -> int:
    """Return whose request this is; the door lets in only whoever has signed in."""
    return visitor().person_id or 0
