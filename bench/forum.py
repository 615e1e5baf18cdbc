"""How fast maps are drawn, topics read and sentences weighed: `python -m bench.forum`.

Maps are drawn in this process from made-up weighings; pages are asked of the product under
gunicorn, two sync workers, in turns with the bare list page of the board. The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, insert, make_url, text

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
from bench.board import LIST_PAGES, get, p95, post, rate, ratio
from bench.support import served, show, unwind_when_stopped
from tests.forum.steps import TEXT, Forum
from tests.forum.villages import village
from tests.support.http import Browser
from tests.support.services import ServiceMissing, postgres
from tests.support.world import World

if TYPE_CHECKING:
    from flask import Flask

FULL = (5_000, 200, 1.0)
SPARSE = (50_000, 500, 0.05)
FEW, MANY = 100, 10_000
RESIDENTS, CLAIMS = 40, 60
OPEN_TOPICS, PAST_TOPICS, BARE_ROWS = 8, 20, 1_000
ROUNDS, READS, WEIGHINGS = 5, 80, 200
WARM_UP = 20
SERVED = (
    "bare_rate",
    "topics_rate",
    "topics_ratio",
    "topic_rate",
    "topic_ratio",
    "thread_growth",
    "weigh_rate",
)
KEYS = ("groups_s", "sparse_s", *SERVED)


@dataclass(frozen=True)
class Stand:
    """A filled database: the short and the long thread, the sentences, the residents."""

    environment: dict[str, str]
    threads: tuple[str, str]
    claims: list[str]
    residents: list[tuple[str, str]]
    visitor: str


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
    author = world.resident()
    for forum, count in ((short, FEW), (long, MANY)):
        _fill(world, forum, author, count)
    claims = _claims(world, short)
    _list_further_topics(world, short, author)
    with app.app_context(), db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    stand = Stand(
        environment,
        (short.url, long.url),
        [f"{short.url}/claims/{claim}/weigh" for claim in claims],
        [_signed_in(app, world, short) for _ in range(RESIDENTS)],
        _cookie(Browser(app).open("/forum")),
    )
    with app.app_context():
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


def _list_further_topics(world: World, forum: Forum, author: int) -> None:
    """Insert topics with counts until the list has as many open and past ones as it should."""
    shared = {"kind": "question", "opened_by": author, "background": TEXT}
    with world.write() as session:
        topic = session.get_one(Topic, forum.topic_id)
        shared |= {"place_id": topic.place_id, "department_id": topic.department_id}
        for number in range(OPEN_TOPICS - 2 + PAST_TOPICS):
            closes_at = topic.closes_at - timedelta(days=0 if number < OPEN_TOPICS - 2 else 200)
            session.add(
                Topic(
                    **shared,
                    title=f"{number}째 골목에 그늘막을 놓을까요?",
                    question="여름이 오기 전에 정하려고 합니다. 어디에 먼저 놓으면 좋을까요?",
                    opens_at=closes_at - timedelta(days=30),
                    closes_at=closes_at,
                    created_at=closes_at - timedelta(days=31),
                    for_count=number * 7,
                    against_count=number * 3,
                    improve_count=number,
                )
            )


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
    return _cookie(browser), browser.csrf()


def _cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("madang")
    if found is None:
        raise RuntimeError("the page gave no session")
    return f"madang={found.value}"


def measure(name: str, url: str, bare_url: str, folder: Path) -> dict[str, Any]:
    """Measure the pages on one kind of database: pages beside the bare one, threads in turns."""
    stand = lay_out(url, folder)
    reference = board_rows.lay_out(bare_url, folder, BARE_ROWS, 0)
    growth, weighed = [], []
    rates: dict[str, list[float]] = {"bare": [], "topics": [], "topic": []}
    with ExitStack() as stack:
        port = stack.enter_context(served("wsgi:app", stand.environment))
        bare = stack.enter_context(served("bench.bare_board:create_app()", reference.environment))
        cookie = stand.residents[0][0]
        threads = [[get(port, path, cookie)] * READS for path in stand.threads]
        pages = {
            "bare": [get(bare, f"/proposals?page={n % LIST_PAGES + 1}") for n in range(READS)],
            "topics": [get(port, "/forum", stand.visitor)] * READS,
            "topic": [get(port, stand.threads[0], stand.visitor)] * READS,
        }
        acts = [
            post(port, path, *resident, value=(place + number) % 3 - 1)
            for place, path in enumerate(stand.claims)
            for number, resident in enumerate(stand.residents)
        ]
        for asks in (*threads, *pages.values(), acts):
            rate(asks[:WARM_UP])
        for turn in range(ROUNDS):
            took = [p95(threads[one]) for one in ((0, 1) if turn % 2 else (1, 0))]
            short, long = took if turn % 2 else took[::-1]
            growth.append(long / short)
            for key in sorted(pages, reverse=bool(turn % 2)):
                rates[key].append(rate(pages[key]))
            begin = WARM_UP + turn * WEIGHINGS
            weighed.append(rate(acts[begin : begin + WEIGHINGS]))
    return {
        "db": name,
        "bare_rate": round(statistics.median(rates["bare"]), 1),
        "topics_rate": round(statistics.median(rates["topics"]), 1),
        "topics_ratio": round(ratio(rates["topics"], rates["bare"]), 3),
        "topic_rate": round(statistics.median(rates["topic"]), 1),
        "topic_ratio": round(ratio(rates["topic"], rates["bare"]), 3),
        "thread_growth": round(statistics.median(growth), 3),
        "weigh_rate": round(statistics.median(weighed), 1),
    }


def run(name: str) -> dict[str, Any]:
    """Measure on one kind of database; say so where it is not installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-bench-")))
        if name == "sqlite":
            urls = [f"sqlite:///{folder / one}.db" for one in ("forum", "bare")]
            return measure(name, *urls, folder)
        try:
            server = make_url(stack.enter_context(postgres(fsync=True)).url())
        except ServiceMissing as missing:
            return dict.fromkeys(SERVED) | {"db": name, "note": str(missing)}
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        urls = []
        with admin.connect() as connection:
            for one in ("forum", "bare"):
                connection.execute(text(f"CREATE DATABASE {one}"))
                urls.append(server.set(database=one).render_as_string(hide_password=False))
        admin.dispose()
        return measure(name, *urls, folder)


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
