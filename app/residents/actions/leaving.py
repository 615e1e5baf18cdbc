"""Leaving, with everything personal removed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from app.core.bus import record
from app.core.clock import seoul_day
from app.residents import facts
from app.residents.actions.accounts import give_up_address
from app.residents.actions.codes import end_passphrase_code
from app.residents.actions.devices import revoke_sign_ins
from app.residents.actions.holding import hold_account, hold_person, hold_proven
from app.residents.actions.trust import end_role
from app.residents.facts import Withdrawal
from app.residents.models import (
    Account,
    Consent,
    ContactKind,
    Membership,
    RoleGrant,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.models import Person


def withdraw_person(session: Session, account: Account, *, checked: str, at: datetime) -> None:
    """Close an account: sign out, end memberships and roles, remove personal data.

    What the person published stays, under no name (개인정보 보호법 §36).
    Leaving again changes nothing. Raises Refused with WRONG_PASSPHRASE when the passphrase is no
    longer the one checked.
    """
    person = account.person
    hold_account(session, account)
    hold_person(session, person)
    if person.withdrawn_at is not None:
        return
    hold_proven(session, account, checked)
    revoke_sign_ins(session, account, by=person.id, at=at)
    end_passphrase_code(session, person.id)
    for kind in ContactKind:
        give_up_address(session, account, kind, is_closed=True, at=at)
    session.expire(account, ["contacts"])
    account.passphrase_hash, account.home_place_id = "", None
    end_record(session, person, reason=Withdrawal.OWN_WISH, by=person.id, at=at)


def end_record(
    session: Session, person: Person, *, reason: Withdrawal, by: int | None, at: datetime
) -> None:
    """End whatever a held person belongs to and is entrusted with, and remove who they are."""
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
    person.name = person.masked_name = ""
    person.birth_date, person.identity_mac = None, None
    person.withdrawn_at, person.is_replaced = at, reason is Withdrawal.REPLACED
    record(session, facts.PersonWithdrew(at=at, by=by, person_id=person.id, reason=reason))
