"""The moderators' desk: what readers reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.moderation import actions, queries, words
from app.moderation.forms import SettleForm
from app.moderation.models import SubjectKind
from app.residents.sessions import visitor, who
from app.web.audience import staff
from app.web.database import now, session, write

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing
    from app.web.house import Waiting

desk = Blueprint("moderation_desk", __name__, url_prefix="/desk/moderation")
# Without the chair, who keeps order in the live assembly alone, and there nobody reports.
ROLES = ("moderator", "clerk")


@desk.get("")
@staff(*ROLES)
def reports() -> ResponseReturnValue:
    """Show the open reports of the places this moderator keeps."""
    waiting = queries.open_reports(session(), visitor().standing)
    return render_template(
        "moderation/reports.html", waiting=waiting, words=words, form=SettleForm()
    )


def waiting(reading: Session, by: Standing, at: datetime) -> Waiting:
    """Say on the desk's home page how much waits here for someone."""
    del at
    return words.waiting(queries.open_report_count(reading, by))


@desk.post("/<kind>/<int:subject_id>/settle")
@staff(*ROLES)
def settle(kind: str, subject_id: int) -> ResponseReturnValue:
    """Leave what was reported standing."""
    if kind not in list(SubjectKind):
        abort(404)
    with write() as s:
        by = who(s)
        place = queries.reported_place(s, SubjectKind(kind), subject_id)
        if place is None:
            abort(404)
        actions.settle_reports(
            s, kind=SubjectKind(kind), subject_id=subject_id, place=place, by=by, at=now()
        )
    flash(_("신고를 정리했습니다. 글은 그대로 보입니다."), "success")
    return redirect(url_for("moderation_desk.reports"), 303)
