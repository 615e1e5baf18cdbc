"""How fast maps are drawn, threads read and sentences weighed: `python -m bench.forum`.

Maps are drawn in this process from made-up weighings; pages are asked of the product under
gunicorn, two sync workers, in turns with a bare list page. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from app.core.clock import FixedClock
from app.core.orm import Base
from app.factory import create_app, prepare_database
from app.forum import actions
from app.forum.models import Topic
from app.forum.rules.mapping import chart
from app.settings import read_settings
from app.web import logs
from app.web.database import db
from bench import board_rows
from bench.board import get, p95, post, rate
from bench.support import postgresql_pair, served, settle, show, unwind_when_stopped
from tests.forum.steps import TEXT, Forum
from tests.forum.villages import village
from tests.support.http import Browser
from tests.support.services import ServiceMissing
from tests.support.world import World

if TYPE_CHECKING:
    from flask import Flask

FULL = (5_000, 200, 1.0)
SPARSE = (50_000, 500, 0.05)
FEW, MANY = 100, 10_000
RESIDENTS, CLAIMS = 40, 60
ROUNDS, READS, WEIGHINGS = 7, 160, 200
WARM_UP = 60
TOPICS, BARE_ROWS = 30, 1_000
KEYS = (
    "groups_s",
    "sparse_s",
    "topic_list_rate",
    "topic_page_rate",
    "bare_rate",
    "list_ratio",
    "page_ratio",
    "thread_growth",
    "weigh_rate",
)


@dataclass(frozen=True)
class Stand:
    """A filled database: the short and the long thread, the sentences, the residents."""

    environment: dict[str, str]
    threads: tuple[str, str]
    claims: list[str]
    residents: list[tuple[str, str]]


def drawing_seconds(people: int, statements: int, filled: float, *, times: int = 3) -> float:
    """Return the median of the seconds it takes to draw a map from nothing."""
    votes, _ = village(people, statements, filled=filled)
    took = []
    for _ in range(times):
        began = time.perf_counter()
        chart(votes)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def lay_out(url: str, folder: Path) -> Stand:
    """Migrate a database and fill two threads and one topic's sentences."""
    environment = {
        **os.environ,
        "ENVIRONMENT": "development",
        "DATABASE_URL": url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "a secret for measuring only, thirty-two",
    }
    clock = FixedClock(datetime.now(UTC))
    app = create_app(read_settings(environment), clock=clock)
    logs.configure(quiet=True)
    with app.app_context():
        prepare_database()
    world = World(app, clock)
    short, long = Forum(world), Forum(world)
    for _ in range(TOPICS - 2):
        Forum(world)
    author = world.resident()
    for forum, count in ((short, FEW), (long, MANY)):
        _fill(world, forum, author, count)
    claims = _claims(world, short)
    stand = Stand(
        environment,
        (short.url, long.url),
        [f"{short.url}/claims/{claim}/weigh" for claim in claims],
        [_signed_in(app, world, short) for _ in range(RESIDENTS)],
    )
    with app.app_context():
        settle(db.engine)
        db.engine.dispose()
    return stand


def _fill(world: World, forum: Forum, author: int, count: int) -> None:
    """Insert opinions, a third on each side."""
    sides = ("for", "improve", "against")
    rows = [
        {
            "topic_id": forum.topic_id,
            "author_id": author,
            "stance": sides[number % 3],
            "text": TEXT,
            "reason": f"{number}째 까닭",
            "created_at": world.at,
            "endorsement_count": number % 40,
            "reply_count": 0,
        }
        for number in range(count)
    ]
    with world.write() as session:
        session.execute(insert(Base.metadata.tables["opinion"]), rows)
        topic = session.get_one(Topic, forum.topic_id)
        topic.for_count, topic.improve_count = (count + 2) // 3, (count + 1) // 3
        topic.against_count = count // 3


