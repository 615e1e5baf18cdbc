"""A visitor of the site in tests: opens pages, submits their forms with the form's own token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.web.wording import NO_BREAK, WORD_JOINER

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.support.world import World

_ONCE = re.compile(r'name="once"[^>]*value="([^"]+)"')
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """One visitor with their cookies; CSRF protection stays on."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.page: TestResponse | None = None

    @property
    def text(self) -> str:
        """The page being looked at, as it reads: what holds its dates together is not seen."""
        assert self.page is not None
        text = self.page.get_data(as_text=True)
        return text.replace(WORD_JOINER, "").replace(NO_BREAK, " ")

    @property
    def status(self) -> int:
        """The status of the page being looked at."""
        assert self.page is not None
        return self.page.status_code

    @property
    def path(self) -> str:
        """The address of the page being looked at."""
        assert self.page is not None
        return self.page.request.path

    def sign_in(self, world: World, person_id: int) -> Browser:
        """Sign in as a person, without the form."""
        token = world.token(person_id)
        with self.client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return self

    def open(self, url: str) -> Browser:
        """Open a page, following redirects."""
        self.page = self.client.get(url, follow_redirects=True)
        return self

    def csrf(self) -> str:
        """The token of the page being looked at; opens the sign-in page if it has none."""
        found = _TOKEN.search(self.text) if self.page is not None else None
        if found is None:
            found = _TOKEN.search(self.client.get("/about").get_data(as_text=True))
        assert found, "no form with a token on the page"
        return found[1]

    def once(self) -> dict[str, str]:
        """The number of the form being looked at, if what it makes is made once."""
        found = _ONCE.search(self.text) if self.page is not None else None
        return {"once": found[1]} if found else {}

    def submit(self, url: str, *, follow: bool = True, **fields: object) -> Browser:
        """Send a form with the token of the page being looked at (lists become repeats)."""
        self.page = self.client.post(
            url,
            data={"csrf_token": self.csrf(), **self.once(), **fields},
            follow_redirects=follow,
            headers={"Referer": "http://localhost" + (self.path if self.page else "/")},
        )
        return self

    @property
    def location(self) -> str:
        """Where an unfollowed redirect leads."""
        assert self.page is not None
        return urlsplit(self.page.headers["Location"]).path
