"""Dismissed reports are told apart from those that ended in hiding, also of earlier days."""

from __future__ import annotations

from sqlalchemy import text

from app.core.clock import FixedClock
from app.factory import alembic
from app.residents.models import Role
from app.web.database import db
from tests.moderation.test_actions import hide, report
from tests.moderation.test_dismissed import lists, settle
from tests.proposals import steps
from tests.support.world import START, World


def test_reports_of_earlier_days_are_told_apart_by_whether_something_was_hidden(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    moderator = world.staff(Role.MODERATOR, "doksan1")
    left, hidden, waits = (steps.published(world) for _ in range(3))
    for proposal_id in (left, hidden, waits):
        report(world, proposal_id, world.resident())
    settle(world, left, moderator)
    hide(world, hidden, moderator)
    before = lists(world, moderator)
    assert before == [[(waits, 1)], [(left, 1)]]
    db.session.close()
    db.engine.dispose()
    alembic.downgrade("0023")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(settled_at) FROM report")) == 2
    db.engine.dispose()
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    assert lists(world, moderator) == before
