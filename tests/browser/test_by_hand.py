"""By keyboard alone, and with the two switches of the header, with scripts and without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.assemblies.models import Track
from app.residents.models import Role
from tests.ballots.conftest import Polls
from tests.browser import measures
from tests.browser.navigators import heading
from tests.browser.village import let_ballots_open
from tests.browser.visiting import PHONE
from tests.forum.claims import Talk
from tests.forum.steps import Forum

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
MOST_STEPS = 60
SWITCHES = [("큰 글씨", "data-size", "large"), ("고대비", "data-contrast", "high")]
PICKS = ("골목 안 1번째 쉼터", "골목 안 3번째 쉼터")


def tab_to(page, text):
    """Press Tab until what has the focus says this, as someone without a mouse does."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => {
              const one = document.activeElement;
              const words = [one, ...(one.labels || [])].map((part) => part.textContent);
              return words.join(" ").replace(/\\s+/g, " ").trim();
            }"""
        )
        if text in said and len(said) < len(text) + 60:
            return
    pytest.fail(f"{text} was not reached in {MOST_STEPS} steps")


def ring(page):
    """The width of the ring around what has the focus, or around the label that holds it."""
    return page.evaluate(
        """() => {
          const one = document.activeElement;
          const around = [one, one.closest("label")].filter(Boolean).map(getComputedStyle);
          return Math.max(...around.map((look) =>
            look.outlineStyle === "none" ? 0 : parseFloat(look.outlineWidth)));
        }"""
    )


def open_ballot(world):
    """A ballot that takes votes; return it and someone on its roll."""
    voter, now = world.resident(), world.at
    keys = world.app.extensions["settings"].keys_path
    polls = Polls(world, keys, world.registrar(), world.staff(Role.OFFICER), world.registrar())
    ballot_id = polls.draw(
        (Track.BUDGET,) * 3,
        opens_at=now + timedelta(hours=1),
        closes_at=now + timedelta(days=7),
        base_date=now.date(),
    )
    polls.freeze(ballot_id)
    let_ballots_open(world)
    return ballot_id, voter


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_ballot_is_cast_by_keyboard_alone(world, visitors, elsewhere, scripts):
    ballot_id, person_id = elsewhere(open_ballot, world)
    voter = visitors.new(person_id, scripts=scripts)
    page = voter.open(f"/ballots/{ballot_id}")
    tab_to(page, "투표하기")
    assert ring(page) >= 3
    page.keyboard.press("Enter")
    expect(page.locator("form#paper")).to_be_visible()
    for title in PICKS:
        tab_to(page, title)
        assert ring(page) >= 3
        page.keyboard.press("Space")
    tab_to(page, "다음")
    page.keyboard.press("Enter")
    heading(voter, "이대로 투표할까요?")
    for title in PICKS:
        expect(page.locator(".picked")).to_contain_text(title)
    tab_to(page, "투표하기")
    page.keyboard.press("Enter")
    heading(voter, "투표가 접수되었습니다")
    assert voter.trouble == []


def test_what_the_booth_says_of_the_picks_changes_with_them(world, visitors, elsewhere):
    ballot_id, person_id = elsewhere(open_ballot, world)
    page = visitors.new(person_id).open(f"/ballots/{ballot_id}/booth")
    page.get_by_role("button", name="다음").click()
    told, count = page.locator(".error-summary"), page.locator(".pick-count")
    expect(told).to_contain_text("아직 고른 것이 없습니다")
    expect(page.locator("html[data-bound]")).to_be_attached()
    boxes = page.locator("#options input")
    boxes.nth(0).check()
    expect(told).to_be_hidden()
    expect(count).to_contain_text("1개 고름")
    for number in range(1, boxes.count()):
        boxes.nth(number).check()
    over = count.locator("small")
    expect(over).to_have_text("1개를 빼 주세요")
    looks = "one => [getComputedStyle(one).fontSize, getComputedStyle(one).color]"
    size, colour = over.evaluate(looks)
    beside, quiet = count.evaluate(looks)[0], page.locator(".option__sense").first.evaluate(looks)
    assert size == beside
    assert colour != quiet[1]


def open_talk(world):
    """A topic with sentences to weigh; return it and a resident who has not weighed yet."""
    forum = Forum(world)
    Talk(world, forum)
    return forum.topic_id, world.resident()


def test_sentences_are_weighed_by_single_keys_only_while_they_have_the_focus(
    world, visitors, elsewhere
):
    topic_id, person_id = elsewhere(open_talk, world)
    neighbour = visitors.new(person_id)
    page = neighbour.open(f"/forum/{topic_id}/weigh")
    done = page.locator(".weigh__done")
    expect(page.locator("html")).to_have_attribute("data-bound", "true")
    page.keyboard.press("1")
    expect(done).to_have_text("8문장 가운데 0문장을 마쳤습니다")
    tab_to(page, "동의")
    for weighed, key in enumerate("123", start=1):
        page.keyboard.press(key)
        expect(done).to_have_text(f"8문장 가운데 {weighed}문장을 마쳤습니다")
        expect(page.locator("#claim")).to_be_focused()
        expect(page.locator("html")).to_have_attribute("data-bound", "true")
    assert neighbour.trouble == []


def test_whoever_corrects_an_answer_first_reads_what_it_is_and_may_still_use_the_keys(
    world, visitors, elsewhere
):
    topic_id, person_id = elsewhere(open_talk, world)
    page = visitors.new(person_id, size=PHONE).open(f"/forum/{topic_id}/weigh")
    measures.set_large_type(page, on=True)
    page.get_by_role("button", name="동의", exact=True).click()
    page.get_by_role("link", name="방금 고른 답 고치기").click()
    said = page.get_by_text("지금 답은 ‘동의’입니다.")
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport(ratio=1)
    expect(page.locator("html[data-bound]")).to_be_attached()
    page.keyboard.press("2")
    expect(page.get_by_text("답을 고쳤습니다")).to_be_visible()


def open_opinion(world):
    """An opinion of several lines with a reply of several lines; return where it stands."""
    forum = Forum(world)
    opinion_id = forum.say(text="첫 줄  \n둘째 줄입니다\n셋째 줄입니다\n\n- 하나\n- 둘")
    forum.reply(opinion_id, text="답의 첫 줄\n답의 둘째 줄")
    return f"{forum.url}/opinions/{opinion_id}"


def test_lines_end_where_their_writers_ended_them(world, visitors, elsewhere):
    page = visitors.new().open(elsewhere(open_opinion, world))
    lines = page.locator(".said p").evaluate_all("all => all.map((one) => one.innerText)")
    assert lines == ["첫 줄\n둘째 줄입니다\n셋째 줄입니다", "답의 첫 줄\n답의 둘째 줄"]


def test_the_skip_link_comes_first_and_leads_to_the_content(visitors):
    page = visitors.new().open("/about")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="본문으로 건너뛰기")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_switches_work_and_are_remembered(visitors, scripts):
    someone = visitors.new(scripts=scripts)
    page = someone.open("/proposals?state=endorsing")
    before = letters(page)
    for name, attribute, value in (
        ("큰 글씨", "data-size", "large"),
        ("고대비", "data-contrast", "high"),
    ):
        with page.expect_response("**/preferences"):
            page.get_by_role("button", name=name).click()
        expect(page.locator("html")).to_have_attribute(attribute, value)
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("/proposals?state=endorsing")
    page = someone.open("/about")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")
    assert letters(page) == pytest.approx(before * 1.25)
    assert measures.over_the_edge(page) == []
    assert measures.small_targets(page) == []
    page.get_by_role("button", name="큰 글씨").click()
    expect(page.locator("html")).to_have_attribute("data-size", "normal")
    assert someone.trouble == []


def letters(page):
    return page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")


@pytest.mark.parametrize("path", ["/", "/proposals", "/sign-up", "/style"])
def test_high_contrast_stands_up_to_axe(visitors, path):
    someone = visitors.known(None, contrast="more")
    someone.page.context.add_cookies(
        [{"name": "contrast", "value": "high", "url": visitors.address}]
    )
    page = someone.open(path)
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")
    assert measures.grave_faults(page) == []


@pytest.mark.parametrize("path", ["/", "/sign-in", "/style"])
def test_forced_colours_leave_every_control_an_edge(visitors, path):
    page = visitors.known(None, forced_colors="active").page
    page.goto(path)
    bare = page.evaluate(
        """() => [...document.querySelectorAll("main .button, main .input, main input.box")]
          .filter((one) => one.checkVisibility())
          .filter((one) => {
            const look = getComputedStyle(one);
            return look.borderStyle === "none" && look.appearance === "none";
          }).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert bare == []
