"""A record that became an account is told apart from somebody who left, also of earlier days."""

from __future__ import annotations

from sqlalchemy import text

from app.core.clock import FixedClock
from app.factory import alembic
from app.residents import actions
from app.residents.models import Account
from app.residents.rules import Twin
from app.web.database import db
from tests.residents.conftest import verify
from tests.support.world import START, World


def _replaced():
    db.session.close()
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, is_replaced FROM person ORDER BY id")).all()
    db.engine.dispose()
    return {person_id for person_id, is_replaced in rows if is_replaced}


def test_records_that_accounts_replaced_before_are_found_in_the_record_of_acts(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    record = world.person("홍길동")
    verify(world, record)
    account = world.account(name="홍길동").person_id
    verify(world, account, twin=Twin.SAME)
    gone = world.account()
    with world.write() as session:
        held = session.get_one(Account, gone.id)
        actions.withdraw_person(session, held, checked=held.passphrase_hash, at=world.at)
    assert _replaced() == {record}
    alembic.downgrade("0022")
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    assert _replaced() == {record}
