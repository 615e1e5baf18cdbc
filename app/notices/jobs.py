"""Mailing what waits in the outbox."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from flask import current_app

from app.notices import words
from app.notices.actions import claim_mail, forget_addresses, settle_mail, write_to_former_address
from app.notices.models import Fate
from app.notices.queries import addresses
from app.web.database import now, session, write
from app.web.logs import log
from app.web.mail import Letter, LetterRefused, MailServerAway, PostOffice, post_office

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.notices.facts import MailClaimed
    from app.residents.facts import AddressGivenUp

MOST_CONNECTIONS = 3
# A server that takes its time keeps one round this long, so that rounds neither pile up where cron
# begins them nor keep a process from stopping.
ROUND_SECONDS = 20.0


def claim_due_mail(writing: Session, *, at: datetime) -> None:
    """Claim what is due, if this installation has a mail server; forget addresses in any case."""
    forget_addresses(writing, at=at)
    if current_app.extensions["settings"].smtp_url:
        claim_mail(writing, at=at)


def tell_former_address(writing: Session, fact: AddressGivenUp) -> None:
    """Leave a letter to an address that was given up, where letters leave at all."""
    if current_app.extensions["settings"].smtp_url:
        write_to_former_address(writing, fact)


def send_claimed(fact: MailClaimed) -> None:
    """Mail the claimed notices; those that fail for now stay due for another try."""
    fates = dict.fromkeys(fact.notice_ids, Fate.UNWANTED) | _send(_letters(fact.notice_ids))
    with write() as writing:
        given_up = settle_mail(writing, fates, at=now())
    for notice_id in given_up:
        log.warning("mail_given_up", notice=notice_id, cause=str(fates[notice_id]))


def _send(letters: Mapping[int, Letter]) -> dict[int, Fate]:
    """Hand letters over and return what became of each.

    A server that hangs up over one letter is asked anew for the others, a few times. Letters that
    the round has no time for were not tried.
    """
    settings = current_app.extensions["settings"]
    fates = dict.fromkeys(letters, Fate.NO_SERVER)
    ends_at = monotonic() + ROUND_SECONDS
    waiting = list(letters)
    for _ in range(MOST_CONNECTIONS):
        untried = len(waiting)
        if not untried:
            break
        try:
            with post_office(settings.smtp_url, sender=settings.mail_from) as office:
                while waiting:
                    notice_id = waiting.pop(0)
                    fates[notice_id] = _fate_of(office, notice_id, letters[notice_id])
                    if monotonic() >= ends_at:
                        return fates | dict.fromkeys(waiting, Fate.NOT_TRIED)
        except MailServerAway as error:
            cause = type(error.__cause__).__name__
            log.warning("mail_server_away", cause=cause, waiting=len(waiting))
            if len(waiting) == untried:  # it is not there at all
                break
    return fates


def _fate_of(office: PostOffice, notice_id: int, letter: Letter) -> Fate:
    try:
        office.send(letter)
    except LetterRefused as error:
        log.warning("mail_refused", notice=notice_id, final=error.is_final)
        return Fate.REFUSED if error.is_final else Fate.REFUSED_FOR_NOW
    return Fate.SENT


def _letters(notice_ids: tuple[int, ...]) -> dict[int, Letter]:
    site = current_app.extensions["settings"].public_url
    return {
        notice.id: Letter(
            address,
            words.subject(notice.kind, notice.details),
            words.letter_text(notice.kind, notice.details, site=site, href=notice.href),
        )
        for notice, address in addresses(session(), notice_ids)
    }