def _claims(world: World, forum: Forum) -> list[int]:
    with world.write() as session:
        by, topic = world.standing(session, forum.moderator), session.get_one(Topic, forum.topic_id)
        return [
            actions.add_claim(
                session, topic, text=f"{number}째로 올린 한 문장입니다", by=by, at=world.at
            ).id
            for number in range(CLAIMS)
        ]


def _signed_in(app: Flask, world: World, forum: Forum) -> tuple[str, str]:
    browser = Browser(app).sign_in(world, world.resident()).open(f"{forum.url}/weigh")
    token, found = browser.csrf(), browser.client.get_cookie("madang")
    if found is None:
        raise RuntimeError("the page gave no session")
    return f"madang={found.value}", token


def measure(name: str, urls: tuple[str, str], folder: Path) -> dict[str, Any]:
    """Measure the pages on one kind of database: long and short thread, bare page, in turns."""
    stand = lay_out(urls[0], folder)
    other = board_rows.lay_out(urls[1], folder, BARE_ROWS, 0)
    growth, weighed = [], []
    rates: dict[str, list[float]] = {"list": [], "page": [], "bare": []}
    with (
        served("wsgi:app", stand.environment) as port,
        served("bench.bare_board:create_app()", other.environment) as bare,
    ):
        pages = {
            "list": [get(port, "/forum")] * READS,
            "page": [get(port, stand.threads[0])] * READS,
            "bare": [get(bare, "/proposals?page=1")] * READS,
        }
        cookie = stand.residents[0][0]
        threads = [[get(port, path, cookie)] * READS for path in stand.threads]
        acts = [
            post(port, path, *resident, value=(place + number) % 3 - 1)
            for place, path in enumerate(stand.claims)
            for number, resident in enumerate(stand.residents)
        ]
        for asks in (*threads, *pages.values(), acts):
            rate(asks[:WARM_UP])
        for turn in range(ROUNDS):
            for key in pages if turn % 2 else reversed(pages):
                rates[key].append(rate(pages[key]))
            took = [p95(threads[one]) for one in ((0, 1) if turn % 2 else (1, 0))]
            short, long = took if turn % 2 else took[::-1]
            growth.append(long / short)
            begin = WARM_UP + turn * WEIGHINGS
            weighed.append(rate(acts[begin : begin + WEIGHINGS]))
    return {
        "db": name,
        "topic_list_rate": round(statistics.median(rates["list"]), 1),
        "topic_page_rate": round(statistics.median(rates["page"]), 1),
        "bare_rate": round(statistics.median(rates["bare"]), 1),
        "list_ratio": _ratio(rates["list"], rates["bare"]),
        "page_ratio": _ratio(rates["page"], rates["bare"]),
        "thread_growth": round(statistics.median(growth), 3),
        "weigh_rate": round(statistics.median(weighed), 1),
    }


def _ratio(ones: list[float], others: list[float]) -> float:
    return round(statistics.median(one / other for one, other in zip(ones, others, strict=True)), 3)


def run(name: str) -> dict[str, Any]:
    """Measure on one kind of database; say so where it is not installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-bench-")))
        if name == "sqlite":
            urls = (f"sqlite:///{folder / 'forum.db'}", f"sqlite:///{folder / 'bare.db'}")
            return measure(name, urls, folder)
        try:
            urls = postgresql_pair(stack)
        except ServiceMissing as missing:
            return dict.fromkeys(KEYS[2:]) | {"db": name, "note": str(missing)}
        return measure(name, urls, folder)


def main() -> None:
    """Measure, print a table, and the JSON object last."""
    parser = argparse.ArgumentParser(prog="python -m bench.forum", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), help="measure one database alone")
    asked = parser.parse_args()
    unwind_when_stopped()
    drawn = {
        "groups_s": round(drawing_seconds(*FULL), 3),
        "sparse_s": round(drawing_seconds(*SPARSE, times=1), 3),
    }
    runs = [drawn | run(name) for name in ((asked.db,) if asked.db else ("sqlite", "postgresql"))]
    show(runs, KEYS)


if __name__ == "__main__":
    main()
