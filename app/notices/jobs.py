"""Mailing what waits in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from app.notices import words
from app.notices.actions import claim_mail, settle_mail
from app.notices.queries import addresses
from app.web.database import now, session, write
from app.web.logs import log
from app.web.mail import Letter, LetterRefused, MailServerAway, post_office

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.notices.facts import MailClaimed


def claim_due_mail(writing: Session, *, at: datetime) -> None:
    """Claim what is due, if this installation has a mail server."""
    if current_app.extensions["settings"].smtp_url:
        claim_mail(writing, at=at)


def send_claimed(fact: MailClaimed) -> None:
    """Mail the claimed notices; those that fail for now stay due for another try."""
    letters = _letters(fact.notice_ids)
    unwanted = set(fact.notice_ids) - set(letters)
    sent, refused = _send(letters)
    with write() as writing:
        settle_mail(writing, sent=sent, given_up=unwanted | refused, at=now())


def _send(letters: Mapping[int, Letter]) -> tuple[set[int], set[int]]:
    """Hand letters over; return which notices were taken and which were refused for good."""
    settings = current_app.extensions["settings"]
    sent: set[int] = set()
    refused: set[int] = set()
    if not letters:
        return sent, refused
    try:
        with post_office(settings.smtp_url, sender=settings.mail_from) as office:
            for notice_id, letter in letters.items():
                try:
                    office.send(letter)
                except LetterRefused as error:
                    log.warning("mail_refused", notice=notice_id, final=error.is_final)
                    if error.is_final:
                        refused.add(notice_id)
                else:
                    sent.add(notice_id)
    except MailServerAway as error:
        cause = type(error.__cause__).__name__
        log.warning("mail_server_away", cause=cause, waiting=len(letters) - len(sent))
    return sent, refused


def _letters(notice_ids: tuple[int, ...]) -> dict[int, Letter]:
    site = current_app.extensions["settings"].public_url
    return {
        notice.id: Letter(
            address,
            words.subject(notice.kind),
            words.letter_text(notice.kind, notice.details, site=site, href=notice.href),
        )
        for notice, address in addresses(session(), notice_ids)
    }
