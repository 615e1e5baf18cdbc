"""Opening accounts, signing in and out, verifying people, granting roles."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.korean import mask_name
from app.core.numbers import random_token
from app.core.refusals import Refused, insist
from app.core.vault import blind_index
from app.residents import facts, policy
from app.residents.models import (
    Account,
    Consent,
    ConsentKind,
    Contact,
    ContactKind,
    MemberClass,
    Membership,
    Person,
    Role,
    RoleGrant,
    SignIn,
)
from app.residents.policy import PersonRefusal
from app.residents.queries import token_hash

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.places.models import Department, Place
    from app.residents.rules import Standing

CONSENT_VERSION = "2026-11"
SIGN_IN_LASTS = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)


def normal_address(address: str) -> tuple[ContactKind, str]:
    """Return the kind and the normal form of an e-mail address or phone number.

    Raises ValueError for what is neither.
    """
    address = unicodedata.normalize("NFKC", address).strip()
    if "@" in address:
        return ContactKind.EMAIL, address.lower()
    digits = re.sub(r"[\s()-]", "", address).replace("+82", "0")
    if re.fullmatch(r"01\d{8,9}", digits):
        return ContactKind.PHONE, digits
    message = "neither an e-mail address nor a mobile number"
    raise ValueError(message)


def add_person(session: Session, *, name: str, at: datetime) -> Person:
    """Record a human being, known so far by name alone."""
    person = Person(name=name, masked_name=mask_name(name), created_at=at)
    session.add(person)
    session.flush()
    return person


def open_account(
    session: Session,
    *,
    name: str,
    address: str,
    passphrase_hash: str,
    consents: Collection[ConsentKind],
    home: Place | None,
    at: datetime,
) -> Account:
    """Sign someone up with an e-mail address or phone number.

    The passphrase comes hashed, because hashing belongs outside the write. Raises Refused with
    ADDRESS_TAKEN when the address has an account.
    """
    kind, normal = normal_address(address)
    mac = blind_index("contact", normal)
    if session.scalar(select(Contact.id).where(Contact.mac == mac)) is not None:
        raise Refused(PersonRefusal.ADDRESS_TAKEN)
    person = add_person(session, name=name, at=at)
    account = Account(
        person_id=person.id,
        passphrase_hash=passphrase_hash,
        home_place_id=home.id if home else None,
        created_at=at,
    )
    session.add(account)
    session.flush()
    session.add(Contact(account_id=account.id, kind=kind, mac=mac, address=normal))
    for consent in consents:
        session.add(
            Consent(person_id=person.id, kind=consent, version=CONSENT_VERSION, given_at=at)
        )
    session.flush()
    record(session, facts.AccountOpened(at=at, by=person.id, person_id=person.id))
    return account


def begin_sign_in(session: Session, account: Account, *, at: datetime) -> str:
    """Sign an account in on one device; return the token that the device keeps."""
    token = random_token()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + SIGN_IN_LASTS,
        )
    )
    session.flush()
    return token


def end_sign_in(session: Session, token: str, *, at: datetime) -> None:
    """Sign one device out, at once."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == token_hash(token), SignIn.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def revoke_sign_ins(
    session: Session, account: Account, *, by: int | None, at: datetime, keep: str | None = None
) -> int:
    """Sign out all devices of an account, at once, but that of `keep`; return how many."""
    ended = session.execute(
        update(SignIn)
        .where(
            SignIn.account_id == account.id,
            SignIn.revoked_at.is_(None),
            SignIn.token_hash != (token_hash(keep) if keep else b""),
        )
        .values(revoked_at=at)
    )
    count: int = ended.rowcount  # type: ignore[attr-defined]
    record(session, facts.SignInsRevoked(at=at, by=by, person_id=account.person_id, count=count))
    return count


def change_passphrase(
    session: Session, account: Account, passphrase_hash: str, *, keep: str, at: datetime
) -> None:
    """Replace the passphrase and sign out every other device."""
    account.passphrase_hash = passphrase_hash
    revoke_sign_ins(session, account, by=account.person_id, at=at, keep=keep)


