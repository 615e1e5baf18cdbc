"""Forms that make something new: sent twice, by a double click say, they make it once."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from flask import redirect, request
from flask_login import current_user
from wtforms import HiddenField

from app.core import sendings
from app.core.numbers import random_token
from app.core.vault import digest
from app.web.database import now, write
from app.web.forms import Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.web.house import House


class OncePaper(Paper):
    """The base of forms that make something new; each one shown carries a number of its own."""

    once = HiddenField(default=partial(random_token, 12))


class SentBefore(Exception):
    """This very paper was sent before; there is nothing to write, and its answer is known."""

    def __init__(self, led_to: str) -> None:
        super().__init__("sent before")
        self.led_to = led_to


@contextmanager
def write_once(paper: OncePaper) -> Iterator[tuple[Session, Callable[[str], str]]]:
    """Open the write of a paper, once; the second value says where its sender is led.

    A paper is the same when the same person sends the same words with the same number to the same
    address: whoever goes back and changes a word sends another one. Sent again it raises
    SentBefore, which is answered with the way to what it made. A paper without a number, which
    none of our pages sends, is written like any other.
    """
    key, led = _key(paper), [""]

    def lead_to(address: str) -> str:
        led[0] = address
        return address

    with write() as writing:
        if key is None:
            yield writing, lead_to
            return
        led_to = sendings.take(writing, key, at=now())
        if led_to is not None:
            raise SentBefore(led_to)
        yield writing, lead_to
        sendings.lead(writing, key, led[0])


def _key(paper: OncePaper) -> bytes | None:
    # What was sent, not the field: a field that was not sent holds a fresh number.
    if not request.form.get(paper.once.name):
        return None
    words = sorted(item for item in request.form.items(multi=True) if item[0] != "csrf_token")
    parts = [part for item in words for part in item]
    return digest(b"madang/sending/v1", current_user.person_id, request.full_path, *parts)


def install(house: House) -> None:
    """Answer what was sent before with the way to what it made; forget it after a day."""

    @house.app.errorhandler(SentBefore)
    def _lead(error: SentBefore) -> ResponseReturnValue:
        return redirect(error.led_to or request.path, 303)

    house.job("web.forget_sendings", sendings.forget)
