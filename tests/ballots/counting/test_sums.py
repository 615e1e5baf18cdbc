"""Sums that the database adds up, as the engine reads them."""

import pytest
from sqlalchemy import column, create_engine, table, text

from app.ballots import queries
from app.ballots.rules.counting.election import Candidate

CHOICE = table("choice", column("option_id")).c.option_id


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE choice (option_id INTEGER)"))
        connection.execute(text("INSERT INTO choice VALUES (1), (2), (1), (1)"))
        yield connection
    engine.dispose()


def test_everybody_on_the_paper_has_a_sum_in_its_order(connection):
    candidates = [Candidate(id=name) for name in ("3", "1", "2")]
    sums = queries.sums_of_choices(connection, candidates, CHOICE)
    assert list(sums.items()) == [("3", 0), ("1", 3), ("2", 1)]


def test_a_pick_off_the_paper_is_refused(connection):
    with pytest.raises(KeyError, match="2"):
        queries.sums_of_choices(connection, [Candidate(id="1")], CHOICE)
