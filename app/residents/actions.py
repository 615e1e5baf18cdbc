"""Opening accounts, signing in and out, verifying people, granting roles."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.database import insert_once
from app.core.korean import mask_name
from app.core.numbers import random_token
from app.core.refusals import Refused, insist
from app.core.vault import blind_index
from app.places.models import Place
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
from app.residents.queries import consent_in_force, identity_index, places_of, token_hash
from app.residents.rules import AgeMode, cut_off

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.places.models import Department
    from app.residents.rules import Standing

CONSENT_VERSION = "2026-11"
SIGN_IN_LASTS = timedelta(days=14)
SHORT_SIGN_IN_LASTS = timedelta(hours=12)
SIGN_IN_KEPT = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
CHILD_UNDER = 14
REQUIRED_CONSENTS = frozenset({ConsentKind.TERMS, ConsentKind.PRIVACY})


def normal_address(address: str) -> tuple[ContactKind, str]:
    """Return the kind and the normal form of an e-mail address or phone number.

    Raises ValueError for what is neither.
    """
    address = unicodedata.normalize("NFKC", address).strip()
    if "@" in address:
        if re.fullmatch(r"[^@\s\0]+@[^@\s\0]+\.[^@\s\0.]+", address) is None:
            message = "not an e-mail address"
            raise ValueError(message)
        return ContactKind.EMAIL, address.lower()
    digits = re.sub(r"[\s().-]", "", address)
    digits = re.sub(r"^(\+82)0?", "0", digits)
    if re.fullmatch(r"01[0-9]{8,9}", digits):
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
    person = add_person(session, name=name, at=at)
    account = Account(
        person_id=person.id,
        passphrase_hash=passphrase_hash,
        home_place_id=home.id if home else None,
        created_at=at,
    )
    session.add(account)
    session.flush()
    _add_contact(session, account, address)
    for consent in consents:
        session.add(
            Consent(person_id=person.id, kind=consent, version=CONSENT_VERSION, given_at=at)
        )
    session.flush()
    record(session, facts.AccountOpened(at=at, by=person.id, person_id=person.id))
    return account


def _add_contact(session: Session, account: Account, address: str) -> None:
    """Give an account an address; raises Refused with ADDRESS_TAKEN when one has it already."""
    kind, normal = normal_address(address)
    if not insert_once(
        session,
        Contact.__table__,
        account_id=account.id,
        kind=kind,
        mac=blind_index("contact", normal),
        address=normal,
    ):
        raise Refused(PersonRefusal.ADDRESS_TAKEN)
    session.expire(account, ["contacts"])


def set_contact(session: Session, account: Account, address: str, *, at: datetime) -> None:
    """Replace the account's e-mail address or its phone number, or add the one it lacks.

    Raises ValueError for what is neither, Refused with ADDRESS_TAKEN when someone has it.
    """
    kind, _normal = normal_address(address)
    session.execute(delete(Contact).where(Contact.account_id == account.id, Contact.kind == kind))
    _add_contact(session, account, address)
    _corrected(session, account.person, kind, at=at)


def remove_contact(session: Session, account: Account, kind: ContactKind, *, at: datetime) -> None:
    """Forget the account's e-mail address or phone number; one of them has to stay."""
    if len(account.contacts) <= 1:
        raise Refused(PersonRefusal.LAST_CONTACT)
    session.execute(delete(Contact).where(Contact.account_id == account.id, Contact.kind == kind))
    session.expire(account, ["contacts"])
    _corrected(session, account.person, kind, at=at)


def change_name(session: Session, person: Person, name: str, *, at: datetime) -> None:
    """Correct one's own name, as long as no clerk has seen it on a document."""
    if person.identity_mac is not None:
        raise Refused(PersonRefusal.NAME_VERIFIED)
    person.name, person.masked_name = name, mask_name(name)
    _corrected(session, person, "name", at=at)


def change_home(session: Session, account: Account, dong: Place | None, *, at: datetime) -> None:
    """Name the dong from which one looks at the site; it gives no right to take part."""
    account.home_place_id = dong.id if dong else None
    _corrected(session, account.person, "home", at=at)


def _corrected(session: Session, person: Person, field: str, *, at: datetime) -> None:
    record(
        session,
        facts.PersonalDataCorrected(at=at, by=person.id, person_id=person.id, field=field),
    )


def give_consent(session: Session, person: Person, kind: ConsentKind, *, at: datetime) -> None:
    """Agree to something; agreeing again changes nothing."""
    if consent_in_force(session, person.id, kind) is not None:
        return
    session.add(Consent(person_id=person.id, kind=kind, version=CONSENT_VERSION, given_at=at))
    session.flush()
    record(session, facts.ConsentGiven(at=at, by=person.id, person_id=person.id, kind=kind))


def withdraw_consent(session: Session, person: Person, kind: ConsentKind, *, at: datetime) -> None:
    """Take a consent back; raises Refused CONSENT_REQUIRED for what an account rests on."""
    if kind in REQUIRED_CONSENTS or kind is ConsentKind.GUARDIAN:
        raise Refused(PersonRefusal.CONSENT_REQUIRED)
    consent = consent_in_force(session, person.id, kind)
    if consent is None:
        return
    consent.withdrawn_at = at
    record(session, facts.ConsentWithdrawn(at=at, by=person.id, person_id=person.id, kind=kind))


def begin_sign_in(
    session: Session,
    account: Account,
    *,
    at: datetime,
    device: str = "",
    lasts: timedelta = SIGN_IN_LASTS,
) -> str:
    """Sign an account in on one device; return the token that the device keeps."""
    token = random_token()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account.id,
            device=device,
            created_at=at,
            last_seen_at=at,
            expires_at=at + lasts,
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


