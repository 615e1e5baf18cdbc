"""Mailing what waits in the outbox."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select

from app.notices import words
from app.notices.actions import claim_mail, settle_mail
from app.notices.models import Notice
from app.residents.models import Account, Contact, ContactKind
from app.web.database import now, session, write
from app.web.logs import log
from app.web.mail import Letter, post_office

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.notices.facts import MailClaimed


def claim_due_mail(writing: Session, *, at: datetime) -> None:
    """Claim what is due, if this installation has a mail server."""
    if current_app.extensions["settings"].smtp_url:
        claim_mail(writing, at=at)


def send_claimed(fact: MailClaimed) -> None:
    """Mail the claimed notices; those that fail stay due for another try."""
    settings = current_app.extensions["settings"]
    letters = _letters(fact.notice_ids)
    sent = []
    try:
        with post_office(settings.smtp_url, sender=settings.mail_from) as office:
            for notice_id, letter in letters:
                try:
                    office.send(letter)
                except smtplib.SMTPRecipientsRefused:
                    log.warning("mail_refused", notice=notice_id)
                else:
                    sent.append(notice_id)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_failed", kind=type(error).__name__, waiting=len(letters) - len(sent))
    if sent:
        with write() as writing:
            settle_mail(writing, sent, at=now())


def _letters(notice_ids: tuple[int, ...]) -> list[tuple[int, Letter]]:
    rows = session().execute(
        select(Notice, Contact.address)
        .join(Account, Account.person_id == Notice.person_id)
        .join(Contact, Contact.account_id == Account.id)
        .where(Notice.id.in_(notice_ids), Contact.kind == ContactKind.EMAIL)
        .order_by(Notice.id, Contact.id)
    )
    letters: dict[int, Letter] = {}
    site = current_app.extensions["settings"].public_url
    for notice, address in rows:
        text = f"{words.sentence(notice.kind, notice.details)}\n\n{site}{notice.href}\n"
        letters.setdefault(notice.id, Letter(address, words.subject(notice.kind), text))
    return list(letters.items())
