"""A ballot box to vote with: people, a paper, and the acts of the officer in one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.assemblies.models import QuorumKind, Track
from app.ballots import actions
from app.ballots.models import Ballot, Option
from app.ballots.rules import PreparedChoice, Receipt
from app.core.bus import Fact
from app.core.clock import seoul_moment
from app.places.models import Place
from app.residents import actions as residents
from app.residents.models import MemberClass, Role
from app.residents.rules import AgeMode, Standing
from tests.support.world import World

OPENS = seoul_moment(date(2021, 3, 10))
CLOSES = seoul_moment(date(2021, 3, 17))


@dataclass
class Polls:
    """One dong's polls: its clerk, its officers, its observer and the ballots they make."""

    world: World
    keys: Path
    clerk: int
    officer: int
    observer: int

    def draw(
        self,
        options: Sequence[Track] = (Track.BUDGET,) * 4,
        *,
        seats: dict[Track, int] | None = None,
        max_picks: int = 2,
        min_picks: int = 1,
        opens_at: datetime = OPENS,
        closes_at: datetime = CLOSES,
        place: str = "doksan1",
        **more: object,
    ) -> int:
        """A draft with one option a track named."""
        chosen: dict[str, object] = {
            "title": "2021년 독산1동 주민총회 투표",
            "explanation": "내년에 할 일을 골라 주세요.",
            "base_date": date(2021, 3, 2),
            "min_age": 15,
            "age_mode": AgeMode.PLAIN,
            "quorum_kind": QuorumKind.NONE,
            "quorum_value": 0,
            **more,
        }
        with self.world.write() as session:
            by = self.world.standing(session, self.clerk)
            ballot = actions.draw_ballot(
                session,
                place=self.world.place(session, place),
                opens_at=opens_at,
                closes_at=closes_at,
                min_picks=min_picks,
                max_picks=max_picks,
                seats=seats or dict.fromkeys(options, 1),
                by=by,
                at=self.world.at,
                **chosen,  # type: ignore[arg-type]
            )
            for number, track in enumerate(options, start=1):
                actions.add_option(
                    session,
                    ballot,
                    track=track,
                    title=f"골목 안 {number}번째 쉼터",
                    sense="앉아 쉴 곳을 만듭니다",
                    budget_won=number * 10_000_000,
                    by=by,
                    at=self.world.at,
                )
            return ballot.id

    def crowd(self, count: int, dong: str = "doksan1") -> list[int]:
        """Many verified residents in one write; return their ids."""
        registrar = self.world.registrar()
        with self.world.write() as session:
            by, place = self.world.standing(session, registrar), self.world.place(session, dong)
            return [self._verified(session, place, number, by) for number in range(count)]

    def _verified(self, session: Session, place: Place, number: int, by: Standing) -> int:
        person = residents.add_person(session, name="강하늘", at=self.world.at)
        residents.verify_resident(
            session,
            person,
            place,
            member_class=MemberClass.RESIDENT,
            name=person.name,
            born=date(1920, 1, 1) + timedelta(days=number),
            by=by,
            at=self.world.at,
        )
        return person.id

    def freeze(self, ballot_id: int, *, by: int | None = None) -> None:
        with self.world.write() as session:
            actions.freeze_ballot(
                session,
                session.get_one(Ballot, ballot_id),
                keys=self.keys,
                by=self.world.standing(session, by or self.officer),
                at=self.world.at,
            )

    def open(self, ballot_id: int) -> None:
        """Freeze if need be, and let the time of opening come."""
        with self.world.read() as session:
            state = session.get_one(Ballot, ballot_id).state
        if state == "draft":
            self.freeze(ballot_id)
        self.world.clock.at = max(self.world.at, OPENS)
        with self.world.write() as session:
            actions.open_due_ballots(session, at=self.world.at)

    def opened(self, *options: Track, **paper: object) -> int:
        """A ballot that is open."""
        ballot_id = self.draw(options or (Track.BUDGET,) * 4, **paper)  # type: ignore[arg-type]
        self.open(ballot_id)
        return ballot_id

    def prepare(self, ballot_id: int, person_id: int, *positions: int) -> PreparedChoice:
        with self.world.read() as session:
            ids = self.option_ids(ballot_id)
            return actions.prepare_choice(
                session,
                ballot_id,
                option_ids=[ids[position - 1] for position in positions],
                by=self.world.standing(session, person_id),
                at=self.world.at,
            )

    def put(self, ballot_id: int, person_id: int, choice: PreparedChoice) -> Receipt:
        with self.world.write() as session:
            return actions.cast_ballot(
                session,
                ballot_id,
                choice=choice,
                by=self.world.standing(session, person_id),
                at=self.world.at,
            )

    def cast(self, ballot_id: int, person_id: int, *positions: int) -> Receipt:
        return self.put(ballot_id, person_id, self.prepare(ballot_id, person_id, *positions))

    def close(self, ballot_id: int) -> None:
        """Let the window pass."""
        with self.world.read() as session:
            closes_at = session.get_one(Ballot, ballot_id).closes_at
        self.world.clock.at = max(self.world.at, closes_at + timedelta(minutes=1))
        with self.world.write() as session:
            actions.close_due_ballots(session, at=self.world.at)

    def count(self, ballot_id: int, *, by: int | None = None) -> None:
        self.write_count(ballot_id, self.open_urn(ballot_id, by=by), by=by)

    def write_count(
        self, ballot_id: int, opened: actions.OpenedUrn, *, by: int | None = None
    ) -> None:
        with self.world.write() as session:
            actions.count_ballot(
                session,
                session.get_one(Ballot, ballot_id),
                opened=opened,
                by=self.world.standing(session, by or self.officer),
                at=self.world.at,
            )

    def open_urn(self, ballot_id: int, *, by: int | None = None) -> actions.OpenedUrn:
        with self.world.read() as session:
            return actions.open_urn(
                session,
                session.get_one(Ballot, ballot_id),
                keys=self.keys,
                by=self.world.standing(session, by or self.officer),
            )

    def certify(self, ballot_id: int, *, by: int | None = None) -> None:
        with self.world.write() as session:
            actions.certify_count(
                session,
                session.get_one(Ballot, ballot_id),
                by=self.world.standing(session, by or self.observer),
                at=self.world.at,
            )

    def ballot(self, ballot_id: int) -> Ballot:
        """The ballot as it stands, with its options loaded."""
        with self.world.read() as session:
            ballot = session.get_one(Ballot, ballot_id)
            assert ballot.options is not None
            assert ballot.place is not None
            assert ballot.seats is not None
            return ballot

    def option_ids(self, ballot_id: int) -> list[int]:
        with self.world.read() as session:
            return [
                option.id
                for option in session.query(Option)
                .filter_by(ballot_id=ballot_id)
                .order_by(Option.position)
            ]


@pytest.fixture
def polls(app: Flask, world: World, tmp_path: Path) -> Polls:
    settings = app.extensions["settings"]
    return Polls(
        world,
        settings.keys_path,
        world.staff(Role.CLERK, "doksan1"),
        world.staff(Role.OFFICER, "doksan1"),
        world.staff(Role.OBSERVER, "doksan1"),
    )


@pytest.fixture
def heard(app: Flask) -> Iterator[list[Fact]]:
    """Every fact that was committed, in order."""
    told: list[Fact] = []
    listeners = app.extensions["house"].bus._listeners[Fact]
    listeners.append(told.append)
    yield told
    listeners.pop()


@pytest.fixture
def ballot_id(polls):
    """An open ballot with two people on its roll, `polls.voter` and `polls.neighbour`."""
    polls.voter, polls.neighbour = polls.world.residents(2)
    return polls.opened()


@pytest.fixture
def voter(polls, ballot_id, browser):
    """A browser in which the first of the two has signed in."""
    return browser.sign_in(polls.world, polls.voter)
