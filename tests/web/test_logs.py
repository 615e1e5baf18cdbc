"""What reaches a log, and what never does."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from app.room.models import Message


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
