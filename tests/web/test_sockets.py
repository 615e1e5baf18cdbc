"""The door to Socket.IO, at its edges."""

import socket
import struct
import threading

import pytest
from flask import request
from werkzeug.serving import make_server

from app.web.sockets import NAMESPACE, HangsUp, enter, sockets


@pytest.mark.parametrize("known", [{}, {NAMESPACE: {None: {}}}])
def test_a_socket_that_left_while_its_word_was_read_enters_nothing(app, monkeypatch, known):
    monkeypatch.setattr(sockets.server.manager, "rooms", known)
    with app.test_request_context():
        request.sid = "gone"
        enter("meeting-1")
    assert not any(rooms.get("meeting-1") for rooms in known.values())


class _Answer:
    """An answer of four letters that ends once its reader has gone, and says when it is closed."""

    def __init__(self):
        self.reader_gone = threading.Event()
        self.closed = threading.Event()

    def __iter__(self):
        yield b"word"
        self.reader_gone.wait(10)

    def close(self):
        self.closed.set()


def test_an_answer_is_closed_though_its_reader_hung_up():
    answer = _Answer()

    def page(environ, start_response):
        start_response("200 OK", [("Content-Length", "4")])
        return answer

    server = make_server("127.0.0.1", 0, page, threaded=True, request_handler=HangsUp)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        with socket.create_connection(("127.0.0.1", server.server_port)) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert line.recv(4) == b"HTTP"
            # No farewell: the next to read at the other end meets an error.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        answer.reader_gone.set()
        assert answer.closed.wait(10)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
