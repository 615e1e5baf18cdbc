"""How many ballots a second are prepared and cast, beside a bare endpoint: `python -m bench.cast`.

The product and the reference run under the same server (gunicorn, two sync workers) on the same
database, in turns. A ballot of the product is two signed-in requests with CSRF tokens: the review
(checks, commitment, sealed state, a page) and the cast (roll, seal, audit, turnout). A ballot of
the reference is one request without any of it. `rate` counts whole ballots. `accept_rate`
counts casts alone, of ballots reviewed beforehand: no more than that is left to the server where
browsers prepare ballots. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
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
from bench.support import WORKERS, served, settle, show, unwind_when_stopped
from tests.ballots.conftest import Polls
from tests.support.services import ServiceMissing, postgres
from tests.support.world import World

OPTIONS = 10
ROUNDS = 5
BALLOTS_A_ROUND = 120
AT_HALF_LOAD = 200
CLIENTS = 2 * WORKERS
WARM_UP = 12
KEYS = ("rate", "accept_rate", "bare_rate", "ratio", "p95_ms", "p99_half_load_ms")
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_STATE = re.compile(r'name="state" value="([^"]+)"')


@dataclass(frozen=True)
class Voter:
    """One person at the door: their cookie, the token of the page they opened, what they chose."""

    person: int
    cookie: str
    token: str = ""
    state: str = ""


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
        settle(db.engine)
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
    cookie = client.get_cookie("madang")
    if cookie is None:
        raise RuntimeError("the session left no cookie")
    return f"madang={cookie.value}"


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
    return Voter(person, cookie, _found(_CSRF, page))


def prepare(port: int, copy: Copy, voter: Voter) -> Voter:
    """Have one ballot reviewed, ready to be cast."""
    picks = [("pick", str(option)) for option in copy.option_ids[:3]]
    path = f"/ballots/{copy.ballot_id}/booth/review"
    status, page, _ = send(port, "POST", path, [("csrf_token", voter.token), *picks], voter.cookie)
    if status != 200:
        raise RuntimeError(f"the review answered {status}")
    return replace(voter, state=_found(_STATE, page))


def _found(field: re.Pattern[str], page: str) -> str:
    match = field.search(page)
    if match is None:
        raise RuntimeError(f"the page holds no {field.pattern}")
    return match[1]


def accept(port: int, copy: Copy, ready: Voter) -> float:
    """Cast one reviewed ballot; return the seconds it took."""
    began = time.perf_counter()
    fields = [("csrf_token", ready.token), ("state", ready.state)]
    path = f"/ballots/{copy.ballot_id}/booth/cast"
    status, _, _ = send(port, "POST", path, fields, ready.cookie)
    if status != 303:
        raise RuntimeError(f"the cast answered {status}")
    return time.perf_counter() - began


def vote(port: int, copy: Copy, voter: Voter) -> float:
    """Prepare and cast one ballot; return the seconds it took."""
    began = time.perf_counter()
    accept(port, copy, prepare(port, copy, voter))
    return time.perf_counter() - began


def vote_bare(port: int, person: int) -> float:
    """Cast one ballot with the reference; return the seconds it took."""
    began = time.perf_counter()
    fields = [("person", str(person)), *(("pick", str(option)) for option in (1, 2, 3))]
    status, _, _ = send(port, "POST", "/cast", fields)
    if status != 200:
        raise RuntimeError(f"the reference answered {status}")
    return time.perf_counter() - began


def rate(
    clients: ThreadPoolExecutor, cast: Callable[[Any], float], voters: Sequence[Any]
) -> tuple[float, list[float]]:
    """Let some clients cast for these voters; return ballots a second and each one's seconds."""
    began = time.perf_counter()
    took = list(clients.map(cast, voters))
    return len(voters) / (time.perf_counter() - began), took


