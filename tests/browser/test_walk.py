"""The whole walk on a phone, with scripts and without: an idea becomes a promise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.assemblies.models import Track
from app.ballots import actions as ballots
from app.ballots.models import Ballot
from app.residents.models import Role
from tests.ballots.conftest import Polls
from tests.browser import navigators
from tests.browser.village import let_ballots_open
from tests.commitments.conftest import Promises
from tests.forum.steps import Forum
from tests.proposals import steps
from tests.room.house import LiveAssembly

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


class Stage:
    """Who walks, and what happens between their acts without a browser."""

    def __init__(self, world):
        self.world, keys = world, world.app.extensions["settings"].keys_path
        steps.rule(world, threshold=2)
        self.author, self.neighbour, self.other = world.residents(3)
        self.clerk = world.registrar()
        self.department = steps.department_officer(world)
        self.polls = Polls(world, keys, self.clerk, world.staff(Role.OFFICER), self.clerk)
        self.promises = Promises(world, keys)

    def endorse(self, proposal_id):
        steps.endorse(self.world, proposal_id, self.other)

    def open_a_topic(self, proposal_id):
        return Forum(self.world, proposal_id=proposal_id).topic_id

    def open_an_assembly(self):
        return LiveAssembly(self.world).id

    def open_a_ballot(self, proposal_id):
        now = self.world.at
        window = {"opens_at": now + timedelta(hours=1), "closes_at": now + timedelta(days=7)}
        ballot_id = self.polls.draw(
            (Track.BUDGET,) * 3, seats={Track.BUDGET: 1}, base_date=now.date(), **window
        )
        with self.world.write() as session:
            ballots.add_option(
                session,
                session.get_one(Ballot, ballot_id),
                track=Track.BUDGET,
                title=navigators.TITLE,
                sense="의자와 그늘막이면 됩니다",
                budget_won=28_000_000,
                proposal_id=proposal_id,
                by=self.world.standing(session, self.clerk),
                at=now,
            )
        self.polls.freeze(ballot_id)
        let_ballots_open(self.world)
        return ballot_id

    def count_and_promise(self, ballot_id):
        self.polls.close(ballot_id)
        self.polls.count(ballot_id)
        self.promises.certify(ballot_id)
        self.promises.make(ballot_id)


@pytest.fixture
def seat(visitors):
    """Return what seats a person at a phone; at the end nobody's console has complained."""
    seated = []

    def sit(person_id, *, scripts):
        seated.append(visitors.new(person_id, scripts=scripts))
        return seated[-1]

    yield sit
    assert [line for one in seated for line in one.trouble] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_idea_becomes_a_promise(world, elsewhere, seat, scripts):
    stage = elsewhere(Stage, world)
    author, clerk = seat(stage.author, scripts=scripts), seat(stage.clerk, scripts=scripts)

    proposal_id = navigators.resident_writes_a_proposal(author)
    navigators.clerk_passes_the_precheck(clerk)
    elsewhere(stage.endorse, proposal_id)
    navigators.neighbour_endorses(seat(stage.neighbour, scripts=scripts), proposal_id)
    navigators.clerk_assigns_the_department(clerk, proposal_id, "공원녹지과")
    navigators.department_replies(seat(stage.department, scripts=scripts), proposal_id)
    expect(author.open(f"/proposals/{proposal_id}").locator("main")).to_contain_text(
        navigators.REASON
    )

    topic_id = elsewhere(stage.open_a_topic, proposal_id)
    navigators.resident_writes_an_opinion(author, topic_id)
    assembly_id = elsewhere(stage.open_an_assembly)
    navigators.resident_joins_the_room(author, assembly_id)
    navigators.resident_speaks(author, "쉼터에 그늘이 꼭 있으면 좋겠습니다")
    world.pass_time(minutes=1)
    navigators.resident_asks(author, "등은 언제 다나요")

    ballot_id = elsewhere(stage.open_a_ballot, proposal_id)
    number = navigators.resident_casts_a_ballot(author, ballot_id, [navigators.TITLE])
    assert number in author.open(f"/ballots/{ballot_id}/receipt").content()
    assert "투표하기" not in author.open(f"/ballots/{ballot_id}").locator("main").inner_text()

    elsewhere(stage.count_and_promise, ballot_id)
    navigators.anyone_sees_the_promise(seat(None, scripts=scripts), navigators.TITLE)
