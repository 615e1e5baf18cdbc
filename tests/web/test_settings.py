"""Settings are read once, whole, and fail loudly."""

import stat

import pytest

from app.settings import BadSettings, Environment, read_settings


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


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT"),
        ({"ENVIRONMENT": "production"}, "SECRET_KEY"),
        ({"ENVIRONMENT": "production", "SECRET_KEY": "k" * 31}, "SECRET_KEY"),
        ({"ENVIRONMENT": "production", "SECRET_KEY": "k", "DEMO": "1"}, "DEMO"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"TRUSTED_PROXIES": "1.5"}, "TRUSTED_PROXIES"),
        ({"LIMITS": "off"}, "LIMITS"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL"),
        ({"REDIS_URL": "memory://"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:port/0"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:6379/0?patience=5"}, "REDIS_URL"),
        ({"OFFICIAL_SITE": "maybe"}, "OFFICIAL_SITE"),
    ],
)
def test_what_cannot_be_used_is_named(environ, changes, complaint):
    with pytest.raises(BadSettings, match=f"^{complaint}: "):
        read_settings({**environ, **changes})


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
