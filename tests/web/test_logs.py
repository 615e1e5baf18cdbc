"""What reaches a log, and what never does."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask, abort
from sqlalchemy.exc import IntegrityError, OperationalError

from app.room.models import Message
from app.web import logs

ROOT = Path(__file__).resolve().parents[2]
TYPED = "010-1234-5678"
ADDRESS = "203.0.113.9"


@pytest.fixture
def spoken(capsys, monkeypatch):
    """Return what a process that is not quiet has written since: its lines, read as JSON."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.configure()

    def lines():
        written = capsys.readouterr().err
        assert TYPED not in written
        assert ADDRESS not in written
        return [json.loads(line) for line in written.splitlines()]

    yield lines
    logs.configure(quiet=True)


def failing(error):
    raise error


@pytest.fixture
def visit():
    """Visit a page that fails in some way, with something typed into its address."""
    site = Flask("site")
    logs.install(site)

    def visiting(error):
        site.add_url_rule("/say/<what>", "say", lambda what: failing(error))
        environ = {"REMOTE_ADDR": ADDRESS}
        return site.test_client().get(f"/say/{TYPED}?to={TYPED}", environ_overrides=environ)

    return visiting


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError(TYPED), {"kind": "builtins.KeyError"}),
        (UnicodeError(TYPED), {"kind": "builtins.UnicodeError"}),
        (
            IntegrityError(f"INSERT {TYPED}", {}, Exception(f"Failing row contains ({TYPED})")),
            {"kind": "sqlalchemy.exc.IntegrityError"},
        ),
        (
            OperationalError(f"SELECT {TYPED}", {}, Exception(f"disk full\nrow {TYPED}")),
            {"kind": "sqlalchemy.exc.OperationalError", "reason": "disk full"},
        ),
        (
            FileNotFoundError(2, TYPED, TYPED),
            {"kind": "builtins.FileNotFoundError", "reason": "No such file or directory"},
        ),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Exception) else "",
)
def test_whatever_a_request_raises_leaves_a_line_with_kind_and_frames(spoken, visit, error, told):
    answer = visit(error)
    assert answer.status_code == 500
    failed, ended = spoken()
    assert (failed["event"], failed["level"]) == ("request_failed", "error")
    assert (failed["route"], failed["method"]) == ("/say/<what>", "GET")
    assert failed["kind"] == type(error).__name__
    assert failed["request_id"] == ended["request_id"] == answer.headers["X-Request-Id"]
    (raised,) = failed["raised"]
    assert raised.pop("frames")[-1].startswith("tests/web/test_logs.py:")
    assert raised == told
    assert (ended["event"], ended["status"]) == ("request", 500)


def test_what_was_raised_is_told_with_its_causes(spoken, visit):
    error = RuntimeError(TYPED)
    error.__cause__ = ValueError(TYPED)
    visit(error)
    kinds = [one["kind"] for one in spoken()[0]["raised"]]
    assert kinds == ["builtins.RuntimeError", "builtins.ValueError"]


def test_an_answer_that_is_no_page_is_no_failure(spoken):
    site = Flask("site")
    logs.install(site)
    site.add_url_rule("/gone", "gone", lambda: abort(410))
    assert site.test_client().get("/gone").status_code == 410
    assert [(line["event"], line["status"]) for line in spoken()] == [("request", 410)]


@pytest.mark.parametrize(
    ("logger", "words", "filled_in", "event"),
    [
        ("madang.bus", "delivery of %s failed", ("BallotCast",), "delivery of BallotCast failed"),
        ("alembic.runtime.migration", "upgrade %s -> %s", ("1", "2"), "upgrade 1 -> 2"),
        ("socketio.server", "received %s", (TYPED,), "received %s"),
        ("engineio.server", "bad packet\nfrom %s", (ADDRESS,), "bad packet"),
        ("sqlalchemy.pool", "lost %r", (TYPED,), "lost %r"),
        ("werkzeug", f"{ADDRESS} - - GET /?q={TYPED}", (), "words_withheld"),
        ("gunicorn.error", "Error handling %s", (TYPED,), "Error handling %s"),
        ("gunicorn.error", f"Invalid request from ip={ADDRESS}", (), "words_withheld"),
        ("somebody.else", f"ratelimit exceeded by {ADDRESS}", (), "words_withheld"),
        (None, TYPED, (), "words_withheld"),
    ],
)
def test_every_logger_of_the_process_writes_json_and_nothing_of_a_visitor(
    spoken, logger, words, filled_in, event
):
    try:
        failing(ValueError(TYPED))
    except ValueError:
        logging.getLogger(logger).exception(words, *filled_in)
    (line,) = spoken()
    assert line["event"] == event
    assert (line["logger"], line["level"]) == (logger or "root", "error")
    assert "timestamp" in line
    assert line["raised"][0]["kind"] == "builtins.ValueError"
    assert ("where" in line) == (event == "words_withheld")


def test_what_a_server_writes_into_its_words_is_told_as_raised(spoken):
    try:
        failing(LookupError(TYPED))
    except LookupError:
        logging.getLogger("werkzeug").error("Error on request: %s", TYPED)  # noqa: TRY400 - as it does
    (line,) = spoken()
    assert line["raised"][0]["kind"] == "builtins.LookupError"
    assert line["where"].startswith("tests/web/test_logs.py:")


def test_a_server_that_was_told_where_to_write_writes_json_there(spoken, tmp_path, capsys):
    server = logging.getLogger("gunicorn.error")
    file = tmp_path / "server.log"
    handler = logging.FileHandler(file)
    server.addHandler(handler)
    server.propagate = False
    try:
        logs.configure()
        server.warning(f"Invalid request from ip={ADDRESS}")
    finally:
        server.removeHandler(handler)
        handler.close()
        server.propagate = True
    assert json.loads(file.read_text())["event"] == "words_withheld"
    assert ADDRESS not in file.read_text()
    assert spoken() == []


def test_a_thread_that_fails_says_so_in_json(spoken):
    thread = threading.Thread(target=failing, args=(OSError(28, TYPED),), name="jobs")
    thread.start()
    thread.join()
    (line,) = spoken()
    assert (line["event"], line["thread"]) == ("thread_failed", "jobs")
    assert line["raised"][0]["reason"] == "No space left on device"


def test_however_often_it_is_built_a_product_writes_each_line_once(spoken):
    logs.configure()
    logs.log.info("once")
    assert [line["event"] for line in spoken()] == ["once"]


@pytest.mark.slow
def test_a_process_that_starts_on_its_own_writes_json_alone(tmp_path):
    started = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
        cwd=ROOT,
        env={"INSTANCE_PATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in started.stderr.splitlines()]
    assert {line["logger"] for line in lines} == {"alembic.runtime.migration"}


def test_an_error_of_the_database_does_not_repeat_what_was_typed(world):
    typed = "제 전화는 010-1234-5678입니다"
    author = world.person()

    def say_in_a_room_that_is_not_there():
        with world.write() as session:
            session.add(
                Message(
                    assembly_id=4242,
                    author_id=author,
                    home_id=1,
                    nonce="12345678",
                    text=typed,
                    at=world.at,
                )
            )

    with pytest.raises(IntegrityError) as caught:
        say_in_a_room_that_is_not_there()
    assert "INSERT INTO message" in str(caught.value)
    assert typed not in str(caught.value)
