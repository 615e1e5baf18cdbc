"""How fast the board answers, beside a bare list page: `python -m bench.board`.

Every database is filled twice, with a thousand and with a hundred thousand proposals. The product
stands before both, the reference before the smaller, all under the same server (gunicorn, two sync
workers), and they are asked in turns. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from sqlalchemy import create_engine, insert, make_url, text

from app.core.clock import FixedClock, seoul_day
from app.core.numbers import receipt_number
from app.factory import create_app, prepare_database
from app.proposals.models import (
    Field,
    Proposal,
    ProposalState,
    Reply,
    Stage,
    TimelineCode,
    TimelineEntry,
    Verdict,
)
from app.proposals.rules import search_text
from app.settings import read_settings
from app.web import logs
from app.web.database import db
from bench.support import WORKERS, served
from tests.support.http import Browser
from tests.support.services import ServiceMissing, postgres
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

SMALL, LARGE = 1_000, 100_000
AUTHORS, RESIDENTS = 30, 40
ROUNDS = 7
PAGES_A_ROUND, LATENCIES_A_ROUND = 160, 120
DETAILS_A_ROUND, ENDORSEMENTS_A_ROUND = 80, 60
CLIENTS = 2 * WORKERS
WARM_UP = 12
LIST_PAGES = 5
THRESHOLD = 300
ROWS_AT_ONCE = 5_000
BODY = (
    "독산로 끝 빈터는 **세 해째** 비어 있습니다. 밤이면 어두워 아이들이 돌아서 갑니다.\n\n"
    "- 긴 의자 두 개와 그늘막\n- 밤에 켜지는 등 두 개\n- 달마다 한 번 이웃이 함께 쓸기\n\n"
    "가까운 어린이집 두 곳과 노인정이 함께 쓰겠다고 했습니다."
)
WHERE = (
    "골목 끝 빈터",
    "초등학교 앞길",
    "마을버스 정류장",
    "독산로 보도",
    "시장 뒷길",
    "안양천 산책로",
    "작은 도서관",
    "주민센터 마당",
    "언덕 계단",
    "놀이터 옆 공터",
)
WHAT = (
    "가로등",
    "그늘막",
    "쉼터",
    "자전거 거치대",
    "텃밭",
    "안전 손잡이",
    "공유 서가",
    "분리배출함",
    "어린이 물놀이터",
    "길고양이 급식소",
    "빗물받이 청소",
    "주차 안내판",
)
ACTS = ("놓아 주세요", "고쳐 주세요", "늘려 주세요", "함께 가꾸어요", "옮겨 주세요")
QUERIES = (
    "쉼터",
    "가로등",
    "골목 가로등",
    "어린이 물놀이터",
    "안양천 그늘막",
    "자전거 거치대 늘려",
    "독산로",
    "계단 손잡이",
    "ㅅㅌ",
    "ㄱㄹㄷ",
    "ㅈㅈㄱ ㄱㅊㄷ",
    "가로ㄷ",
    "없는낱말입니다",
    "정류장 주차",
    "등",
    "서가 ㄷㅅㄱ",
)


@dataclass(frozen=True)
class Stand:
    """One filled database and how the product is started on it."""

    environment: dict[str, str]
    open_ids: list[int]
    visitor: str
    residents: list[tuple[str, str]]


# ---------------------------------------------------------------- filling


def lay_out(url: str, folder: Path, count: int, residents: int) -> Stand:
    """Migrate a database and fill it; residents come signed in: cookie and CSRF token."""
    environment = {
        **os.environ,
        "ENVIRONMENT": "development",
        "DATABASE_URL": url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "a secret for measuring only, thirty-two",
    }
    now = datetime.now(UTC)
    app = create_app(read_settings(environment), clock=FixedClock(now))
    logs.configure(quiet=True)
    with app.app_context():
        prepare_database()
    world = World(app, FixedClock(now))
    authors = world.residents(AUTHORS)
    with world.write() as session:
        open_ids = _fill(world, session, authors, count, now)
    with (
        app.app_context(),
        db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(text("ANALYZE"))
    stand = Stand(
        environment,
        open_ids,
        _cookie(Browser(app).open("/proposals?all=1")),
        [_signed_in(app, world, open_ids[0]) for _ in range(residents)],
    )
    with app.app_context():
        db.engine.dispose()
    return stand


def _fill(
    world: World, session: Session, authors: Sequence[int], count: int, now: datetime
) -> list[int]:
    """Insert the proposals with replies and timelines; return those that may be endorsed."""
    dongs = [world.place(session, slug) for slug in ("doksan1", "doksan2", "gasan")]
    department, chance = world.department(session), random.Random(count)
    open_ids = []
    for first in range(1, count + 1, ROWS_AT_ONCE):
        proposals, replies, entries = [], [], []
        for serial in range(first, min(first + ROWS_AT_ONCE, count + 1)):
            at = now - timedelta(minutes=7 * (count - serial + 1))
            dong = dongs[serial % len(dongs)]
            state = _state(serial)
            title = f"{chance.choice(WHERE)}에 {chance.choice(WHAT)} {chance.choice(ACTS)}"
            number = receipt_number(seoul_day(at).year, dong.code, serial)
            sense = f"{chance.choice(WHAT)} 하나면 {chance.choice(WHERE)}이 달라집니다"
            jamo, initials = search_text(title, sense, number)
            closes_at = now + timedelta(days=1 + serial % 20) if state == "endorsing" else at
            proposals.append(
                {
                    "id": serial,
                    "number": number,
                    "place_id": dong.id,
                    "home_place_id": dong.id,
                    "author_id": authors[serial % len(authors)],
                    "field": list(Field)[serial % len(Field)],
                    "title": title,
                    "sense": sense,
                    "body": BODY,
                    "state": state,
                    "created_at": at,
                    "published_at": at,
                    "threshold": None if state == "precheck" else THRESHOLD,
                    "opens_at": at,
                    "closes_at": closes_at,
                    "decision_days": 20,
                    "endorsement_count": 0 if state == "precheck" else chance.randrange(20),
                    "department_id": department.id,
                    "review_began_at": at if state in ("review", "replied") else None,
                    "reply_due_on": seoul_day(now) + timedelta(days=serial % 30 - 5)
                    if state == "review"
                    else None,
                    "search_jamo": jamo,
                    "search_initials": initials,
                }
            )
            entries += [_entry(serial, code, at) for code in _passages(state)]
            if state is ProposalState.REPLIED:
                replies.append(
                    {
                        "proposal_id": serial,
                        "verdict": list(Verdict)[serial % len(Verdict)],
                        "department_id": department.id,
                        "reason": "올해 예산으로 할 수 있는 일과 없는 일을 나누어 답합니다.",
                        "by": authors[0],
                        "at": at,
                    }
                )
            if state is ProposalState.ENDORSING and dong is dongs[0]:
                open_ids.append(serial)
        session.execute(insert(Proposal), proposals)
        session.execute(insert(TimelineEntry), entries)
        if replies:
            session.execute(insert(Reply), replies)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval('proposal_id_seq', :last)"), {"last": count})
    return open_ids


def _state(serial: int) -> ProposalState:
    """Return how far a proposal has come: most are answered or have missed their window."""
    share = serial % 20
    if share == 0:
        return ProposalState.PRECHECK
    if share <= 3:
        return ProposalState.ENDORSING
    if share <= 6:
        return ProposalState.REVIEW
    return ProposalState.EXPIRED if share <= 11 else ProposalState.REPLIED


def _passages(state: ProposalState) -> list[TimelineCode]:
    way = [TimelineCode.PUBLISHED]
    if state is not ProposalState.PRECHECK:
        way.append(TimelineCode.PRECHECK_PASSED)
    if state in (ProposalState.REVIEW, ProposalState.REPLIED):
        way.append(TimelineCode.THRESHOLD_REACHED)
    if state is ProposalState.REPLIED:
        way.append(TimelineCode.REPLIED)
    return way


def _entry(proposal_id: int, code: TimelineCode, at: datetime) -> dict[str, object]:
    stage = {
        TimelineCode.PUBLISHED: Stage.PROPOSAL,
        TimelineCode.PRECHECK_PASSED: Stage.ENDORSEMENT,
    }.get(code, Stage.REVIEW)
    return {"proposal_id": proposal_id, "stage": stage, "code": code, "at": at}


def _cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("madang")
    if found is None:
        raise RuntimeError("the page gave no session")
    return f"madang={found.value}"


def _signed_in(app: Flask, world: World, proposal_id: int) -> tuple[str, str]:
    """Sign a verified resident in; return the session's cookie and its CSRF token."""
    browser = Browser(app).sign_in(world, world.resident()).open(f"/proposals/{proposal_id}")
    token = browser.csrf()
    return _cookie(browser), token