def paced(
    clients: ThreadPoolExecutor,
    cast: Callable[[Any], float],
    voters: Sequence[Any],
    per_second: float,
) -> list[float]:
    """Let voters come at an even pace; return how long each took from when they should have begun.

    Who had to wait for a free client waited too, so a server that falls behind shows.
    """
    start = time.perf_counter()

    def come(numbered: tuple[int, Voter]) -> float:
        due = start + numbered[0] / per_second
        time.sleep(max(0.0, due - time.perf_counter()))
        cast(numbered[1])
        return time.perf_counter() - due

    return list(clients.map(come, enumerate(voters)))


def measure(name: str, url: str, folder: Path) -> dict[str, object]:
    """Measure one database: product and reference in turns, the median of their ratios."""
    print(f"{name}: laying out", file=sys.stderr)
    copy = lay_out(url, folder, WARM_UP + 2 * ROUNDS * BALLOTS_A_ROUND + AT_HALF_LOAD)
    people = list(copy.cookies)
    rates, accept_rates, bare_rates, seconds = [], [], [], []
    with ExitStack() as stack:
        product = stack.enter_context(served("wsgi:app", copy.environment))
        bare = stack.enter_context(served("bench.bare_cast:create_app()", copy.environment))
        clients = stack.enter_context(ThreadPoolExecutor(CLIENTS))

        def come(share: Sequence[int]) -> list[Voter]:
            return list(clients.map(lambda one: at_the_door(product, copy, one), share))

        for voter in come(people[:WARM_UP]):
            vote(product, copy, voter)
            vote_bare(bare, voter.person)
        for turn in range(ROUNDS):
            first = WARM_UP + 2 * turn * BALLOTS_A_ROUND
            voters = come(people[first : first + BALLOTS_A_ROUND])
            print(f"{name}: {first} cast", file=sys.stderr)
            for own in (True, False) if turn % 2 == 0 else (False, True):
                if own:
                    fast, took = rate(clients, lambda voter: vote(product, copy, voter), voters)
                    rates.append(fast)
                    seconds += took
                else:
                    fast, _ = rate(clients, lambda voter: vote_bare(bare, voter.person), voters)
                    bare_rates.append(fast)
            others = come(people[first + BALLOTS_A_ROUND : first + 2 * BALLOTS_A_ROUND])
            ready = list(clients.map(lambda voter: prepare(product, copy, voter), others))
            fast, _ = rate(clients, lambda voter: accept(product, copy, voter), ready)
            accept_rates.append(fast)
        late = come(people[-AT_HALF_LOAD:])
        pace = statistics.median(rates) / 2
        calm = paced(clients, lambda voter: vote(product, copy, voter), late, pace)
    _insist_all_stand(url, copy.ballot_id, len(people))
    ratio = statistics.median(one / other for one, other in zip(rates, bare_rates, strict=True))
    return {
        "db": name,
        "options": OPTIONS,
        "rate": round(statistics.median(rates), 1),
        "accept_rate": round(statistics.median(accept_rates), 1),
        "bare_rate": round(statistics.median(bare_rates), 1),
        "ratio": round(ratio, 3),
        "p95_ms": _percentile(seconds, 0.95),
        "p99_half_load_ms": _percentile(calm, 0.99),
    }


def _percentile(seconds: Sequence[float], share: float) -> float:
    return round(sorted(seconds)[int(len(seconds) * share)] * 1000, 1)


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


def run(name: str) -> dict[str, object]:
    """Measure on one kind of database; say so where it is not installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-bench-")))
        if name == "sqlite":
            return measure(name, f"sqlite:///{folder / 'madang.db'}", folder)
        try:
            url = stack.enter_context(postgres(fsync=True)).url()
        except ServiceMissing as missing:
            return dict.fromkeys(KEYS) | {"db": name, "options": OPTIONS, "note": str(missing)}
        return measure(name, url, folder)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cast", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), help="measure one database alone")
    asked = parser.parse_args()
    unwind_when_stopped()
    runs = [run(name) for name in ((asked.db,) if asked.db else ("sqlite", "postgresql"))]
    show(runs, KEYS)


if __name__ == "__main__":
    main()
