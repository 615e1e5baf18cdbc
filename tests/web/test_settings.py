"""Settings are read once, whole, and fail loudly."""

import re
import stat
from pathlib import Path

import pytest

from app.settings import BadSettings, Environment, read_settings

README = Path(__file__).resolve().parents[2] / "README.md"
NAMES = [
    "DATABASE_URL", "DEMO", "DISTRICT", "ENVIRONMENT", "LIMITS", "MAIL_FROM", "OFFICIAL_SITE",
    "PORT", "PUBLIC_URL", "REDIS_URL", "SECRET_KEY", "SMTP_URL", "SOCKET_ORIGINS",
    "TRUSTED_HOSTS", "TRUSTED_PROXIES",
]  # fmt: skip


@pytest.fixture
def environ(tmp_path):
    return {"INSTANCE_PATH": str(tmp_path)}


def test_an_empty_environment_is_enough_to_begin(environ, tmp_path):
    settings = read_settings(environ)
    assert settings.environment is Environment.DEVELOPMENT
    assert settings.database_url == f"sqlite:///{tmp_path / 'madang.db'}"
    assert settings.limits
    assert not settings.is_production
    assert len(settings.secret_key) == len(settings.field_key) == len(settings.signing_key) == 32
    for name in ("session.key", "field.key", "signing.key"):
        assert stat.S_IMODE((settings.keys_path / name).stat().st_mode) == 0o600
    assert read_settings(environ) == settings


def test_keys_never_show_in_a_log(environ):
    settings = read_settings({**environ, "SECRET_KEY": "spring in the yard"})
    assert settings.secret_key == b"spring in the yard"
    assert "spring" not in repr(settings)
    assert "key=" not in repr(settings)


def test_every_setting_is_read(environ):
    settings = read_settings(
        {
            **environ,
            "ENVIRONMENT": "production",
            "SECRET_KEY": "k" * 32,
            "DATABASE_URL": "postgresql+psycopg://db/madang",
            "REDIS_URL": "redis://cache/0",
            "PORT": "8080",
            "OFFICIAL_SITE": "yes",
            "TRUSTED_HOSTS": "a.example, b.example,",
            "TRUSTED_PROXIES": "1",
            "LIMITS": "false",
            "SOCKET_ORIGINS": "https://a.example",
            "SMTP_URL": "smtp://user:p%2Fw@mail.example.kr:587",
            "MAIL_FROM": "마당 <madang@example.kr>",
            "PUBLIC_URL": "https://a.example/madang/",
            "DISTRICT": "jung",
        }
    )
    assert settings.is_production
    assert settings.database_url == "postgresql+psycopg://db/madang"
    assert settings.redis_url == "redis://cache/0"
    assert settings.port == 8080
    assert settings.official_site
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.trusted_proxies == 1
    assert not settings.limits
    assert settings.cors_origins == ("https://a.example",)
    assert settings.smtp_url == "smtp://user:p%2Fw@mail.example.kr:587"
    assert settings.mail_from == "마당 <madang@example.kr>"
    assert settings.public_url == "https://a.example/madang"
    assert settings.district == "jung"


class Asked(dict):
    """An environment that remembers what it was asked for."""

    def __init__(self, *given):
        super().__init__(*given)
        self.names = set()

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


def test_readme_names_every_setting_and_its_default(environ):
    asked = Asked(environ)
    settings = read_settings(asked)
    table = README.read_text(encoding="utf-8").partition("## Settings")[2].partition("## ")[0]
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", table, re.MULTILINE))
    assert set(told) == asked.names
    assert sorted(told) == sorted([*NAMES, "INSTANCE_PATH"])
    assert {name: default.strip("`") for name, default in told.items()} == {
        "DATABASE_URL": "SQLite under `INSTANCE_PATH",
        "DEMO": "1 under `make run`, else 0",
        "DISTRICT": settings.district,
        "ENVIRONMENT": settings.environment,
        "INSTANCE_PATH": "instance/",
        "LIMITS": str(int(settings.limits)),
        "MAIL_FROM": settings.mail_from,
        "OFFICIAL_SITE": str(int(settings.official_site)),
        "PORT": str(settings.port),
        "PUBLIC_URL": settings.public_url.replace(str(settings.port), "PORT"),
        "REDIS_URL": settings.redis_url or "none",
        "SECRET_KEY": "a key file",
        "SMTP_URL": settings.smtp_url or "none",
        "SOCKET_ORIGINS": "this site",
        "TRUSTED_HOSTS": "any",
        "TRUSTED_PROXIES": str(settings.trusted_proxies),
    }


@pytest.mark.parametrize("empty", ["", " ", "\n"])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "SECRET_KEY"])
def test_an_empty_setting_is_one_that_is_not_set(environ, name, empty):
    assert read_settings({**environ, name: empty}) == read_settings(environ)


