"""Writing notices with their cause; claiming and settling their delivery."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, and_, case, delete, insert, literal, null, select, update

from app.core.bus import record
from app.core.orm import UtcDateTime
from app.core.vault import blind_index
from app.moderation.models import SubjectKind
from app.notices.facts import MailClaimed
from app.notices.models import Fate, Notice
from app.notices.queries import (
    concerned_by_proposal,
    email_digest,
    mailed_about_accounts,
    may_be_mailed,
)
from app.notices.rules import (
    ABOUT_THE_ACCOUNT,
    ACCOUNT_CLOSED,
    PATIENCE,
    STANDS_AFTER,
    next_try_after,
    wait_for_server,
)
from app.residents.facts import PersonalDataCorrected
from app.residents.models import Account, ContactKind, Person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from app.moderation.facts import ContentHidden
    from app.residents.facts import AddressGivenUp

BATCH = 50
# A statement of PostgreSQL takes 65,535 values at most.
MOST_AT_ONCE = 5_000


def notify(
    session: Session,
    people: Select[int],
    *,
    kind: str,
    details: Mapping[str, str],
    href: str,
    except_for: int | None = None,
    at: datetime,
) -> None:
    """Leave a notice for people, each once, in the transaction of its cause.

    Only people with an account are told; whoever caused it is left out. It is mailed to those who
    gave an e-mail address and agreed to news (정보통신망법 §50); what is about the account itself,
    whatever they agreed to, but to one address a few times a day. One statement, however many.
    """
    is_mailed = may_be_mailed(literal(kind))
    mac: ColumnElement[Any] = null()
    if kind in ABOUT_THE_ACCOUNT:
        is_mailed = and_(is_mailed, mailed_about_accounts(at))
        mac = case((is_mailed, email_digest()))
    told = (
        select(
            Account.person_id,
            literal(kind),
            literal(details, JSON),
            literal(href),
            literal(at, UtcDateTime),
            case((is_mailed, literal(at, UtcDateTime))),
            literal(0),
            mac,
        )
        .join(Person, Person.id == Account.person_id)
        .where(Account.person_id.in_(people), Person.withdrawn_at.is_(None))
        .order_by(Account.person_id)
    )
    if except_for is not None:
        told = told.where(Account.person_id != except_for)
    columns = ["person_id", "kind", "details", "href", "created_at", "due_at", "attempts", "mac"]
    session.execute(insert(Notice).from_select(columns, told))


def write_to_former_address(session: Session, fact: AddressGivenUp) -> None:
    """Write to the e-mail address that an account has just lost: its owner may not have done it.

    It is lost when it is changed, removed, or when the account is closed. One that stood for less
    than a day may be anybody's. The letter is sent though its person has left meanwhile.
    """
    if fact.kind == ContactKind.EMAIL and fact.at - fact.since >= STANDS_AFTER:
        session.add(
            Notice(
                person_id=fact.person_id,
                kind=ACCOUNT_CLOSED if fact.is_closed else PersonalDataCorrected.__name__,
                details={"title": "", "field": fact.kind},
                href="/" if fact.is_closed else "/me/settings",
                created_at=fact.at,
                due_at=fact.at,
                attempts=0,
                address=fact.address,
                mac=blind_index("contact", fact.address),
            )
        )


def forget_addresses(session: Session, *, at: datetime) -> None:
    """Keep no former address and no digest of one longer than a letter waits for its server."""
    old = and_(Notice.mac.is_not(None), Notice.created_at <= at - PATIENCE)
    _hold(session, old)
    session.execute(delete(Notice).where(old, Notice.address.is_not(None)))
    session.execute(update(Notice).where(old).values(mac=None, due_at=None))


def rename_hidden(session: Session, fact: ContentHidden) -> None:
    """Call a proposal that was hidden by its number in every notice that names it, mailed or not.

    Whoever was told keeps the notice, also who no longer follows; so its page alone finds it. What
    else a notice says stays.
    """
    if fact.subject_kind != SubjectKind.PROPOSAL:
        return
    concerned = concerned_by_proposal(session, fact.moderated_id)
    of_its_page = Notice.href == concerned.href
    _hold(session, of_its_page)
    told = select(Notice.id, Notice.details).where(of_its_page).order_by(Notice.id)
    alike = defaultdict(list)
    for notice_id, details in session.execute(told):
        alike[tuple(sorted((details | {"title": concerned.title}).items()))].append(notice_id)
    for details, ids in alike.items():
        for first in range(0, len(ids), MOST_AT_ONCE):
            some = ids[first : first + MOST_AT_ONCE]
            session.execute(
                update(Notice)
                .where(Notice.id.in_(some))
                .values(details=dict(details))
                .execution_options(synchronize_session=False)
            )


def mark_read(
    session: Session, person_id: int, *, notice_id: int | None = None, at: datetime
) -> None:
    """Mark someone's notices as read: one of them, or all."""
    unread = and_(Notice.person_id == person_id, Notice.read_at.is_(None))
    if notice_id is not None:
        unread = and_(unread, Notice.id == notice_id)
    _hold(session, unread)
    session.execute(update(Notice).where(unread).values(read_at=at))


def claim_mail(session: Session, *, at: datetime) -> int:
    """Claim notices that are due for mailing; they are sent after this commits. Return how many.

    A claim counts as an attempt and moves the due time on, so a process that dies while sending
    tries again later: a notice is mailed at least once, and at most a few times.
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


def settle_mail(session: Session, fates: Mapping[int, Fate], *, at: datetime) -> list[int]:
    """Record what became of claimed notices; return those that are given up though still wanted.

    What was refused for now stays due as it was claimed. What found no server was no attempt, nor
    was what there was no time for: that is due again at once.
    """
    held = select(Notice).where(Notice.id.in_(list(fates))).order_by(Notice.id)
    given_up = []
    for notice in session.scalars(held.with_for_update()):
        fate = fates[notice.id]
        if fate is Fate.SENT:
            notice.due_at, notice.delivered_at = None, at
        elif fate is Fate.NOT_TRIED:
            notice.attempts -= 1
            notice.due_at = at
        elif fate is Fate.NO_SERVER:
            notice.attempts -= 1
            wait = wait_for_server(at - notice.created_at)
            notice.due_at = at + wait if wait else None
        elif fate is not Fate.REFUSED_FOR_NOW:
            notice.due_at = None
        if fate not in (Fate.SENT, Fate.UNWANTED) and notice.due_at is None:
            given_up.append(notice.id)
        if notice.address is not None and notice.due_at is None:
            session.delete(notice)
    return given_up


def _hold(session: Session, condition: ColumnElement[bool]) -> None:
    """Hold notices in the order of their ids: mailing and marking as read take several, too."""
    session.execute(select(Notice.id).where(condition).order_by(Notice.id).with_for_update())
