"""The public ledger of what was hidden and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request

from app.moderation import queries, words
from app.moderation.models import SubjectKind
from app.web.asking import asked_page
from app.web.audience import public
from app.web.database import session

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

routes = Blueprint("moderation", __name__)


@routes.get("/moderation")
@public
def ledger() -> ResponseReturnValue:
    """Show one page of the ledger, of one kind if asked for."""
    kind = _kind()
    page = queries.ledger(session(), kind=kind, page=asked_page())
    return render_template(
        "moderation/ledger.html", page=page, kind=kind, words=words, kinds=SubjectKind
    )


def _kind() -> SubjectKind | None:
    asked = request.args.get("kind", "")
    return SubjectKind(asked) if asked in list(SubjectKind) else None


@routes.app_template_global("hide_reasons")
def _hide_reasons() -> list[tuple[str, str]]:
    return words.hide_reasons()


@routes.app_template_filter("hide_reason")
def _hide_reason(reason: Any) -> str:
    return str(words.REASONS[reason])
