"""The product, put together: read create_app as a table of contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_alembic import Alembic
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.assemblies import wiring as assemblies
from app.audit import wiring as audit
from app.ballots import wiring as ballots
from app.cli import wiring as cli
from app.commitments import wiring as commitments
from app.core import vault
from app.core.append_only import missing_triggers
from app.core.orm import Base
from app.demo import wiring as demo
from app.forum import wiring as forum
from app.moderation import wiring as moderation
from app.notices import wiring as notices
from app.pages import wiring as pages
from app.places import wiring as places
from app.proposals import wiring as proposals
from app.residents import sessions
from app.residents import wiring as residents
from app.room import wiring as room
from app.settings import ROOT, Settings, read_settings
from app.web import (
    audience,
    clocks,
    converters,
    cookies,
    database,
    headers,
    language,
    limits,
    logs,
    once,
    refusing,
    sockets,
    templating,
)
from app.web.database import db
from app.web.house import House

if TYPE_CHECKING:
    from app.core.clock import Clock

DOMAINS = (
    places,
    residents,
    moderation,
    proposals,
    forum,
    assemblies,
    ballots,
    commitments,
    room,
    notices,
    audit,
    pages,
    demo,
    cli,
)
FORM_BYTES = 512 * 1024
alembic = Alembic(metadatas=Base.metadata)


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Build the product for these settings (from the environment if none are given)."""
    settings = settings or read_settings()
    app = Flask(__name__)
    app.jinja_environment = templating.Templates
    _configure(app, settings)
    vault.use_field_key(settings.field_key)
    logs.configure(quiet=settings.environment == "test")

    house = House(app)
    app.extensions["house"] = house
    app.extensions["settings"] = settings
    clocks.install(app, settings, clock)
    database.install(app, house.bus)
    _migrations(app)

    logs.install(app)
    headers.install(app, https=settings.is_production)
    cookies.install(app)
    sessions.install(app)
    converters.install(app)
    audience.install(app)
    limits.install(app, redis_url=settings.redis_url, enabled=settings.limits)
    CSRFProtect(app)
    refusing.install(app, house.sentences)
    once.install(house)
    templating.install(app)
    language.install(app)
    sockets.install(app, redis_url=settings.redis_url, origins=settings.cors_origins)

    for domain in DOMAINS:
        domain.plug(house)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES={"default": _engine(settings)},
        SESSION_COOKIE_NAME="__Host-madang" if settings.is_production else "madang",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="ko",
        BABEL_DEFAULT_TIMEZONE="Asia/Seoul",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "app" / "translations"),
        OFFICIAL_SITE=settings.official_site,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        TESTING=settings.environment == "test",
    )


def _engine(settings: Settings) -> dict[str, object]:
    # An error of the database reaches the log, and what was typed must not come along.
    engine: dict[str, object] = {"url": settings.database_url, "hide_parameters": True}
    if settings.database_url.startswith("postgresql"):
        engine |= {"pool_size": 10, "max_overflow": 10}
    else:
        engine |= {"pool_size": 20, "max_overflow": 80}
    return engine


def _migrations(app: Flask) -> None:
    app.config["ALEMBIC"] = {"script_location": str(ROOT / "migrations")}
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        "include_object": _is_compared,
    }
    alembic.init_app(app)


def _is_compared(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001
    """Leave out of comparisons what only one of the databases has for searching."""
    if kind == "table":
        return not (name or "").startswith("proposal_search")
    if kind == "index" and db.engine.dialect.name == "sqlite":
        return bool(item.dialect_options["postgresql"]["using"] != "gin")
    return True


def prepare_database() -> None:
    """Bring the database to the newest revision; raise if it lost what guards its records."""
    alembic.upgrade()
    with db.engine.connect() as connection:
        missing = missing_triggers(connection)
    if missing:
        message = f"the database lost its guards: {', '.join(missing)}; restore a backup or repair"
        raise RuntimeError(message)
