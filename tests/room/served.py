"""The product on a real threaded server, as long as its owner needs it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from app.web.sockets import HangsUp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


class _Quiet(HangsUp):
    """Answers without writing a line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Lend the address of the product on a free loopback port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = False  # the end waits for whoever is still being answered
    thread = threading.Thread(
        # How often it looks whether it is to stop; its own half second would be every test's.
        target=server.serve_forever,
        args=(0.02,),
        name="server",
        daemon=True,
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
