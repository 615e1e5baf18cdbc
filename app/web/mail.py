"""Handing letters to a mail server."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate, make_msgid, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_SECONDS = 10
PERMANENT = 500
CLOSING = 421  # "service not available, closing transmission channel" (RFC 5321, 4.2.2)


class LetterRefused(Exception):
    """The server does not take this one letter; `is_final` when asking again will not help."""

    def __init__(self, *, is_final: bool) -> None:
        super().__init__("final" if is_final else "for now")
        self.is_final = is_final


class MailServerAway(Exception):
    """The server cannot be reached, does not let us in, or hung up; any letter may wait."""


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
        """Hand one letter over; raises LetterRefused, or MailServerAway when nothing goes."""
        plain = letter.to.isascii()
        try:
            written = self._written(letter).as_bytes(policy=SMTP if plain else SMTPUTF8)
        except Exception as error:  # the library falls over odd addresses in many ways
            raise LetterRefused(is_final=True) from error
        try:
            if not (plain or self._takes_any_letters()):
                raise LetterRefused(is_final=True)
            # To this one address as it stands: reading it out of the letter could make it two.
            sender, way = parseaddr(self._sender)[1], () if plain else ("SMTPUTF8",)
            self._connection.sendmail(sender, [letter.to], written, mail_options=way)
        except smtplib.SMTPServerDisconnected as error:
            raise MailServerAway from error
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _words in error.recipients.values())
            raise _refusal(code) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except (smtplib.SMTPException, ValueError) as error:
            # An address the server or the standard cannot carry: no other day will change that.
            raise LetterRefused(is_final=True) from error
        except OSError as error:
            raise MailServerAway from error

    def _takes_any_letters(self) -> bool:
        """Say whether the server takes addresses in other letters than the Latin ones."""
        self._connection.ehlo_or_helo_if_needed()
        return self._connection.has_extn("smtputf8")

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=parseaddr(self._sender)[1].rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message


def _refusal(code: int) -> Exception:
    if code == CLOSING:
        return MailServerAway()
    return LetterRefused(is_final=code >= PERMANENT)


@contextmanager
def post_office(url: str, *, sender: str) -> Iterator[PostOffice]:
    """Connect to the mail server; smtps is TLS from the start, smtp with a user uses STARTTLS.

    Raises MailServerAway when it cannot be reached or does not let us in.
    """
    try:
        connection = _connected(url)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway from error
    try:
        yield PostOffice(connection, sender)
    finally:
        connection.close()


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 0
    checked = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=checked)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    )
    try:
        if parts.username:
            if parts.scheme == "smtp":
                connection.starttls(context=checked)
            connection.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection
