"""The migrations make what the models say, both ways, with rows inside, on either database."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import inspect, text

from app.core import sendings
from app.core.append_only import missing_triggers
from app.core.clock import FixedClock
from app.core.orm import Base
from app.core.vault import SealedText, blind_index
from app.factory import alembic, prepare_database
from app.notices.models import Notice
from app.residents.models import Person
from app.residents.queries import people_by_identity
from app.web.database import db
from tests.forum.claims import Talk
from tests.forum.steps import Forum
from tests.support.world import START, World


def tables() -> set[str]:
    found = inspect(db.engine).get_table_names()
    return {name for name in found if not name.startswith(("alembic", "proposal_search"))}


def test_the_newest_revision_makes_exactly_what_the_models_say(bare_app):
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    assert tables() == set(Base.metadata.tables)


def test_every_revision_goes_down_and_up_again_with_rows_inside(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    world.resident("doksan1")
    db.session.close()
    db.engine.dispose()
    alembic.downgrade("base")
    assert tables() == set()
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    world = World(bare_app, FixedClock(START))
    assert world.resident("doksan1")


def test_what_stood_before_the_newer_revisions_survives_them_both_ways(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    talk = Talk(world, Forum(world))
    talk.two_camps(4)
    talk.draw()
    gone = world.person()
    with world.write() as session:
        person = session.get_one(Person, gone)
        person.withdrawn_at, person.masked_name = world.at, ""
        sendings.take(session, b"key", at=world.at)
    before = _people_and_topics()
    assert before[gone] == ""
    alembic.downgrade("0001")
    newer = {"sending", "claim", "weighing", "agreement_map"}
    newer |= {"minutes_correction", "passphrase_code", "discarded_ballot", "notice_correction"}
    assert tables() == set(Base.metadata.tables) - newer
    assert _people_and_topics() == before | {gone: "탈퇴한 주민"}
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    assert _people_and_topics() == before


def test_names_are_indexed_anew_both_ways_and_nobody_is_lost(bare_app, caplog):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    korean, loud, spoken, unread = [
        _verified(world, name) for name in ("홍 길동", "KIM MINJI", "Lee Ana", "Park Ana")
    ]
    db.session.close()
    alembic.downgrade("0005")
    # A second record of the same human being, as it could stand before; and one sealed elsewhere.
    _write_person(spoken, SealedText().process_bind_param("Kim Minji", None), _old("KimMinji"))
    _write_person(unread, b"sealed with another key", _old("ParkAna"))
    assert _indexes() == {
        korean: _old("홍길동"),
        loud: _old("KIMMINJI"),
        spoken: _old("KimMinji"),
        unread: _old("ParkAna"),
    }
    with caplog.at_level("WARNING"):
        alembic.upgrade()
    assert f"share a name and birth date now: people [{loud}, {spoken}]" in caplog.text
    assert f"of the people: [{unread}]" in caplog.text
    assert _indexes() == {
        korean: _old("홍길동"),
        loud: _old("kimminji"),
        spoken: _old("kimminji"),
        unread: _old("ParkAna"),
    }
    with world.read() as session:
        found = people_by_identity(session, "kim minji", BORN)
        assert [person.id for person in found] == [loud, spoken]
        session.close()
    alembic.downgrade("0005")
    assert _indexes()[spoken] == _old("KimMinji")
    alembic.upgrade()


def test_names_are_not_indexed_anew_without_the_key_that_opens_them(bare_app):
    alembic.upgrade()
    person_id = _verified(World(bare_app, FixedClock(START)), "KIM MINJI")
    db.session.close()
    alembic.downgrade("0005")
    _write_person(person_id, b"sealed with another key", _old("KIMMINJI"))
    with pytest.raises(RuntimeError, match="bring back the key"):
        alembic.upgrade()
    assert _indexes() == {person_id: _old("KIMMINJI")}


def test_whoever_is_indexed_without_a_birth_date_is_named_and_nothing_is_changed(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    whole, halved = [_verified(world, name) for name in ("KIM MINJI", "LEE ANA")]
    db.session.close()
    alembic.downgrade("0005")
    with db.engine.begin() as connection:
        halve = text("UPDATE person SET birth_date = NULL WHERE id = :id")
        connection.execute(halve, {"id": halved})
    db.engine.dispose()
    with pytest.raises(RuntimeError, match=f"person {halved} is indexed without a birth date"):
        alembic.upgrade()
    assert _indexes() == {whole: _old("KIMMINJI"), halved: _old("LEEANA")}


BORN = date(1950, 3, 2)


def _verified(world: World, name: str) -> int:
    person_id = world.person(name)
    world.verify(person_id, born=BORN)
    return person_id


def _old(name: str) -> bytes:
    return blind_index("identity", f"{name}|19500302")


def _write_person(person_id: int, name: bytes, index: bytes) -> None:
    change = text("UPDATE person SET name = :name, identity_mac = :index WHERE id = :id")
    with db.engine.begin() as connection:
        connection.execute(change, {"id": person_id, "name": name, "index": index})
    db.engine.dispose()


def _indexes() -> dict[int, bytes]:
    """Return the index of everybody verified; let go of the database."""
    known = text("SELECT id, identity_mac FROM person WHERE identity_mac IS NOT NULL")
    with db.engine.connect() as connection:
        found = {row.id: bytes(row.identity_mac) for row in connection.execute(known)}
    db.engine.dispose()
    return found


def _people_and_topics() -> dict[object, object]:
    """Return what everybody is called, and how many topics there are; let go of the database."""
    db.session.close()
    with db.engine.connect() as connection:
        names = connection.execute(text("SELECT id, masked_name FROM person")).all()
        topics = connection.scalar(text("SELECT count(*) FROM topic"))
    db.engine.dispose()
    return {**{row.id: row.masked_name for row in names}, "topics": topics}


def test_rows_survive_an_upgrade_that_has_nothing_to_do(bare_app):
    alembic.upgrade()
    person_id = World(bare_app, FixedClock(START)).resident("doksan1")
    db.session.close()
    alembic.upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person")) >= 1
        assert connection.scalar(
            text("SELECT count(*) FROM membership WHERE person_id = :id"), {"id": person_id}
        )


def test_the_guards_stand_after_the_migrations(bare_app):
    prepare_database()
    with db.engine.connect() as connection:
        assert missing_triggers(connection) == []


def test_a_database_that_lost_a_guard_is_not_served(bare_app):
    prepare_database()
    with db.engine.begin() as connection:
        on = " ON audit_row" if db.engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER audit_row_refuses_delete{on}"))
    with pytest.raises(RuntimeError, match="audit_row_refuses_delete"):
        prepare_database()


def test_a_letter_to_a_former_address_goes_with_its_column_and_a_notice_stays(bare_app):
    alembic.upgrade()
    world = World(bare_app, FixedClock(START))
    person_id = world.person()
    with world.write() as session:
        for address in (None, "before@example.kr"):
            session.add(
                Notice(
                    person_id=person_id,
                    kind="PersonalDataCorrected",
                    details={"title": "", "field": "email"},
                    href="/me/settings",
                    created_at=START,
                    address=address,
                )
            )
    db.session.close()
    db.engine.dispose()
    alembic.downgrade("0012")
    assert _notices() == 1
    alembic.upgrade()
    assert alembic.compare_metadata() == []
    with world.read() as session:
        assert [one.address for one in session.query(Notice)] == [None]
        session.close()


def _notices() -> int:
    with db.engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM notice_outbox"))
    db.engine.dispose()
    return int(count)
