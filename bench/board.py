"""How fast the board answers, beside a bare list page: `python -m bench.board`.

Every database is filled twice, with a thousand and with a hundred thousand proposals. The product
stands before both, the reference before the smaller, all under the same server (gunicorn, two sync
workers), and they are asked in turns. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from bench.board_rows import Stand, lay_out
from bench.support import WORKERS, postgresql_pair, served, show, unwind_when_stopped
from tests.support.services import ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


SMALL, LARGE = 1_000, 100_000
RESIDENTS = 60
ROUNDS = 7
PAGES_A_ROUND, LATENCIES_A_ROUND = 160, 240
DETAILS_A_ROUND, ENDORSEMENTS_A_ROUND = 160, 160
CLIENTS = 2 * WORKERS
WARM_UP = 12
LIST_PAGES = 5
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


def post(port: int, path: str, cookie: str, token: str, **fields: object) -> Ask:
    """Return the request that sends a form and is answered with a redirect."""
    body = urlencode({"csrf_token": token, **fields})
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
        endorsements = {
            "endorse": _here_and_there(product, small),
            "endorse_one": _one_after_another(product, small),
        }
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
            for key in _alternate(("endorse", "endorse_one"), turn):
                note(key, rate(list(islice(endorsements[key], ENDORSEMENTS_A_ROUND))))
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
        "endorse_one_rate": round(statistics.median(seen["endorse_one"]), 1),
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


def _here_and_there(port: int, stand: Stand) -> Iterator[Ask]:
    """Yield endorsements of every other open proposal, each resident's and proposal's far apart."""
    for lap in range(len(stand.residents)):
        for number, proposal_id in enumerate(stand.open_ids[::2]):
            resident = stand.residents[(number + lap) % len(stand.residents)]
            yield _endorsement(port, proposal_id, resident)


def _one_after_another(port: int, stand: Stand) -> Iterator[Ask]:
    """Yield endorsements of the other open proposals: everybody the same one, then the next."""
    for proposal_id in stand.open_ids[1::2]:
        for resident in stand.residents:
            yield _endorsement(port, proposal_id, resident)


def _endorsement(port: int, proposal_id: int, resident: tuple[str, str]) -> Ask:
    cookie, token = resident
    return post(port, f"/proposals/{proposal_id}/endorse", cookie, token)


def run(name: str) -> dict[str, Any]:
    """Measure on one kind of database; say so where it is not installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-bench-")))
        if name == "sqlite":
            urls = (f"sqlite:///{folder / 'small.db'}", f"sqlite:///{folder / 'large.db'}")
        else:
            try:
                urls = postgresql_pair(stack)
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
    "endorse_one_rate",
    "search_p95_ms",
)


def main() -> None:
    """Measure, print a table, and the JSON object last."""
    parser = argparse.ArgumentParser(prog="python -m bench.board", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), help="measure one database alone")
    asked = parser.parse_args()
    unwind_when_stopped()
    runs = [run(name) for name in ((asked.db,) if asked.db else ("sqlite", "postgresql"))]
    show(runs, KEYS)


if __name__ == "__main__":
    main()
