"""Signing in and out, device by device."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, update

from app.core.bus import record
from app.core.numbers import random_token
from app.residents import facts
from app.residents.actions.codes import end_passphrase_code, use_passphrase_code
from app.residents.actions.holding import hold_account, hold_proven
from app.residents.models import (
    Account,
    SignIn,
)
from app.residents.queries import token_hash

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


SIGN_IN_LASTS = timedelta(days=14)


SHORT_SIGN_IN_LASTS = timedelta(hours=12)


SIGN_IN_KEPT = timedelta(days=30)


SEEN_EVERY = timedelta(minutes=5)


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


def begin_checked_sign_in(
    session: Session,
    account: Account,
    checked: str,
    *,
    at: datetime,
    device: str = "",
    lasts: timedelta = SIGN_IN_LASTS,
) -> str | None:
    """Sign an account in as begin_sign_in; None if its passphrase is no longer the one checked.

    Checking takes place outside the write, so that the passphrase may have changed meanwhile.
    """
    hold_account(session, account)
    if account.passphrase_hash != checked:
        return None
    return begin_sign_in(session, account, at=at, device=device, lasts=lasts)


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
    """Sign out all devices of an account, at once, but the one with the token `keep` if given.

    Returns how many were signed out; where there was none, nothing is recorded.
    """
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
    if count:
        person_id = account.person_id
        record(session, facts.SignInsRevoked(at=at, by=by, person_id=person_id, count=count))
    return count


def change_passphrase(
    session: Session,
    account: Account,
    passphrase_hash: str,
    *,
    checked: str,
    keep: str,
    at: datetime,
) -> None:
    """Replace the passphrase, sign out every other device and end a code for a new one.

    Raises Refused with WRONG_PASSPHRASE when it is no longer the one checked.
    """
    hold_proven(session, account, checked)
    account.passphrase_hash = passphrase_hash
    end_passphrase_code(session, account.person_id)
    person_id = account.person_id
    record(session, facts.PassphraseChanged(at=at, by=person_id, person_id=person_id))
    revoke_sign_ins(session, account, by=person_id, at=at, keep=keep)


def set_passphrase_anew(
    session: Session,
    address: str,
    code: str,
    passphrase_hash: str,
    *,
    at: datetime,
    device: str = "",
) -> str | None:
    """Set a passphrase in place of a forgotten one, sign out everywhere, and sign in here.

    The address comes normalised, the passphrase hashed. Returns the token that the device keeps;
    None where use_passphrase_code does, with the try counted.
    """
    account = use_passphrase_code(session, address, code, at=at)
    if account is None:
        return None
    account.passphrase_hash = passphrase_hash
    person_id = account.person_id
    record(session, facts.PassphraseSetAnew(at=at, by=person_id, person_id=person_id))
    revoke_sign_ins(session, account, by=person_id, at=at)
    return begin_sign_in(session, account, at=at, device=device, lasts=SHORT_SIGN_IN_LASTS)
