"""How the pages are found: by links from the home page, each kind of page a few times."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.web.audience import Reach, audience_of
from tools.gallery.camera import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Page

PAGES_OF_A_KIND = 3
MOST_OF_A_KIND = 12  # opened in search of one that looks different
# Lists that are asked in many ways: the ways beyond these look the same.
PAGES_OF_A_LIST = 2
LISTS = {"pages.home", "pages.desk", "assemblies.index", "assemblies.detail", "room.hall"}

_LINKS = "links => links.map(link => link.getAttribute('href'))"
# What a page of this kind can look like: its heading aside, which parts it is made of.
_SHAPE = """(parts) => [...document.querySelectorAll(parts)].map((one) => [
    one.tagName, one.className, one.matches(".tag") ? one.textContent.trim() : "",
    one.getAttribute("aria-labelledby"), (one.getAttribute("action") || "").replace(/[0-9]+/g, ""),
  ].join(".")).filter((one, at, all) => all.indexOf(one) === at).sort().join(" ")"""
_PARTS = (
    "main section[aria-labelledby], main form, main .tag, main .empty, main .notice, main table,"
    " .action-bar"
)


class Walk:
    """One viewer's way through the site."""

    def __init__(self, app: Flask, page: Page, *, already: set[tuple[str, str]]) -> None:
        """Begin; `already` holds what pages looked like to viewers before, and grows."""
        self._app, self._page, self._shapes = app, page, already
        self._kinds = app.url_map.bind("127.0.0.1")
        self._seen: Counter[str] = Counter()
        self._shown: Counter[str] = Counter()

    def pages(self, *, is_worth: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
        """Open every page of a kind worth a look, nearest first; yield its kind and status."""
        waiting, met = deque(["/"]), {"/"}
        while waiting:
            path = waiting.popleft()
            kind = self.kind(path)
            # A list leads to pages of other kinds, so lists are opened even when not shown.
            if kind is None or not (is_worth(kind) or kind in LISTS):
                continue
            if self._seen[kind] >= MOST_OF_A_KIND:
                continue
            status = opened(self._page, path)
            if status is None:
                continue
            # A page may send a visitor on, to sign in first.
            kind = self.kind(self._page.url) or kind
            self._seen[kind] += 1
            links = self._links()
            if is_worth(kind) and self._is_new(kind):
                yield kind, status
            for link in links:
                if link not in met:
                    met.add(link)
                    waiting.append(link)

    def kind(self, path: str) -> str | None:
        """Name the endpoint behind a path; None for files and for what is no page."""
        try:
            endpoint, _ = self._kinds.match(urlsplit(path).path, method="GET")
        except (HTTPException, RequestRedirect):
            return None
        return None if endpoint == "static" else str(endpoint)

    def is_for_staff(self, kind: str) -> bool:
        """Say whether only people with a role see pages of this kind."""
        audience = audience_of(self._app, kind)
        return audience is not None and audience.reach is Reach.STAFF

    def _is_new(self, kind: str) -> bool:
        shape = (kind, str(self._page.evaluate(_SHAPE, _PARTS)))
        most = PAGES_OF_A_LIST if "?" in self._page.url else PAGES_OF_A_KIND
        if shape in self._shapes or self._shown[kind] >= most:
            return False
        self._shapes.add(shape)
        self._shown[kind] += 1
        return True

    def _links(self) -> list[str]:
        targets: list[str] = self._page.eval_on_selector_all("a[href]:not([download])", _LINKS)
        return [target.partition("#")[0] for target in targets if target.startswith("/")]
