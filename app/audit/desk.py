"""The record for operators and observers."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.audit import queries
from app.audit.rules import first_broken
from app.core.paging import page_of
from app.web.audience import staff
from app.web.database import session

blueprint = Blueprint("audit_desk", __name__, url_prefix="/desk/audit")
PAGE = 50


@blueprint.get("/")
@staff("operator", "observer")
def rows() -> str:
    """Show the newest acts; actors appear by number, never by name."""
    number = max(1, request.args.get("page", 1, type=int))
    chain = request.args.get("chain") or None
    found = queries.latest_rows(session(), chain=chain, limit=PAGE + 1, offset=(number - 1) * PAGE)
    return render_template(
        "audit/rows.html", page=page_of(found, number=number, size=PAGE), chain=chain
    )


@blueprint.get("/<chain>/<int:subject_id>")
@staff("operator", "observer")
def one_chain(chain: str, subject_id: int) -> str:
    """Show one chain whole, and whether it holds."""
    found = queries.chain_rows(session(), chain, subject_id)
    return render_template(
        "audit/chain.html",
        rows=found,
        chain=chain,
        subject_id=subject_id,
        broken=first_broken(found),
    )
