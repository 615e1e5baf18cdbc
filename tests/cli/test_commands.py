"""Jobs: one that fails stops no other; the commands and the ticker run them."""

import threading

import pytest

from app.audit.models import AuditRow
from app.core.bus import record
from app.web.jobs import Ticker, run_due
from tests.audit.support import endorsed


@pytest.fixture
def only_jobs(app):
    """Return what replaces the product's jobs for this test; its long ones rest."""
    house = app.extensions["house"]
    before = dict(house.jobs), dict(house.long_jobs)

    def these(**given):
        house.jobs, house.long_jobs = given, {}

    yield these
    house.jobs, house.long_jobs = before


def broken(_session, *, at):
    raise LookupError(at)


def test_a_job_that_fails_stops_no_other_and_leaves_nothing_half_done(world, only_jobs):
    ran = []

    def half(session, *, at):
        record(session, endorsed(world))
        session.flush()
        broken(session, at=at)

    only_jobs(
        first=lambda _session, *, at: ran.append(("first", at)),
        half=half,
        last=lambda _session, *, at: ran.append(("last", at)),
    )
    world.app.extensions["house"].long_jobs = {
        "half_long": lambda reading, write, *, at: broken(reading, at=at),
        "long": lambda _reading, _write, *, at: ran.append(("long", at)),
    }
    assert run_due(world.app) == ["half", "half_long"]
    assert ran == [("first", world.at), ("last", world.at), ("long", world.at)]
    with world.read() as session:
        assert session.get(AuditRow, ("topic", 1, 1)) is None


def test_run_due_says_which_jobs_failed_and_exits_with_one(app, only_jobs):
    only_jobs(fine=lambda _session, *, at: None, broken=broken)
    result = app.test_cli_runner().invoke(args=["jobs", "run-due"])
    assert result.exit_code == 1
    assert "failed: broken" in result.output


def test_every_job_of_the_product_runs_on_an_empty_yard_and_again(world):
    assert world.app.extensions["house"].jobs
    for _ in range(2):
        result = world.app.test_cli_runner().invoke(args=["jobs", "run-due"])
        assert (result.exit_code, result.output) == (0, "")


def test_the_ticker_runs_until_it_is_stopped(app, only_jobs):
    thrice = threading.Event()
    ticks = []

    def tick(_session, *, at):
        ticks.append(at)
        if len(ticks) == 3:
            thrice.set()

    only_jobs(tick=tick, broken=broken)
    ticker = Ticker(app, every_seconds=0.001)
    ticker.start()
    assert thrice.wait(30)
    ticker.stop()
    count = len(ticks)
    assert [thread for thread in threading.enumerate() if thread.name == "jobs"] == []
    assert len(ticks) == count


def test_audit_verify_says_that_all_chains_hold(world):
    with world.write() as session:
        record(session, endorsed(world))
    result = world.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0
    assert "1 chains hold; heads " in result.output
