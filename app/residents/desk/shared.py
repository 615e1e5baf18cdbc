"""What the clerks' pages on people share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort

from app.core.clock import seoul_day
from app.residents import actions, queries
from app.residents.models import Person, Role
from app.residents.policy import RECORD_READERS, REGISTRARS, why_not_show_record
from app.residents.sessions import visitor, who
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.limits import misread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.places.models import Place
    from app.residents.models import LookPurpose

blueprint = Blueprint("residents_desk", __name__, url_prefix="/desk")

for_registrars = staff(*REGISTRARS)
for_readers = staff(*RECORD_READERS)
for_operators = staff(Role.OPERATOR)


def my_dongs() -> list[Place]:
    """Return the dongs in which the visitor verifies people."""
    held = queries.places_held(session(), visitor().standing, REGISTRARS)
    return [place for place in held if not place.is_district]


def far_from_here(people: Iterable[Person]) -> list[Person]:
    """Return those of some people whose record the visitor may not open: they belong elsewhere."""
    by, today = visitor().standing, seoul_day(now())
    return [
        one
        for one in people
        if why_not_show_record(by, queries.places_of(session(), one.id, on=today))
    ]


def note_refused(people: Iterable[Person], purpose: LookPurpose) -> None:
    """Record that the visitor looked for people whose records they may not open, and count it."""
    misread()
    with write() as s:
        for person_id in sorted(one.id for one in people):
            person = s.get_one(Person, person_id)
            actions.note_refused_look(s, person, purpose=purpose, by=who(s), at=now())


def person_or_404(person_id: int) -> Person:
    """Return a person who is here; whoever has left is not found."""
    person = session().get(Person, person_id)
    if person is None or person.withdrawn_at is not None:
        abort(404)
    return person
