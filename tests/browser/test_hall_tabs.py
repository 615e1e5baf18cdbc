"""The live room on a phone: tabs that keep their places, and whose turn it is on each of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import DESK, PHONE
from tests.room.house import LiveAssembly

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def guest(world, elsewhere):
    return elsewhere(world.resident)


@pytest.fixture(scope="module")
def hall(world, elsewhere, guest):
    """A room whose talk and questions are longer than a phone."""

    def gather():
        live = LiveAssembly(world)
        live.check_in(guest)
        for turn in range(15):
            world.pass_time(seconds=4)
            live.say(guest, f"{turn}번째로 드리는 긴 말씀입니다. 쉼터 이야기를 이어 가겠습니다.")
            live.ask(guest, f"{turn}번째 질문입니다. 쉼터는 언제 되나요?")
        return live

    return elsewhere(gather)


@pytest.fixture(params=["normal", "large"])
def phone(request, visitors, hall, guest):
    visitor = visitors.new(guest, size=PHONE)
    if request.param == "large":
        page = visitor.open(hall.path)
        page.locator(".strip__switches [name=size]").first.click()
        expect(page.locator("html")).to_have_attribute("data-size", "large")
    page = visitor.open(hall.path)
    expect(page.locator("[data-link-state][data-state=live]")).to_be_attached()
    return page


def below_the_header(page, row):
    """Say how far below what sticks to the top a row starts."""
    edge = page.locator(".room-top").bounding_box()
    return row.bounding_box()["y"] - edge["y"] - edge["height"]


def to_tab(page, name):
    page.locator(".hall__tabs").get_by_role("link", name=name).click()


def test_a_tab_starts_below_the_header_and_is_found_where_it_was_left(phone):
    page = phone
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    end, last = page.locator("[data-end=talk]"), page.locator(".talk__post").last
    expect(end).to_be_in_viewport()
    to_tab(page, "질문")
    first = page.locator(".question").first
    expect(first).to_be_in_viewport()
    assert 0 <= below_the_header(page, first) < 40
    page.evaluate("window.scrollBy(0, 300)")
    read = page.evaluate("window.scrollY")
    to_tab(page, "이야기")
    expect(end).to_be_in_viewport()
    expect(last).to_be_in_viewport()
    to_tab(page, "질문")
    assert abs(page.evaluate("window.scrollY") - read) < 2
    to_tab(page, "이야기")
    page.evaluate("window.scrollBy(0, -400)")
    expect(end).not_to_be_in_viewport()
    read = page.evaluate("window.scrollY")
    to_tab(page, "발언")
    assert 0 <= below_the_header(page, page.locator("[data-speaker]")) < 40
    to_tab(page, "이야기")
    assert abs(page.evaluate("window.scrollY") - read) < 2


def test_a_tab_opened_at_the_top_of_the_page_leaves_it_there(phone):
    phone.evaluate("window.scrollTo(0, 0)")
    to_tab(phone, "질문")
    assert phone.evaluate("window.scrollY") == 0
    assert 0 <= below_the_header(phone, phone.locator(".question").first) < 40


def test_whoever_is_called_is_told_on_every_tab(hall, world, visitors, elsewhere):
    first, second = elsewhere(hall.guest), elsewhere(hall.guest)
    wish = elsewhere(hall.want_floor, first, "골목 조명")
    elsewhere(hall.want_floor, second, "주차")
    page, desk = (
        visitors.new(person, size=size).open(hall.path)
        for person, size in ((first, PHONE), (second, DESK))
    )
    for each in (page, desk):
        expect(each.locator("[data-link-state][data-state=live]")).to_be_attached()
    words = page.locator("[data-turn] [role=status]")
    way = page.get_by_role("link", name="발언으로 가기")
    expect(words).to_have_text("다음 차례입니다. 준비해 주세요.")
    expect(desk.locator("[data-turn]")).to_have_attribute("data-turn", "")
    elsewhere(hall.call, wish)
    expect(words).to_have_text("지금 발언할 차례입니다")
    expect(desk.locator("[data-turn] [role=status]")).to_have_text(
        "다음 차례입니다. 준비해 주세요."
    )
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(words).to_be_in_viewport()
    expect(page.locator("[data-turn] [data-timer]")).to_contain_text("남은 시간")
    way.click()
    expect(page.locator("[data-pane=floor]")).to_be_visible()
    expect(way).to_be_hidden()
    expect(words).to_be_visible()
    page.get_by_role("button", name="발언 마치기").click()
    expect(page.locator("[data-turn]")).to_have_attribute("data-turn", "")
    expect(page.locator("[data-turn] [data-timer]")).to_be_hidden()


def test_without_scripts_what_was_said_is_in_sight_and_said_to_be_sent(
    hall, visitors, world, guest
):
    world.pass_time(seconds=4)
    page = visitors.new(guest, size=PHONE, scripts=False).open(hall.path)
    page.locator("#say-text").fill("스크립트 없이 드리는 말씀")
    page.get_by_role("button", name="보내기").click()
    mine = page.locator(".talk__post", has_text="스크립트 없이 드리는 말씀")
    expect(mine).to_be_in_viewport(ratio=1)
    assert below_the_header(page, mine) >= 0
    expect(page.get_by_text("보냈습니다.", exact=True)).to_be_in_viewport()
    page.locator(".hall__tabs").get_by_role("link", name="질문").click()
    page.locator("#ask-text").fill("스크립트 없이 드리는 질문")
    page.get_by_role("button", name="질문하기").click()
    asked = page.locator(".question", has_text="스크립트 없이 드리는 질문")
    expect(asked).to_be_in_viewport(ratio=1)
    assert below_the_header(page, asked) >= 0
    expect(page.get_by_text("질문을 올렸습니다.", exact=True)).to_be_in_viewport()
