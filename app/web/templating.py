"""What templates may call: filters, the preferences, versioned assets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app, request, url_for
from flask.templating import Environment
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import numbers, richtext
from app.core.clock import seoul_day
from app.web import headers, language, wording
from app.web.asking import asked_again
from app.web.database import now

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, MutableMapping
    from datetime import date

    from flask import Flask
    from markupsafe import Markup

SIZES = ("normal", "large")
CONTRASTS = ("normal", "high")
ADDRESSES_KEPT = 512
DRAWINGS_KEPT = 1024
DRAWN_FOR = "madang.drawn_for"
# A template's `remembered(macro)` draws a shape once and keeps it; its arguments say all it shows.
remembered = lru_cache(maxsize=DRAWINGS_KEPT, typed=True)


def remembered_here(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Return a macro that draws once for its arguments, in each language and below each root.

    So it may use gettext and addresses beside its arguments, but nothing else of the request: no
    visitor, no token, no clock.
    """

    @lru_cache(maxsize=DRAWINGS_KEPT, typed=True)
    def draw(_for: tuple[str, str], *arguments: Hashable) -> Markup:
        return macro(*arguments)

    def drawn(*arguments: Hashable) -> Markup:
        return draw(_drawn_for(), *arguments)

    return drawn


def _drawn_for() -> tuple[str, str]:
    """Return the language and the root of this request, found once for all its drawings.

    The request holds them, not `g`, which a request within another one would share.
    """
    environ = request.environ
    found: tuple[str, str] | None = environ.get(DRAWN_FOR)
    if found is None:
        found = environ[DRAWN_FOR] = (language.choose(), request.script_root)
    return found


@dataclass(frozen=True)
class Preferences:
    """How a visitor wants pages to look; kept in cookies, no account needed."""

    size: str
    contrast: str
    language: str


def preferences() -> Preferences:
    """Return the visitor's preferences; unknown cookie values count as the default."""
    size, contrast = request.cookies.get("size", ""), request.cookies.get("contrast", "")
    return Preferences(
        size if size in SIZES else SIZES[0],
        contrast if contrast in CONTRASTS else "",
        language.choose(),
    )


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(path: str) -> str:
    """Return the address of a static file, changed whenever its bytes change."""
    return _asset_address(_this_app(), request.script_root, path)


@lru_cache(maxsize=ADDRESSES_KEPT)
def _asset_address(app: Flask, _script_root: str, path: str) -> str:
    return url_for("static", filename=path, v=_fingerprint(Path(app.static_folder or "") / path))


def _this_app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a key
    return app


def days_left(until: datetime) -> str:
    """Return how long until a deadline, in the words of a person: 7일 남았습니다."""
    return left_words(left(until, now()))


def left(until: datetime, at: datetime) -> timedelta:
    """Return how long until a deadline as it is told: in whole days, on its last day in minutes."""
    remaining, day, minute = until - at, timedelta(days=1), timedelta(minutes=1)
    if remaining >= day:
        return remaining // day * day
    return max(minute, remaining // minute * minute) if remaining > timedelta(0) else timedelta(0)


def left_words(remaining: timedelta) -> str:
    """Return the words for what left() returned."""
    if not remaining:
        return str(_("마감되었습니다"))
    if remaining.days:
        return str(ngettext("%(num)s일 남았습니다", "%(num)s일 남았습니다", remaining.days))
    hours, minutes = divmod(remaining.seconds // 60, 60)
    if hours and minutes:
        return str(_("%(hours)s시간 %(minutes)s분 남았습니다", hours=hours, minutes=minutes))
    if hours:
        return str(ngettext("%(num)s시간 남았습니다", "%(num)s시간 남았습니다", hours))
    return str(ngettext("%(num)s분 남았습니다", "%(num)s분 남았습니다", minutes))


def near_day(value: date | datetime) -> str:
    """Return a day with its weekday, and with its year unless it is in the present one."""
    return wording.format_near_day(value, today=seoul_day(now()))


def page_url(number: int, endpoint: str | None = None) -> str:
    """Return this page's address with another page number, keeping its filters.

    An answer to a form names the endpoint of the page on which its list can be opened.
    """
    endpoint = endpoint or request.endpoint or ""
    known = {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
    own = {name: value for name, value in (request.view_args or {}).items() if name in known}
    asked: Mapping[str, Any] = {**asked_again(), **own, "page": number}
    return url_for(endpoint, **asked)


def frame_url(endpoint: str) -> str:
    """Return the address of a page that the frame names, or of the home page without it."""
    return _frame_address(_this_app(), request.script_root, endpoint)


@lru_cache(maxsize=ADDRESSES_KEPT)
def _frame_address(_app: Flask, _script_root: str, endpoint: str) -> str:
    return url_for(endpoint) if has_page(endpoint) else "/"


def has_page(endpoint: str) -> bool:
    """Say whether some domain serves this endpoint, so that the frame names only what is there."""
    return endpoint in current_app.view_functions


def on_page(words_for: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return what writes the same date for a page, where no line ends inside of it."""

    def written(value: Any) -> str:
        return wording.whole(words_for(value))

    return written


def demo_clock() -> str | None:
    """Return the demonstration's time for the banner; None when the clock is the real one."""
    if not current_app.extensions["settings"].demo:
        return None
    return wording.whole(_("시연 시각 %(moment)s", moment=wording.format_datetime(now())))


class Templates(Environment):
    """Flask's templates, with one plain dict of names for all of them.

    No template has names of its own, and at every import Jinja compares the names of the two
    templates: that is dear with the chain of dicts it would make for each.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names of a template: everybody's, unless it comes with its own.

        So no template may be asked for again with names of its own: all would get them.
        """
        return super().make_globals(d) if d else self.globals


def install(app: Flask) -> None:
    """Give templates their filters and names."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date=on_page(wording.format_date),
        day=on_page(wording.format_day),
        near_day=on_page(near_day),
        plain_day=wording.format_plain_day,
        datetime=on_page(wording.format_datetime),
        until=on_page(wording.format_until),
        whole=wording.whole,
        days_left=days_left,
        left_words=left_words,
        won=wording.format_won,
        number="{:,}".format,
        josa=wording.josa,
        markdown=richtext.render,
        percent=numbers.percent,
    )
    app.jinja_env.globals.update(
        asset=asset,
        frame_url=frame_url,
        has_page=has_page,
        left=left,
        page_url=page_url,
        now=now,
        remembered=remembered,
        remembered_here=remembered_here,
    )

    @app.context_processor
    def _names() -> dict[str, Any]:
        return {
            "csp_nonce": headers.nonce(),
            "preferences": preferences(),
            "demo_clock": demo_clock(),
        }
