"""A person's own notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.clock import seoul_day
from app.core.paging import PAGE_SIZE, page_of
from app.notices import actions, queries, words
from app.residents.panels import Panel, PanelItem
from app.residents.sessions import visitor
from app.web.asking import asked_page
from app.web.audience import signed_in
from app.web.database import now, session, write
from app.web.wording import format_near_day

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

blueprint = Blueprint("notices", __name__, url_prefix="/me/notices")
FEW = 3


@blueprint.get("")
@signed_in
def mine() -> str:
    """Show the visitor's notices, newest first."""
    number = asked_page()
    found = queries.notices_of(
        session(),
        visitor().person_id or 0,
        limit=PAGE_SIZE + 1,
        offset=(number - 1) * PAGE_SIZE,
    )
    return render_template(
        "notices/mine.html",
        page=page_of(found, number=number),
        over=queries.over(session(), found, at=now()),
        words=words,
        nav_active="me",
    )


@blueprint.post("/read")
@signed_in
def read() -> Response:
    """Mark the visitor's notices as read."""
    with write() as writing:
        actions.mark_read(writing, visitor().person_id or 0, at=now())
    return redirect(url_for("notices.mine"), 303)


@blueprint.get("/<int:notice_id>")
@signed_in
def follow(notice_id: int) -> Response:
    """Lead to what one of the visitor's notices tells of; whoever goes there has read it.

    What only looks ahead, as browsers and guards of mail do, reads nothing.
    """
    person_id = visitor().person_id or 0
    notice = queries.notice_of(session(), person_id, notice_id)
    if notice is None:
        abort(404)
    looks_ahead = request.method == "HEAD" or "Sec-Purpose" in request.headers
    if notice.read_at is None and not looks_ahead:
        with write() as writing:
            actions.mark_read(writing, person_id, notice_id=notice_id, at=now())
    return redirect(notice.href, 303)


def my_notices(reading: Session, person_id: int, at: datetime) -> Panel:
    """Return the panel of 내 활동 with the newest notices."""
    newest = queries.notices_of(reading, person_id, limit=FEW)
    over = queries.over(reading, newest, at=at)
    today = seoul_day(at)
    return Panel(
        title=_("알림"),
        items=[
            PanelItem(
                title=words.subject(notice.kind, notice.details, is_over=notice.id in over),
                url=url_for("notices.follow", notice_id=notice.id),
                status="" if notice.read_at else str(_("읽지 않음")),
                note=words.sentence(notice.kind, notice.details, is_over=notice.id in over),
                when=format_near_day(notice.created_at, today=today),
            )
            for notice in newest
        ],
        empty=_("아직 알림이 없습니다."),
        url=url_for("notices.mine"),
    )
