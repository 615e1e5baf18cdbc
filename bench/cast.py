"""How many ballots a second are prepared and cast, beside a bare endpoint: `python -m bench.cast`.

The product and the reference run under the same server (gunicorn, two sync workers) on the same
database, in turns. A ballot of the product is two signed-in requests with CSRF tokens: the review
(checks, commitment, sealed state, a page) and the cast (roll, seal, audit, turnout). A ballot of
the reference is one request without any of it. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from app.assemblies.models import Track
from app.ballots import actions
from app.core.clock import FixedClock, seoul_day
from app.core.orm import Base
from app.factory import create_app
from app.residents import actions as residents
from app.residents.models import Account, Role
from app.settings import read_settings
from app.web.database import db
from bench import bare_cast
from tests.ballots.conftest import Polls
from tests.support.services import postgres
from tests.support.world import World

OPTIONS = 10
ROUNDS = 3
BALLOTS_A_ROUND = 150
CLIENTS = 4
WORKERS = 2
WARM_UP = 10
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_STATE = re.compile(r'name="state" value="([^"]+)"')


@dataclass(frozen=True)
class Voter:
    """One person at the door: their cookie and the token of the page they opened."""

    person: int
    cookie: str
    token: str = ""


@dataclass(frozen=True)
class Copy:
    """A copy of the product in a folder of its own."""

    environment: dict[str, str]
    ballot_id: int
    option_ids: list[int]
    cookies: dict[int, str]


def lay_out(url: str, folder: Path, voters: int) -> Copy:
    """Fill a database: an open ballot, its roll, everybody signed in, and the reference's rows."""
    environment = {
        **os.environ,
        "ENVIRONMENT": "development",
        "DATABASE_URL": url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "a secret for measuring only, thirty-two",
        "LIMITS": "0",
    }
    now = datetime.now(UTC)
    app = create_app(read_settings(environment), clock=FixedClock(now))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        bare_cast.Base.metadata.create_all(db.engine)
    world = World(app, FixedClock(now))
    roles = (Role.CLERK, Role.OFFICER, Role.OBSERVER)
    polls = Polls(world, folder / "keys", *(world.staff(role, "doksan1") for role in roles))
    people = polls.crowd(voters)
    ballot_id = polls.draw(
        (Track.BUDGET,) * OPTIONS,
        max_picks=3,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1),
        base_date=seoul_day(now),
    )
    polls.freeze(ballot_id)
    with world.write() as session:
        actions.open_due_ballots(session, at=now)
    with app.app_context(), Session(db.engine) as session, session.begin():
        session.add(bare_cast.BareVote(turnout=0))
        session.execute(insert(bare_cast.BareRoll), [{"person": person} for person in people])
    copy = Copy(
        environment,
        ballot_id,
        polls.option_ids(ballot_id),
        _signed_in(world, people),
    )
    with app.app_context():
        db.engine.dispose()
    return copy


def _signed_in(world: World, people: Sequence[int]) -> dict[int, str]:
    """Sign everybody in, in one write; return their cookies."""
    with world.write() as session:
        tokens = {}
        for person in people:
            account = Account(person_id=person, passphrase_hash="", created_at=world.at)
            session.add(account)
            session.flush()
            tokens[person] = residents.begin_sign_in(session, account, at=world.at)
    return {person: _cookie(world.app, token) for person, token in tokens.items()}


def _cookie(app: Flask, token: str) -> str:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return f"madang={client.get_cookie('madang').value}"


