"""The throwaway copies of Madang that are photographed: the demo year, crowded, empty.

Telling the year takes a minute; it is told once and copied. What the product's own acts would take
hours to fill is written straight into the copies.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 240
DATABASE = "madang.db"

LONG = "독산로 골목 끝 세 해째 비어 있는 터를 아이들과 어르신이 함께 쉬는 쉼터로"
TITLED = (
    "proposal", "topic", "assembly", "ballot", "ballot_option", "agenda_item", "commitment",
)  # fmt: skip
LENGTHEN = "UPDATE {table} SET title = substr(title || ' · {long}', 1, 40)"
COUNTS = (
    "UPDATE proposal SET endorsement_count = endorsement_count + 13000 WHERE id % 3 = 0",
    "UPDATE opinion SET endorsement_count = 13093 - id % 7, reply_count = reply_count * 9",
    "UPDATE topic SET for_count = 13093, against_count = 12907, improve_count = 1040",
    "UPDATE assembly SET attendance_count = 13093 WHERE attendance_count > 0",
    "UPDATE ballot SET roll_count = 232810, cast_count = 13093 WHERE cast_count > 0",
    "UPDATE ballot_option SET votes = votes + 12000, budget_won = 1234567000 WHERE votes > 0",
    "UPDATE commitment SET budget_won = 1234567000, spent_won = 987654000",
)
# People, places and rules stay when a copy is emptied.
KEPT = {
    "account", "alembic_version", "consent", "contact", "department", "membership", "person",
    "place", "population", "role_grant", "sign_in",
}  # fmt: skip


def told_year(folder: Path) -> Path:
    """Tell the demo year into a folder unless it was told there before; return the folder.

    A year told before its story or the tables were changed is told anew.
    """
    clock = folder / "demo-clock"
    sources = [*ROOT.glob("app/demo/**/*.*"), *ROOT.glob("migrations/**/*.py")]
    told = clock.stat().st_mtime if clock.exists() else 0
    if told < max(file.stat().st_mtime for file in sources if file.suffix in (".py", ".toml")):
        shutil.rmtree(folder, ignore_errors=True)
        with served(folder):
            pass
    return folder


def crowded(instance: Path) -> None:
    """Lengthen every title to 40 characters and raise the counts to five figures."""
    _write(instance, [LENGTHEN.format(table=one, long=LONG) for one in TITLED] + list(COUNTS))


def emptied(instance: Path) -> None:
    """Leave the people and places and nothing that they did, nor any record that it was told."""
    from app.core.append_only import statements as guards

    with closing(sqlite3.connect(instance / DATABASE)) as database:
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'proposal_search%'"
        )
        doomed = sorted({name for (name,) in names} - KEPT)
    _write(
        instance,
        [
            "DROP TRIGGER audit_row_refuses_delete",
            *(f"DELETE FROM {name}" for name in doomed),  # noqa: S608 - names of tables
            *guards("audit_row", "sqlite"),
        ],
    )


def _write(instance: Path, statements: list[str]) -> None:
    """Run statements past the checks that hold real figures together."""
    with closing(sqlite3.connect(instance / DATABASE)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            database.execute(statement)
        database.commit()


def environment(instance: Path, *, demo: bool) -> dict[str, str]:
    """Return the environment of one copy."""
    return {
        **os.environ,
        "INSTANCE_PATH": str(instance),
        "LIMITS": "0",
        "DEMO": "1" if demo else "0",
    }


@contextmanager
def served(instance: Path, *, demo: bool = True) -> Iterator[str]:
    """Serve a copy; lend its address. What the server says is kept beside the copy."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "app.serve"],
            cwd=ROOT,
            env={**environment(instance, demo=demo), "PORT": str(port), "PUBLIC_URL": address},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(address, server, instance / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS):
        if _answers(address):
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(1)
            sys.exit(f"gallery: the server ended before it was ready\n{log.read_text()}")
    sys.exit(f"gallery: the server did not answer within {START_SECONDS} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own server
            return True
    except (urllib.error.URLError, TimeoutError):
        return False


def app_of(instance: Path, *, demo: bool = True) -> Flask:
    """Return the product on a copy, to ask it about addresses and people."""
    from app.factory import create_app
    from app.settings import read_settings

    return create_app(read_settings(environment(instance, demo=demo)))
