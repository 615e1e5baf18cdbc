"""Reports of missed steps: their days go into the text on the way back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, text

from app.commitments.models import ProgressReport
from app.core.clock import FixedClock
from app.factory import alembic
from app.web.database import db
from tests.commitments.conftest import Promises
from tests.support.world import START, World

WHY = "장마가 길었습니다."


def test_a_moved_step_keeps_its_days_in_words_on_the_way_back(bare_app, tmp_path):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    promises = Promises(world, tmp_path)
    [promise, _] = promises.made()
    steps = [("설계", date(2021, 3, 20)), ("공사", date(2021, 3, 21))]
    promises.act("set_milestones", promise, steps)
    world.pass_time(days=29)
    promises.act("set_milestones", promise, [("설계", date(2021, 6, 1))], reason=WHY)
    promises.act("delay_commitment", promise, due_on=date(2022, 3, 31), reason=WHY)
    db.session.close()
    db.engine.dispose()
    alembic.downgrade("0018")
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT text, due_on FROM progress_report ORDER BY id"))
        assert [(told, str(day)) for told, day in rows] == [
            (f"설계: 2021-03-20 → 2021-06-01. {WHY}", "None"),
            (f"공사: 2021-03-21 → -. {WHY}", "None"),
            (WHY, "2022-03-31"),
        ]
    db.engine.dispose()
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    with world.read() as session:
        told = session.execute(select(ProgressReport.step, ProgressReport.step_was_due)).all()
        assert [tuple(row) for row in told] == [(None, None)] * 3
        session.close()
