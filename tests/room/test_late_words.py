"""What a room says at its end: of late words, of closing it, and of what became of votes."""

from __future__ import annotations

import pytest

from app.assemblies.models import AssemblyState
from app.ballots.models import Ballot
from tests.room.house import LiveAssembly
from tests.support.year import noticed_year


@pytest.mark.parametrize(
    ("path", "field"), [("messages", "text"), ("questions", "text"), ("floor", "topic")]
)
def test_what_was_typed_comes_back_with_the_reason(world, browser, path, field):
    live = LiveAssembly(world)
    guest = live.guest()
    browser.sign_in(world, guest).open(f"/assemblies/{live.id}/room")
    live.close()
    typed = {field: "쉼터에 등을 달아 주세요", "nonce": "abcdefghijklmnop", "minutes": "3"}
    browser.submit(f"/assemblies/{live.id}/room/{path}", **typed)
    assert browser.status == 409
    assert "보내지 못했습니다" in browser.text
    assert "쉼터에 등을 달아 주세요</textarea>" in browser.text


def test_a_page_asks_before_the_assembly_is_closed_and_says_who_waits(world, browser):
    live = LiveAssembly(world)
    live.want_floor(live.guest(), "골목 조명")
    page = f"/assemblies/{live.id}/room/console/close"
    browser.sign_in(world, live.chair).open(page)
    assert "발언을 기다리는 분이 1명 있습니다" in browser.text
    with world.read() as session:
        assert live.row(session).state is AssemblyState.OPEN, "asking closes nothing"
    browser.submit(page)
    with world.read() as session:
        assert live.row(session).state is AssemblyState.CLOSED
    assert browser.open(page).status == 409


def test_the_room_says_that_one_has_voted_and_leads_to_the_result(world, app, new_browser):
    year = noticed_year(world, app)
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    voter = world.resident()
    year.polls.freeze(ballot_id)
    year.polls.open(ballot_id)
    with world.read() as session:
        room = f"/assemblies/{session.get_one(Ballot, ballot_id).assembly_id}/room"
    browser = new_browser().sign_in(world, voter).open(room)
    assert f'href="/ballots/{ballot_id}/booth"' in browser.page.get_data(as_text=True)
    year.polls.cast(ballot_id, voter, 1)
    assert "투표하셨습니다." in browser.open(room).text
    year.polls.close(ballot_id)
    assert "투표를 마감했습니다." in browser.open(room).text
    assert "투표하셨습니다." not in browser.text
    year.polls.count(ballot_id)
    browser.open(room)
    assert f'href="/ballots/{ballot_id}/result"' in browser.page.get_data(as_text=True)
