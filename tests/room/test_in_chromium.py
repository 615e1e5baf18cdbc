"""The room's pages in a real Chromium: order, lost lines, Hangul being put together, no scripts."""

from __future__ import annotations

import itertools
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.residents.actions import withdraw_person
from app.residents.models import Account
from app.room.models import FloorRequest, Message, Question
from tests.assemblies.steps import Hall
from tests.room.house import LiveAssembly
from tests.room.served import served
from tests.support import chromium as browser
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE, DESK, HALL = (390, 844), (1280, 900), (1920, 1080)
PHOTOGRAPHS = os.environ.get("ROOM_PHOTOGRAPHS")


class Elsewhere:
    """Something whose methods run in another thread: the browser's loop holds this one."""

    def __init__(self, inner, pool):
        self.inner, self._pool = inner, pool

    def __getattr__(self, name):
        found = getattr(self.inner, name)
        if not callable(found):
            return found
        return lambda *words, **named: self._pool.submit(found, *words, **named).result()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(1) as one_thread:
        yield one_thread


@pytest.fixture
def world(app, clock, pool):
    return Elsewhere(pool.submit(World, app, clock).result(), pool)


@pytest.fixture
def live(world, pool):
    return Elsewhere(pool.submit(LiveAssembly, world.inner).result(), pool)


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as running:
        yield running


@pytest.fixture
def address(app):
    with served(app) as found:
        yield found


@pytest.fixture
def open_page(app, world, address, chromium):
    contexts = []

    def open_page(path, *, as_=None, size=PHONE, scripts=True):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if as_ is not None:
            signing = app.session_interface.get_signing_serializer(app)
            value = signing.dumps({"_user_id": world.token(as_), "_fresh": True})
            name = app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        page.trouble = []
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("console", lambda line: _note(page, line))
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _note(page, line):
    if line.type == "error" and "Failed to load resource" not in line.text:
        page.trouble.append(line.text)


def connected(page):
    expect(page.locator("[data-link-state][data-state=live]")).to_be_attached()
    return page


def numbers(page):
    return [
        int(value)
        for value in page.locator("[data-talk] > [data-seq]").evaluate_all(
            "rows => rows.map(row => row.dataset.seq)"
        )
    ]


def lines(page):
    return page.locator("[data-talk] .talk__text").all_inner_texts()


def test_a_screen_shows_everything_once_and_in_order_though_its_line_drops(live, world, open_page):
    one = live.guest()
    page = connected(open_page(live.path))
    said = []
    for turn in range(4):
        for part in range(5):
            world.pass_time(seconds=4)
            if part == 1:
                page.context.set_offline(turn % 2 == 0)
            said.append(f"{turn}-{part}번째 말")
            live.say(one, said[-1])
        page.context.set_offline(False)
        expect(page.locator(".talk__text", has_text=said[-1])).to_be_attached()
    assert lines(page) == said
    assert numbers(page) == sorted(set(numbers(page)))
    connected(page)
    assert page.trouble == [] or all("ERR_INTERNET" in one for one in page.trouble)


def test_the_line_says_when_it_is_lost_and_asks_instead(live, world, open_page):
    one = live.guest()
    page = open_page("/about")
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.goto(page.url.replace("/about", live.path))
    expect(page.locator("[data-link-state]")).to_have_attribute("data-state", "lost")
    expect(page.locator("[data-link-state]")).to_contain_text("연결 끊김")
    live.say(one, "소켓 없이도")
    expect(page.locator(".talk__text", has_text="소켓 없이도")).to_be_attached(timeout=15000)


def test_a_screen_leads_out_of_a_room_that_was_called_off(world, pool, open_page):
    hall = Elsewhere(pool.submit(lambda: Hall(world.inner).notice()).result(), pool)
    page = connected(open_page(f"/assemblies/{hall.inner.id}/room"))
    hall.act("call_off", hall.inner.clerk, reason="강당을 쓸 수 없게 되었습니다.")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page).to_have_url(re.compile(rf"/assemblies/{hall.inner.id}$"))
    expect(page.get_by_text("취소된 총회입니다")).to_be_visible()


