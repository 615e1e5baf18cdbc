"""JSON logs without bodies, query strings or personal data."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from typing import TYPE_CHECKING

import structlog
from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

log = structlog.get_logger("madang")


def configure(*, quiet: bool = False) -> None:
    """Set structlog up once for this process: one JSON object a line on stderr."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("werkzeug").setLevel(logging.ERROR)


def install(app: Flask) -> None:
    """Log each request by its route, never by its address or body."""

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
                request_id=g.get("request_id"),
                method=request.method,
                route=str(request.url_rule or "-"),
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            )
        return response

    @app.teardown_request
    def _failed(error: BaseException | None) -> None:
        if error is not None and not getattr(error, "code", None):
            log.error("request_failed", request_id=g.get("request_id"), kind=type(error).__name__)
