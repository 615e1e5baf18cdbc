"""What the clerks' pages of assemblies share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    url_for,
)

from app.assemblies import queries
from app.assemblies.models import Assembly
from app.core.refusals import Refused
from app.places.models import Place
from app.residents.models import Role
from app.web.audience import staff
from app.web.database import session
from app.web.forms import add_error
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response
    from wtforms import Field

    from app.residents.rules import Standing


blueprint = Blueprint("assemblies_desk", __name__, url_prefix="/desk/assemblies")


ONE = "/<int:assembly_id>"


workers = staff("clerk", "chair", "operator")


def _allowed(known: Sequence[Place], by: Standing, role: Role) -> list[Place]:
    return [place for place in known if by.holds(role, place)]


def _seen(assembly_id: int, by: Standing) -> Assembly:
    """Return an assembly to someone who works on it; to others it is not there."""
    seen = queries.seen_by(session(), assembly_id, by)
    if seen is None or not queries.may_prepare(by, seen.assembly.place):
        abort(404)
    return seen.assembly


def _written(writing: Session, assembly_id: int) -> Assembly:
    """Return an assembly inside a write."""
    assembly = writing.get(Assembly, assembly_id)
    if assembly is None:
        abort(404)
    return assembly


def _refuse(field: Field, refused: Refused) -> int:
    """Put a refusal's sentence on the form; return its status."""
    status, sentence = sentence_of(current_app, refused)
    add_error(field, sentence)
    return status


def _to(assembly_id: int) -> Response:
    return redirect(url_for("assemblies_desk.show", assembly_id=assembly_id), 303)
