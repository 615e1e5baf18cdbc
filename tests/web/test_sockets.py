"""The door to Socket.IO, at its edges."""

import pytest
from flask import request

from app.web.sockets import NAMESPACE, enter, sockets


@pytest.mark.parametrize("known", [{}, {NAMESPACE: {None: {}}}])
def test_a_socket_that_left_while_its_word_was_read_enters_nothing(app, monkeypatch, known):
    monkeypatch.setattr(sockets.server.manager, "rooms", known)
    with app.test_request_context():
        request.sid = "gone"
        enter("meeting-1")
    assert not any(rooms.get("meeting-1") for rooms in known.values())