def verify_resident(
    session: Session,
    person: Person,
    dong: Place,
    *,
    member_class: MemberClass,
    name: str,
    born: date,
    by: Standing,
    at: datetime,
    same_identity_checked: bool = False,
) -> Membership:
    """Record that a clerk saw who someone is and that they belong to a dong.

    Name and birth date are taken from what the clerk saw. Raises Refused: NOT_CLERK,
    SELF_VERIFICATION, BAD_BIRTH_DATE, ALREADY_MEMBER, or SAME_IDENTITY when another person with
    this name and birth date stands already and nobody has looked whether they are one.
    """
    insist(policy.why_not_verify(by, person.id, dong))
    today = seoul_day(at)
    if not date(1900, 1, 1) <= born <= today:
        raise Refused(PersonRefusal.BAD_BIRTH_DATE)
    mac = blind_index("identity", f"{name.replace(' ', '')}|{born:%Y%m%d}")
    twin = session.scalar(
        select(Person.id).where(
            Person.identity_mac == mac, Person.id != person.id, Person.withdrawn_at.is_(None)
        )
    )
    if twin is not None and not same_identity_checked:
        raise Refused(PersonRefusal.SAME_IDENTITY)
    current = session.scalar(
        select(Membership.id).where(
            Membership.person_id == person.id,
            Membership.place_id == dong.id,
            Membership.until.is_(None),
        )
    )
    if current is not None:
        raise Refused(PersonRefusal.ALREADY_MEMBER)
    person.name, person.masked_name = name, mask_name(name)
    person.birth_date, person.identity_mac = born.isoformat(), mac
    membership = Membership(
        person_id=person.id,
        place_id=dong.id,
        member_class=member_class,
        since=today,
        verified_by=by.person_id,
        verified_at=at,
    )
    session.add(membership)
    session.flush()
    record(
        session,
        facts.ResidentVerified(
            at=at, by=by.person_id, person_id=person.id, place_id=dong.id, member_class=member_class
        ),
    )
    return membership


def grant_role(
    session: Session,
    person: Person,
    role: Role,
    place: Place,
    *,
    department: Department | None = None,
    by: Standing | None,
    at: datetime,
) -> RoleGrant:
    """Entrust someone with a role at a place; `by` None is the operator at the console.

    Granting what is already held changes nothing. Raises Refused NOT_OPERATOR.
    """
    if by is not None:
        insist(policy.why_not_grant(by, place))
    held = session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role,
            RoleGrant.place_id == place.id,
            RoleGrant.until.is_(None),
        )
    )
    if held is not None:
        return held
    grant = RoleGrant(
        person_id=person.id,
        role=role,
        place_id=place.id,
        department_id=department.id if department else None,
        since=at,
        granted_by=by.person_id if by else None,
    )
    session.add(grant)
    session.flush()
    record(
        session,
        facts.RoleGranted(
            at=at,
            by=by.person_id if by else None,
            person_id=person.id,
            role=role,
            place_id=place.id,
        ),
    )
    return grant


def end_role(session: Session, grant: RoleGrant, *, by: Standing | None, at: datetime) -> None:
    """Take a role back from now on; the record of having held it stays."""
    if by is not None:
        insist(policy.why_not_grant(by, grant.place))
    if grant.until is not None:
        return
    grant.until = max(at, grant.since + timedelta(microseconds=1))
    record(
        session,
        facts.RoleEnded(
            at=at,
            by=by.person_id if by else None,
            person_id=grant.person_id,
            role=grant.role,
            place_id=grant.place_id,
        ),
    )


def show_personal_record(
    session: Session, person: Person, *, reason: str, by: Standing, at: datetime
) -> Person:
    """Open someone's personal data to a clerk who says why; the look itself is recorded."""
    if not by.holds_any(frozenset({Role.CLERK, Role.DESK_CLERK, Role.OPERATOR})):
        raise Refused(PersonRefusal.NOT_CLERK)
    if len(reason.strip()) < 2:  # noqa: PLR2004
        raise Refused(PersonRefusal.NO_REASON)
    record(
        session,
        facts.PersonalRecordShown(
            at=at, by=by.person_id, person_id=person.id, reason=reason.strip()
        ),
    )
    return person


def withdraw_person(session: Session, account: Account, *, at: datetime) -> None:
    """Close an account: sign out, end memberships and roles, remove personal data.

    What the person published stays, under a name that says they left (개인정보 보호법 §36).
    """
    person = account.person
    revoke_sign_ins(session, account, by=person.id, at=at)
    for contact in list(account.contacts):
        session.delete(contact)
    for membership in session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.until.is_(None))
    ):
        membership.until = max(seoul_day(at), membership.since + timedelta(days=1))
    for grant in session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.until.is_(None))
    ):
        end_role(session, grant, by=None, at=at)
    account.passphrase_hash = ""
    person.name, person.masked_name = "", "탈퇴한 주민"
    person.birth_date, person.identity_mac = None, None
    person.withdrawn_at = at
    record(session, facts.PersonWithdrew(at=at, by=person.id, person_id=person.id))
