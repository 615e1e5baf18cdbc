"""Reading accounts: who is signed in, how they are reached, what they agreed to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.core.clock import seoul_day
from app.core.orm import UtcDateTime
from app.core.vault import blind_index
from app.places.models import Place
from app.residents.models import Account, Consent, ConsentKind, Contact, Person, SignIn
from app.residents.queries.powers import DONG, standing_told, with_standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


def token_hash(token: str) -> bytes:
    """Return the digest under which a sign-in's token is stored."""
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True)
class SignedIn:
    """Whom a token stands for, read at once: account, person, home and standing.

    `dong_name` is the dong the person is verified for, or else the one they named; None if neither.
    """

    account_id: int
    person_id: int
    masked_name: str
    home_place_id: int | None
    dong_name: str | None
    last_seen_at: datetime
    standing: Standing


def live_sign_in(session: Session, token: str, *, at: datetime) -> SignedIn | None:
    """Return whom a token stands for, None if it has ended, was revoked or its person withdrew.

    One statement, since every page of everybody signed in asks it.
    """
    asked = {"token": token_hash(token), "at": at, "today": seoul_day(at)}
    rows = session.connection().execute(_SIGNED_IN, asked).all()
    if not rows:
        return None
    first = rows[0]
    standing = standing_told(first.person_id, rows)
    verified = {row.dong_id: row.dong_name for row in rows if row.dong_id is not None}
    return SignedIn(
        first.account_id,
        first.person_id,
        first.masked_name,
        first.home_place_id,
        verified[min(verified)] if verified else first.home_name,
        first.last_seen_at,
        standing,
    )


_sign_in: Any = SignIn.__table__
_account: Any = Account.__table__
_person: Any = Person.__table__
_home: Any = Place.__table__.alias("home")
_SIGNED_IN = with_standing(
    _sign_in.join(_account, _account.c.id == _sign_in.c.account_id)
    .join(_person, _person.c.id == _account.c.person_id)
    .outerjoin(_home, _home.c.id == _account.c.home_place_id),
    _sign_in.c.account_id,
    _sign_in.c.last_seen_at,
    _account.c.person_id,
    _account.c.home_place_id,
    _person.c.masked_name,
    DONG.c.name.label("dong_name"),
    _home.c.name.label("home_name"),
).where(
    _sign_in.c.token_hash == bindparam("token"),
    _sign_in.c.revoked_at.is_(None),
    _sign_in.c.expires_at > bindparam("at", type_=UtcDateTime),
    _person.c.withdrawn_at.is_(None),
)


def account_by_contact(session: Session, address: str) -> Account | None:
    """Return the account with this normalised e-mail address or phone number."""
    return session.scalar(
        select(Account).join(Contact).where(Contact.mac == blind_index("contact", address))
    )


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
