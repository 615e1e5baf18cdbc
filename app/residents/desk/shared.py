"""What the clerks' pages on people share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort

from app.residents import queries
from app.residents.models import Person, Role
from app.residents.policy import RECORD_READERS, REGISTRARS
from app.residents.sessions import visitor
from app.web.audience import staff
from app.web.database import session

if TYPE_CHECKING:
    from app.places.models import Place

blueprint = Blueprint("residents_desk", __name__, url_prefix="/desk")

for_registrars = staff(*REGISTRARS)
for_readers = staff(*RECORD_READERS)
for_operators = staff(Role.OPERATOR)


def my_dongs() -> list[Place]:
    """Return the dongs in which the visitor verifies people."""
    held = queries.places_held(session(), visitor().standing, REGISTRARS)
    return [place for place in held if not place.is_district]


def person_or_404(person_id: int) -> Person:
    """Return a person who is here; whoever has left is not found."""
    person = session().get(Person, person_id)
    if person is None or person.withdrawn_at is not None:
        abort(404)
    return person
