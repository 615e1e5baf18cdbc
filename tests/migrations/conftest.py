"""A database that no migration has touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.core.clock import FixedClock
from app.factory import create_app
from app.settings import Settings
from app.web.database import db
from tests.conftest import fresh_database
from tests.support.world import START

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def bare_app(settings: Settings, tmp_path: Path, worker: str) -> Iterator[Flask]:
    """The product before its database has any table."""
    with fresh_database(f"migrating_{worker}", tmp_path) as url:
        app = create_app(replace(settings, database_url=url), clock=FixedClock(START))
        with app.app_context():
            yield app
            db.session.close()
            db.engine.dispose()
