"""What tests of people share: what they hear, how somebody is verified."""

from contextlib import contextmanager
from datetime import date

import pytest

from app.core.refusals import Refused
from app.residents import actions, facts
from app.residents.models import (
    MemberClass,
    Person,
)

BORN = date(1950, 3, 2)


def refused(refusal):
    return pytest.raises(Refused, match=refusal.value)


@contextmanager
def hearing(app, kind):
    """Gather the facts of a kind as they are committed, in order."""
    told = []
    listeners = app.extensions["house"].bus._listeners[kind]
    listeners.append(told.append)
    yield told
    listeners.remove(told.append)


@pytest.fixture
def heard(app):
    """Every fact about a person committed during the test, in order."""
    with hearing(app, facts.PersonFact) as told:
        yield told


def verify(world, person_id, dong="doksan1", *, by=None, **seen):
    by = by or world.registrar()
    seen = {"member_class": MemberClass.RESIDENT, "name": "홍길동", "born": BORN, **seen}
    seen.setdefault("other_name_checked", True)
    with world.write() as s:
        return actions.verify_resident(
            s,
            s.get_one(Person, person_id),
            world.place(s, dong),
            by=world.standing(s, by),
            at=world.at,
            **seen,
        )