@contextmanager
def served(target: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve an application under gunicorn on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--timeout", "120", "--log-level", "error", target],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_answers(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the workers behind the port have loaded the application."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        with suppress(OSError, http.client.HTTPException):
            send(port, "GET", "/no-such-page")
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def send(
    port: int, method: str, path: str, fields: Sequence[tuple[str, str]] = (), cookie: str = ""
) -> tuple[int, str, str]:
    """Send one request; return status, body, and the session cookie as it stands afterwards."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie} if cookie else {}
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, urlencode(fields) if fields else None, headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    given = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    fresh = next((one.split(";")[0] for one in given if one.startswith("madang=")), cookie)
    return answer.status, body, fresh


def at_the_door(port: int, copy: Copy, person: int) -> Voter:
    """Open the booth, for the form's token; this is before the ballot and not measured."""
    status, page, cookie = send(
        port, "GET", f"/ballots/{copy.ballot_id}/booth", cookie=copy.cookies[person]
    )
    if status != 200:
        raise RuntimeError(f"the booth answered {status}")
    return Voter(person, cookie, _CSRF.search(page)[1])


def vote(port: int, copy: Copy, voter: Voter) -> float:
    """Prepare and cast one ballot; return the seconds it took."""
    began = time.perf_counter()
    picks = [("pick", str(option)) for option in copy.option_ids[:3]]
    token, booth = ("csrf_token", voter.token), f"/ballots/{copy.ballot_id}/booth"
    status, page, _ = send(port, "POST", f"{booth}/review", [token, *picks], voter.cookie)
    if status != 200:
        raise RuntimeError(f"the review answered {status}")
    state = ("state", _STATE.search(page)[1])
    status, _, _ = send(port, "POST", f"{booth}/cast", [token, state], voter.cookie)
    if status != 303:
        raise RuntimeError(f"the cast answered {status}")
    return time.perf_counter() - began


def vote_bare(port: int, person: int) -> float:
    """Cast one ballot with the reference; return the seconds it took."""
    began = time.perf_counter()
    fields = [("person", str(person)), *(("pick", str(option)) for option in (1, 2, 3))]
    status, _, _ = send(port, "POST", "/cast", fields)
    if status != 200:
        raise RuntimeError(f"the reference answered {status}")
    return time.perf_counter() - began


def rate(clients: ThreadPoolExecutor, cast: Callable, voters: Sequence) -> tuple[float, list]:
    """Let some clients cast for these voters; return ballots a second and each one's seconds."""
    began = time.perf_counter()
    took = list(clients.map(cast, voters))
    return len(voters) / (time.perf_counter() - began), took


def measure(name: str, url: str, folder: Path) -> dict[str, object]:
    """Measure one database: product and reference in turns, the median of their ratios."""
    print(f"{name}: laying out", file=sys.stderr)
    copy = lay_out(url, folder, ROUNDS * BALLOTS_A_ROUND + WARM_UP)
    people = list(copy.cookies)
    rates, bare_rates, seconds = [], [], []
    with ExitStack() as stack:
        product = stack.enter_context(served("wsgi:app", copy.environment))
        bare = stack.enter_context(served("bench.bare_cast:create_app()", copy.environment))
        clients = stack.enter_context(ThreadPoolExecutor(CLIENTS))
        for person in people[:WARM_UP]:
            vote(product, copy, at_the_door(product, copy, person))
            vote_bare(bare, person)
        for first in range(WARM_UP, len(people), BALLOTS_A_ROUND):
            share = people[first : first + BALLOTS_A_ROUND]
            voters = list(clients.map(lambda one: at_the_door(product, copy, one), share))
            print(f"{name}: {first} cast", file=sys.stderr)
            fast, took = rate(clients, lambda voter: vote(product, copy, voter), voters)
            bare_fast, _ = rate(clients, lambda person: vote_bare(bare, person), share)
            rates.append(fast)
            bare_rates.append(bare_fast)
            seconds += took
    _insist_all_stand(url, copy.ballot_id, len(people))
    ratio = statistics.median(one / other for one, other in zip(rates, bare_rates, strict=True))
    return {
        "db": name,
        "options": OPTIONS,
        "rate": round(statistics.median(rates), 1),
        "bare_rate": round(statistics.median(bare_rates), 1),
        "ratio": round(ratio, 3),
        "p95_ms": round(sorted(seconds)[int(len(seconds) * 0.95)] * 1000, 1),
    }


def _insist_all_stand(url: str, ballot_id: int, expected: int) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        sealed = connection.execute(text("SELECT count(*) FROM envelope")).scalar_one()
        counted = connection.execute(
            text("SELECT cast_count FROM ballot WHERE id=:id"), {"id": ballot_id}
        ).scalar_one()
    engine.dispose()
    if (sealed, counted) != (expected, expected):
        raise RuntimeError(f"{sealed} envelopes and {counted} counted, not {expected}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cast", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), help="measure one database alone")
    asked = parser.parse_args()
    runs = []
    with ExitStack() as stack:
        for name in (asked.db,) if asked.db else ("sqlite", "postgresql"):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-bench-")))
            if name == "sqlite":
                url = f"sqlite:///{folder / 'madang.db'}"
            else:
                url = stack.enter_context(postgres(fsync=True)).url()
            runs.append(measure(name, url, folder))
    print(f"{'database':<12}{'ballots/s':>10}{'bare/s':>10}{'ratio':>8}{'p95 ms':>9}")
    for run in runs:
        print(
            f"{run['db']:<12}{run['rate']:>10}{run['bare_rate']:>10}"
            f"{run['ratio']:>8}{run['p95_ms']:>9}"
        )
    print(json.dumps({"runs": runs}))


if __name__ == "__main__":
    main()
