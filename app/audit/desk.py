"""The record for operators and observers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from app.audit import queries, words
from app.core.paging import page_of
from app.residents.models import Role
from app.residents.queries import places_held
from app.residents.sessions import visitor
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import session

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

blueprint = Blueprint("audit_desk", __name__, url_prefix="/desk/audit")
PAGE = 50
PERSONAL = "person"
READERS = frozenset({Role.OPERATOR, Role.OBSERVER})


@dataclass(frozen=True)
class _Reach:
    """What a visitor may read: kinds of chains, and of which places; None are all of them."""

    chains: Mapping[str, object]
    places: Collection[int] | None

    @property
    def sees_people(self) -> bool:
        """Say whether the chains of people are within it, and so the numbers of residents."""
        return PERSONAL in self.chains


def _reach() -> _Reach:
    """Return what the visitor may read.

    A role of a dong reads what belongs to the dong. The district's reads everything, but what
    concerns people is for its operators.
    """
    held = places_held(session(), visitor().standing, READERS)
    if not any(place.is_district for place in held):
        own = (*queries.PLACED, "place")
        return _Reach(
            {code: name for code, name in words.CHAINS.items() if code in own},
            [place.id for place in held],
        )
    district = next(place for place in held if place.is_district)
    if visitor().standing.holds(Role.OPERATOR, district):
        return _Reach(words.CHAINS, None)
    return _Reach({code: name for code, name in words.CHAINS.items() if code != PERSONAL}, None)


@blueprint.get("")
@staff("operator", "observer")
def rows() -> str:
    """Show the newest acts; actors appear by number at most, never by name."""
    reach = _reach()
    chains = reach.chains
    chain = request.args.get("chain") or None
    if chain is not None and chain not in chains:
        abort(404)
    number = asked_page()
    found = queries.latest_rows(
        session(),
        chains=[chain] if chain else list(chains),
        of=reach.places,
        limit=PAGE + 1,
        offset=(number - 1) * PAGE,
    )
    return render_template(
        "audit/rows.html",
        page=page_of(found, number=number, size=PAGE),
        names=queries.names_in(session(), found),
        chain=chain,
        chains=chains,
        sees_people=reach.sees_people,
        words=words,
    )


@blueprint.get("/<chain>/<int:subject_id>")
@staff("operator", "observer")
def one_chain(chain: str, subject_id: int) -> str:
    """Show one chain, and whether it holds from its first row to its last."""
    reach = _reach()
    if chain not in reach.chains:
        abort(404)
    if reach.places is not None and not queries.speaks_of(
        session(), chain, subject_id, reach.places
    ):
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
        sees_people=reach.sees_people,
        words=words,
    )
