"""Reading people: who is signed in, what they are here and now."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.core.clock import seoul_day
from app.core.paging import PAGE_SIZE, page_of
from app.core.vault import blind_index
from app.places.models import Place
from app.residents.models import (
    Account,
    Consent,
    ConsentKind,
    Contact,
    Membership,
    Person,
    RoleGrant,
    SignIn,
)
from app.residents.rules import NOBODY, Grant, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.core.paging import Page
    from app.residents.models import Role


def token_hash(token: str) -> bytes:
    """Return the digest under which a sign-in's token is stored."""
    return hashlib.sha256(token.encode()).digest()


def live_sign_in(session: Session, token: str, *, at: datetime) -> SignIn | None:
    """Return the sign-in of a token unless it has ended, been revoked or its person withdrew."""
    row = session.get(SignIn, token_hash(token))
    if row is None or row.revoked_at is not None or row.expires_at <= at:
        return None
    return None if row.account.person.withdrawn_at is not None else row


def account_by_contact(session: Session, address: str) -> Account | None:
    """Return the account with this normalised e-mail address or phone number."""
    return session.scalar(
        select(Account).join(Contact).where(Contact.mac == blind_index("contact", address))
    )


def identity_index(name: str, born: date) -> bytes:
    """Return the keyed digest under which a name and birth date are found."""
    return blind_index("identity", f"{''.join(name.split())}|{born:%Y%m%d}")


def people_by_identity(session: Session, name: str, born: date) -> Sequence[Person]:
    """Return the people verified under this name and birth date, oldest record first."""
    return session.scalars(
        select(Person)
        .where(Person.identity_mac == identity_index(name, born), Person.withdrawn_at.is_(None))
        .order_by(Person.id)
    ).all()


def account_of(session: Session, person_id: int) -> Account | None:
    """Return a person's account with its contacts, None for someone who has none."""
    return session.scalar(
        select(Account)
        .where(Account.person_id == person_id)
        .options(joinedload(Account.contacts))
        .execution_options(populate_existing=True)
    )


def consent_in_force(session: Session, person_id: int, kind: ConsentKind) -> Consent | None:
    """Return a person's consent of a kind unless it was never given or taken back."""
    return session.scalar(
        select(Consent).where(
            Consent.person_id == person_id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
        )
    )


def consents_of(session: Session, person_id: int) -> Sequence[Consent]:
    """Return all a person ever agreed to, in order."""
    return session.scalars(
        select(Consent).where(Consent.person_id == person_id).order_by(Consent.given_at, Consent.id)
    ).all()


def devices_of(session: Session, account_id: int, *, at: datetime) -> Sequence[SignIn]:
    """Return an account's signed-in devices, the most recently seen first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None), SignIn.expires_at > at)
        .order_by(SignIn.last_seen_at.desc(), SignIn.token_hash)
    ).all()


def memberships_of(session: Session, person_id: int) -> Sequence[Membership]:
    """Return all of a person's memberships with their dongs, those in force first."""
    return session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id)
        .options(joinedload(Membership.place, innerjoin=True))
        .order_by(Membership.until.is_not(None), Membership.since.desc(), Membership.id.desc())
    ).all()


def places_of(session: Session, person_id: int, *, on: date) -> Sequence[Place]:
    """Return the dongs a person belongs to on a day."""
    return session.scalars(
        select(Place)
        .join(Membership, Membership.place_id == Place.id)
        .where(
            Membership.person_id == person_id,
            Membership.since <= on,
            or_(Membership.until.is_(None), Membership.until > on),
        )
        .order_by(Place.position)
    ).all()


def places_held(session: Session, by: Standing, roles: frozenset[Role]) -> Sequence[Place]:
    """Return the places at which someone holds one of the roles, districts before their dongs."""
    held = {grant.place_id for grant in by.grants if grant.role in roles}
    return session.scalars(
        select(Place)
        .where(or_(Place.id.in_(held), Place.parent_id.in_(held)))
        .order_by(Place.parent_id.is_not(None), Place.position, Place.id)
    ).all()


def recent_verifications(
    session: Session, places: Sequence[Place], *, number: int = 1
) -> Page[Membership]:
    """Return one page of the memberships verified at these places, the newest first."""
    rows = session.scalars(
        select(Membership)
        .where(Membership.place_id.in_([place.id for place in places]))
        .options(
            joinedload(Membership.person, innerjoin=True),
            joinedload(Membership.place, innerjoin=True),
        )
        .order_by(Membership.verified_at.desc(), Membership.id.desc())
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    return page_of(rows, number=number)


def grants_in_force(
    session: Session, places: Sequence[Place], *, at: datetime, number: int = 1
) -> Page[RoleGrant]:
    """Return one page of the roles held at these places, by role."""
    rows = session.scalars(
        _grants(at)
        .where(RoleGrant.place_id.in_([place.id for place in places]))
        .order_by(RoleGrant.role, RoleGrant.place_id, RoleGrant.id)
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    return page_of(rows, number=number)


def grants_of(session: Session, person_id: int, *, at: datetime) -> Sequence[RoleGrant]:
    """Return the roles a person holds, with place and department."""
    return session.scalars(
        _grants(at).where(RoleGrant.person_id == person_id).order_by(RoleGrant.id)
    ).all()


def all_grants(session: Session, *, at: datetime) -> Sequence[RoleGrant]:
    """Return every role in force, by role."""
    return session.scalars(_grants(at).order_by(RoleGrant.role, RoleGrant.id)).all()


def _grants(at: datetime) -> Select[RoleGrant]:
    return (
        select(RoleGrant)
        .where(RoleGrant.since <= at, or_(RoleGrant.until.is_(None), RoleGrant.until > at))
        .options(
            joinedload(RoleGrant.person, innerjoin=True),
            joinedload(RoleGrant.place, innerjoin=True),
            joinedload(RoleGrant.department),
        )
    )


def standing(session: Session, person_id: int | None, *, at: datetime) -> Standing:
    """Return what a person is at a moment: memberships, districts and roles in force."""
    if person_id is None:
        return NOBODY
    today = seoul_day(at)
    members = session.execute(
        select(Membership.place_id, Membership.member_class, Place.parent_id)
        .join(Place, Place.id == Membership.place_id)
        .where(
            Membership.person_id == person_id,
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until > today),
        )
    ).all()
    grants = session.execute(
        select(RoleGrant.role, RoleGrant.place_id, RoleGrant.department_id).where(
            RoleGrant.person_id == person_id,
            RoleGrant.since <= at,
            or_(RoleGrant.until.is_(None), RoleGrant.until > at),
        )
    ).all()
    return Standing(
        person_id,
        frozenset((place_id, member_class) for place_id, member_class, _ in members),
        frozenset(parent for _, _, parent in members if parent is not None),
        frozenset(Grant(role, place_id, department) for role, place_id, department in grants),
    )


def members_of(session: Session, place: Place, *, on: date) -> Sequence[tuple[Person, int]]:
    """Return the people verified for a place on a day, each once, with the dong they belong to.

    For a district the dong with the lowest id stands for people who belong to several.
    """
    where = Place.parent_id == place.id if place.is_district else Place.id == place.id
    rows = session.execute(
        select(Person, Membership.place_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Place, Place.id == Membership.place_id)
        .where(
            where,
            Membership.since <= on,
            or_(Membership.until.is_(None), Membership.until > on),
            Person.withdrawn_at.is_(None),
        )
        .order_by(Person.id, Membership.place_id)
    ).all()
    first: dict[int, tuple[Person, int]] = {}
    for person, dong_id in rows:
        first.setdefault(person.id, (person, dong_id))
    return list(first.values())
