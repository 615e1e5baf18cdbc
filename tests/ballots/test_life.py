"""Whatever people do to a ballot and in whatever order, the urn, the roll and the sums agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from app.assemblies.models import Track
from app.ballots import actions, queries
from app.ballots.models import Ballot, BallotState, Envelope, Slot, SlotState
from app.ballots.policy import BallotRefusal
from app.ballots.rules import PreparedChoice, Receipt
from app.core.refusals import Refused
from app.residents.models import Role
from tests.ballots.conftest import CLOSES, OPENS, Polls
from tests.conftest import FULL
from tests.support.world import START, World

if TYPE_CHECKING:
    from app.core.clock import FixedClock

LIVES, STEPS = (150, 60) if FULL else (20, 30)
ORDER = list(BallotState)
DRAFT, FROZEN, OPEN, CLOSED, COUNTED, CERTIFIED = ORDER
VOTERS = 4
FOREIGN = -1

people = st.integers(0, VOTERS)
"""One of the voters, or the stranger who stands on no roll of this place."""
picks = st.lists(st.sampled_from([FOREIGN, 1, 2, 3, 4, 5]), max_size=4)
moments = st.sampled_from(
    [
        timedelta(seconds=1),
        timedelta(hours=7),
        timedelta(days=1),
        OPENS - timedelta(microseconds=1),
        OPENS,
        CLOSES - timedelta(microseconds=1),
        CLOSES,
    ]
)
staff = st.sampled_from(["clerk", "officer", "observer"])


class Life(RuleBasedStateMachine):
    """One ballot's life beside a model of it that knows no code of the product."""

    def __init__(self, polls: Polls, stranger: int, voters: list[int]) -> None:
        super().__init__()
        self.polls, self.clock = polls, polls.world.clock
        self.people = [*voters, stranger]
        self.state = DRAFT
        self.options = self.most = 0
        self.prepared: list[tuple[int, PreparedChoice, list[int]]] = []
        self.cast: dict[int, tuple[Receipt, list[int]]] = {}
        self.sealed: object = None

    # ------------------------------------------------------------ what should happen

    @property
    def has_a_way_on(self) -> bool:
        return bool(self.options) and (self.state is not DRAFT or self.clock.at < CLOSES)

    @property
    def is_taking(self) -> bool:
        return self.state in (FROZEN, OPEN) and OPENS <= self.clock.at < CLOSES

    def why_not_prepare(self, who: int, chosen: list[int]) -> BallotRefusal | None:
        wrong = {
            BallotRefusal.NOT_ON_ROLL: self.state is DRAFT or who == VOTERS,
            BallotRefusal.ALREADY_CAST: who in self.cast,
            BallotRefusal.OUTSIDE_HOURS: not self.is_taking,
            BallotRefusal.NO_PICK: not chosen,
            BallotRefusal.UNKNOWN_OPTION: not set(chosen) <= set(range(1, self.options + 1)),
            BallotRefusal.PICKED_TWICE: len(set(chosen)) < len(chosen),
            BallotRefusal.TOO_MANY_PICKS: len(chosen) > self.most,
        }
        return next((refusal for refusal, holds in wrong.items() if holds), None)

    def why_not_cast(self, who: int, owner: int, choice: PreparedChoice) -> BallotRefusal | None:
        if who == VOTERS:
            return BallotRefusal.NOT_ON_ROLL
        if who != owner:
            return BallotRefusal.FOREIGN_PAPER
        if who in self.cast:
            same = self.cast[who][0].leaf == choice.leaf
            return None if same else BallotRefusal.ALREADY_CAST
        return None if self.is_taking else BallotRefusal.OUTSIDE_HOURS

    def expect(self, refusal: BallotRefusal | None, act: Callable[..., Any], *given: Any) -> Any:
        """Do an act; it must be refused for this very reason, or go through."""
        if refusal is None:
            return act(*given)
        with pytest.raises(Refused) as refused:
            act(*given)
        assert refused.value.refusal is refusal
        return None

    # ------------------------------------------------------------ what people do

    @initialize(
        options=st.integers(2, 5),
        most=st.integers(1, 3),
        tracks=st.integers(1, 2),
        begins=st.sampled_from([OPEN, OPEN, FROZEN, DRAFT]),
    )
    def draw(self, options: int, most: int, tracks: int, begins: BallotState) -> None:
        self.options, self.most = options, min(most, options)
        self.id = self.polls.draw(
            [list(Track)[number % tracks] for number in range(options)], max_picks=self.most
        )
        while self.state is not begins:
            self.the_next_step_is_taken()

    @rule(moment=moments)
    def time_passes(self, moment: timedelta | datetime) -> None:
        """Wait, or go to an edge of the window."""
        later = self.clock.at + moment if isinstance(moment, timedelta) else moment
        self.clock.at = max(self.clock.at, later)

    @rule()
    def the_next_step_is_taken(self) -> None:
        """Do what comes next, by whom and when it may be done."""
        if self.state is DRAFT:
            self.someone_acts("freeze", "officer")
        elif self.state is FROZEN:
            self.clock.at = max(self.clock.at, OPENS)
            self.the_jobs_run()
        elif self.state is OPEN:
            self.clock.at = max(self.clock.at, CLOSES)
            self.the_jobs_run()
        elif self.state is CLOSED:
            self.someone_acts("count", "officer")
        else:
            self.someone_acts("certify", "observer")

    @rule()
    def the_jobs_run(self) -> None:
        with self.polls.world.write() as session:
            actions.open_due_ballots(session, at=self.clock.at)
            actions.close_due_ballots(session, at=self.clock.at)
        if self.state is FROZEN and self.clock.at >= OPENS:
            self.state = OPEN
        if self.state is OPEN and self.clock.at >= CLOSES:
            self.state = CLOSED

    @rule()
    def the_clerk_adds_an_option(self) -> None:
        def add() -> None:
            with self.polls.world.write() as session:
                actions.add_option(
                    session,
                    session.get_one(Ballot, self.id),
                    track=next(iter(Track)),
                    title="나중에 온 안",
                    sense="늦게 생각났습니다",
                    budget_won=0,
                    by=self.polls.world.standing(session, self.polls.clerk),
                    at=self.clock.at,
                )

        self.expect(None if self.state is DRAFT else BallotRefusal.NOT_DRAFT, add)
        self.options += self.state is DRAFT

    @rule(what=st.sampled_from(["freeze", "open", "close", "count", "certify"]), by=staff)
    def someone_acts(self, what: str, by: str) -> None:
        """Do one of the officer's acts, whether or not it is its turn."""
        clock, state, known = self.clock.at, self.state, BallotRefusal
        may = ("officer", "observer") if what == "certify" else ("officer",)
        unfit = known.NOT_CERTIFIER if what == "certify" else known.NOT_OFFICER
        turns = {
            "freeze": (DRAFT, known.NOT_DRAFT, FROZEN),
            "open": (FROZEN, known.NOT_FROZEN, OPEN),
            "close": (OPEN, known.NOT_OPEN, CLOSED),
            "count": (CLOSED, known.NOT_CLOSED, COUNTED),
            "certify": (COUNTED, known.NOT_COUNTED, CERTIFIED),
        }
        before, not_its_turn, after = turns[what]
        wrong = {
            unfit: by not in may,
            not_its_turn: state is not before,
            known.WINDOW_PASSED: what in ("freeze", "open") and clock >= CLOSES,
            known.TOO_EARLY: what == "open" and clock < OPENS,
            known.WINDOW_RUNNING: what == "close" and clock < CLOSES,
            known.EDITOR_CERTIFIES: what == "certify" and by == "officer",
        }
        refusal = next((refusal for refusal, holds in wrong.items() if holds), None)
        self.expect(refusal, self._do, what, getattr(self.polls, by))
        if refusal is None:
            self.state = after

    def _do(self, what: str, by: int) -> None:
        if what not in ("open", "close"):
            getattr(self.polls, what)(self.id, by=by)
            return
        act = {"open": actions.open_ballot, "close": actions.close_ballot}[what]
        with self.polls.world.write() as session:
            ballot = session.get_one(Ballot, self.id)
            act(session, ballot, by=self.polls.world.standing(session, by), at=self.clock.at)

    @rule(who=st.integers(0, VOTERS - 1), number=st.integers(1, 2))
    def a_voter_votes(self, who: int, number: int) -> None:
        """Choose and cast at once, as most people do."""
        self.someone_chooses(who, [number])
        if self.prepared:
            self.someone_casts(who, len(self.prepared) - 1, own=False)

    @rule(who=people, chosen=picks)
    def someone_chooses(self, who: int, chosen: list[int]) -> None:
        ids = [0, *self.polls.option_ids(self.id), 0, 0, 0, 0]

        def prepare() -> PreparedChoice:
            with self.polls.world.read() as session:
                return actions.prepare_choice(
                    session,
                    self.id,
                    option_ids=[ids[number] if number > 0 else 2**31 - 1 for number in chosen],
                    by=self.polls.world.standing(session, self.people[who]),
                    at=self.clock.at,
                )

        choice = self.expect(self.why_not_prepare(who, chosen), prepare)
        if choice is not None:
            self.prepared.append((who, choice, chosen))

    @rule(who=people, which=st.integers(0, 30), own=st.booleans())
    @precondition(lambda self: self.prepared)
    def someone_casts(self, who: int, which: int, own: bool) -> None:
        """Put in what was chosen at some time: now, long ago, twice, or by somebody else."""
        owner, choice, chosen = self.prepared[which % len(self.prepared)]
        who = owner if own else who
        refusal = self.why_not_cast(who, owner, choice)
        receipt = self.expect(refusal, self.polls.put, self.id, self.people[who], choice)
        if receipt is not None:
            self.state = OPEN if self.state is FROZEN else self.state
            assert receipt == self.cast.setdefault(who, (receipt, chosen))[0]

    # ------------------------------------------------------------ what holds after every step

    @invariant()
    @precondition(lambda self: self.options)
    def everything_agrees(self) -> None:
        with self.polls.world.read() as session:
            ballot = session.get_one(Ballot, self.id)
            assert ballot.state is self.state
            used = Counter(
                session.scalars(
                    select(Slot.person_id).where(
                        Slot.ballot_id == self.id, Slot.state != SlotState.UNUSED
                    )
                )
            )
            urn = session.execute(
                select(Envelope.slot_id, Envelope.leaf, Envelope.sealed)
                .where(Envelope.ballot_id == self.id)
                .order_by(Envelope.slot_id)
            ).all()
            slots = session.scalar(
                select(func.count()).select_from(Slot).where(Slot.ballot_id == self.id)
            )
            assert used == Counter(self.people[who] for who in self.cast)
            assert len(urn) == len(used) == ballot.cast_count
            assert {bytes(row.leaf) for row in urn} == {one.leaf for one, _ in self.cast.values()}
            assert slots == ballot.roll_count == (0 if self.state is DRAFT else VOTERS)
            self._nothing_is_written_after_the_close(urn)
            self._only_a_count_has_figures(ballot)

    def _nothing_is_written_after_the_close(self, urn: Any) -> None:
        if ORDER.index(self.state) >= ORDER.index(CLOSED):
            now = [(row.slot_id, bytes(row.leaf), bytes(row.sealed)) for row in urn]
            self.sealed = self.sealed or now
            assert now == self.sealed

    def _only_a_count_has_figures(self, ballot: Ballot) -> None:
        figures = queries.result(ballot)
        if ORDER.index(self.state) < ORDER.index(COUNTED):
            assert figures is None
            assert {option.votes for option in ballot.options} == {None}
            return
        assert figures is not None
        votes = Counter(number for _, chosen in self.cast.values() for number in chosen)
        assert [option.votes for option in ballot.options] == [
            votes[option.position] for option in ballot.options
        ]
        assert [option.position for option in ballot.options] == list(range(1, self.options + 1))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_ballot_lives_by_its_rules(
    app, clock: FixedClock, empty_database: Callable[..., None]
) -> None:
    turnouts: Counter[int] = Counter()

    class Watched(Life):
        def teardown(self) -> None:
            """Lead every life to its end, unless its paper was never frozen in time."""
            while self.state is not CERTIFIED and self.has_a_way_on:
                self.the_next_step_is_taken()
                self.everything_agrees()
            turnouts[len(self.cast)] += self.state is CERTIFIED

    def begin() -> Life:
        clock.at = START
        empty_database(with_district=True)
        world = World(app, clock, has_district=True)
        roles = (Role.CLERK, Role.OFFICER, Role.OBSERVER)
        polls = Polls(
            world,
            app.extensions["settings"].keys_path,
            *(world.staff(role, "doksan1") for role in roles),
        )
        return Watched(polls, world.resident("gasan"), world.residents(VOTERS))

    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=not FULL,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert max(turnouts) > 1, f"nobody voted in any of these lives: {turnouts}"
