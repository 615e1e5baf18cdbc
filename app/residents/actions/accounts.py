"""Signing up, and keeping one's own record right."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from app.core.bus import record
from app.core.database import insert_once
from app.core.korean import mask_name
from app.core.refusals import Refused
from app.core.vault import blind_index
from app.places.models import Place
from app.residents import facts
from app.residents.actions.holding import hold_account, hold_proven, hold_staying
from app.residents.facts import PersonalField
from app.residents.models import (
    Account,
    Consent,
    ConsentKind,
    Contact,
    ContactKind,
    Person,
)
from app.residents.policy import PersonRefusal
from app.residents.queries import consent_in_force

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


CONSENT_VERSION = "2026-11-26"
PEOPLE_AT_ONCE = 1_000
LONGEST_ADDRESS = 254  # RFC 5321
# Words with dots between, and nothing that a mailer reads as more than one plain address: no
# quotes, comments, lists or routes.
_WORD = r"[^@\s\0()<>\[\]:;,.\\\"]+"
_EMAIL = re.compile(rf"{_WORD}(\.{_WORD})*@{_WORD}(\.{_WORD})+")


REQUIRED_CONSENTS = frozenset({ConsentKind.TERMS, ConsentKind.PRIVACY})


def normal_address(address: str) -> tuple[ContactKind, str]:
    """Return the kind and the normal form of an e-mail address or phone number.

    Raises ValueError for what is neither.
    """
    if len(address) > LONGEST_ADDRESS:
        message = "longer than any address"
        raise ValueError(message)
    address = unicodedata.normalize("NFKC", address).strip()
    if "@" in address:
        if _EMAIL.fullmatch(address) is None:
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


def add_people(session: Session, count: int, *, name: str, at: datetime) -> list[int]:
    """Record so many human beings of one name, of whom nothing else is known; return their ids."""
    row = {"name": name, "masked_name": mask_name(name), "created_at": at}
    ids: list[int] = []
    for start in range(0, count, PEOPLE_AT_ONCE):
        rows = [row] * min(PEOPLE_AT_ONCE, count - start)
        ids += session.scalars(insert(Person).returning(Person.id), rows)
    return ids


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
    _add_contact(session, account, address, since=at)
    for consent in consents:
        session.add(
            Consent(person_id=person.id, kind=consent, version=CONSENT_VERSION, given_at=at)
        )
    session.flush()
    record(session, facts.AccountOpened(at=at, by=person.id, person_id=person.id))
    return account


def _add_contact(session: Session, account: Account, address: str, *, since: datetime) -> None:
    """Give an account an address; raises Refused with ADDRESS_TAKEN when one has it already."""
    kind, normal = normal_address(address)
    if not insert_once(
        session,
        Contact.__table__,
        account_id=account.id,
        kind=kind,
        mac=blind_index("contact", normal),
        address=normal,
        since=since,
    ):
        raise Refused(PersonRefusal.ADDRESS_TAKEN)
    session.expire(account, ["contacts"])


def set_contact(
    session: Session, account: Account, address: str, *, checked: str, at: datetime
) -> None:
    """Replace the account's e-mail address or its phone number, or add the one it lacks.

    Raises ValueError for what is neither; Refused with ADDRESS_TAKEN when someone has it,
    WRONG_PASSPHRASE when the passphrase is no longer the one checked.
    """
    kind, normal = normal_address(address)
    hold_proven(session, account, checked)
    since = give_up_address(session, account, kind, unless=normal, at=at)
    _add_contact(session, account, address, since=since or at)
    _corrected(session, account.person, PersonalField(kind), at=at)


def remove_contact(
    session: Session, account: Account, kind: ContactKind, *, checked: str, at: datetime
) -> None:
    """Forget the account's e-mail address or phone number; one of them has to stay.

    Raises Refused: WRONG_PASSPHRASE when the passphrase is no longer the one checked, LAST_CONTACT.
    """
    hold_proven(session, account, checked)
    if len(account.contacts) <= 1:
        raise Refused(PersonRefusal.LAST_CONTACT)
    give_up_address(session, account, kind, at=at)
    session.expire(account, ["contacts"])
    _corrected(session, account.person, PersonalField(kind), at=at)


def give_up_address(
    session: Session,
    account: Account,
    kind: ContactKind,
    *,
    unless: str = "",
    is_closed: bool = False,
    at: datetime,
) -> datetime | None:
    """Delete an account's address of a kind, and tell which it was where it is another's now.

    Returns since when it has stood if it is `unless`, which is no other address.
    """
    stood = session.execute(
        delete(Contact)
        .where(Contact.account_id == account.id, Contact.kind == kind)
        .returning(Contact.address, Contact.since)
    ).one_or_none()
    if stood is None:
        return None
    address, since = stood
    if address == unless:
        return since
    person_id = account.person_id
    record(
        session,
        facts.AddressGivenUp(
            at=at,
            by=person_id,
            person_id=person_id,
            kind=kind,
            address=address,
            since=since,
            is_closed=is_closed,
        ),
    )
    return None


def change_name(session: Session, person: Person, name: str, *, at: datetime) -> None:
    """Correct one's own name, as long as no clerk has seen it on a document.

    Raises Refused: UNKNOWN_PERSON when the person has left meanwhile, NAME_VERIFIED.
    """
    hold_staying(session, person)
    if person.identity_mac is not None:
        raise Refused(PersonRefusal.NAME_VERIFIED)
    person.name, person.masked_name = name, mask_name(name)
    _corrected(session, person, PersonalField.NAME, at=at)


def change_home(session: Session, account: Account, dong: Place | None, *, at: datetime) -> None:
    """Name the dong from which one looks at the site; it gives no right to take part.

    Raises Refused with UNKNOWN_PERSON when the person has left meanwhile.
    """
    hold_account(session, account)
    hold_staying(session, account.person)
    account.home_place_id = dong.id if dong else None
    _corrected(session, account.person, PersonalField.HOME, at=at)


def _corrected(session: Session, person: Person, field: PersonalField, *, at: datetime) -> None:
    record(
        session,
        facts.PersonalDataCorrected(at=at, by=person.id, person_id=person.id, field=field),
    )


def give_consent(session: Session, person: Person, kind: ConsentKind, *, at: datetime) -> None:
    """Agree to something; agreeing again changes nothing.

    Raises Refused with UNKNOWN_PERSON when the person has left meanwhile.
    """
    hold_staying(session, person)
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
