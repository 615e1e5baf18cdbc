"""Reading people: who is signed in, what they are here and now."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.core.clock import seoul_day
from app.core.vault import blind_index
from app.places.models import Place
from app.residents.models import Account, Contact, Membership, Person, RoleGrant, SignIn
from app.residents.rules import NOBODY, Grant, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


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
