"""A counted ballot and the commitments made of it, through the product's own actions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.assemblies.models import QuorumKind, Track
from app.ballots import actions as ballots
from app.ballots.models import Ballot, Option
from app.commitments import actions
from app.commitments.models import Commitment
from app.commitments.rules import mark_of
from app.residents.models import Role
from app.residents.rules import AgeMode

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.world import World

DUE = date(2021, 11, 30)


class Promises:
    """One dong's clerk, its department's officer, and what its residents chose."""

    def __init__(self, world: World, keys: Path, place: str = "doksan1") -> None:
        self.world, self.keys, self.place = world, keys, place
        self.clerk = world.staff(Role.CLERK, place)
        self.officer = world.staff(Role.DEPARTMENT, department="parks")

    def ballot(
        self,
        selected: int = 2,
        *,
        proposal_id: int | None = None,
        until: str = "certified",
        named: frozenset[int] = frozenset({2}),
    ):
        """A ballot of which `selected` options won and one did not; return its id.

        It is certified, or `until` says how far it has come: closed, or counted. Those of the
        numbers `named` name their department.
        """
        world = self.world
        voter, polls = world.resident(self.place), world.staff(Role.OFFICER)
        with world.write() as session:
            by = world.standing(session, self.clerk)
            ballot = ballots.draw_ballot(
                session,
                place=world.place(session, self.place),
                title="2021년 주민총회 투표",
                explanation="",
                opens_at=world.at + timedelta(days=1),
                closes_at=world.at + timedelta(days=8),
                max_picks=selected,
                seats={Track.BUDGET: selected},
                base_date=world.at.date(),
                min_age=15,
                age_mode=AgeMode.PLAIN,
                quorum_kind=QuorumKind.NONE,
                quorum_value=0,
                by=by,
                at=world.at,
            )
            for number in range(1, selected + 2):
                ballots.add_option(
                    session,
                    ballot,
                    track=Track.BUDGET,
                    title=f"골목 안 {number}번째 쉼터",
                    sense="앉아 쉴 곳을 만듭니다",
                    budget_won=number * 10_000_000,
                    department=world.department(session, "welfare") if number in named else None,
                    proposal_id=proposal_id if number == 1 else None,
                    by=by,
                    at=world.at,
                )
            ballot_id = ballot.id
        self._on(ballot_id, ballots.freeze_ballot, polls, keys=self.keys)
        world.pass_time(days=2)
        with world.write() as session:
            ballots.open_due_ballots(session, at=world.at)
            ids = session.query(Option.id).filter_by(ballot_id=ballot_id).order_by(Option.position)
            picks = [one for (one,) in ids][:selected]
            by = world.standing(session, voter)
            choice = ballots.prepare_choice(
                session, ballot_id, option_ids=picks, by=by, at=world.at
            )
            ballots.cast_ballot(session, ballot_id, choice=choice, by=by, at=world.at)
        world.pass_time(days=10)
        with world.write() as session:
            ballots.close_due_ballots(session, at=world.at)
        if until != "closed":
            with world.read() as session:
                ballot, by = session.get_one(Ballot, ballot_id), world.standing(session, polls)
                opened = ballots.open_urn(session, ballot, keys=self.keys, by=by)
            self._on(ballot_id, ballots.count_ballot, polls, opened=opened)
        if until == "certified":
            self.certify(ballot_id)
        return ballot_id

    def certify(self, ballot_id: int) -> None:
        """Have an observer certify the count."""
        self._on(ballot_id, ballots.certify_count, self.world.staff(Role.OBSERVER))

    def _on(self, ballot_id: int, act: Any, by: int, **details: Any) -> None:
        with self.world.write() as session:
            act(
                session,
                session.get_one(Ballot, ballot_id),
                by=self.world.standing(session, by),
                at=self.world.at,
                **details,
            )

    def make(self, ballot_id: int, *, by: int | None = None, due: date = DUE) -> list[int]:
        """Make commitments of a ballot; return their ids."""
        with self.world.write() as session:
            made = actions.make_commitments(
                session,
                session.get_one(Ballot, ballot_id),
                year=2021,
                due_on=due,
                default_department=self.world.department(session, "parks"),
                by=self.world.standing(session, by or self.clerk),
                at=self.world.at,
            )
            return [one.id for one in made]

    def made(self, selected: int = 2, **more: Any) -> list[int]:
        """Commitments of a fresh ballot."""
        return self.make(self.ballot(selected, **more))

    def act(self, verb: str, commitment_id: int, *objects: Any, by: int | None = None, **details):
        """Do one act upon a commitment, as the department unless told otherwise."""
        with self.world.write() as session:
            commitment = session.get_one(Commitment, commitment_id)
            if verb == "set_milestones":
                details = {"seen": mark_of(commitment.milestones)} | details
            return getattr(actions, verb)(
                session,
                commitment,
                *objects,
                by=self.world.standing(session, by or self.officer),
                at=self.world.at,
                **details,
            )

    def report(self, commitment_id: int, percent: int, **more: Any):
        """One progress report."""
        details = {"text": "첫 의자를 놓았습니다.", "spent_won": percent * 10_000} | more
        return self.act("report_progress", commitment_id, percent=percent, **details)


@pytest.fixture
def promises(world: World, tmp_path: Path) -> Promises:
    return Promises(world, tmp_path)
