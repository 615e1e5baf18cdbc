"""Hidden topics of floor requests: rows go both ways, and no table loses what it checks."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, inspect, select, text

from app.core.clock import FixedClock
from app.core.orm import Base
from app.factory import alembic
from app.moderation.models import ModerationAct, SubjectKind
from app.room.models import FloorRequest, FloorState, Message
from app.web.database import db
from tests.room.house import LiveAssembly
from tests.support.world import START, World


def stated():
    """What the models have the database check, by table and name."""
    return {
        (table.name, str(one.name))
        for table in Base.metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }


def standing():
    """What the database checks."""
    found = {
        (table, one["name"])
        for table in inspect(db.engine).get_table_names()
        for one in inspect(db.engine).get_check_constraints(table)
    }
    db.engine.dispose()
    return found


def test_a_hidden_topic_stays_unsaid_on_the_way_back_and_its_words_are_kept(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    live = LiveAssembly(world)
    hidden, shown = live.want_floor(live.guest(), "나쁜 말"), live.want_floor(live.guest())
    message = live.say(live.guest(), "나쁜 말")
    live.hide(FloorRequest, hidden)
    live.hide(Message, message)
    db.session.close()
    db.engine.dispose()
    alembic.downgrade("0012")
    with db.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT id, topic, state, ended_at IS NULL FROM floor_request ORDER BY id")
        )
        assert [tuple(row) for row in rows] == [
            (hidden, "나쁜 말", "withdrawn", False),
            (shown, "쉼터", "waiting", True),
        ]
        kinds = connection.scalars(text("SELECT subject_kind FROM moderation_act"))
        assert list(kinds) == ["message"]
    db.engine.dispose()
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    live.hide(FloorRequest, shown)
    with world.read() as session:
        found = session.get_one(FloorRequest, hidden)
        assert (found.state, found.is_hidden) == (FloorState.WITHDRAWN, False)
        lines = session.scalars(select(ModerationAct.subject_kind).order_by(ModerationAct.id))
        assert list(lines) == [SubjectKind.MESSAGE, SubjectKind.FLOOR_REQUEST]
        session.close()


def test_what_the_models_check_is_checked_after_the_migrations_up_and_down_and_up(bare_app):
    alembic.upgrade()
    assert stated() <= standing()
    alembic.downgrade("0012")
    assert stated() - standing() == {
        ("assembly", "ck_assembly_called_off_unopened"),
        ("assembly", "ck_assembly_called_off_with_reason"),
        ("ballot", "ck_ballot_reason_of_closing_early"),
        ("ballot", "ck_ballot_voters_took_part"),
        ("floor_request", "ck_floor_request_hide_reason"),
        ("notice_correction", "ck_notice_correction_ended_after_start"),
        ("notice_correction", "ck_notice_correction_numbered"),
        ("person", "ck_person_replaced_has_ended"),
        ("progress_report", "ck_progress_report_step_has_its_day"),
        ("proposal", "ck_proposal_published_has_field"),
        ("report", "ck_report_dismissed_is_settled"),
    }
    alembic.upgrade()
    assert stated() <= standing()