# ---------------------------------------------------------------- asking


@dataclass(frozen=True)
class Ask:
    """One request as it goes over the wire, and the status it must be answered with."""

    port: int
    wire: bytes
    status: bytes = b"200"


def ask(what: Ask) -> float:
    """Send a request and read all of its answer; return the seconds it took."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", what.port), timeout=60) as wire:
        wire.sendall(what.wire)
        parts = []
        while part := wire.recv(65_536):
            parts.append(part)
    took = time.perf_counter() - began
    if parts[0][9:12] != what.status:
        raise RuntimeError(f"{what.wire[:80]!r} was answered {parts[0][:80]!r}")
    return took


def get(port: int, path: str, cookie: str = "") -> Ask:
    """Return the request for a page."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return Ask(port, "\r\n".join([*lines, "", ""]).encode())


def post(port: int, path: str, cookie: str, token: str) -> Ask:
    """Return the request that sends a one-button form."""
    body = urlencode({"csrf_token": token})
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        f"Cookie: {cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return Ask(port, "\r\n".join([*lines, "", body]).encode(), b"303")


def rate(asks: Sequence[Ask]) -> float:
    """Let some clients ask all of this at once; return answers a second."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        began = time.perf_counter()
        for _ in clients.map(ask, asks):
            pass
        return len(asks) / (time.perf_counter() - began)


def p95(asks: Sequence[Ask]) -> float:
    """Let one client a worker ask; return the 95th percentile of the seconds."""
    with ThreadPoolExecutor(WORKERS) as clients:
        took = sorted(clients.map(ask, asks))
    return took[int(len(took) * 0.95)]


# ---------------------------------------------------------------- measuring


def measure(name: str, urls: tuple[str, str], folder: Path) -> dict[str, object]:
    """Measure one kind of database: product and reference, small and large, in turns."""
    small = lay_out(urls[0], folder, SMALL, RESIDENTS)
    large = lay_out(urls[1], folder, LARGE, 0)
    seen: dict[str, list[float]] = {}

    def note(key: str, value: float) -> None:
        seen.setdefault(key, []).append(value)

    with ExitStack() as stack:
        product = stack.enter_context(served("wsgi:app", small.environment))
        crowded = stack.enter_context(served("wsgi:app", large.environment))
        bare = stack.enter_context(served("bench.bare_board:create_app()", small.environment))
        endorsements = _endorsements(product, small)
        searches = [
            get(crowded, f"/proposals?q={quote(words)}&all=1", large.visitor) for words in QUERIES
        ]
        pages = {
            "list": lambda n: get(product, _page(n), small.visitor),
            "bare": lambda n: get(bare, f"/proposals?page={n % LIST_PAGES + 1}"),
            "crowded": lambda n: get(crowded, _page(n), large.visitor),
        }
        details = [
            get(product, f"/proposals/{n * 17 % SMALL + 1}", small.residents[n % RESIDENTS][0])
            for n in range(DETAILS_A_ROUND)
        ]
        for warm in (*pages.values(), lambda n: details[n], lambda n: searches[n]):
            rate(_many(warm, WARM_UP))
        for turn in range(ROUNDS):
            for key in _alternate(("list", "bare"), turn):
                note(key, rate(_many(pages[key], PAGES_A_ROUND)))
            for key in _alternate(("list", "crowded"), turn):
                note(f"{key}_p95", p95(_many(pages[key], LATENCIES_A_ROUND)))
            note("detail", rate(details))
            note("endorse", rate([next(endorsements) for _ in range(ENDORSEMENTS_A_ROUND)]))
            note("search_p95", p95(searches * 4))
    return {
        "db": name,
        "proposals": [SMALL, LARGE],
        "list_rate": round(statistics.median(seen["list"]), 1),
        "bare_rate": round(statistics.median(seen["bare"]), 1),
        "ratio": round(_ratio(seen["list"], seen["bare"]), 3),
        "growth": round(_ratio(seen["crowded_p95"], seen["list_p95"]), 3),
        "detail_rate": round(statistics.median(seen["detail"]), 1),
        "endorse_rate": round(statistics.median(seen["endorse"]), 1),
        "search_p95_ms": round(statistics.median(seen["search_p95"]) * 1000, 1),
    }


def _page(number: int) -> str:
    return f"/proposals?all=1&page={number % LIST_PAGES + 1}"


def _many(make: Callable[[int], Ask], count: int) -> list[Ask]:
    return [make(number) for number in range(count)]


def _alternate(pair: tuple[str, str], turn: int) -> tuple[str, ...]:
    """Let each of a pair go first in every other round."""
    return pair if turn % 2 == 0 else pair[::-1]


def _ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios, each within one round."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def _endorsements(port: int, stand: Stand) -> Iterator[Ask]:
    """Yield endorsements that have not been given, each resident's far apart."""
    for proposal_id in stand.open_ids:
        for cookie, token in stand.residents:
            yield post(port, f"/proposals/{proposal_id}/endorse", cookie, token)


