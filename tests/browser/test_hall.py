"""The live room as a phone and a desk show it: what is asked in sight, nothing in the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.residents.models import Role
from app.room.models import Question
from tests.ballots.conftest import Polls
from tests.browser.village import let_ballots_open
from tests.browser.visiting import DESK, HALL, PHONE
from tests.room.house import LiveAssembly

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

AT_END = "one => one.scrollHeight - one.scrollTop - one.clientHeight < 2"


class Meeting:
    """An assembly in the middle of its talk, with a ballot to be open for days."""

    def __init__(self, world, elsewhere):
        self._elsewhere, self.world = elsewhere, world
        elsewhere(self._gather)

    def _gather(self):
        world = self.world
        self.guest, self.stranger = world.resident(), world.resident("gasan")
        self.live = live = LiveAssembly(world)
        live.check_in(self.guest)
        for turn in range(20):
            world.pass_time(seconds=4)
            live.say(
                self.guest, f"{turn}번째로 드리는 긴 말씀입니다. 쉼터 이야기를 이어 가겠습니다."
            )
        live.ask(self.guest, "쉼터는 언제 되나요?")
        keys = world.app.extensions["settings"].keys_path
        people = (world.registrar(), world.staff(Role.OFFICER), world.registrar())
        with world.read() as session:
            assembly = live.row(session)
        polls, now = Polls(world, keys, *people), world.at
        window = {"opens_at": now + timedelta(hours=1), "closes_at": now + timedelta(days=7)}
        polls.freeze(polls.draw(assembly=assembly, base_date=now.date(), **window))

    def open_ballots(self):
        self._elsewhere(let_ballots_open, self.world)

    def do(self, name, *words, **named):
        return self._elsewhere(getattr(self.live, name), *words, **named)

    def move(self, kind):
        self.do("move", self._elsewhere(self._position, kind))

    def _position(self, kind):
        with self.world.read() as session:
            return next(one.position for one in self.live.row(session).stages if one.kind == kind)


@pytest.fixture(scope="module")
def meeting(world, elsewhere):
    made = Meeting(world, elsewhere)
    made.open_ballots()
    return made


def opened(visitor, path):
    page = visitor.open(path)
    expect(page.locator("[data-link-state][data-state=live]")).to_be_attached()
    return page


def test_whoever_enters_sees_first_what_is_asked(meeting, visitors):
    page = opened(visitors.new(meeting.guest, size=PHONE), meeting.live.path)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_role("link", name="투표하기")).to_be_in_viewport()
    page = opened(visitors.new(meeting.guest, size=DESK), meeting.live.path)
    assert page.evaluate("window.scrollY") == 0
    assert page.locator("[data-pane=talk] .pane__scroll").evaluate(AT_END)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_new_words_follow_while_the_last_ones_are_in_sight(meeting, visitors, size):
    page = opened(visitors.new(meeting.guest, size=size), meeting.live.path)
    if size == PHONE:
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        expect(page.locator("[data-end=talk]")).to_be_in_viewport()
    for word in ("하나", "둘", "셋"):
        meeting.world.pass_time(seconds=4)
        said = f"{size[0]}: {word}"
        meeting.do("say", meeting.guest, said)
        expect(page.locator(".talk__text", has_text=said)).to_be_attached()
    expect(page.locator("[data-pill]")).to_be_hidden()
    if size == DESK:
        assert page.locator("[data-pane=talk] .pane__scroll").evaluate(AT_END)
        assert page.evaluate("window.scrollY") == 0
    else:
        expect(page.locator(".talk__text", has_text=said)).to_be_in_viewport()


@pytest.mark.parametrize("tab", ["questions", "floor"])
def test_the_composer_is_no_taller_than_what_it_holds(meeting, visitors, tab):
    page = opened(visitors.known(meeting.guest, size=PHONE), f"{meeting.live.path}?tab={tab}")
    composer = page.locator(f"[data-pane={tab}] .composer:visible")
    assert composer.bounding_box()["height"] < 100


def test_the_vote_is_the_button_of_those_alone_who_can_vote(meeting, visitors):
    doors = {}
    for name, person in (
        ("voter", meeting.guest),
        ("stranger", meeting.stranger),
        ("visitor", None),
    ):
        page = visitors.known(person, size=PHONE).open(meeting.live.path)
        door = page.locator(".hall__door--vote a")
        doors[name] = (
            door.inner_text().split(":")[0].strip(),
            "primary" in door.get_attribute("class"),
        )
    assert doors == {
        "voter": ("투표하기", True),
        "stranger": ("투표 안내 보기", False),
        "visitor": ("로그인하고 투표하기", False),
    }


def test_the_projector_stays_with_the_order_while_a_ballot_is_open(meeting, visitors):
    page = opened(visitors.new(size=HALL), f"{meeting.live.path}/projector")
    projector = page.locator("[data-projector]")
    expect(projector).to_have_attribute("data-showing", "numbers")
    for kind, showing in (("discussion", "stage"), ("vote", "numbers"), ("count", "stage")):
        meeting.move(kind)
        expect(projector).to_have_attribute("data-showing", showing)
        page.reload()
        expect(projector).to_have_attribute("data-showing", showing)


class Waiting:
    """A screen whose pauses are as long as they can be, or as short."""

    def __init__(self, visitors, person, path, chance):
        visitor = visitors.new(person, size=DESK)
        visitor.page.add_init_script(f"Math.random = () => {chance}")
        self.page = opened(visitor, path)
        self.page.evaluate("window.isTheSame = true")

    @property
    def is_the_same(self):
        return self.page.evaluate("window.isTheSame === true")

    def compose(self, act):
        return self.page.locator(f"[data-act={act}] .input").first


def test_what_opens_and_closes_is_drawn_around_what_is_being_written(world, elsewhere, visitors):
    meeting = Meeting(world, elsewhere)
    path = meeting.live.path
    at_once = Waiting(visitors, meeting.guest, path, 0)
    last = Waiting(visitors, meeting.stranger, path, 0.999)
    words = "아직 보내지 않은 긴 질문"
    at_once.compose("ask").fill(words)
    meeting.open_ballots()
    expect(at_once.page.locator(".hall__door--vote a")).to_be_visible()
    assert last.page.locator(".hall__door--vote").count() == 0
    expect(at_once.page.locator("[data-ballots] [data-ballot]")).to_be_visible()
    expect(at_once.compose("ask")).to_have_value(words)
    expect(last.page.locator(".hall__door--vote a")).to_be_visible(timeout=20_000)
    meeting.do("close")
    expect(at_once.page.get_by_text("마친 총회입니다.")).to_be_visible()
    expect(at_once.page.get_by_text("총회를 마쳤습니다")).to_be_visible()
    expect(at_once.compose("say")).to_have_count(0)
    expect(at_once.compose("ask")).to_have_value(words)
    at_once.compose("ask").fill("")
    expect(at_once.compose("ask")).to_have_count(0)
    assert at_once.is_the_same
    assert last.is_the_same


def test_whoever_waits_in_the_hall_can_speak_once_it_opens(world, elsewhere, visitors):
    live = elsewhere(lambda: LiveAssembly(world, is_open=False))
    elsewhere(world.pass_time, minutes=40)
    guest = elsewhere(live.guest)
    page = Waiting(visitors, guest, live.path, 0).page
    expect(page.locator(".composer")).to_have_count(0)
    elsewhere(live.open)
    page.locator("[data-act=say] .input").fill("안녕하세요")
    page.keyboard.press("Enter")
    expect(page.locator(".talk__text", has_text="안녕하세요")).to_be_visible()


def test_a_question_is_not_raised_by_who_asked_it_nor_forgotten_by_who_raised_it(meeting, visitors):
    path = f"{meeting.live.path}?tab=questions"
    asker = opened(visitors.new(meeting.guest, size=DESK), path)
    neighbour = meeting.do("guest")
    other = opened(visitors.new(neighbour, size=DESK), path)
    meeting.world.pass_time(seconds=4)
    asker.locator("[data-act=ask] .input").fill("누가 물을 주나요?")
    asker.keyboard.press("Enter")
    mine, theirs = (
        page.locator(".question", has_text="누가 물을 주나요?") for page in (asker, other)
    )
    expect(mine.locator(".question__count")).to_be_visible()
    expect(mine.locator("button")).to_have_count(0)
    theirs.locator("button").click()
    expect(theirs.locator("button")).to_have_attribute("aria-pressed", "true")
    expect(mine.locator("[data-part=upvotes]")).to_have_text("1")
    question_id = int(theirs.get_attribute("data-question"))
    meeting.do("hide", Question, question_id)
    expect(other.locator(f"[data-question='{question_id}'] .talk__hidden")).to_be_visible()
    meeting.do("hide", Question, question_id, again=True)
    expect(theirs.locator("button")).to_have_attribute("aria-pressed", "true")
    expect(mine.locator(".question__count")).to_be_visible()
    expect(mine.locator("button")).to_have_count(0)
    theirs.locator("button").click()
    expect(theirs.locator("button")).to_have_attribute("aria-pressed", "false")
    expect(mine.locator("[data-part=upvotes]")).to_have_text("0")
