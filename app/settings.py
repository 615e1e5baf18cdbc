"""Settings: one frozen object read from the environment, which fails loudly."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.core.redis_lines import lines_to
from app.core.vault import key_file

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
SECRET_LEAST = 32
HIGHEST_PORT = 65_535
MOST_PROXIES = 9
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


class Environment(StrEnum):
    """Where the product runs; production refuses conveniences."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class BadSettings(ValueError):
    """A setting that is missing, malformed or not allowed here."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and another."""

    environment: Environment
    instance_path: Path
    database_url: str
    redis_url: str | None = None
    secret_key: bytes = field(repr=False, default=b"")
    field_key: bytes = field(repr=False, default=b"")
    signing_key: bytes = field(repr=False, default=b"")
    port: int = 5000
    official_site: bool = False
    demo: bool = False
    district: str = "geumcheon"
    smtp_url: str | None = None
    mail_from: str = "madang@localhost"
    public_url: str = "http://127.0.0.1:5000"
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    limits: bool = True
    cors_origins: tuple[str, ...] = ()

    @property
    def keys_path(self) -> Path:
        """Return the folder of key files; it never lies in the database or the repository."""
        return self.instance_path / "keys"

    @property
    def is_production(self) -> bool:
        """Say whether conveniences of development are refused."""
        return self.environment is Environment.PRODUCTION


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from environment variables.

    Raises BadSettings with the variable's name when one cannot be used.
    """
    env = os.environ if environ is None else environ
    environment = _choice(env)
    instance = Path(_text(env, "INSTANCE_PATH", str(ROOT / "instance"))).resolve()
    demo = _flag(env, "DEMO", default=False)
    if demo and environment is Environment.PRODUCTION:
        message = "DEMO: a shifted clock is refused in production"
        raise BadSettings(message)
    if environment is Environment.PRODUCTION and len(env.get("SECRET_KEY", "")) < SECRET_LEAST:
        message = f"SECRET_KEY: required in production, {SECRET_LEAST} characters or more"
        raise BadSettings(message)
    port = _number(env, "PORT", 5000, most=HIGHEST_PORT)
    return Settings(
        environment=environment,
        instance_path=instance,
        database_url=_database(env, f"sqlite:///{instance / 'madang.db'}"),
        redis_url=_redis(env),
        port=port,
        official_site=_flag(env, "OFFICIAL_SITE", default=False),
        demo=demo,
        district=_text(env, "DISTRICT", "geumcheon"),
        smtp_url=_mail_server(env),
        mail_from=_sender(env, "madang@localhost"),
        public_url=_site(env, f"http://127.0.0.1:{port}"),
        trusted_hosts=_words(env, "TRUSTED_HOSTS"),
        trusted_proxies=_number(env, "TRUSTED_PROXIES", 0, most=MOST_PROXIES),
        limits=_flag(env, "LIMITS", default=True),
        cors_origins=_origins(env),
        **_keys(instance / "keys", secret=env.get("SECRET_KEY", "").encode()),
    )


def _keys(folder: Path, *, secret: bytes) -> dict[str, bytes]:
    """Return the keys kept in a folder, made there the first time."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return {
            "secret_key": secret or key_file(folder / "session.key"),
            "field_key": key_file(folder / "field.key"),
            "signing_key": key_file(folder / "signing.key"),
        }
    except (OSError, ValueError) as error:
        message = f"INSTANCE_PATH: no folder to keep keys in ({error})"
        raise BadSettings(message) from error


def _text(env: Mapping[str, str], name: str, default: str = "") -> str:
    """Return a setting without the blanks around it; an empty one is one that is not set."""
    return env.get(name, "").strip() or default