def _postgresql_pair(stack: ExitStack) -> tuple[str, str]:
    """Start PostgreSQL as durable as in production; return the addresses of two databases."""
    url = make_url(stack.enter_context(postgres(fsync=True)).url())
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("small", "large"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    small, large = (
        url.set(database=name).render_as_string(hide_password=False) for name in ("small", "large")
    )
    return small, large


def run(name: str) -> dict[str, Any]:
    """Measure on one kind of database; say so where it is not installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-bench-")))
        if name == "sqlite":
            urls = (f"sqlite:///{folder / 'small.db'}", f"sqlite:///{folder / 'large.db'}")
        else:
            try:
                urls = _postgresql_pair(stack)
            except ServiceMissing as missing:
                return dict.fromkeys(KEYS) | {"db": name, "note": str(missing)}
        return measure(name, urls, folder)


KEYS = (
    "list_rate",
    "bare_rate",
    "ratio",
    "growth",
    "detail_rate",
    "endorse_rate",
    "search_p95_ms",
)


def main() -> None:
    """Measure, print a table, and the JSON object last."""
    parser = argparse.ArgumentParser(prog="python -m bench.board", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), help="measure one database alone")
    asked = parser.parse_args()
    runs = [run(name) for name in ((asked.db,) if asked.db else ("sqlite", "postgresql"))]
    print(f"{'database':<12}" + "".join(f"{key:>15}" for key in KEYS))
    for one in runs:
        print(f"{one['db']:<12}" + "".join(f"{one[key] or '–':>15}" for key in KEYS))
    print(json.dumps({"runs": runs}, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
