"""Settings: one frozen object read from the environment, which fails loudly."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.redis_lines import lines_to
from app.core.vault import key_file

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
SECRET_LEAST = 32


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
    instance = Path(env.get("INSTANCE_PATH", str(ROOT / "instance"))).resolve()
    keys = instance / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    demo = _flag(env, "DEMO", default=False)
    if demo and environment is Environment.PRODUCTION:
        message = "DEMO: a shifted clock is refused in production"
        raise BadSettings(message)
    if environment is Environment.PRODUCTION and len(env.get("SECRET_KEY", "")) < SECRET_LEAST:
        message = f"SECRET_KEY: required in production, {SECRET_LEAST} characters or more"
        raise BadSettings(message)
    secret = env.get("SECRET_KEY", "").encode() or key_file(keys / "session.key")
    return Settings(
        environment=environment,
        instance_path=instance,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'madang.db'}",
        redis_url=_redis(env),
        secret_key=secret,
        field_key=key_file(keys / "field.key"),
        signing_key=key_file(keys / "signing.key"),
        port=_number(env, "PORT", 5000),
        official_site=_flag(env, "OFFICIAL_SITE", default=False),
        demo=demo,
        district=env.get("DISTRICT", "geumcheon"),
        smtp_url=env.get("SMTP_URL") or None,
        mail_from=env.get("MAIL_FROM", "madang@localhost"),
        public_url=env.get("PUBLIC_URL", f"http://127.0.0.1:{_number(env, 'PORT', 5000)}").rstrip(
            "/"
        ),
        trusted_hosts=_words(env, "TRUSTED_HOSTS"),
        trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
        limits=_flag(env, "LIMITS", default=True),
        cors_origins=_words(env, "SOCKET_ORIGINS"),
    )


def _choice(env: Mapping[str, str]) -> Environment:
    name = env.get("ENVIRONMENT", Environment.DEVELOPMENT)
    try:
        return Environment(name)
    except ValueError:
        message = f"ENVIRONMENT: {name!r} is none of {', '.join(Environment)}"
        raise BadSettings(message) from None


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").lower()
    if value in ("", "0", "1", "no", "yes", "false", "true"):
        return value in ("1", "yes", "true") if value else default
    message = f"{name}: {value!r} is neither 0 nor 1"
    raise BadSettings(message)


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if not value.isdecimal():
        message = f"{name}: {value!r} is not a whole number"
        raise BadSettings(message)
    return int(value)


def _redis(env: Mapping[str, str]) -> str | None:
    """Return the address of Redis, which need not answer yet."""
    value = env.get("REDIS_URL", "").strip()
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
