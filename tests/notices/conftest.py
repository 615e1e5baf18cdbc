"""A mail server on loopback that keeps what it is given, and people who want mail."""

from __future__ import annotations

import asyncio
import dataclasses
import email
import email.policy
import socket
import threading
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.notices import jobs
from app.notices.models import Notice
from app.residents import actions as residents
from app.residents.models import ConsentKind, Person


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Letterbox:
    """What the server took; `refusals` answers an address, at `hangs_up_on` it hangs up.

    While `answers` is cleared it takes its time over every letter; `is_kept_waiting` tells.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.hangs_up_on: set[str] = set()
        self.tries = 0
        self.answers, self.is_kept_waiting = threading.Event(), threading.Event()
        self.answers.set()

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802
        self.tries += 1
        if not self.answers.is_set():
            self.is_kept_waiting.set()
            await asyncio.to_thread(self.answers.wait)
        if address in self.hangs_up_on:
            server.transport.close()
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        letter = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        self.letters.append(letter)
        return "250 OK"


@pytest.fixture
def mailed_to(app):
    """Return what makes an address this installation's mail server."""
    before = app.extensions["settings"]

    def use(url: str | None) -> None:
        app.extensions["settings"] = dataclasses.replace(
            before,
            smtp_url=url,
            mail_from="마당 <madang@example.kr>",
            public_url="https://madang.kr",
        )

    yield use
    app.extensions["settings"] = before


@pytest.fixture
def letterbox(mailed_to):
    """A running mail server."""
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    mailed_to(f"smtp://127.0.0.1:{server.port}")
    yield box
    box.answers.set()
    server.stop()


@pytest.fixture
def wants_mail(world):
    """Return what gives a person an account, an address and the consent to news."""

    def agree(person_id: int, address: str | None = None) -> int:
        world.account_of(person_id, address)
        with world.write() as session:
            person = session.get_one(Person, person_id)
            residents.give_consent(session, person, ConsentKind.NEWS, at=world.at)
        return person_id

    return agree


@pytest.fixture
def told(world):
    """Return what lists who was told what: (person, kind), in order."""

    def look() -> list[tuple[int, str]]:
        with world.read() as session:
            rows = session.execute(select(Notice.person_id, Notice.kind).order_by(Notice.id))
            return [tuple(row) for row in rows]

    return look


@pytest.fixture
def mail_out(world):
    """Return what runs the mail job once, now."""

    def run() -> None:
        with world.write() as session:
            jobs.claim_due_mail(session, at=world.at)

    return run
