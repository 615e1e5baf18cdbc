"""An assembly that nobody closed: it is over for all, and its desk says what is left to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.assemblies import actions
from app.assemblies.models import Assembly, Track
from app.assemblies.policy import AssemblyRefusal as R
from app.core.refusals import Refused
from app.proposals.models import Proposal
from tests.assemblies.steps import ENDS, Hall
from tests.proposals import steps


@pytest.fixture
def left_open(world):
    hall = Hall(world)
    hall.item()
    return hall.open()


def test_nobody_checks_in_any_more(world, left_open):
    early, late = world.residents(2)
    left_open.go_to(ENDS + timedelta(hours=5, minutes=59))
    assert left_open.act("check_in", early) == 1
    left_open.go_to(ENDS + timedelta(hours=6))
    with pytest.raises(Refused) as refused:
        left_open.act("check_in", late)
    assert refused.value.refusal is R.OVER


def test_no_page_says_that_it_is_going_on(world, left_open, browser):
    resident, page = world.resident(), f"/assemblies/{left_open.id}"
    for going_on in (True, False):
        left_open.go_to(ENDS if going_on else ENDS + timedelta(hours=6))
        browser.sign_in(world, resident)
        assert ("지금 열리고 있습니다" in browser.open("/assemblies").text) is going_on
        assert ("올해 지난 총회" in browser.text) is not going_on
        assert ("열리고 있습니다" in browser.open("/").text) is going_on
        assert ("지금 열려 있습니다" in browser.open(page).text) is going_on
        assert ("출석하기" in browser.text) is going_on
        assert ("마치지 않음" in browser.text) is not going_on
        assert ("출석하기" in browser.open(f"{page}/room").text) is going_on
        assert ("마치는 때가 지나 출석을 더 받지 않습니다" in browser.text) is not going_on


def test_its_desk_asks_the_chair_to_close_it(world, left_open, new_browser):
    desk = f"/desk/assemblies/{left_open.id}"
    left_open.go_to(ENDS + timedelta(hours=6))
    clerk = new_browser().sign_in(world, left_open.clerk).open(desk)
    assert "진행자가 마칠 수 있습니다." in clerk.text
    assert f'action="{desk}/close"' not in clerk.text
    chair = new_browser().sign_in(world, left_open.chair).open(desk)
    assert "총회를 마쳐 주세요" in chair.text
    chair.submit(f"{desk}/close")
    assert "총회를 마쳤습니다." in chair.text
    assert "총회를 마쳐 주세요" not in chair.text


def test_its_proposals_may_come_before_another_assembly(world):
    proposal_id = steps.adopted(world)

    def put(hall):
        with world.write() as session:
            actions.add_item(
                session,
                session.get_one(Assembly, hall.id),
                title="쉼터",
                sense="",
                body="",
                track=Track.SUPPORT,
                budget_won=0,
                proposal=session.get_one(Proposal, proposal_id),
                by=world.standing(session, hall.clerk),
                at=world.at,
            )

    first = Hall(world)
    put(first)
    first.open()
    later = {"held": ENDS + timedelta(days=60), "ends": ENDS + timedelta(days=60, hours=1)}
    second = Hall(world, **later)
    with pytest.raises(Refused) as refused:
        put(second)
    assert refused.value.refusal is R.ON_ANOTHER_AGENDA
    first.go_to(ENDS + timedelta(hours=6))
    put(second)