def test_speaking_stays_on_the_page(live, world, open_page):
    page = connected(open_page(live.path, as_=live.guest()))
    box = page.locator("#say-text")
    box.fill("엔터로 보냅니다")
    box.press("Enter")
    expect(page.locator(".talk__text", has_text="엔터로 보냅니다")).to_have_count(1)
    expect(box).to_have_value("")
    box.fill("너무 빨리")
    box.press("Enter")
    expect(page.locator("#say-error")).to_contain_text("3초에 한 번씩")
    expect(box).to_have_value("너무 빨리")
    world.pass_time(seconds=4)
    page.get_by_role("button", name="보내기").click()
    expect(page.locator(".talk__text", has_text="너무 빨리")).to_have_count(1)
    expect(page.locator("#say-error")).to_be_hidden()


def test_a_syllable_being_put_together_is_not_sent(live, open_page):
    page = connected(open_page(live.path, as_=live.guest()))
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else 0)
    box = page.locator("#say-text")
    box.focus()
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "가", "selectionStart": 1, "selectionEnd": 1})
    keys.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    verdicts = page.evaluate(
        """async () => {
          const { isSending } = await import("/static/js/room/ime.js");
          const key = (more) => isSending({ key: "Enter", shiftKey: false, isComposing: false, keyCode: 13, ...more });
          return [key({}), key({ isComposing: true }), key({ keyCode: 229 }), key({ shiftKey: true }), key({ key: "a" })];
        }"""  # noqa: E501
    )
    assert verdicts == [True, False, False, False, False]
    assert sent == []
    keys.send("Input.insertText", {"text": "가나"})
    box.press("Enter")
    expect(page.locator(".talk__text", has_text="가나")).to_have_count(1)
    assert len(sent) == 1


def test_the_feed_s_order_in_the_browser_is_its_twin_s(live, open_page):
    page = open_page(live.path)
    given = page.evaluate(
        """async () => {
          const { Feed } = await import("/static/js/room/feed.js");
          const feed = new Feed(2), out = [];
          const frames = [[5], [3, 3], [2, 1], ["x", null, { seq: "4" }], [6, 4], [4, 5, 6]];
          for (const frame of frames) {
            const events = frame.map((one) => (Number.isInteger(one) ? { seq: one } : one));
            out.push(...feed.accept(events).map((event) => event.seq));
          }
          return [out, feed.hasGap, feed.last];
        }"""
    )
    assert given == [[3, 4, 5, 6], False, 6]


def test_what_is_being_read_does_not_move(live, world, open_page):
    one = live.guest()
    for turn in range(30):
        world.pass_time(seconds=4)
        live.say(one, f"{turn}번째로 드리는 긴 말씀입니다. 골목의 쉼터 이야기를 이어 가겠습니다.")
    page = connected(open_page(live.path))
    page.evaluate("window.scrollTo(0, 300)")
    pill = page.locator("[data-pill]")
    before = page.evaluate("window.scrollY")
    page.wait_for_function("() => window.scrollY < 400")
    for word in ("하나", "둘"):
        world.pass_time(seconds=4)
        live.say(one, word)
    expect(pill).to_have_text("새 글 2개")
    assert page.evaluate("window.scrollY") == before
    pill.click()
    expect(page.locator(".talk__text", has_text="둘").last).to_be_in_viewport()
    expect(pill).to_be_hidden()


def test_questions_and_the_floor_follow_along(live, world, open_page):
    asker, other = live.guest(), live.guest()
    page = connected(open_page(live.path, as_=asker))
    page.get_by_role("link", name="질문").click()
    page.locator("#ask-text").fill("쉼터는 언제 되나요")
    page.get_by_role("button", name="질문하기").click()
    expect(page.locator(".question", has_text="쉼터는 언제 되나요")).to_be_visible()
    live.raise_question(other, 1)
    expect(page.locator("[data-question='1'] [data-part=upvotes]")).to_have_text("1")
    page.get_by_role("link", name="발언").click()
    page.locator("#floor-topic").fill("골목 조명")
    page.get_by_role("button", name="신청", exact=True).click()
    expect(page.locator("[data-mine]")).to_have_text("다음 차례입니다. 준비해 주세요.")
    live.call(1)
    expect(page.locator("[data-mine]")).to_have_text("지금 발언할 차례입니다")
    page.get_by_role("button", name="발언 마치기").click()
    expect(page.locator("[data-mine]")).to_be_hidden()
    assert page.trouble == []


