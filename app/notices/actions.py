"""Writing notices with their cause; claiming and settling their delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from app.core.bus import record
from app.notices.facts import MailClaimed
from app.notices.models import Notice
from app.notices.rules import next_try_after
from app.residents.models import Account, Consent, ConsentKind, Contact, ContactKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

BATCH = 50


def notify(
    session: Session,
    people: Iterable[int],
    *,
    kind: str,
    title: str,
    href: str,
    except_for: int | None = None,
    at: datetime,
) -> int:
    """Leave a notice for people, each once, in the transaction of its cause; return how many.

    It is mailed to those who gave an e-mail address and agreed to news (정보통신망법 §50). Only
    people with an account are told; whoever caused it is left out.
    """
    wanted = sorted(set(people) - {except_for})
    if not wanted:
        return 0
    with_account = set(
        session.scalars(select(Account.person_id).where(Account.person_id.in_(wanted)))
    )
    mailed = set(
        session.scalars(
            select(Account.person_id)
            .join(Contact, Contact.account_id == Account.id)
            .join(Consent, Consent.person_id == Account.person_id)
            .where(
                Account.person_id.in_(with_account),
                Contact.kind == ContactKind.EMAIL,
                Consent.kind == ConsentKind.NEWS,
                Consent.withdrawn_at.is_(None),
            )
        )
    )
    rows: list[dict[str, Any]] = [
        {
            "person_id": person_id,
            "kind": kind,
            "details": {"title": title},
            "href": href,
            "created_at": at,
            "due_at": at if person_id in mailed else None,
            "attempts": 0,
        }
        for person_id in sorted(with_account)
    ]
    if rows:
        session.execute(insert(Notice), rows)
    return len(rows)


def mark_read(session: Session, person_id: int, *, at: datetime) -> None:
    """Mark all of someone's notices as read."""
    session.execute(
        update(Notice)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        .values(read_at=at)
    )


def claim_mail(session: Session, *, at: datetime) -> int:
    """Claim notices that are due for mailing; they are sent after this commits. Return how many.

    A claim moves the due time on, so a process that dies while sending tries again later: a
    notice is mailed at least once, and at most a few times.
    """
    statement = select(Notice).where(Notice.due_at <= at).order_by(Notice.due_at).limit(BATCH)
    claimed = session.scalars(statement.with_for_update(skip_locked=True)).all()
    for notice in claimed:
        notice.attempts += 1
        wait = next_try_after(notice.attempts)
        notice.due_at = at + wait if wait else None
    if claimed:
        ids = tuple(notice.id for notice in claimed)
        record(session, MailClaimed(at=at, by=None, notice_ids=ids))
    return len(claimed)


def settle_mail(session: Session, notice_ids: Iterable[int], *, at: datetime) -> None:
    """Record that notices were handed to the mail server."""
    session.execute(
        update(Notice).where(Notice.id.in_(list(notice_ids))).values(due_at=None, delivered_at=at)
    )
