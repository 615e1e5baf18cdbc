"""Whoever changes an account or a person holds the row, so that no two decide on one state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.residents.models import Account, Person, Role, RoleGrant
from app.residents.policy import PersonRefusal
from app.residents.queries import standing_told, with_standing
from app.residents.rules import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.places.models import Place
    from app.residents.rules import Standing


# Whoever holds several takes the account before the person before the operators before the
# district's row. Rows that merely point to a held one are not hindered.
def hold_account(session: Session, account: Account) -> None:
    """Let nobody else change an account until this write ends; read it anew, with its person."""
    session.execute(
        select(Account.id).where(Account.id == account.id).with_for_update(key_share=True)
    )
    session.refresh(account)


def hold_proven(session: Session, account: Account, checked: str) -> None:
    """Hold an account as hold_account, if `checked` is still the hash of its passphrase.

    A passphrase is verified outside the write, because that takes long; if it was changed
    meanwhile, or its person left, what was verified proves nothing any more. Raises Refused with
    WRONG_PASSPHRASE.
    """
    hold_account(session, account)
    if not checked or account.passphrase_hash != checked:
        raise Refused(PersonRefusal.WRONG_PASSPHRASE)


def hold_person(session: Session, person: Person) -> None:
    """Let nobody else change a person until this write ends; read them anew."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    session.refresh(person)


def hold_people(session: Session, person_ids: Iterable[int]) -> None:
    """Hold several people as hold_person does one, in the order of their ids; read none anew."""
    session.execute(
        select(Person.id)
        .where(Person.id.in_(set(person_ids)))
        .order_by(Person.id)
        .with_for_update(key_share=True)
    ).all()


def stays(session: Session, person_id: int | None) -> bool:
    """Let somebody not leave until this write ends; False for nobody and for who has left.

    Shared: people who act at once do not wait for each other. Leaving takes the person first and
    then what they counted, so that whoever calls this calls it before they hold anything of that.
    """
    return (
        session.scalar(
            select(Person.id)
            .where(Person.id == person_id, Person.withdrawn_at.is_(None))
            .with_for_update(read=True)
        )
        is not None
    )


def share_standing(session: Session, person_id: int, *, at: datetime) -> Standing:
    """Return what a person is here now, and let them not leave until this write ends, as `stays`.

    One statement for both; whoever has left is nobody.
    """
    asked = {"person": person_id, "at": at, "today": seoul_day(at)}
    rows = session.connection().execute(_STAYING, asked).all()
    return standing_told(person_id, rows) if rows else NOBODY


_person: Any = Person.__table__
_STAYING = (
    with_standing(_person)
    .where(_person.c.id == bindparam("person"), _person.c.withdrawn_at.is_(None))
    .with_for_update(read=True, of=_person)
)


def hold_staying(session: Session, person: Person) -> None:
    """Hold a person as hold_person; raises Refused with UNKNOWN_PERSON for one who has left."""
    hold_person(session, person)
    if person.withdrawn_at is not None:
        raise Refused(PersonRefusal.UNKNOWN_PERSON)


def hold_operators(session: Session, by: Standing, place: Place) -> None:
    """Let no operator's role end until this write does, so that two do not end each other's.

    Raises Refused with NOT_OPERATOR where `by` was one of the place or its district and is no more.
    """
    operators = session.execute(
        select(RoleGrant.person_id, RoleGrant.place_id)
        .where(RoleGrant.role == Role.OPERATOR, RoleGrant.until.is_(None))
        .order_by(RoleGrant.id)
        .with_for_update()
    ).all()
    if not {(by.person_id, place.id), (by.person_id, place.parent_id)} & set(map(tuple, operators)):
        raise Refused(PersonRefusal.NOT_OPERATOR)
