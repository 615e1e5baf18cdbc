"""Many people at once, each from several devices: one ballot a person, none lost, none late."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.ballots import actions, queries
from app.ballots.facts import BallotCast, BallotClosed
from app.ballots.models import Ballot, BallotState
from app.ballots.policy import BallotRefusal
from app.ballots.rules import PreparedChoice
from app.core.refusals import Refused
from app.residents.rules import Standing
from app.web.database import db, session, write
from tests.ballots.conftest import CLOSES, OPENS, Polls

pytestmark = pytest.mark.race
THREADS = 16
DEVICES = 4
PEOPLE = 200

Cast = Callable[[int, int, PreparedChoice], bytes]


@dataclass
class Outcomes:
    """What the threads saw: leaves of receipts by person, refusals, and anything unexpected."""

    receipts: dict[int, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    refusals: Counter[str] = field(default_factory=Counter)
    errors: list[BaseException] = field(default_factory=list)


def _all_at_once(
    app: Flask, cast: Cast, ballot_id: int, rounds: Sequence[Sequence[tuple[int, PreparedChoice]]]
) -> Outcomes:
    """Let every round's casts begin together, each in its own thread and connection."""
    outcomes, guard = Outcomes(), threading.Lock()
    barrier = threading.Barrier(THREADS)

    def work(number: int) -> None:
        for casts in rounds:
            barrier.wait(60)
            if number >= len(casts):
                continue
            person, choice = casts[number]
            try:
                with app.app_context():
                    leaf = cast(ballot_id, person, choice)
            except Refused as refused:
                with guard:
                    outcomes.refusals[refused.refusal] += 1
            except Exception as error:  # noqa: BLE001 - what must not happen is gathered
                with guard:
                    outcomes.errors.append(error)
            else:
                with guard:
                    outcomes.receipts[person].add(leaf)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    return outcomes


def _rounds(polls: Polls, ballot_id: int, people: Sequence[int]):
    """Four people a round; of each two clicks of one paper and two papers from elsewhere."""
    ids = polls.option_ids(ballot_id)
    rounds, at_once = [], THREADS // DEVICES
    with polls.world.read() as reading:
        for first in range(0, len(people), at_once):
            casts = []
            for person in people[first : first + at_once]:
                papers = [
                    actions.prepare_choice(
                        reading,
                        ballot_id,
                        option_ids=[ids[n]],
                        by=Standing(person),
                        at=polls.world.at,
                    )
                    for n in range(DEVICES - 1)
                ]
                casts += [(person, paper) for paper in (papers[0], *papers)]
            rounds.append(casts)
    return rounds


def _careful(at):
    def cast(ballot_id: int, person: int, choice: PreparedChoice) -> bytes:
        with write() as writing:
            return actions.cast_ballot(
                writing, ballot_id, choice=choice, by=Standing(person), at=at
            ).leaf

    return cast


def _complaints(polls: Polls, ballot_id: int, outcomes: Outcomes, *, people: int, urn: str):
    """Return everything that is wrong after the race."""
    with polls.world.read() as reading:
        envelopes = reading.execute(text(f"SELECT count(*) FROM {urn}")).scalar_one()
        used, _ = queries.urn_sizes(reading, ballot_id)
        counted = reading.get_one(Ballot, ballot_id).cast_count
    wrong = []
    if outcomes.errors:
        wrong.append(f"unexpected {outcomes.errors[0]!r} and {len(outcomes.errors) - 1} more")
    if (envelopes, used, counted) != (people, people, people):
        wrong.append(f"{envelopes} envelopes, {used} slots, {counted} counted of {people}")
    doubles = [person for person, leaves in outcomes.receipts.items() if len(leaves) != 1]
    if doubles or len(outcomes.receipts) != people:
        wrong.append(f"{len(doubles)} people hold several receipts")
    if set(outcomes.refusals) - {BallotRefusal.ALREADY_CAST}:
        wrong.append(f"refused for {set(outcomes.refusals)}")
    return wrong


@pytest.fixture
def crowded(polls):
    """An open ballot with a long roll."""
    people = polls.crowd(PEOPLE)
    return polls.opened(), people


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_everybody_casts_once_however_often_they_click(polls, crowded, heard):
    ballot_id, people = crowded
    rounds = _rounds(polls, ballot_id, people)
    outcomes = _all_at_once(polls.world.app, _careful(polls.world.at), ballot_id, rounds)
    assert not _complaints(polls, ballot_id, outcomes, people=len(people), urn="envelope")
    turnouts = [fact.turnout for fact in heard if isinstance(fact, BallotCast)]
    assert sorted(turnouts) == list(range(1, len(people) + 1))
    polls.close(ballot_id)
    polls.count(ballot_id)
    assert sum(option.votes for option in polls.ballot(ballot_id).options) == len(people)


