"""Chapter one: the district, those who serve it, and its residents."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.demo.calendar import office_hour
from app.demo.people import DISTRICT, Identity, Neighbour, grown_ups, identities
from app.demo.signins import SIGN_INS, SignIn
from app.demo.teller import STORY_BEGINS
from app.places.actions import load_district
from app.places.queries import departments, dongs
from app.residents import actions as residents
from app.residents.models import ConsentKind, MemberClass, Person, Role
from app.residents.passphrases import hash_passphrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.demo.teller import Teller

DISTRICT_FILE = Path(__file__).parents[2] / "places" / "districts" / f"{DISTRICT}.toml"
FEWEST, MOST = 45, 58
# Big dongs, and the one whose assembly is told in full, have more of their people here.
LARGER = {"doksan1": 64, "siheung1": 64, "doksan2": 76}


def tell_arrivals(teller: Teller) -> None:
    """Note how the district is set up and its people come to be known."""
    hashes = {sign_in.key: hash_passphrase(sign_in.passphrase) for sign_in in SIGN_INS}
    invented = identities(teller.chance)
    teller.calendar.at(STORY_BEGINS, _found, teller, invented, hashes)


def _found(teller: Teller, invented: Iterator[Identity], hashes: dict[str, str]) -> None:
    district = load_district(teller.session, DISTRICT_FILE)
    places = [district, *dongs(teller.session, district)]
    teller.place_ids |= {place.slug: place.id for place in places}
    teller.department_ids |= {one.slug: one.id for one in departments(teller.session, district)}
    _entrust(teller, grown_ups(invented))
    for sign_in in SIGN_INS:
        _open(teller, sign_in, next(grown_ups(invented)), hashes[sign_in.key])
    for slug in teller.dongs:
        count = LARGER.get(slug) or teller.chance.randint(FEWEST, MOST)
        known = sum(sign_in.verified and sign_in.place == slug for sign_in in SIGN_INS)
        for _number in range(count - known):
            _expect(teller, slug, next(invented))


def _entrust(teller: Teller, adults: Iterator[Identity]) -> None:
    """Give the year's duties to people without accounts; sign-ins take some over below."""
    for slug in teller.dongs:
        _staff(teller, next(adults), Role.CLERK, slug)
        _staff(teller, next(adults), Role.CHAIR, slug)
    for slug in teller.department_ids:
        _staff(teller, next(adults), Role.DEPARTMENT, department=slug)


def _staff(
    teller: Teller,
    identity: Identity,
    role: Role,
    place: str = DISTRICT,
    *,
    department: str | None = None,
) -> None:
    person = residents.add_person(teller.session, name=identity.name, at=teller.at)
    _grant(teller, person, role, place, department)
    teller.cast.entrust(role, place, person.id, department=department)


def _grant(teller: Teller, person: Person, role: Role, place: str, department: str | None) -> None:
    residents.grant_role(
        teller.session,
        person,
        role,
        teller.place(place),
        department=teller.department(department) if department else None,
        by=None,
        at=teller.at,
    )
    teller.cast.forget(person.id)


def _open(teller: Teller, sign_in: SignIn, identity: Identity, passphrase_hash: str) -> None:
    """Open a demonstration account and give it what its label says."""
    home = None if sign_in.place == DISTRICT else teller.place(sign_in.place)
    account = residents.open_account(
        teller.session,
        name=identity.name,
        address=sign_in.address,
        passphrase_hash=passphrase_hash,
        consents=(ConsentKind.TERMS, ConsentKind.PRIVACY),
        home=home,
        at=teller.at,
    )
    person_id = account.person_id
    if sign_in.role is not None:
        _grant(teller, account.person, sign_in.role, sign_in.place, sign_in.department)
        teller.cast.entrust(sign_in.role, sign_in.place, person_id, department=sign_in.department)
    if sign_in.verified:
        _expect(teller, sign_in.place, identity, person_id=person_id)


def _expect(teller: Teller, slug: str, identity: Identity, *, person_id: int | None = None) -> None:
    """Note when a clerk will see this resident's papers in the first weeks of the year."""
    day = date(2020, 1, 3) + timedelta(days=teller.chance.randrange(7))

    def verify() -> None:
        seen: dict[str, Any] = {
            "member_class": _member_class(teller),
            "name": identity.name,
            "born": identity.born,
            "by": teller.who(teller.cast.clerks[slug]),
            "at": teller.at,
            "guardian_checked": True,
        }
        session, dong = teller.session, teller.place(slug)
        if person_id is None:
            membership = residents.register_resident(session, dong, **seen)
        else:
            person = session.get_one(Person, person_id)
            membership = residents.verify_resident(session, person, dong, **seen)
        teller.cast.forget(membership.person_id)
        neighbour = Neighbour(membership.person_id, slug, identity.born)
        teller.cast.neighbours.setdefault(slug, []).append(neighbour)

    teller.calendar.at(office_hour(day, teller.chance), verify)


def _member_class(teller: Teller) -> MemberClass:
    classes = (MemberClass.RESIDENT, MemberClass.WORKER, MemberClass.PERMANENT_FOREIGNER)
    return teller.chance.choices(classes, weights=(92, 6, 2))[0]
