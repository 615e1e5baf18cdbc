"""What the staff's pages of ballots share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort
from sqlalchemy.exc import NoResultFound

from app.ballots import queries
from app.ballots.models import Ballot
from app.core.database import held
from app.places.models import Place
from app.residents.models import Role
from app.residents.queries import places_held
from app.residents.sessions import visitor
from app.web.database import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


bp = Blueprint("ballots_desk", __name__, url_prefix="/desk/ballots")
DRAWERS = ("clerk", "officer")
EVERYONE = (*DRAWERS, "observer")
WORKS = (Role.CLERK, Role.OFFICER, Role.OBSERVER)


def held_places(roles: Sequence[Role]) -> list[Place]:
    """Return the places at which the visitor holds one of these roles."""
    return list(places_held(session(), visitor().standing, frozenset(roles)))


def ballot_or_404(ballot_id: int) -> Ballot:
    """Return a ballot of a place the visitor works for; 404 and 403 otherwise."""
    return worked_on(queries.ballot_page(session(), ballot_id))


def worked_on(ballot: Ballot | None) -> Ballot:
    """Return what was found of a ballot to those who work for its place; 404 and 403 otherwise."""
    if ballot is None:
        abort(404)
    if not any(visitor().standing.holds(role, ballot.place) for role in WORKS):
        abort(403)
    return ballot


def held_or_404(writing: Session, ballot_id: int) -> Ballot:
    """Return a ballot held by a write; 404 where its draft was thrown away meanwhile."""
    try:
        return held(writing, Ballot, ballot_id)
    except NoResultFound:
        abort(404)
