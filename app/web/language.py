"""Which language a visitor reads: Korean unless they chose another."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain
from jinja2 import pass_context

if TYPE_CHECKING:
    from flask import Flask
    from jinja2.runtime import Context

LANGUAGES = ("ko", "en")
COOKIE = "language"


def choose() -> str:
    """Return the language code for this request."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


class _Catalogue(Domain):  # type: ignore[misc]
    """The sentences of a language, looked up once a request instead of once a sentence."""

    def get_translations(self) -> Any:
        if not has_app_context():
            return super().get_translations()
        kept = g.get("_flask_babel")
        # Flask-Babel itself clears this name when another language is forced for a while.
        found = getattr(kept, "babel_translations", None)
        if found is None:
            found = super().get_translations()
            g._flask_babel.babel_translations = found  # noqa: SLF001 - where Babel keeps it
        return found


class _Tongue(Babel):  # type: ignore[misc]
    """Flask-Babel with our catalogue."""

    @cached_property
    def domain_instance(self) -> Domain:
        return _Catalogue(domain=self.domain)


def install(app: Flask) -> None:
    """Choose each visitor's language, and give templates their sentences in it."""
    tongue = _Tongue(app, locale_selector=choose)
    templates = app.jinja_env
    say: Any = templates.globals["gettext"]
    said: dict[tuple[Any, str], str] = {}

    @pass_context
    def _gettext(context: Context, message: str, /, **variables: Any) -> Any:
        if variables or not context.eval_ctx.autoescape:
            return say(context, message, **variables)
        key = (tongue.domain_instance.get_translations(), message)
        if key not in said:
            said[key] = say(context, message)
        return said[key]

    templates.globals.update(gettext=_gettext, _=_gettext)