def _choice(env: Mapping[str, str]) -> Environment:
    name = _text(env, "ENVIRONMENT", Environment.DEVELOPMENT)
    try:
        return Environment(name)
    except ValueError:
        message = f"ENVIRONMENT: {name!r} is none of {', '.join(Environment)}"
        raise BadSettings(message) from None


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = _text(env, name).lower()
    if value in ("", "0", "1", "no", "yes", "false", "true"):
        return value in ("1", "yes", "true") if value else default
    message = f"{name}: {value!r} is neither 0 nor 1"
    raise BadSettings(message)


def _number(env: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    value = _text(env, name)
    if not value:
        return default
    if not (value.isascii() and value.isdecimal()):
        message = f"{name}: {value!r} is not a whole number"
        raise BadSettings(message)
    if len(value) > len(str(most)) or int(value) > most:
        message = f"{name}: {value} is more than {most}"
        raise BadSettings(message)
    return int(value)


def _database(env: Mapping[str, str], default: str) -> str:
    """Return the address of a database that this installation has a driver for."""
    value = _text(env, "DATABASE_URL", default)
    # What is wrong with it is not repeated: a password stands in it.
    message = (
        "DATABASE_URL: no address like postgresql+psycopg://user:password@host:5432/madang"
        " or sqlite:////srv/madang/madang.db"
    )
    try:
        url = make_url(value)
        dialect = url.get_dialect()
        dialect.import_dbapi()
    except (ArgumentError, ImportError, ValueError):
        raise BadSettings(message) from None
    is_file = url.database not in (None, "", ":memory:")  # each line would see one of its own
    if (
        dialect.is_async
        or dialect.name not in ("sqlite", "postgresql")
        or (dialect.name == "sqlite" and not is_file)
        or (url.port or 0) > HIGHEST_PORT
    ):
        raise BadSettings(message)
    return value


def _mail_server(env: Mapping[str, str]) -> str | None:
    """Return the address of the mail server, which need not answer yet."""
    value = _text(env, "SMTP_URL")
    if value and not _is_address(value, "smtp", "smtps"):
        message = (
            "SMTP_URL: no address like smtp://user:password@mail.example.kr:587 or smtps://…"
            " (in a password / is written %2F, @ %40 and # %23)"
        )
        raise BadSettings(message)
    return value or None


def _sender(env: Mapping[str, str], default: str) -> str:
    value = _text(env, "MAIL_FROM", default)
    if not _MAILBOX.fullmatch(parseaddr(value)[1]) or not value.isprintable():
        message = (
            f"MAIL_FROM: {value!r} is no address like madang@example.kr or 마당 <madang@example.kr>"
        )
        raise BadSettings(message)
    return value


def _site(env: Mapping[str, str], default: str) -> str:
    value = _text(env, "PUBLIC_URL", default).rstrip("/")
    if not _is_address(value, "http", "https", with_path=True):
        message = f"PUBLIC_URL: {value!r} is no address like https://madang.example.kr"
        raise BadSettings(message)
    return value


def _origins(env: Mapping[str, str]) -> tuple[str, ...]:
    origins = _words(env, "SOCKET_ORIGINS")
    for origin in origins:
        if origin.endswith("/") or not _is_address(origin, "http", "https"):
            message = f"SOCKET_ORIGINS: {origin!r} is no origin like https://madang.example.kr"
            raise BadSettings(message)
    return origins


def _is_address(value: str, *schemes: str, with_path: bool = False) -> bool:
    """Say whether this is scheme://host with a port that can be, and nothing it has no use for."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in schemes
        and bool(parts.hostname)
        and port != 0
        and (with_path or parts.path in ("", "/"))
        and not (parts.query or parts.fragment)
        and not any(character.isspace() for character in value)
    )


def _redis(env: Mapping[str, str]) -> str | None:
    """Return the address of Redis, which need not answer yet."""
    value = _text(env, "REDIS_URL")
    if not value:
        return None
    try:
        lines_to(value)
    except (TypeError, ValueError) as error:
        message = f"REDIS_URL: no address like redis://127.0.0.1:6379/0 ({error})"
        raise BadSettings(message) from error
    return value


def _words(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in env.get(name, "").split(",") if word.strip())