def end_device(session: Session, account: Account, device: bytes, *, at: datetime) -> bool:
    """Sign out one of an account's devices, named by its token's hash; say whether it was in."""
    ended = session.execute(
        update(SignIn)
        .where(
            SignIn.account_id == account.id,
            SignIn.token_hash == device,
            SignIn.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def forget_sign_ins(session: Session, *, at: datetime) -> None:
    """Delete sign-ins that ended a month ago."""
    before = at - SIGN_IN_KEPT
    session.execute(
        delete(SignIn).where(or_(SignIn.expires_at < before, SignIn.revoked_at < before))
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
    guardian_checked: bool = False,
) -> Membership:
    """Record that a clerk saw who someone is and that they belong to a dong.

    Name and birth date are taken from what the clerk saw. Raises Refused: NOT_CLERK,
    SELF_VERIFICATION, BAD_BIRTH_DATE, UNKNOWN_PERSON (withdrawn), ALREADY_MEMBER,
    GUARDIAN_NEEDED for a child under 14 whose guardian's consent the clerk has not seen, or
    SAME_IDENTITY when another person with this name and birth date stands already and nobody has
    looked whether they are one.
    """
    insist(policy.why_not_verify(by, person.id, dong))
    today = seoul_day(at)
    child_after = cut_off(today, CHILD_UNDER, AgeMode.PLAIN)
    insist(
        policy.why_bad_birth(
            born, today=today, child_after=child_after, guardian_checked=guardian_checked
        )
    )
    _queue_at_desk(session, dong)
    session.refresh(person)
    if person.withdrawn_at is not None:
        raise Refused(PersonRefusal.UNKNOWN_PERSON)
    mac = identity_index(name, born)
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
    if born > child_after and consent_in_force(session, person.id, ConsentKind.GUARDIAN) is None:
        session.add(
            Consent(
                person_id=person.id,
                kind=ConsentKind.GUARDIAN,
                version=CONSENT_VERSION,
                given_at=at,
            )
        )
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


def _queue_at_desk(session: Session, dong: Place) -> None:
    """Let one desk of the district verify at a time, so that each sees the other's twin.

    The district's row is locked without hindering rows that merely point to it.
    """
    session.execute(
        select(Place.id).where(Place.id == dong.parent_id).with_for_update(key_share=True)
    )


def register_resident(
    session: Session,
    dong: Place,
    *,
    member_class: MemberClass,
    name: str,
    born: date,
    by: Standing,
    at: datetime,
    same_identity_checked: bool = False,
    guardian_checked: bool = False,
) -> Membership:
    """Record a human being without an account, seen at the desk; refuses as verify_resident."""
    insist(policy.why_not_verify(by, 0, dong))
    return verify_resident(
        session,
        add_person(session, name=name, at=at),
        dong,
        member_class=member_class,
        name=name,
        born=born,
        by=by,
        at=at,
        same_identity_checked=same_identity_checked,
        guardian_checked=guardian_checked,
    )


def end_membership(
    session: Session, membership: Membership, *, by: Standing, at: datetime
) -> Membership:
    """End someone's belonging to a dong from today; on its first day, from tomorrow.

    Raises Refused: NOT_CLERK, SELF_VERIFICATION, NOT_MEMBER when it has ended already.
    """
    insist(policy.why_not_verify(by, membership.person_id, membership.place))
    until = max(seoul_day(at), membership.since + timedelta(days=1))
    ended = session.execute(
        update(Membership)
        .where(Membership.id == membership.id, Membership.until.is_(None))
        .values(until=until)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise Refused(PersonRefusal.NOT_MEMBER)
    record(
        session,
        facts.MembershipEnded(
            at=at,
            by=by.person_id,
            person_id=membership.person_id,
            place_id=membership.place_id,
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

    Granting what is already held changes nothing. Raises Refused: NOT_OPERATOR,
    DEPARTMENT_NEEDED when someone is to answer for a department that is not named.
    """
    if by is not None:
        insist(policy.why_not_grant(by, place))
    if role is not Role.DEPARTMENT:
        department = None
    elif department is None:
        raise Refused(PersonRefusal.DEPARTMENT_NEEDED)
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    same = (
        RoleGrant.department_id == department.id
        if department
        else (RoleGrant.role == role) & (RoleGrant.place_id == place.id)
    )
    held = session.scalar(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.until.is_(None), same)
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
    """Take a role back from now on; the record of having held it stays.

    Ending what has ended changes nothing. Raises Refused: NOT_OPERATOR, OWN_ROLE.
    """
    if by is not None:
        insist(policy.why_not_end_role(by, grant))
    ended = session.execute(
        update(RoleGrant)
        .where(RoleGrant.id == grant.id, RoleGrant.until.is_(None))
        .values(until=max(at, grant.since + timedelta(microseconds=1)))
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return
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
    """Open someone's personal data to a clerk who says why; the look itself is recorded.

    Raises Refused: NOT_CLERK, OTHER_DONG, NO_REASON.
    """
    places = places_of(session, person.id, on=seoul_day(at))
    insist(policy.why_not_show_record(by, places, reason))
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
    session.execute(delete(Contact).where(Contact.account_id == account.id))
    session.expire(account, ["contacts"])
    session.execute(
        update(Consent)
        .where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
    )
    for membership in session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.until.is_(None))
    ):
        membership.until = max(seoul_day(at), membership.since + timedelta(days=1))
    for grant in session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.until.is_(None))
    ):
        end_role(session, grant, by=None, at=at)
    account.passphrase_hash, account.home_place_id = "", None
    person.name, person.masked_name = "", "탈퇴한 주민"
    person.birth_date, person.identity_mac = None, None
    person.withdrawn_at = at
    record(session, facts.PersonWithdrew(at=at, by=person.id, person_id=person.id))
