"""From a refusal to its page: status, sentence, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from app.core.refusals import BirthDay, Refused, Until
from app.web.redirects import local_path
from app.web.typed import typed_fields
from app.web.wording import format_date, format_datetime, format_plain_day, format_until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from app.core.refusals import Refusal


TOO_LARGE = 413


@dataclass(frozen=True)
class Sentence:
    """What a refusal says to a person, and under which HTTP status (403, 409, 422, 429).

    `text` is a lazy string; named details of the refusal are filled in ("%(limit)s"), days and
    moments in the page's language.
    """

    status: int
    text: object

    def fill(self, details: Mapping[str, object]) -> str:
        """Return the sentence with the refusal's details in it."""
        text = str(self.text)
        said = {name: _in_words(value) for name, value in details.items()}
        return text % said if said else text


def _in_words(value: object) -> object:
    if isinstance(value, Until):
        return format_until(value.moment)
    if isinstance(value, BirthDay):
        return format_plain_day(value.day)
    if isinstance(value, datetime):
        return format_datetime(value)
    return format_date(value) if isinstance(value, date) else value


class Sentences:
    """Every refusal's sentence, gathered from the domains' words."""

    def __init__(self) -> None:
        self._by_code: dict[Refusal, Sentence] = {}

    def add(self, sentences: Mapping[Refusal, Sentence]) -> None:
        """Add one domain's sentences."""
        self._by_code.update(sentences)

    def of(self, refused: Refused) -> tuple[int, str]:
        """Return the status and the sentence of a refused act."""
        sentence = self._by_code[refused.refusal]
        return sentence.status, sentence.fill(refused.details)

    def __contains__(self, refusal: object) -> bool:
        """Say whether a refusal has its sentence."""
        return refusal in self._by_code


def sentence_of(app: Flask, refused: Refused) -> tuple[int, str]:
    """Return the status and sentence with which the app answers a refusal."""
    sentences: Sentences = app.extensions["sentences"]
    return sentences.of(refused)


def error_page(status: int, text: str | None = None) -> ResponseReturnValue:
    """Return the error page of a status; `text` replaces the general words of the template.

    What was typed stays with the person: the page gives it back, and the way to signing in leads
    back to the page that held it.
    """
    body = render_template(
        "errors/error.html",
        status=status,
        text=text,
        back=_same_site_referrer(),
        form_page=_form_page(),
        typed=typed_fields() if _gives_back() and status != TOO_LARGE else [],
    )
    return body, status


def _gives_back() -> bool:
    """Say whether what was sent is shown again: not where another site would speak on our page."""
    if request.method != "POST":
        return False
    origin = request.headers.get("Origin", request.host_url.rstrip("/"))
    came_from = request.headers.get("Referer", request.host_url)
    return f"{origin}/" == request.host_url and came_from.startswith(request.host_url)


def _same_site_referrer() -> str | None:
    referrer = request.referrer
    return referrer if referrer and referrer.startswith(request.host_url) else None


def _form_page() -> str | None:
    """Return the path of the page that was asked for, or that held the form which was sent."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    parts = urlsplit(_same_site_referrer() or "")
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return local_path(path, "") or None


def install(app: Flask, sentences: Sentences) -> None:
    """Answer refusals and HTTP errors with pages."""
    app.extensions["sentences"] = sentences

    @app.errorhandler(Refused)
    def _refused(error: Refused) -> ResponseReturnValue:
        status, text = sentences.of(error)
        return error_page(status, text)

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> ResponseReturnValue:
        return error_page(
            400,
            _(
                "화면을 연 지 오래되었거나 다른 곳에서 온 요청입니다. 화면을 새로 열고 다시 보내 주세요."
            ),
        )

    @app.errorhandler(BadHost)
    @app.errorhandler(SecurityError)
    def _host(_error: HTTPException) -> ResponseReturnValue:
        """Answer a host that is not ours in plain words: no page of ours has an address there."""
        return "400\n", 400, {"Content-Type": "text/plain; charset=utf-8"}

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:  # noqa: PLR2004
            return error
        return error_page(error.code)

    @app.errorhandler(UnicodeDecodeError)
    def _encoding(_error: UnicodeDecodeError) -> ResponseReturnValue:
        return error_page(400, _("글자를 읽을 수 없습니다. UTF-8로 다시 보내 주세요."))
