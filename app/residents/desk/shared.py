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
from app.web.limits import missed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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


def dongs_of(person: Person) -> Sequence[Place]:
    """Return the dongs to which a person belongs today."""
    return queries.places_of(session(), person.id, on=seoul_day(now()))


def is_far(dongs: Collection[Place]) -> bool:
    """Say whether the visitor may not open the record of who belongs to these dongs: others may."""
    return why_not_show_record(visitor().standing, dongs) is not None


def note_refused(person_ids: Iterable[int], purpose: LookPurpose) -> None:
    """Record that the visitor looked for people whose records they may not open, and count it."""
    missed()
    with write() as s:
        by = who(s)
        for person_id in sorted(person_ids):
            actions.note_refused_look(s, person_id, purpose=purpose, by=by, at=now())


def person_or_404(person_id: int) -> Person:
    """Return a person who is here; whoever has left is not found."""
    person = session().get(Person, person_id)
    if person is None or person.withdrawn_at is not None:
        abort(404)
    return person
