"""Words that come once an assembly is closed are given back, and closing is asked first."""

from __future__ import annotations

import pytest

from app.assemblies.models import AssemblyState
from tests.room.house import LiveAssembly


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
