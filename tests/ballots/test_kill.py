"""Casting processes are killed mid-stroke: what was acknowledged stands, nothing half stands."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text

from app.ballots import queries
from app.ballots.models import Ballot, Envelope, Slot, SlotState
from app.core.clock import FixedClock
from app.core.orm import Base
from app.factory import create_app
from app.residents.models import Role
from app.web.database import db
from tests.ballots.conftest import Polls
from tests.ballots.kill_worker import settings_for
from tests.conftest import FULL, POSTGRESQL
from tests.support.services import postgres
from tests.support.world import START, World

pytestmark = [pytest.mark.slow, pytest.mark.race, pytest.mark.timeout(900)]
ROUNDS = 25 if FULL else 5
WORKERS = 2
CASTS_BEFORE_THE_KILL = 20
PEOPLE = WORKERS * CASTS_BEFORE_THE_KILL * ROUNDS


@pytest.fixture
def durable_url(tmp_path: Path) -> Iterator[str]:
    """A database that writes through to the disk: a SQLite file, or a PostgreSQL with fsync."""
    if not POSTGRESQL:
        yield f"sqlite:///{tmp_path / 'madang.db'}"
        return
    with postgres(fsync=True) as cluster:
        admin = create_engine(cluster.url(), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE madang"))
        admin.dispose()
        yield cluster.url("madang")


@pytest.fixture
def durable(durable_url: str, tmp_path: Path) -> Iterator[tuple[Polls, Path]]:
    """An open ballot with a long roll on that database."""
    (tmp_path / "keys").mkdir()
    clock = FixedClock(START)
    app = create_app(settings_for(durable_url, tmp_path), clock=clock)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    world = World(app, clock)
    roles = (Role.CLERK, Role.OFFICER, Role.OBSERVER)
    yield (
        Polls(world, tmp_path / "keys", *(world.staff(role, "doksan1") for role in roles)),
        tmp_path,
    )
    with app.app_context():
        db.engine.dispose()


def _killed_casting(command: list[str], people: list[int], after: int) -> dict[int, str]:
    """Run casting processes, kill all once the first acknowledged some; return what all did."""
    shares = [people[number::WORKERS] for number in range(WORKERS)]
    workers = [
        subprocess.Popen(
            [*command, *map(str, share)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for share in shares
    ]
    seen: list[bytes] = []
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"ready\n"
        first = workers[0].stdout
        assert first is not None
        seen = [first.readline() for _ in range(after)]
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
    said = b"".join([*seen, *(worker.communicate()[0] for worker in workers)]).decode()
    whole = (line.split(" ") for line in said.split("\n")[:-1])
    return {int(person): leaf for person, leaf in whole}


def test_nothing_acknowledged_is_lost_and_nothing_half_done_stands(durable, durable_url):
    polls, folder = durable
    people = polls.crowd(PEOPLE)
    ballot_id = polls.opened()
    acknowledged: dict[int, str] = {}
    chance = Random(2021)
    for _ in range(ROUNDS):
        voted = _voted(polls, ballot_id)
        left = [person for person in people if person not in voted]
        command = [sys.executable, "-m", "tests.ballots.kill_worker"]
        command += [durable_url, str(folder), str(ballot_id)]
        fresh = _killed_casting(command, left, chance.randint(1, CASTS_BEFORE_THE_KILL))
        with polls.world.app.app_context():
            db.engine.dispose()
        acknowledged |= fresh
        _insist_whole(polls, ballot_id, acknowledged)
    assert acknowledged
    polls.close(ballot_id)
    polls.count(ballot_id)
    ballot = polls.ballot(ballot_id)
    assert sum(option.votes for option in ballot.options) == ballot.cast_count


def _voted(polls: Polls, ballot_id: int) -> set[int]:
    with polls.world.read() as session:
        rows = session.query(Slot.person_id).filter_by(ballot_id=ballot_id, state=SlotState.ONLINE)
        return {person_id for (person_id,) in rows}


def _insist_whole(polls: Polls, ballot_id: int, acknowledged: dict[int, str]) -> None:
    with polls.world.read() as session:
        cast_count = session.get_one(Ballot, ballot_id).cast_count
        assert queries.urn_sizes(session, ballot_id) == (cast_count, cast_count)
        stored = {
            person: bytes(leaf).hex()
            for person, leaf in session.query(Slot.person_id, Envelope.leaf).join(
                Envelope, Envelope.slot_id == Slot.id
            )
        }
        audited = session.execute(
            text("SELECT count(*) FROM audit_row WHERE chain='ballot' AND act='BallotCast'")
        ).scalar_one()
    assert len(stored) == cast_count
    assert audited in (0, cast_count)
    assert acknowledged.items() <= stored.items()
