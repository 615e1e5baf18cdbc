"""The moderators' desk: what readers reported, what was left standing and what is hidden now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.moderation import actions, queries, words
from app.moderation.forms import SettleForm
from app.moderation.models import SubjectKind
from app.moderation.subjects import subjects_of
from app.residents.sessions import visitor, who
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import now, session, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.moderation.queries import HiddenSubject, ReportedSubject
    from app.moderation.rules import Subject
    from app.moderation.subjects import Key
    from app.residents.rules import Standing
    from app.web.house import Waiting

desk = Blueprint("moderation_desk", __name__, url_prefix="/desk/moderation")
# Without the chair, who keeps order in the live assembly alone, and there nobody reports.
ROLES = ("moderator", "clerk")


@desk.get("")
@staff(*ROLES)
def reports() -> ResponseReturnValue:
    """Show the open reports of the places this moderator keeps."""
    reported = queries.open_reports(session(), visitor().standing)
    return render_template(
        "moderation/reports.html",
        reported=reported,
        subjects=_told(reported),
        words=words,
        form=SettleForm(),
    )


def waiting(reading: Session, by: Standing, at: datetime) -> Waiting:
    """Say on the desk's home page how much waits here for someone."""
    del at
    return words.waiting(queries.open_report_count(reading, by))


@desk.get("/hidden")
@staff(*ROLES)
def hidden() -> ResponseReturnValue:
    """Show what is hidden in the places this moderator keeps, for those who may show it again."""
    page = queries.hidden_now(session(), visitor().standing, page=asked_page())
    return render_template(
        "moderation/hidden.html", page=page, subjects=_told(page.items), words=words
    )


@desk.get("/dismissed")
@staff(*ROLES)
def dismissed() -> ResponseReturnValue:
    """Show what was reported and left standing, for those who may look at it once more."""
    page = queries.dismissed_reports(session(), visitor().standing, page=asked_page())
    return render_template(
        "moderation/dismissed.html", page=page, subjects=_told(page.items), words=words
    )


def _told(listed: Iterable[ReportedSubject | HiddenSubject]) -> dict[Key, Subject]:
    """Return what the things of a list say, hidden or not: those who keep order may read it."""
    return subjects_of(current_app, session(), [(one.kind, one.subject_id) for one in listed])


@desk.post("/<kind>/<int:subject_id>/settle")
@staff(*ROLES)
def settle(kind: str, subject_id: int) -> ResponseReturnValue:
    """Leave what was reported standing."""
    _turn(actions.settle_reports, kind, subject_id)
    flash(
        _("신고를 정리했습니다. 글은 그대로 보이고, ‘문제없음’에서 다시 살펴볼 수 있습니다."),
        "success",
    )
    return redirect(url_for("moderation_desk.reports"), 303)


@desk.post("/<kind>/<int:subject_id>/reopen")
@staff(*ROLES)
def reopen(kind: str, subject_id: int) -> ResponseReturnValue:
    """Put what was left standing back among what waits to be looked at."""
    _turn(actions.reopen_reports, kind, subject_id)
    flash(_("다시 살필 신고로 돌려놓았습니다."), "success")
    return redirect(url_for("moderation_desk.reports"), 303)


def _turn(act: Callable[..., int], kind: str, subject_id: int) -> None:
    if kind not in list(SubjectKind):
        abort(404)
    with write() as s:
        by = who(s)
        place = queries.reported_place(s, SubjectKind(kind), subject_id)
        if place is None:
            abort(404)
        act(s, kind=SubjectKind(kind), subject_id=subject_id, place=place, by=by, at=now())
