"""JSON logs without bodies, addresses, query strings or personal data, whoever writes them."""

from __future__ import annotations

import logging
import os
import secrets
import sys
import threading
import time
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from flask import g, request
from sqlalchemy.exc import OperationalError
from structlog.stdlib import ProcessorFormatter

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from flask import Flask, Response

log = structlog.get_logger("madang")

ROOT = Path(__file__).resolve().parents[2]
# Ours and what brings the database up to date speak whole sentences. Of some libraries the words
# are told and never what is filled into them; gunicorn's where it fills them in, for others hold
# the visitor's address, as werkzeug's do. What else is written nobody has read: of that it is told
# where it stands, and what was raised.
SPEAK = ("madang", "alembic")
ARE_QUOTED = ("engineio", "socketio", "sqlalchemy")
FILL_IN = ("gunicorn",)
FRAMES, CAUSES = 40, 5


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes on whatever standard error is at the moment."""

    def __init__(self, formatter: logging.Formatter) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(formatter)

    @property
    def stream(self) -> TextIO:  # type: ignore[override] # the parent's is set once
        return sys.stderr


def configure(*, quiet: bool = False) -> None:
    """Have every logger of this process write one JSON object a line, ours on stderr.

    A server that was told where to write goes on writing there.
    """
    least = logging.WARNING if quiet else logging.INFO
    stamped: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*stamped, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = ProcessorFormatter(
        foreign_pre_chain=[_without_a_visitor, *stamped],
        pass_foreign_args=True,
        processors=[
            structlog.stdlib.add_logger_name,
            _with_what_was_raised,
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _Stderr)]
    root.addHandler(_Stderr(formatter))
    for name in ("alembic", "sqlalchemy"):
        logging.getLogger(name).handlers = []  # Flask-Alembic gave them one that writes plain lines
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.setFormatter(formatter)
    _set_levels(least)
    if not quiet:
        threading.excepthook = _thread_failed


def _set_levels(least: int) -> None:
    # Socket.IO's would get a handler of their own while they have no level.
    for name in ("socketio.server", "engineio.server", "werkzeug"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in ("madang", "alembic.runtime.migration"):
        logging.getLogger(name).setLevel(least)


def _without_a_visitor(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave out of another's words whatever may be somebody's; `event` is the whole sentence."""
    record: logging.LogRecord = event["_record"]
    filled_in = event.pop("positional_args")
    family = record.name.partition(".")[0]
    if family in SPEAK:
        return event
    if family in ARE_QUOTED or (family in FILL_IN and filled_in):
        event["event"] = str(record.msg).partition("\n")[0]
    else:
        event["event"] = "words_withheld"
        event["where"] = f"{_short(record.pathname)}:{record.lineno} {record.funcName}"
    if record.levelno >= logging.ERROR and "exc_info" not in event:
        event["exc_info"] = sys.exc_info()  # werkzeug writes it into its words
    return event


def _with_what_was_raised(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Tell exceptions by kind and frames: their words often repeat what somebody typed."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["raised"] = _told(error)
    return event


def _told(error: BaseException | None) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    while error is not None and len(told) < CAUSES:
        frames = [
            f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
            for frame, line in walk_tb(error.__traceback__)
        ]
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        told.append({"kind": kind, **_reason(error), "frames": frames[-FRAMES:]})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def _reason(error: BaseException) -> dict[str, str]:
    """Return the words of the few errors whose words speak of the machine alone."""
    if isinstance(error, OperationalError):
        return {"reason": str(error.orig).partition("\n")[0]}
    if isinstance(error, OSError) and type(error).__module__ == "builtins" and error.errno:
        return {"reason": os.strerror(error.errno)}
    return {}


def _short(path: str) -> str:
    if path.startswith(f"{ROOT}{os.sep}") and "site-packages" not in path:
        return path[len(str(ROOT)) + 1 :]
    return path.rpartition("site-packages/")[2]


def _thread_failed(raised: threading.ExceptHookArgs) -> None:
    if raised.exc_type is not SystemExit:
        log.error(
            "thread_failed",
            thread=raised.thread.name if raised.thread else None,
            exc_info=raised.exc_value,
        )


def install(app: Flask) -> None:
    """Log each request by its route, never by its address or body, and what it raised."""

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        if request.endpoint != "static":
            log.info(
                "request",
                **_this_request(),
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            )
        return response

    def _failed(raised: Any) -> None:
        log.error("request_failed", **_this_request(), kind=raised[0].__name__, exc_info=raised)

    # Flask's own would write the address.
    app.log_exception = _failed  # type: ignore[method-assign,assignment]


def _this_request() -> dict[str, Any]:
    return {
        "request_id": g.get("request_id"),
        "method": request.method,
        "route": str(request.url_rule or "-"),
    }
