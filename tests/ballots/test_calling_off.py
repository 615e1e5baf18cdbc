"""An assembly whose residents vote is not called off, also not at the moment a ballot is drawn."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.ballots.models import Ballot
from app.ballots.policy import BallotRefusal as R
from app.core.refusals import Refused
from tests.assemblies.steps import Hall
from tests.support.meeting import at_once

OFF = "강당을 쓸 수 없게 되었습니다."


@pytest.fixture
def hall(world):
    """An announced assembly with an item."""
    found = Hall(world)
    found.item()
    return found.notice()


def test_an_assembly_with_a_ballot_is_not_called_off(world, polls, hall, browser):
    with world.read() as session:
        assembly = hall.now(session)
    ballot_id = polls.draw(assembly=assembly)
    page = f"/desk/assemblies/{hall.id}/call-off"
    browser.sign_in(world, hall.clerk).open(page)
    browser.submit(page, reason=OFF)
    assert browser.status == 409
    assert "초안을 먼저 버린 뒤" in browser.text
    world.resident()
    polls.freeze(ballot_id)
    with pytest.raises(Refused, check=lambda error: error.refusal is R.ASSEMBLY_VOTES):
        hall.act("call_off", hall.clerk, reason=OFF)
    with world.read() as session:
        assert not hall.now(session).is_called_off


@pytest.mark.race
def test_no_ballot_is_left_to_an_assembly_called_off_at_the_same_moment(world, polls, hall):
    with world.read() as session:
        assembly = hall.now(session)
    found = at_once(
        lambda: polls.draw(assembly=assembly) and None,
        lambda: hall.act("call_off", hall.clerk, reason=OFF) and None,
    )
    with world.read() as session:
        has_ballot = session.scalar(select(Ballot.id).where(Ballot.assembly_id == hall.id))
        assert bool(has_ballot) != hall.now(session).is_called_off
    assert set(found) in ({R.ASSEMBLY_CALLED_OFF, None}, {R.ASSEMBLY_HAS_DRAFT, None})


def test_a_draft_that_a_ballot_belongs_to_is_not_thrown_away(world, polls, browser):
    draft = Hall(world)
    ballot_id = polls.draw()
    with world.write() as session:  # as earlier versions let it be drawn up
        session.get_one(Ballot, ballot_id).assembly_id = draft.id
    page = f"/desk/assemblies/{draft.id}/discard"
    browser.sign_in(world, draft.clerk).open(page)
    browser.submit(page)
    assert browser.status == 409
    assert "투표 초안을 먼저 버린 뒤" in browser.text
    with world.read() as session:
        assert not draft.now(session).is_called_off
