"""How fast ballots are counted: `python -m bench.count`.

A million approval ballots are read and counted by the engine beside the database's own indexed
GROUP BY, in turns; Equal Shares stand beside pabutools, which `make bench-count` installs in an
environment of its own; instant runoff is timed alone. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import importlib
import random
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, make_url, text

from app.ballots.rules.counting.election import Approval, Candidate, Ranking
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from bench.support import settle, show, unwind_when_stopped
from tests.support.services import ServiceMissing, postgres

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection, Engine

BALLOTS, OPTIONS, PICKS = 1_000_000, 40, (3, 4)  # 3.5 million choices
VOTERS, PROJECTS = 5_000, 60
RANKINGS, RANKED = 100_000, 12
ROUNDS = 9
BATCH = 200_000
OTHER = Path(".venv-oracle/bin/python")
KEYS = ("approval_s", "groupby_s", "ratio", "mes_s", "pabutools_s", "irv_s")

GROUP_BY = text("SELECT option_id, count(*) FROM choice GROUP BY option_id")


def fill(engine: Engine) -> None:
    """Lay a million approval ballots out as rows of choices, with the index that counting uses."""
    chance = random.Random(7)
    rows: list[dict[str, int]] = []
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE choice (ballot_id INTEGER NOT NULL, option_id INTEGER NOT NULL)")
        )
        insert = text("INSERT INTO choice (ballot_id, option_id) VALUES (:ballot, :option)")
        for ballot in range(BALLOTS):
            picks = chance.sample(range(OPTIONS), PICKS[ballot % 2])
            rows.extend({"ballot": ballot, "option": option} for option in picks)
            if len(rows) >= BATCH:
                connection.execute(insert, rows)
                rows = []
        if rows:
            connection.execute(insert, rows)
        connection.execute(text("CREATE INDEX choice_option ON choice (option_id)"))
    settle(engine)


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def count_rows(connection: Connection) -> None:
    """Let the database add up, and a budget be spent by the sums: that is all the engine needs."""
    candidates = [Candidate(id=str(number), cost=Fraction(10)) for number in range(OPTIONS)]
    sums = {str(option): Fraction(votes) for option, votes in connection.execute(GROUP_BY)}
    count = count_greedy(candidates, sums, GreedyRule(budget=Fraction(100)))
    if len(count.selected) != 10 or sum(sums.values()) != BALLOTS * sum(PICKS) // 2:
        raise RuntimeError("a million ballots were not counted rightly")


def approval(engine: Engine) -> tuple[float, float, float]:
    """Return the seconds of the engine, of the bare GROUP BY, and the median of their ratios."""
    ours: list[float] = []
    bare: list[float] = []
    with engine.connect() as connection:
        works: list[tuple[list[float], Callable[[], object]]] = [
            (ours, lambda: count_rows(connection)),
            (bare, lambda: connection.execute(GROUP_BY).all()),
        ]
        for _, work in works:
            work()
        for turn in range(ROUNDS):
            for kept, work in works if turn % 2 == 0 else works[::-1]:
                kept.append(seconds(work))
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    return statistics.median(ours), statistics.median(bare), statistics.median(ratios)


# ---------------------------------------------------------------- Equal Shares


def budget_papers() -> tuple[list[int], list[list[int]], int]:
    """Return costs, the picks of each voter, and the budget."""
    chance = random.Random(5)
    costs = [chance.randint(5, 200) * 1000 for _ in range(PROJECTS)]
    liked = [chance.random() ** 2 for _ in costs]
    picks = [
        [number for number, love in enumerate(liked) if chance.random() < love * 0.3]
        for _ in range(VOTERS)
    ]
    return costs, picks, 2_000_000


def equal_shares() -> float:
    """Return the seconds of the engine."""
    costs, picks, budget = budget_papers()
    candidates = [Candidate(id=str(n), cost=Fraction(cost)) for n, cost in enumerate(costs)]
    ballots = [Approval(tuple(map(str, one))) for one in picks]
    rule = SharesRule(budget=Fraction(budget))
    return statistics.median(
        seconds(lambda: count_equal_shares(candidates, ballots, rule)) for _ in range(ROUNDS)
    )


def equal_shares_of_pabutools() -> float | None:
    """Return the seconds of pabutools, None where it is not installed."""
    if not OTHER.exists():
        return None
    command = [str(OTHER), "-m", "bench.count_pabutools"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    return float(done.stdout.split()[-1])


# ---------------------------------------------------------------- instant runoff


def instant_runoff() -> float | None:
    """Return the seconds of 100,000 rankings, None where the method is not there."""
    try:
        method = importlib.import_module("app.ballots.rules.counting.runoff")
    except ModuleNotFoundError:
        return None
    chance = random.Random(3)
    names = [str(number) for number in range(RANKED)]
    candidates = [Candidate(id=name) for name in names]
    ballots = [
        Ranking(tuple((name,) for name in chance.sample(names, RANKED))) for _ in range(RANKINGS)
    ]
    return statistics.median(
        seconds(lambda: method.count_instant_runoff(candidates, ballots)) for _ in range(3)
    )


# ---------------------------------------------------------------- all of it


def run(name: str, others: dict[str, float | None]) -> dict[str, Any]:
    """Measure on one kind of database; say so where it is not installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-bench-")))
        if name == "sqlite":
            url = make_url(f"sqlite:///{folder / 'count.db'}")
        else:
            try:
                url = make_url(stack.enter_context(postgres(fsync=True)).url())
            except ServiceMissing as missing:
                return dict.fromkeys(KEYS) | others | {"db": name, "note": str(missing)}
        engine = create_engine(url)
        try:
            fill(engine)
            ours, bare, ratio = approval(engine)
        finally:
            engine.dispose()
    figures = {"approval_s": ours, "groupby_s": bare, "ratio": ratio} | others
    rounded = {key: value if value is None else round(value, 4) for key, value in figures.items()}
    notes = [
        note
        for key, note in (
            ("pabutools_s", "pabutools is not installed: make test-oracle"),
            ("irv_s", "there is no instant runoff"),
        )
        if figures[key] is None
    ]
    return {"db": name} | rounded | ({"note": "; ".join(notes)} if notes else {})


def main() -> None:
    """Measure, print a table, and the JSON object last."""
    parser = argparse.ArgumentParser(prog="python -m bench.count", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), help="measure one database alone")
    asked = parser.parse_args()
    unwind_when_stopped()
    others = {
        "mes_s": equal_shares(),
        "pabutools_s": equal_shares_of_pabutools(),
        "irv_s": instant_runoff(),
    }
    names = (asked.db,) if asked.db else ("sqlite", "postgresql")
    runs = [run(name, others) for name in names]
    show(runs, KEYS)


if __name__ == "__main__":
    main()
