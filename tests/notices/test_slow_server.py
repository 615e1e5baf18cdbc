"""A mail server that takes its time keeps neither what falls due waiting, nor a process running."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.notices import jobs
from app.notices.models import Notice
from app.proposals.facts import WindowMissed
from app.web.jobs import Ticker
from tests.proposals import steps
from tests.residents.conftest import hearing

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30


@pytest.fixture
def written_to(world, wants_mail):
    """Return what lets so many people be verified who want mail; return their ids."""

    def tell(count):
        people = [wants_mail(world.person()) for _ in range(count)]
        for person_id in people:
            world.verify(person_id)
        return people

    return tell


def notices_of(world, people):
    with world.read() as session:
        asked = select(Notice).where(Notice.person_id.in_(people)).order_by(Notice.id)
        return session.scalars(asked).all()


def test_a_window_closes_in_time_while_the_mail_server_takes_its_time(
    app, world, letterbox, written_to
):
    proposal_id = steps.endorsing(world)
    people = written_to(2)
    letterbox.answers.clear()
    is_closed = threading.Event()
    ticker = Ticker(app, every_seconds=0.05)
    with hearing(app, WindowMissed) as missed:
        listeners = app.extensions["house"].bus._listeners[WindowMissed]
        listeners.append(tell := lambda _fact: is_closed.set())
        ticker.start()
        try:
            assert letterbox.is_kept_waiting.wait(SECONDS)
            world.pass_time(days=40)
            assert is_closed.wait(SECONDS)
            assert letterbox.letters == []
        finally:
            letterbox.answers.set()
            ticker.stop()
            listeners.remove(tell)
    assert [fact.proposal_id for fact in missed] == [proposal_id]
    assert [one.delivered_at is None for one in notices_of(world, people)] == [False, False]


def test_a_round_that_takes_too_long_leaves_the_other_letters_to_the_next(
    world, letterbox, written_to, mail_out, monkeypatch
):
    people = written_to(3)
    monkeypatch.setattr(jobs, "ROUND_SECONDS", 0.0)
    mail_out()
    assert len(letterbox.letters) == 1
    waiting = [one for one in notices_of(world, people) if one.delivered_at is None]
    assert [(one.attempts, one.due_at) for one in waiting] == [(0, world.at)] * 2
    mail_out()
    mail_out()
    assert len(letterbox.letters) == 3


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_watching_begins_at_once_and_finishes_what_is_running_when_it_is_told_to_stop(
    world, letterbox, settings, written_to, tmp_path
):
    people = written_to(1)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "field.key").write_bytes(settings.field_key)
    letterbox.answers.clear()
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "INSTANCE_PATH": str(tmp_path),
        "ENVIRONMENT": "development",
        "DEMO": "0",
        "SMTP_URL": world.app.extensions["settings"].smtp_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "watch", "--every", "3600"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            assert letterbox.is_kept_waiting.wait(SECONDS * 2)
            process.send_signal(signal.SIGTERM)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.5)
            letterbox.answers.set()
            assert process.wait(SECONDS * 2) == 0
            assert b"Traceback" not in process.stdout.read()
        finally:
            if process.poll() is None:
                process.kill()
    (notice,) = notices_of(world, people)
    assert notice.delivered_at - world.at > timedelta(0)
