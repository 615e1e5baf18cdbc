"""Where a choice may stand: sealed in the envelope, and nowhere else."""

import pytest
from sqlalchemy import LargeBinary, inspect, text

from app.audit.models import AuditRow
from app.ballots import queries
from app.ballots.facts import BallotCast
from app.ballots.models import BallotState, Envelope
from app.core.orm import Base
from tests.room.house import LiveAssembly
from tests.support.statements import statements


@pytest.fixture
def voted(polls):
    """A ballot three people voted in, with what each of them chose."""
    people = polls.world.residents(3)
    ballot_id = polls.opened()
    receipts = [
        polls.cast(ballot_id, person, *picks)
        for person, picks in zip(people, [(1,), (2, 3), (4,)], strict=True)
    ]
    return ballot_id, receipts


def _rows(session):
    for table in Base.metadata.sorted_tables:
        for row in session.execute(table.select()).mappings():
            yield table.name, dict(row)


def _holds(value, leaf, number):
    if isinstance(value, bytes | memoryview):
        return leaf in bytes(value)
    said = str(value)
    return leaf.hex() in said or leaf.hex().upper() in said or number in said


def test_no_table_but_the_urn_knows_a_leaf(polls, voted):
    _, receipts = voted
    with polls.world.read() as session:
        knowing = {
            (table, column)
            for table, row in _rows(session)
            for column, value in row.items()
            for receipt in receipts
            if _holds(value, receipt.leaf, receipt.number)
        }
    assert knowing == {("envelope", "leaf")}


def test_envelopes_are_all_of_one_size_and_differ(polls, voted):
    with polls.world.read() as session:
        sealed = [bytes(row.sealed) for row in session.query(Envelope)]
        ids = [bytes(row.id) for row in session.query(Envelope)]
    assert len({len(one) for one in sealed}) == 1
    assert len(set(sealed)) == len(set(ids)) == 3


def test_the_envelope_has_no_column_for_a_time_or_an_address():
    columns = {column.name: column.type for column in inspect(Envelope).columns}
    assert set(columns) == {"id", "ballot_id", "slot_id", "leaf", "sealed"}
    assert all(isinstance(columns[name], LargeBinary) for name in ("id", "leaf", "sealed"))


def test_facts_carry_turnout_and_no_choice(polls, heard):
    person = polls.world.resident()
    ballot_id = polls.opened()
    polls.cast(ballot_id, person, 2)
    (cast,) = [fact for fact in heard if isinstance(fact, BallotCast)]
    assert set(cast.details()) == {"ballot_id", "assembly_id", "turnout", "roll_count"}


def test_before_the_count_no_query_gives_a_choice_or_a_sum(polls, voted):
    ballot_id, _ = voted
    for step in (lambda: None, lambda: polls.close(ballot_id)):
        step()
        ballot = polls.ballot(ballot_id)
        assert queries.result(ballot) is None
        assert {(o.votes, o.rank, o.outcome) for o in ballot.options} == {(None, None, None)}
    assert ballot.state is BallotState.CLOSED


def test_a_receipt_is_shown_to_its_voter_alone(polls, voted, new_browser):
    ballot_id, receipts = voted
    stranger = new_browser().sign_in(polls.world, polls.world.resident())
    observer = new_browser().sign_in(polls.world, polls.officer)
    for browser in (stranger, observer):
        for page in ("", "/receipt", "/receipt.txt", "/booth"):
            browser.open(f"/ballots/{ballot_id}{page}")
            assert not any(receipt.number in browser.text for receipt in receipts)


def test_only_the_minute_of_a_vote_is_kept_anywhere(polls, heard):
    person = polls.world.resident()
    live = LiveAssembly(polls.world)
    with polls.world.read() as session:
        assembly = live.row(session)
    ballot_id = polls.opened(assembly=assembly)
    polls.world.pass_time(minutes=3, seconds=42, microseconds=7)
    receipt = polls.cast(ballot_id, person, 1)
    assert (receipt.used_at.second, receipt.used_at.microsecond) == (0, 0)
    with polls.world.read() as session:
        slot = queries.slot_of(session, ballot_id, person)
        assert slot.used_at == receipt.used_at
        rows = session.query(AuditRow).filter_by(act="BallotCast").all()
        assert [row.at for row in rows] == [receipt.used_at]
    (turnout,) = [event for event in live.events() if event.kind == "turnout"]
    assert turnout.at == receipt.used_at
    (cast,) = [fact for fact in heard if isinstance(fact, BallotCast)]
    assert cast.at == receipt.used_at


def test_a_cast_takes_few_statements(polls):
    person = polls.world.resident()
    ballot_id = polls.opened()
    choice = polls.prepare(ballot_id, person, 1)
    with statements(polls.world.app) as seen:
        polls.put(ballot_id, person, choice)
    touching = [s for s in seen if any(f" {t}" in s for t in ("ballot ", "slot", "envelope"))]
    assert len(touching) <= 5, touching
    with polls.world.read() as session:
        assert session.execute(text("SELECT count(*) FROM envelope")).scalar_one() == 1
