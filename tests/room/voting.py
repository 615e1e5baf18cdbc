"""A live assembly that votes: its ballot with seven options for six seats."""

from __future__ import annotations

from datetime import timedelta

from app.assemblies.models import QuorumKind, Track
from app.ballots import actions
from app.ballots.models import Option
from app.residents.models import Role
from tests.ballots.conftest import Polls
from tests.room.house import LiveAssembly


class Vote:
    """A live assembly of 독산1동 that votes for an hour, and its residents."""

    def __init__(self, world, *, quorum=2, title=None):
        self.world = world
        keys = world.app.extensions["settings"].keys_path
        staff = (world.registrar(), world.staff(Role.OFFICER), world.staff(Role.OBSERVER))
        self.polls, self.people = Polls(world, keys, *staff), [world.resident(), world.resident()]
        self.live = LiveAssembly(world)
        with world.read() as session:
            assembly = self.live.row(session)
            steps = {stage.kind.value: stage.position for stage in assembly.stages}
        self.steps = steps
        self.id = self.polls.draw(
            (Track.BUDGET,) * 7,
            seats={Track.BUDGET: 6},
            max_picks=6,
            assembly=assembly,
            base_date=world.at.date(),
            opens_at=world.at + timedelta(minutes=1),
            closes_at=world.at + timedelta(hours=1),
            quorum_kind=QuorumKind.SEATS,
            quorum_value=quorum,
        )
        if title is not None:
            with world.write() as session:
                for option in session.query(Option).filter_by(ballot_id=self.id):
                    option.title = f"{option.position} {title}"
        self.polls.freeze(self.id)

    def open(self):
        self.world.pass_time(minutes=2)
        with self.world.write() as session:
            actions.open_due_ballots(session, at=self.world.at)

    def cast(self):
        for person in self.people:
            self.polls.cast(self.id, person, 1, 2, 3, 4, 5, 6)

    def move(self, kind):
        self.live.move(self.steps[kind])
