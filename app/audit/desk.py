"""The record for operators and observers."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from app.audit import queries, words
from app.core.paging import page_of
from app.residents.models import Role
from app.residents.sessions import visitor
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import session

blueprint = Blueprint("audit_desk", __name__, url_prefix="/desk/audit")
PAGE = 50
PERSONAL = "person"


def _open_chains() -> dict[str, object]:
    """Return the chains this visitor may read: what concerns people is for operators."""
    if visitor().standing.holds_any(frozenset({Role.OPERATOR})):
        return words.CHAINS
    return {code: name for code, name in words.CHAINS.items() if code != PERSONAL}


@blueprint.get("")
@staff("operator", "observer")
def rows() -> str:
    """Show the newest acts; actors appear by number, never by name."""
    chains = _open_chains()
    chain = request.args.get("chain") or None
    if chain is not None and chain not in chains:
        abort(404)
    number = asked_page()
    found = queries.latest_rows(
        session(),
        chains=[chain] if chain else list(chains),
        limit=PAGE + 1,
        offset=(number - 1) * PAGE,
    )
    return render_template(
        "audit/rows.html",
        page=page_of(found, number=number, size=PAGE),
        names=queries.names_in(session(), found),
        chain=chain,
        chains=chains,
        words=words,
    )


@blueprint.get("/<chain>/<int:subject_id>")
@staff("operator", "observer")
def one_chain(chain: str, subject_id: int) -> str:
    """Show one chain, and whether it holds from its first row to its last."""
    if chain not in _open_chains():
        abort(404)
    number = asked_page()
    found = queries.chain_rows(
        session(), chain, subject_id, limit=PAGE + 1, offset=(number - 1) * PAGE
    )
    if not found and queries.head(session(), chain, subject_id) is None:
        abort(404)
    return render_template(
        "audit/chain.html",
        page=page_of(found, number=number, size=PAGE),
        names=queries.names_in(session(), found, **{f"{chain}_id": subject_id}),
        chain=chain,
        subject_id=subject_id,
        broken=queries.misfit(session(), chain, subject_id),
        words=words,
    )
