"""Codes with which whoever forgot their passphrase sets a new one."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.numbers import heard_code, spoken_code
from app.core.refusals import Refused, insist
from app.core.vault import blind_index
from app.residents import facts, policy
from app.residents.actions.holding import hold_account, hold_staying
from app.residents.models import Account, Contact, PassphraseCode
from app.residents.policy import PersonRefusal
from app.residents.queries import account_of, identity_index, places_of, powers_of
from app.residents.rules import folded_name

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.residents.models import Person
    from app.residents.rules import Standing


CODE_LASTS = timedelta(minutes=30)
CODE_LETTERS, CODE_BYTES = 8, 5
# Forty bits are not guessed in fifty tries; after five, anybody could end a neighbour's code.
MOST_TRIES = 50


def help_forgetful(
    session: Session, person: Person, *, name: str, born: date, by: Standing, at: datetime
) -> str:
    """Give a person at the desk a code for a new passphrase, as give_passphrase_code.

    Name and birth date are what the clerk saw on an identity card. Raises Refused: NO_ACCOUNT,
    UNKNOWN_PERSON (withdrawn), what policy.why_not_help names, OTHER_CARD when the card is not of
    the person whose record this is.
    """
    account = account_of(session, person.id)
    if account is None:
        raise Refused(PersonRefusal.NO_ACCOUNT)
    _hold(session, account)
    dongs = places_of(session, person.id, on=seoul_day(at))
    insist(policy.why_not_help(by, person.id, dongs, powers_of(session, person.id, at=at)))
    if not _is_card_of(person, name, born):
        raise Refused(PersonRefusal.OTHER_CARD)
    return _give(session, account, by=by.person_id, at=at)


def note_other_card(session: Session, person: Person, *, by: Standing, at: datetime) -> None:
    """Record that a clerk tried a name and birth date that are not this person's.

    The refusal itself tells whether a guess is right, so that each leaves its trace. Raises
    Refused as help_forgetful, whoever may not try.
    """
    dongs = places_of(session, person.id, on=seoul_day(at))
    insist(policy.why_not_help(by, person.id, dongs, powers_of(session, person.id, at=at)))
    record(session, facts.OtherCardRead(at=at, by=by.person_id, person_id=person.id))


def give_passphrase_code(session: Session, account: Account, *, at: datetime) -> str:
    """Give out, at the console, the one open code of an account; the one before it ends.

    Returns the code, which nobody can read again. Raises Refused with UNKNOWN_PERSON for whoever
    has left.
    """
    _hold(session, account)
    return _give(session, account, by=None, at=at)


def _hold(session: Session, account: Account) -> None:
    # The person as well: nobody is entrusted with a role while somebody without one helps them.
    hold_account(session, account)
    hold_staying(session, account.person)


def _is_card_of(person: Person, name: str, born: date) -> bool:
    """Say whether a card is of a person; of whoever no desk has verified, the name alone tells."""
    if person.identity_mac is None:
        return folded_name(name) == folded_name(person.name)
    return person.identity_mac == identity_index(name, born)


def _give(session: Session, account: Account, *, by: int | None, at: datetime) -> str:
    end_passphrase_code(session, account.person_id)
    code = spoken_code(secrets.token_bytes(CODE_BYTES), CODE_LETTERS)
    session.add(
        PassphraseCode(
            account_id=account.id,
            mac=_digest(account.id, code),
            tries=0,
            expires_at=at + CODE_LASTS,
        )
    )
    session.flush()
    record(session, facts.PassphraseCodeGiven(at=at, by=by, person_id=account.person_id))
    return code


def _digest(account_id: int, code: str) -> bytes:
    return blind_index("passphrase_code", f"{account_id}|{heard_code(code)}")


def use_passphrase_code(
    session: Session, address: str, code: str, *, at: datetime
) -> Account | None:
    """Use up the open code of the account with this normalised address; return the account, held.

    None for a wrong code, whose try is counted, for an account without an open one and for an
    unknown address: all three ask the same of the database, so that none is told by its time.
    """
    account_id = session.scalar(
        select(Account.id)
        .join(Contact)
        .where(Contact.mac == blind_index("contact", address))
        .with_for_update(key_share=True, of=Account)
    )
    mac = session.scalar(
        update(PassphraseCode)
        .where(
            PassphraseCode.account_id == (account_id or 0),
            PassphraseCode.expires_at > at,
            PassphraseCode.tries < MOST_TRIES,
        )
        .values(tries=PassphraseCode.tries + 1)
        .returning(PassphraseCode.mac)
        .execution_options(synchronize_session=False)
    )
    is_right = hmac.compare_digest(mac or b"", _digest(account_id or 0, code))
    if account_id is None or not is_right:
        return None
    account = session.get_one(Account, account_id)
    end_passphrase_code(session, account.person_id)
    return account


def end_passphrase_code(session: Session, person_id: int) -> None:
    """Let a person's open code open nothing any more."""
    accounts = select(Account.id).where(Account.person_id == person_id)
    session.execute(
        delete(PassphraseCode)
        .where(PassphraseCode.account_id.in_(accounts))
        .execution_options(synchronize_session=False)
    )


def forget_passphrase_codes(session: Session, *, at: datetime) -> None:
    """Delete the codes whose time is over."""
    session.execute(delete(PassphraseCode).where(PassphraseCode.expires_at <= at))
