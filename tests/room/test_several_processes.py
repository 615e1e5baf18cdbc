"""Several processes, one site: pages from some, sockets from others, a Redis between them."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests
import socketio
from redis import Redis

from app.core.clock import FixedClock, SystemClock
from app.factory import alembic, create_app
from app.settings import read_settings
from app.web.database import db
from tests.conftest import fresh_database
from tests.room.house import LiveAssembly
from tests.support.services import redis_server
from tests.support.world import PASSPHRASE, World

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(180)]


class Listener:
    """A screen whose socket stands, and that never asks."""

    def __init__(self, address, assembly_id):
        self._heard, self._came = [], threading.Condition()
        self.client = socketio.Client(reconnection=False, handle_sigint=False)
        self.client.on("events", self._hear, namespace="/live")
        self.client.connect(address, namespaces=["/live"], transports=["websocket"])
        assert self.client.call("watch", {"assembly": assembly_id}, namespace="/live")["ok"]

    def _hear(self, frame):
        with self._came:
            self._heard += [event["payload"].get("text") for event in frame["events"]]
            self._came.notify_all()

    def hears(self, text):
        """Wait until something was said; say whether it came, and once only."""
        with self._came:
            self._came.wait_for(lambda: text in self._heard, SECONDS)
            return self._heard.count(text) == 1


class Speaker:
    """Someone who signed in and acts through whichever process takes the request."""

    def __init__(self, pages, live, name):
        self._http, self._hall = requests.Session(), f"{pages}{live.path}"
        answer = self._post(f"{pages}/sign-in", "", address=name, passphrase=PASSPHRASE)
        assert answer.status_code == 200, answer.url

    def say(self, text):
        """Say something; return the status of the answer."""
        number = secrets.token_hex(8)
        return self._post(self._hall, "/messages", text=text, nonce=number).status_code

    def _post(self, page, act, **fields):
        token = TOKEN.search(self._http.get(page, timeout=SECONDS).text)[1]
        return self._http.post(
            page + act,
            data={"csrf_token": token, **fields},
            headers={"Referer": page},
            timeout=SECONDS,
        )


@contextmanager
def gunicorn(environment, log, *options):
    """Begin to serve the product as docs/operations.md says; lend the address.

    The port is open before the server is: the first request waits in its queue.
    """
    with socket.socket() as listener, log.open("w") as lines:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", *options]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}", "wsgi:app"],
            cwd=ROOT,
            env=environment,
            pass_fds=(listener.fileno(),),
            stderr=lines,
        )
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield address
    finally:
        process.terminate()
        process.wait(60)


@dataclass
class Site:
    """An assembly that runs now, its speakers, two processes of sockets and the Redis."""

    live: LiveAssembly
    pages: str
    speakers: list[Speaker]
    listeners: list[Listener]
    redis: int  # the process

    def events(self):
        """Return what a screen that asks is told was said."""
        answer = requests.get(f"{self.pages}{self.live.path}/events", timeout=SECONDS)
        return [event["payload"].get("text") for event in answer.json()["events"]]


@pytest.fixture
def site(tmp_path):
    with ExitStack() as until:
        redis_url = until.enter_context(redis_server())
        with Redis.from_url(redis_url) as client:
            redis = client.info("server")["process_id"]
        name = f"several_{os.getpid()}"
        environment = {
            **os.environ,
            "DEMO": "0",
            "INSTANCE_PATH": str(tmp_path),
            "DATABASE_URL": until.enter_context(fresh_database(name, tmp_path)),
            "REDIS_URL": redis_url,
        }
        clock = FixedClock(SystemClock().now())
        app = create_app(replace(read_settings(environment), redis_url=None), clock=clock)
        with app.app_context():
            alembic.upgrade()
            until.callback(db.engine.dispose)
            live, names = LiveAssembly(World(app, clock)), []
            for number in range(3):
                names.append(f"neighbour{number}@example.kr")
                live.world.account_of(live.guest(), names[-1])

        def serve(name, *options):
            return until.enter_context(gunicorn(environment, tmp_path / name, *options))

        pages = serve("pages.log", "--workers", "2", "--threads", "4")
        halls = [serve(f"hall{number}.log", "--threads", "20") for number in range(2)]
        assert all(requests.get(f"{one}/readyz", timeout=60).ok for one in (pages, *halls))
        listeners = [Listener(hall, live.id) for hall in halls]
        for one in listeners:
            until.callback(one.client.disconnect)
        speakers = [Speaker(pages, live, name) for name in names]
        yield Site(live, pages, speakers, listeners, redis)


def test_acts_are_heard_at_all_other_processes_and_taken_while_redis_does_not_answer(site):
    first, second, third = site.speakers
    assert first.say("쉼터를 넓힙시다") == 200
    assert all(one.hears("쉼터를 넓힙시다") for one in site.listeners)
    os.kill(site.redis, signal.SIGSTOP)
    try:
        assert second.say("레디스가 멎었습니다") == 200
        assert "레디스가 멎었습니다" in site.events()
    finally:
        os.kill(site.redis, signal.SIGCONT)
    assert third.say("다시 들립니다") == 200
    assert all(one.hears("다시 들립니다") for one in site.listeners)


def test_acts_are_answered_once_redis_is_gone(site):
    os.kill(site.redis, signal.SIGTERM)
    assert [one.say("레디스가 없습니다") for one in site.speakers] == [200] * 3
    assert site.events().count("레디스가 없습니다") == 3