@pytest.mark.slow
def test_the_harness_catches_a_careless_urn(polls):
    """Looking first and writing later, with no key and no lock, must not pass the same proof."""
    people = polls.crowd(8)
    ballot_id = polls.opened()
    with polls.world.write() as writing:
        writing.execute(text("CREATE TABLE careless (person integer, leaf varchar)"))
    together = threading.Barrier(THREADS)

    def careless(ballot_id: int, person: int, choice: PreparedChoice) -> bytes:
        slot = queries.slot_of(session(), ballot_id, person)
        count = session().get_one(Ballot, ballot_id).cast_count
        used = slot is None or slot.used_at is not None
        session().rollback()
        together.wait(60)
        if used:
            raise Refused(BallotRefusal.ALREADY_CAST)
        with write() as writing:
            writing.execute(
                text("INSERT INTO careless VALUES (:person, :leaf)"),
                {"person": person, "leaf": choice.leaf.hex()},
            )
            writing.execute(
                text("UPDATE slot SET state='online', used_at=:at WHERE id=:id"),
                {"at": polls.world.at.replace(tzinfo=None), "id": choice.slot_id},
            )
            writing.execute(
                text("UPDATE ballot SET cast_count=:count WHERE id=:id"),
                {"count": count + 1, "id": ballot_id},
            )
        return choice.leaf

    rounds = _rounds(polls, ballot_id, people)
    try:
        outcomes = _all_at_once(polls.world.app, careless, ballot_id, rounds)
        wrong = _complaints(polls, ballot_id, outcomes, people=len(people), urn="careless")
    finally:
        with polls.world.write() as writing:
            writing.execute(text("DROP TABLE careless"))
    assert any("several receipts" in line for line in wrong)
    assert any("counted of" in line for line in wrong)


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(5))
def test_nothing_is_cast_after_the_closing(polls, heard, attempt):
    people = polls.crowd(THREADS * 3)
    ballot_id = polls.opened()
    polls.world.clock.at = CLOSES - timedelta(minutes=1)
    ids = polls.option_ids(ballot_id)
    with polls.world.read() as reading:
        casts = [
            (
                person,
                actions.prepare_choice(
                    reading, ballot_id, option_ids=ids[:1], by=Standing(person), at=polls.world.at
                ),
            )
            for person in people
        ]
    rounds = [casts[i : i + THREADS] for i in range(0, len(casts), THREADS)]
    careful, begun = _careful(polls.world.at), threading.Semaphore(0)

    def cast(ballot_id: int, person: int, choice: PreparedChoice) -> bytes:
        begun.release()
        return careful(ballot_id, person, choice)

    def close() -> None:
        for _ in range(1 + attempt * 10):
            begun.acquire(timeout=60)
        with polls.world.app.app_context(), write() as writing:
            actions.close_due_ballots(writing, at=CLOSES)

    closing = threading.Thread(target=close)
    closing.start()
    outcomes = _all_at_once(polls.world.app, cast, ballot_id, rounds)
    closing.join(60)
    (closed,) = [fact for fact in heard if isinstance(fact, BallotClosed)]
    ballot = polls.ballot(ballot_id)
    with polls.world.read() as reading:
        sizes = queries.urn_sizes(reading, ballot_id)
    assert not outcomes.errors
    assert ballot.state is BallotState.CLOSED
    assert closed.turnout == ballot.cast_count == len(outcomes.receipts)
    assert sizes == (closed.turnout, closed.turnout)
    assert outcomes.refusals[BallotRefusal.OUTSIDE_HOURS] == len(people) - closed.turnout
    told = [type(fact) for fact in heard if isinstance(fact, BallotCast | BallotClosed)]
    assert told.count(BallotCast) == closed.turnout


def test_two_officers_freeze_once_and_the_jobs_of_two_processes_open_once(polls, heard):
    polls.crowd(3)
    ballot_id = polls.draw()
    barrier = threading.Barrier(4)
    refusals, errors = [], []

    def freeze() -> None:
        barrier.wait(60)
        try:
            polls.freeze(ballot_id)
        except Refused as refused:
            refusals.append(refused.refusal)
        except Exception as error:  # noqa: BLE001 - what must not happen is gathered
            errors.append(error)

    def open_due() -> None:
        barrier.wait(60)
        with polls.world.app.app_context(), write() as writing:
            actions.open_due_ballots(writing, at=OPENS)

    for act in (freeze, open_due):
        threads = [threading.Thread(target=act) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert not errors
    assert refusals == [BallotRefusal.NOT_DRAFT] * 3
    names = [type(fact).__name__ for fact in heard]
    assert names.count("BallotFrozen") == names.count("BallotOpened") == 1
    with polls.world.app.app_context():
        assert db.engine.pool.checkedout() <= 1
