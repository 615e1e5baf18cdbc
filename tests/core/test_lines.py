"""Lines to PostgreSQL: readers hold no transaction, dead lines are noticed, plans fit the words."""

import pytest
from sqlalchemy import create_engine, select, text

from app.core import database
from app.places.models import Place
from app.proposals import queries
from app.web.database import db

pytestmark = pytest.mark.postgres
MINE = text("SELECT pg_backend_pid()")


@pytest.fixture
def aside(app):
    """A second way into the same database."""
    with app.app_context():
        engine = create_engine(db.engine.url)
    yield engine
    engine.dispose()


def state_of(aside, number):
    asked = text("SELECT state FROM pg_stat_activity WHERE pid = :number")
    with aside.connect() as looking:
        return looking.execute(asked, {"number": number}).scalar_one()


def test_whoever_reads_holds_no_transaction_and_whoever_writes_does(app, aside):
    with app.app_context():
        db.session.execute(select(Place.id)).all()
        assert state_of(aside, db.session.scalar(MINE)) == "idle"
        with database.write_transaction(db.session) as writing:
            assert state_of(aside, writing.scalar(MINE)) == "idle in transaction"
        assert state_of(aside, db.session.scalar(MINE)) == "idle"


def test_a_line_that_was_cut_while_idle_is_replaced_before_anybody_uses_it(app, aside, monkeypatch):
    monkeypatch.setattr(database, "ASK_AFTER_IDLE_SECONDS", 0)
    with app.app_context():
        db.engine.dispose()  # so that the next line out is the one that is cut
        number = db.session.scalar(MINE)
    with aside.connect() as looking:
        assert looking.scalar(
            text("SELECT pg_terminate_backend(:number, 9000)"), {"number": number}
        )
    with app.app_context():
        assert db.session.scalar(MINE) != number


def test_a_search_is_planned_for_its_words_however_often_one_is_made(app, world):
    kept = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :part")
    with app.app_context():
        for words in ("쉼터", "가로등", "그늘막") * 5:
            queries.board(db.session, queries.Filters(words=words), at=world.at)
            queries.board(db.session, queries.Filters(), at=world.at)
        assert db.session.scalar(kept, {"part": "%search_jamo LIKE%"}) == 0
        assert db.session.scalar(kept, {"part": "%FROM proposal%"}) > 0