def test_no_folder_named_is_the_projects_own(environ, monkeypatch, tmp_path):
    monkeypatch.setattr("app.settings.ROOT", tmp_path)
    for empty in ({}, {"INSTANCE_PATH": ""}, {"INSTANCE_PATH": " "}):
        assert read_settings(empty).instance_path == tmp_path / "instance"


NO_DATABASES = [
    "nonsense",
    "madang.db",
    "sqlite://",
    "sqlite:///:memory:",
    "mysql://db/madang",
    "postgres://db/madang",
    "postgresql+asyncpg://db/madang",
    "postgresql+psycopg://db:port/madang",
    "postgresql+psycopg://db:99999/madang",
    "postgresql+psycopg://[::1/madang",
]
NO_MAIL_SERVERS = [
    "mail.example.kr",
    "mail.example.kr:587",
    "smtp://",
    "smtp://:25",
    "smtp://h:abc",
    "smtp://h:0",
    "smtp://h:65536",
    "smtp://user:pa/ss@h:25",
    "smtp://user:pa#ss@h:25",
    "smtp://h o st",
    "http://mail.example.kr",
    "smtp://[::1",
]
NO_SENDERS = ["madang", "madang@", "@example.kr", "a b@example.kr", "a@b\nBcc: c@d", "<>", "a@b@c"]
NO_SITES = ["madang.example.kr", "ftp://a.example", "https://", "https://a.example?x=1"]
NO_ORIGINS = ["*", "a.example", "https://a.example/", "https://a.example/path", "https://a:b"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT"),
        ({"ENVIRONMENT": "production"}, "SECRET_KEY"),
        ({"ENVIRONMENT": "production", "SECRET_KEY": "k" * 31}, "SECRET_KEY"),
        ({"ENVIRONMENT": "production", "SECRET_KEY": "k", "DEMO": "1"}, "DEMO"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"PORT": "9" * 5000}, "PORT"),
        ({"PORT": "٥٠٠٠"}, "PORT"),
        ({"TRUSTED_PROXIES": "10"}, "TRUSTED_PROXIES"),
        ({"INSTANCE_PATH": "/dev/null"}, "INSTANCE_PATH"),
        ({"TRUSTED_PROXIES": "1.5"}, "TRUSTED_PROXIES"),
        ({"LIMITS": "off"}, "LIMITS"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL"),
        ({"REDIS_URL": "memory://"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:port/0"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:6379/0?patience=5"}, "REDIS_URL"),
        ({"OFFICIAL_SITE": "maybe"}, "OFFICIAL_SITE"),
        *(({"DATABASE_URL": address}, "DATABASE_URL") for address in NO_DATABASES),
        *(({"SMTP_URL": address}, "SMTP_URL") for address in NO_MAIL_SERVERS),
        *(({"MAIL_FROM": address}, "MAIL_FROM") for address in NO_SENDERS),
        *(({"PUBLIC_URL": address}, "PUBLIC_URL") for address in NO_SITES),
        *(({"SOCKET_ORIGINS": f"https://a.example,{one}"}, "SOCKET_ORIGINS") for one in NO_ORIGINS),
    ],
)
def test_what_cannot_be_used_is_named(environ, changes, complaint):
    with pytest.raises(BadSettings, match=f"^{complaint}: "):
        read_settings({**environ, **changes})


@pytest.mark.parametrize("name", ["SMTP_URL", "DATABASE_URL"])
def test_what_is_said_of_an_address_does_not_repeat_its_password(environ, name):
    for address in ("smtp://u:sesame/x@h:1", "postgresql://u:sesame@h:abc/x", "sesame"):
        with pytest.raises(BadSettings) as refused:
            read_settings({**environ, name: address})
        assert "sesame" not in str(refused.value)
        assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////srv/madang.db",
        "postgresql://db/madang",
        "postgresql+psycopg:///madang?host=/run/postgresql",
        "postgresql+psycopg://u:p%40ss@[::1]:5432/madang",
    ],
)
def test_an_address_of_a_database_that_can_be_is_taken(environ, address):
    assert read_settings({**environ, "DATABASE_URL": f" {address}\n"}).database_url == address


@pytest.mark.parametrize("address", ["smtp://h", "smtps://u:p@mail.example.kr", "smtp://[::1]:25/"])
def test_an_address_of_a_mail_server_that_can_be_is_taken(environ, address):
    assert read_settings({**environ, "SMTP_URL": f"{address} "}).smtp_url == address


@pytest.mark.parametrize(
    "address", ["redis://:word@cache:6379/3", "rediss://cache", "unix:///run/redis.sock?db=1"]
)
def test_an_address_of_redis_may_stand_between_blanks(environ, address):
    assert read_settings({**environ, "REDIS_URL": f" {address}\n"}).redis_url == address


def test_a_damaged_key_file_stops_the_start(environ):
    settings = read_settings(environ)
    (settings.keys_path / "field.key").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"field\.key"):
        read_settings(environ)
