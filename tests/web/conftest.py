"""Second apps on the same database, for what the shared one has switched off."""

import dataclasses

import pytest

from app.factory import create_app
from app.web.database import db
from app.web.limits import limiter
from app.web.sockets import sockets


@pytest.fixture
def another_app(app, settings, clock):
    """Build one more app with other settings: another_app(limits=True).

    The sockets belong to the process, not to an app: they are given back to the shared one.
    """
    built, sockets_before = [], dict(vars(sockets))

    def build(**changes):
        built.append(create_app(dataclasses.replace(settings, **changes), clock=clock))
        return built[-1]

    yield build
    for one in built:
        with one.app_context():
            db.engine.dispose()
    vars(sockets).update(sockets_before)
    if limiter.enabled:
        limiter.reset()
    limiter.enabled = False
