"""Every form that the village's pages hold, read from the pages themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from flask import Flask

TYPED = {"text", "search", "email", "tel", "url", "textarea", "number", "date", "time", "password"}


@dataclass
class Form:
    """A form as its page gives it: where it goes, what it carries, what a person types."""

    page: str
    action: str
    carried: dict[str, list[str]] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)

    def endpoint(self, app: Flask) -> str:
        """Name the endpoint that the form is posted to."""
        found: str = app.url_map.bind("localhost").match(urlsplit(self.action).path, "POST")[0]
        return found

    def filled(self, typed: str) -> dict[str, list[str]]:
        """Return the form as it would be sent with the same text in every field that is typed."""
        return self.carried | {name: [typed] for name in self.typed}


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, list[Form]()
        self._form: Form | None = None
        self._select = ""
        self._in_template = False

    def _is_there(self, has: dict[str, str]) -> bool:
        """Leave out what a script keeps for later."""
        return not self._in_template and "hidden" not in has

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self._in_template |= tag == "template"
        if tag == "form" and has.get("method", "").lower() == "post" and self._is_there(has):
            self._form = Form(self.page, urljoin(self.page, has.get("action", "")))
            self.forms.append(self._form)
        elif self._form is not None:
            self._read(tag, has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "template":
            self._in_template = False

    def _read(self, tag: str, has: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = has.get("name", ""), has.get("type", "text")
        if tag == "textarea" or (tag == "input" and kind in TYPED):
            self._form.typed.append(name)
        elif tag == "select":
            self._select = name
        elif tag == "option":
            self._choose(self._select, has, chosen="selected" in has)
        elif tag in ("input", "button") and name:
            self._choose(name, has, chosen="checked" in has)

    def _choose(self, name: str, has: dict[str, str], *, chosen: bool) -> None:
        """Keep what is chosen, or the first that could be."""
        assert self._form is not None
        value = has.get("value", "")
        if value and (chosen or not self._form.carried.get(name)):
            self._form.carried[name] = [value]


def forms_on(page: str, html: str) -> list[Form]:
    """Return the forms of a page that are posted."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms
