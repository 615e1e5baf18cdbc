"""The throwaway services start, serve, survive a power cut, and leave nothing running."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from tests.support.services import postgres, redis_server

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-m", "tests.support.services", "run"]
TELL = (
    "import os; from pathlib import Path; "
    "folder = os.environ['TEST_DATABASE_URL'].split('host=')[1]; "
    "print(folder, Path(folder, 'data/postmaster.pid').read_text().split()[0], "
    "os.environ.get('TEST_REDIS_URL'), flush=True); "
)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_cluster_speaks_korean_and_is_removed_afterwards():
    with postgres() as cluster:
        engine = create_engine(cluster.url())
        with engine.begin() as connection:
            connection.execute(text("create extension pg_trgm"))
            trigrams = connection.scalar(text("select show_trgm('마당')"))
            fsync = connection.scalar(text("show fsync"))
        engine.dispose()
        pid = cluster.pid
        folder = cluster.folder
    assert trigrams
    assert fsync == "off"
    assert is_gone(pid)
    assert not folder.exists()


@pytest.mark.slow
def test_a_cluster_with_fsync_keeps_what_was_committed_when_it_is_cut_off():
    with postgres(fsync=True) as cluster:
        engine = create_engine(cluster.url())
        with engine.begin() as connection:
            connection.execute(text("create table promise (word text)"))
            connection.execute(text("insert into promise values ('약속')"))
        cluster.cut_off()
        assert cluster.pid is None
        engine.dispose()
        cluster.start()
        with engine.connect() as connection:
            assert connection.scalar(text("select word from promise")) == "약속"
            assert connection.scalar(text("show fsync")) == "on"
        engine.dispose()


def test_redis_answers_on_loopback_and_goes_away():
    with redis_server() as address, Redis.from_url(address) as client:
        client.set("마당", 1)
        pid = client.info("server")["process_id"]
        assert address.startswith("redis://127.0.0.1:")
    assert is_gone(pid)


def test_a_command_gets_both_addresses_and_its_status_is_handed_on():
    done = subprocess.run(
        [*RUN, "--", sys.executable, "-c", TELL + "raise SystemExit(7)"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    folder, pid, redis_address = done.stdout.split()
    assert done.returncode == 7
    assert redis_address.startswith("redis://127.0.0.1:")
    assert is_gone(int(pid))
    assert not Path(folder).exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_command_and_the_services(number):
    waiting = TELL + "print(os.getpid(), flush=True); import signal; signal.pause()"
    with subprocess.Popen(
        [*RUN, "--no-redis", "--", sys.executable, "-c", waiting],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as runner:
        folder, pid, _ = runner.stdout.readline().split()
        command = int(runner.stdout.readline())
        runner.send_signal(number)
        assert runner.wait(30) == 128 + number
    assert is_gone(command)
    assert is_gone(int(pid))
    assert not Path(folder).exists()
