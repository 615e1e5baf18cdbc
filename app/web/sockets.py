"""The one door to Socket.IO. Sockets tell; HTTP decides."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from io import BufferedReader
from typing import TYPE_CHECKING, Any

from flask_socketio import SocketIO, join_room, leave_room
from socketio import RedisManager
from werkzeug.serving import WSGIRequestHandler

from app.core.redis_lines import patience

if TYPE_CHECKING:
    from collections.abc import Callable

    import engineio
    from flask import Flask

sockets = SocketIO()
NAMESPACE = "/live"


def install(app: Flask, *, redis_url: str | None, origins: tuple[str, ...]) -> None:
    """Attach Socket.IO to the app; with Redis, several processes share their rooms."""
    sockets.init_app(
        app,
        async_mode="threading",
        client_manager=_between_processes(redis_url) if redis_url else None,
        manage_session=False,
        cors_allowed_origins=list(origins) or None,  # type: ignore[arg-type]
        max_http_buffer_size=16_384,
        ping_interval=20,
        ping_timeout=20,
        cookie=None,
    )
    engine: Any = sockets.server.eio  # type: ignore[attr-defined] # the stubs leave it out
    engine.disconnect = partial(_hang_up, engine)


def _between_processes(redis_url: str) -> RedisManager:
    """Return what carries events from one process to the sockets of the others.

    Whoever tells waits for Redis no longer than a moment: screens fetch what was not told. It
    tries a line anew by itself, so the line need not.
    """
    options = patience(redis_url, tries=1)
    return RedisManager(redis_url, channel="madang", redis_options=options)


def _hang_up(engine: engineio.Server, sid: str | None = None) -> None:
    """Close a connection, or all of them, without waiting for anyone to read what is left.

    Engine.IO waits until the client has fetched every packet, which whoever sends a bad one never
    does; the request, and its thread, would stay for good.
    """
    for key in [sid] if sid is not None else list(engine.sockets):
        connection = engine.sockets.pop(key, None)
        if connection is not None:
            connection.close(wait=False, abort=True, reason=engine.reason.SERVER_DISCONNECT)


def tell(audience: str, name: str, payload: dict[str, Any]) -> None:
    """Send an event to everyone in a room of sockets; whoever misses it can fetch it by GET."""
    sockets.emit(name, payload, to=audience, namespace=NAMESPACE)


def on(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a handler of an incoming socket event in our namespace."""
    handler: Callable[[Callable[..., Any]], Callable[..., Any]] = sockets.on(
        name, namespace=NAMESPACE
    )
    return handler


def enter(audience: str) -> None:
    """Let the current socket hear an audience's events; one that left meanwhile hears nothing."""
    # Its word is read in a thread of its own, while another may be taking the socket down.
    with suppress(KeyError, ValueError):
        join_room(audience, namespace=NAMESPACE)


def leave(audience: str) -> None:
    """Stop the current socket from hearing an audience's events."""
    leave_room(audience, namespace=NAMESPACE)


class _UntilHungUp(BufferedReader):
    """What comes over a line; nothing more once the other end is gone."""

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return super().read(size)
        except ConnectionError:
            return b""


class HangsUp(WSGIRequestHandler):
    """Answers like its parent, and closes the line once a WebSocket has ended on it.

    The parent would wait on it for a next request, which never comes: the client would wait for
    the end of its socket, and the thread for the client. It also reads what is left on a line
    before it closes what it was sending: where the client is gone, it must still come to that.
    """

    rfile: BufferedReader

    def setup(self) -> None:
        """Take the line."""
        super().setup()
        self.rfile = _UntilHungUp(self.rfile.detach())

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ARG002
        """Serve no other request from this connection."""
        self.close_connection = True


def serve(app: Flask, *, port: int) -> None:
    """Serve pages and sockets from this process, on loopback, until interrupted."""
    sockets.run(
        app,
        host="127.0.0.1",
        port=port,
        debug=False,
        use_reloader=False,
        log_output=False,
        request_handler=HangsUp,
        allow_unsafe_werkzeug=True,
    )
