"""One process serves pages, sockets and jobs, and stops when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import socketio

ROOT = Path(__file__).resolve().parents[2]
LOOKS = 240

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(instance, **settings):
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "INSTANCE_PATH": str(instance),
        "PORT": str(port),
        "DEMO": "0",
        "ENVIRONMENT": "development",
        **settings,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "app.serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            if process.poll() is None:
                process.kill()


def ready(process, address):
    """Wait until the server says it is ready; return what it says."""
    for _ in range(LOOKS):
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                return json.load(answer)
        except (urllib.error.URLError, TimeoutError):
            try:
                process.wait(0.25)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(process.stdout.read())
    return None


def test_it_answers_lets_a_socket_in_and_stops_on_a_signal(tmp_path):
    for number in (signal.SIGINT, signal.SIGTERM):
        with serving(tmp_path) as (process, address):
            assert ready(process, address) == {"status": "ready"}
            with urllib.request.urlopen(address, timeout=30) as page:
                assert "아직 마당을 여는 중입니다" in page.read().decode()
            client = socketio.Client(reconnection=False)
            client.connect(address, namespaces=["/live"], transports=["websocket"])
            assert client.get_sid("/live")
            client.disconnect()
            process.send_signal(number)
            assert process.wait(30) == 0
            assert "Traceback" not in process.stdout.read()
    assert (tmp_path / "madang.db").exists()
    keys = tmp_path / "keys"
    assert all(file.stat().st_mode & 0o077 == 0 for file in [keys, *keys.iterdir()])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORT": "many"}, "PORT: 'many' is not a whole number"),
        ({"SMTP_URL": "mail.example.kr:587"}, "SMTP_URL: no address like smtp://"),
        ({"ENVIRONMENT": "production", "DEMO": "0"}, "SECRET_KEY: required in production"),
        ({"ENVIRONMENT": "production", "DEMO": "1"}, "DEMO: a shifted clock is refused"),
    ],
)
def test_bad_settings_end_it_with_one_line(tmp_path, settings, said):
    environment = {"SECRET_KEY": ""} | settings
    with serving(tmp_path, **environment) as (process, _address):
        words, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert said in words
        assert "Traceback" not in words