def test_whoever_left_is_called_so_on_a_screen_that_stays_open(live, world, open_page):
    leaver = live.guest()
    message = live.say(leaver, "골목이 어둡습니다")
    page = connected(open_page(live.path))
    account_id = world.account_of(leaver).id
    with world.write() as session:
        account = session.get_one(Account, account_id)
        withdraw_person(session, account, checked=account.passphrase_hash, at=world.at)
    live.hide(Message, message)
    live.hide(Message, message, again=True)
    expect(page.locator("[data-talk] [data-part=who]")).to_have_text("탈퇴한 주민")
    assert page.trouble == []


def test_the_projector_follows_the_chair(live, world, open_page):
    request = live.want_floor(live.guest(), "골목 조명")
    page = connected(open_page(f"{live.path}/projector", size=HALL))
    expect(page.locator("[data-projector]")).to_have_attribute("data-showing", "numbers")
    live.move(2)
    expect(page.locator("[data-projector]")).to_have_attribute("data-showing", "stage")
    live.call(request)
    expect(page.get_by_role("heading", name="골목 조명")).to_be_visible()
    expect(page.locator("[data-show=speaker] [data-timer]")).to_be_visible()
    sizes = page.locator("main *:visible").evaluate_all(
        "all => all.filter(one => one.textContent.trim() && !one.children.length)"
        ".map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 48
    live.hide(FloorRequest, request)
    expect(page.get_by_role("heading", name="가린 글입니다 · 욕설·비방")).to_be_visible()
    live.hide(FloorRequest, request, again=True)
    expect(page.get_by_role("heading", name="골목 조명")).to_be_visible()
    assert page.trouble == []


def test_the_console_keeps_fresh_and_leaves_what_is_being_written(live, world, open_page):
    one = live.guest()
    live.ask(one, "첫 질문")
    page = connected(open_page(f"{live.path}/console", as_=live.chair, size=DESK))
    page.get_by_text("답변하기").click()
    page.get_by_label("답변", exact=True).fill("쓰고 있는 답변")
    world.pass_time(seconds=4)
    live.ask(one, "둘째 질문")
    live.want_floor(one, "골목 조명")
    expect(page.locator("[data-refresh=floor]")).to_contain_text("골목 조명")
    expect(page.get_by_label("답변", exact=True)).to_have_value("쓰고 있는 답변")
    page.get_by_role("button", name="답변 마치기").click()
    expect(page.locator("[data-refresh=questions]")).to_contain_text("둘째 질문")
    expect(page.locator("[data-refresh=questions]")).to_contain_text("쓰고 있는 답변")
    assert page.trouble == []


@pytest.mark.parametrize(
    ("tab", "place", "where"),
    [
        ("talk", "messages", "[data-message='{}']"),
        ("questions", "questions", "[data-question='{}']"),
        ("floor", "floor", "[data-request='{}'] .queue__topic"),
    ],
    ids=["message", "question", "floor request"],
)
def test_what_the_chair_hides_and_shows_again_follows_on_every_screen(
    live, open_page, tab, place, where
):
    act = {"talk": live.say, "questions": live.ask, "floor": live.want_floor}[tab]
    said = act(live.guest(), "오해받은 말")
    hall = connected(open_page(f"{live.path}?tab={tab}"))
    row = hall.locator(where.format(said))
    before = row.inner_text()
    console = connected(open_page(f"{live.path}/console", as_=live.chair, size=DESK))

    def sign(act):
        form = console.locator(f"form[action$='/{place}/{said}/{act}']")
        form.locator("xpath=..").locator("summary").click()
        if act == "hide":
            form.locator("[name=reason]").select_option(label="광고·홍보")
        form.locator("[name=note]").fill("까닭을 적습니다")
        form.get_by_role("button").click()

    sign("hide")
    expect(row).to_have_text("가린 글입니다 · 광고·홍보")
    late = connected(open_page(f"{live.path}?tab={tab}"))
    expect(late.locator(where.format(said))).to_contain_text("가린 글입니다 · 광고·홍보")
    connected(console)
    sign("restore")
    expect(row).to_contain_text("오해받은 말")
    assert row.inner_text() == before, "with the time at which it was said"
    expect(late.locator(where.format(said))).to_contain_text("오해받은 말")
    expect(console.locator("[data-refresh=hidden]")).to_contain_text("가린 글이 없습니다")
    assert hall.trouble == late.trouble == console.trouble == []


def test_a_console_that_gave_words_back_keeps_fresh(live, open_page):
    page = connected(open_page(f"{live.path}/console", as_=live.chair, size=DESK))
    box = page.locator("#announce-text")
    box.fill("가" * 501)
    page.get_by_role("button", name="안내하기").click()
    expect(page.locator("#announce-text-error")).to_contain_text("1자를 줄여 주세요")
    expect(box).to_have_value("가" * 501)
    connected(page)
    live.want_floor(live.guest(), "골목 조명")
    expect(page.locator("[data-refresh=floor]")).to_contain_text("골목 조명")


def test_without_scripts_the_whole_room_still_works(live, open_page):
    page = open_page(live.path, as_=live.guest(), scripts=False)
    page.locator("#say-text").fill("스크립트 없이")
    page.get_by_role("button", name="보내기").click()
    expect(page.locator(".talk__text", has_text="스크립트 없이")).to_be_visible()
    page.get_by_role("link", name="발언").click()
    page.locator("#floor-topic").fill("골목 조명")
    page.get_by_role("button", name="신청", exact=True).click()
    expect(page.locator("[data-mine]")).to_have_text("다음 차례입니다. 준비해 주세요.")


def fill_the_room(live, world):
    """Make a lively room: talk, questions, a queue, a speaker, a running stage."""
    people = [live.guest() for _ in range(6)]
    live.move(1)
    live.move(3)
    words = [
        "골목 끝 빈터에 아이들 쉼터가 생기면 좋겠습니다.",
        "저도 찬성합니다. 다만 밤에는 조명이 필요해 보여요.",
        "쉼터 옆 주차 공간은 그대로 두는 건가요? 트럭이 자주 다녀서 걱정입니다.",
        "자료 3쪽에 나와 있네요. 주차 두 면은 남는다고 합니다.",
    ]
    for person, text in zip(itertools.cycle(people), words * 2, strict=False):
        world.pass_time(seconds=20)
        live.say(person, text, nonce=f"{world.at.timestamp()}")
    live.announce("5분 뒤 제안 발표를 시작합니다. 질문은 '질문' 자리에 남겨 주세요.")
    asked = [
        live.ask(people[0], "쉼터 예산 5천만 원은 어디에 쓰이나요?"),
        live.ask(people[1], "공사 기간에는 아이들이 어디로 다니나요?"),
    ]
    for fan in people[2:]:
        live.raise_question(fan, asked[1])
    requests = [
        live.want_floor(person, topic)
        for person, topic in zip(people, ["쉼터 조명", "주차 공간", "어린이 안전"], strict=False)
    ]
    live.call(requests[0])
    live.hide(Question, live.ask(people[2], "쉼터 예산은 어디에 쓰이나요?"))
    world.pass_time(seconds=45)
    return people


PAGES = [
    ("hall", "", "guest", PHONE),
    ("hall-questions", "?tab=questions", "guest", PHONE),
    ("hall-floor", "?tab=floor", "guest", PHONE),
    ("hall-desk", "", "guest", DESK),
    ("hall-visitor", "", None, PHONE),
    ("feed", "/feed", None, PHONE),
    ("console", "/console", "chair", PHONE),
    ("console-desk", "/console", "chair", DESK),
    ("projector", "/projector", None, HALL),
]


@pytest.mark.parametrize(("name", "path", "who", "size"), PAGES, ids=[page[0] for page in PAGES])
def test_axe_finds_nothing(live, world, open_page, name, path, who, size):
    people = fill_the_room(live, world)
    person = {"guest": people[1], "chair": live.chair, None: None}[who]
    page = open_page(live.path + path, as_=person, size=size)
    if name != "feed":
        connected(page)
    if PHOTOGRAPHS:
        folder = Path(PHOTOGRAPHS)
        page.screenshot(path=folder / f"{name}.png")
        page.screenshot(path=folder / f"{name}-full.png", full_page=True)
    # Without scripts only a page that refreshes itself is live; it says so and can be paused.
    refreshes = {"rules": {"meta-refresh": {"enabled": False}}} if name == "feed" else None
    found = Axe().run(page, options=refreshes)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.trouble == []
