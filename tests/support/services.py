"""A throwaway PostgreSQL and a throwaway Redis, alive only as long as their owner.

In tests: ``with postgres() as cluster: ... cluster.url()``.
Around a command: ``python -m tests.support.services run -- COMMAND ...`` gives the command
``TEST_DATABASE_URL`` and ``TEST_REDIS_URL`` and leaves nothing running, whatever happens to it.
"""

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

POSTGRES_BINARIES = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"
GRACE_SECONDS = 20
PORT_ATTEMPTS = 5
POSTMASTER_STATE = 7
LOOKS = 1500
SECONDS_BETWEEN_LOOKS = 0.02


class ServiceMissing(RuntimeError):
    """Something that has to be installed is not; the message says what."""


class ServiceFailed(RuntimeError):
    """A service was found but did not start; the message carries its own words."""


def _comes_up(process: subprocess.Popen[bytes], is_ready: Callable[[], bool]) -> bool:
    """Wait until a service is ready; False if it ended first or takes half a minute."""
    for _ in range(LOOKS):
        if is_ready():
            return True
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_BETWEEN_LOOKS)
            return False
    return False


# ---------------------------------------------------------------- PostgreSQL


def postgres_binaries() -> Path:
    """Return the folder of the newest installed PostgreSQL's server programs."""
    versions = sorted(
        (found.parent.parent for found in POSTGRES_BINARIES.glob("*/bin/initdb")),
        key=lambda version: float(version.name),
    )
    if versions:
        return versions[-1] / "bin"
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    message = "PostgreSQL is not installed (Debian and Ubuntu: apt-get install postgresql)"
    raise ServiceMissing(message)


@dataclass(kw_only=True)
class Cluster:
    """One throwaway PostgreSQL, reached through a socket in its own folder."""

    folder: Path
    binaries: Path
    settings: tuple[str, ...]
    _server: subprocess.Popen[bytes] | None = None

    def url(self, database: str = SUPERUSER) -> str:
        """Return the address SQLAlchemy opens ``database`` with."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    @property
    def pid(self) -> int | None:
        """The server's first process, or None while the cluster is down."""
        return self._server.pid if self._server else None

    def create(self) -> None:
        """Lay the files of a new, empty cluster."""
        way = ("-A", "trust", "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._server = self._launch("initdb", *way)
        if self._server.wait():
            raise ServiceFailed(self._log())
        self._server = None

    def start(self) -> None:
        """Bring the cluster up, replaying its log first if it was cut off."""
        options = [part for setting in self.settings for part in ("-c", setting)]
        self._server = self._launch("postgres", *options)
        if not _comes_up(self._server, self._is_ready):
            self.cut_off()
            raise ServiceFailed(self._log())

    def stop(self) -> None:
        """Shut the cluster down in order."""
        self._end(signal.SIGINT)

    def cut_off(self) -> None:
        """End every server process at once, as a power failure would."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait()
            self._server = None

    def _is_ready(self) -> bool:
        # The eighth line is the state the server itself reports.
        try:
            lines = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > POSTMASTER_STATE and lines[POSTMASTER_STATE].strip() == "ready"

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _launch(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs on this cluster, never as root: it refuses that."""
        as_root = os.geteuid() == 0
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self.binaries / program), "-D", str(self.folder / "data"), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                # Its own session: an interrupt at the terminal is for its owner to pass on.
                start_new_session=True,
                user=SUPERUSER if as_root else None,
                group=pwd.getpwnam(SUPERUSER).pw_gid if as_root else None,
                extra_groups=[] if as_root else None,
            )


@contextmanager
def postgres(*, fsync: bool = False) -> Iterator[Cluster]:
    """Lend a running PostgreSQL cluster, and remove it afterwards.

    ``fsync=True`` writes as surely as in production, for tests that cut the power.
    """
    binaries = postgres_binaries()
    with tempfile.TemporaryDirectory(prefix="madang-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, SUPERUSER)
        durability = "on" if fsync else "off"
        cluster = Cluster(
            folder=folder,
            binaries=binaries,
            settings=(
                "listen_addresses=",
                f"unix_socket_directories={folder}",
                f"fsync={durability}",
                f"synchronous_commit={durability}",
                f"full_page_writes={durability}",
                "max_connections=200",
                "timezone=UTC",
            ),
        )
        try:
            cluster.create()
            cluster.start()
            yield cluster
        finally:
            cluster.cut_off()


# ---------------------------------------------------------------- Redis


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis_server() -> Iterator[str]:
    """Lend the address of a Redis that remembers nothing, on a free loopback port."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        message = "Redis is not installed (Debian and Ubuntu: apt-get install redis-server)"
        raise ServiceMissing(message)
    with tempfile.TemporaryDirectory(prefix="madang-redis-") as name, ExitStack() as running:
        for _ in range(PORT_ATTEMPTS):
            # Another process may take the port between our look and Redis' bind.
            port = _free_port()
            process = subprocess.Popen(
                [
                    *(program, "--port", str(port), "--bind", "127.0.0.1", "--dir", name),
                    *("--save", "", "--appendonly", "no", "--logfile", f"{name}/log"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            running.callback(_end, process)
            if _comes_up(process, partial(_answers, port, process)):
                yield f"redis://127.0.0.1:{port}/0"
                return
        raise ServiceFailed(Path(name, "log").read_text(errors="replace"))


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Say whether this very Redis, and not another on the same port, answers by now."""
    with Redis(port=port) as client, suppress(RedisConnectionError):
        return bool(client.info("server")["process_id"] == process.pid)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# ---------------------------------------------------------------- around a command


def run_with_services(
    command: Sequence[str], *, fsync: bool = False, with_redis: bool = True
) -> int:
    """Run ``command`` beside fresh services and return its exit status.

    A signal to this process is passed on to the command; the services go down after it.
    """
    with ExitStack() as services:
        environment = dict(os.environ)
        environment["TEST_DATABASE_URL"] = services.enter_context(postgres(fsync=fsync)).url()
        if with_redis:
            environment["TEST_REDIS_URL"] = services.enter_context(redis_server())
        process = subprocess.Popen(command, env=environment, start_new_session=True)
        try:
            return process.wait()
        except _Signalled as stop:
            _signal_group(process.pid, stop.number)
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                _signal_group(process.pid, signal.SIGKILL)
                process.wait()
            raise
        finally:
            # What the command left in the background goes with it.
            _signal_group(process.pid, signal.SIGTERM)


class _Signalled(SystemExit):
    """A signal asked this process to stop; unwinding stops what it started."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


def _signal_group(leader: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, number)


_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop(number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second signal must not break off the cleaning up.
    for each in _STOPPING:
        signal.signal(each, signal.SIG_IGN)
    raise _Signalled(number)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.services")
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="run COMMAND beside a throwaway PostgreSQL and Redis")
    run.add_argument("--fsync", action="store_true", help="write as surely as in production")
    run.add_argument("--no-redis", action="store_true", help="PostgreSQL alone")
    run.add_argument("command", nargs="+", metavar="COMMAND")
    asked = parser.parse_args(arguments)
    for number in _STOPPING:
        signal.signal(number, _stop)
    try:
        return run_with_services(asked.command, fsync=asked.fsync, with_redis=not asked.no_redis)
    except ServiceMissing as missing:
        print(f"services: {missing}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
