"""Handing letters to a mail server."""

from __future__ import annotations

import smtplib
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Letter:
    """A letter in plain text."""

    to: str
    subject: str
    text: str


class PostOffice:
    """A connection to the mail server named by an smtp:// or smtps:// address."""

    def __init__(self, connection: smtplib.SMTP, sender: str) -> None:
        self._connection, self._sender = connection, sender

    def send(self, letter: Letter) -> None:
        """Hand one letter over; raises smtplib.SMTPException when the server refuses it."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = " ".join(letter.subject.split())
        message.set_content(letter.text)
        self._connection.send_message(message)


@contextmanager
def post_office(url: str, *, sender: str) -> Iterator[PostOffice]:
    """Connect to the mail server; smtps is TLS from the start, smtp with a user uses STARTTLS."""
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 25, timeout=TIMEOUT_SECONDS) as server:
        if parts.username:
            if parts.scheme == "smtp":
                server.starttls()
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield PostOffice(server, sender)
