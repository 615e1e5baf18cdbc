"""How pages look at their edges: high contrast, a low screen, a touched one, paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.web.wording import NO_BREAK, WORD_JOINER
from tests.browser.measures import set_large_type
from tests.browser.test_looks import CONTRASTS
from tests.browser.village import Village
from tests.browser.visiting import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

LOW = (640, 400)  # a desk of 1280 by 800 at 200 %
# How far one thing ends above the other's beginning.
BETWEEN = """([above, below]) => {
  const box = (which) => document.querySelector(which).getBoundingClientRect();
  return box(below).top - box(above).bottom;
}"""
# How far the first and the last words of the row that is marked as now stand within its edges.
WITHIN = """() => {
  const row = document.querySelector(".order > [aria-current]");
  const edge = row.getBoundingClientRect();
  const first = row.firstElementChild.getBoundingClientRect();
  const last = row.lastElementChild.getBoundingClientRect();
  return Math.min(first.left - edge.left, edge.right - last.right);
}"""

# The days of a page that stand on more than one line.
BROKEN = """() => {
  const broken = [];
  const all = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let text = all.nextNode(); text; text = all.nextNode()) {
    if (!text.parentElement.checkVisibility()) continue;
    const dates = /\\d{1,2}\\.\\s\\d{1,2}\\.\\u2060?\\(.\\)/g;
    for (const found of text.data.matchAll(dates)) {
      const range = document.createRange();
      range.setStart(text, found.index);
      range.setEnd(text, found.index + found[0].length);
      const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (tops.size > 1) broken.push(text.data.trim());
    }
  }
  return broken;
}"""
COPIED = """() => {
  getSelection().selectAllChildren(document.querySelector("main"));
  const clipboardData = new DataTransfer();
  document.dispatchEvent(new ClipboardEvent("copy", { clipboardData }));
  return [clipboardData.getData("text/plain"), clipboardData.getData("text/html")];
}"""


@pytest.fixture(scope="module")
def village(world, elsewhere):
    return elsewhere(Village, world, world.app.extensions["settings"].keys_path)


def on_paper(visitors, path):
    page = visitors.new(size=DESK).open(path)
    page.emulate_media(media="print")
    return page


def test_a_switch_can_be_read_in_high_contrast_with_the_pointer_on_it(village, visitors):
    page = visitors.new(size=DESK).open("/about")
    page.evaluate("() => { document.documentElement.dataset.contrast = 'high'; }")
    switch = ".switch[name=contrast]"
    page.locator(switch).evaluate("one => one.setAttribute('aria-pressed', 'true')")
    page.locator(switch).hover()
    (found,) = page.evaluate(CONTRASTS, switch)
    assert found["contrast"] >= 7


def test_errors_told_together_stand_apart(village, visitors):
    page = visitors.new(size=PHONE).open("/sign-up")
    page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    told = page.locator(".error-summary li")
    expect(told.nth(2)).to_be_visible()
    lines = told.evaluate_all(
        "all => all.slice(1).map(one => parseFloat(getComputedStyle(one).borderTopWidth))"
    )
    assert min(lines) >= 1
    links = page.locator(".error-summary a")
    assert set(links.evaluate_all("all => all.map(one => getComputedStyle(one).display)")) == {
        "block"
    }


@pytest.mark.parametrize(
    ("who", "path", "heading"),
    [
        ("resident", "/forum/{topic}/weigh", "#more"),
        ("clerk", "/desk/assemblies/{planned}/agenda", "#add"),
    ],
)
def test_a_form_stands_clear_of_its_heading(village, visitors, who, path, heading):
    reader = visitors.known(getattr(village, who), size=PHONE)
    page = reader.open(path.format_map(vars(village)))
    assert page.evaluate(BETWEEN, [heading, f"{heading} ~ .form .field__label"]) >= 12


def test_keys_are_named_where_there_are_keys(village, visitors):
    path = f"/forum/{village.topic}/weigh"
    hint = visitors.new(village.resident, size=DESK).open(path).locator(".weigh__keys")
    expect(hint).to_be_visible()
    touched = visitors.new(village.resident, size=PHONE, has_touch=True, is_mobile=True)
    expect(touched.open(path).locator(".weigh__keys")).to_be_hidden()


def test_on_a_phone_home_names_the_dong_beside_its_title_alone(village, visitors):
    page = visitors.known(village.resident, size=PHONE).open("/")
    expect(page.locator(".site-header__place")).to_be_hidden()
    expect(page.locator("#home-dong")).to_be_visible()
    page = visitors.known(village.resident, size=PHONE).open("/proposals")
    expect(page.locator(".site-header__place")).to_be_visible()


def test_a_desk_s_list_is_as_tall_as_its_rows(village, visitors):
    page = visitors.new(village.clerk, size=(DESK[0], 300)).open("/desk/proposals")
    table = page.locator(".desk-table")
    assert table.evaluate("one => one.scrollHeight - one.clientHeight") <= 0


def test_on_a_low_screen_no_bar_stays_over_the_options(village, visitors):
    page = visitors.new(village.resident, size=LOW).open(f"/ballots/{village.open_ballot}/booth")
    option = page.locator(".option").nth(1)
    option.evaluate("one => one.scrollIntoView({ block: 'end' })")
    expect(option).to_be_in_viewport(ratio=1)
    expect(page.locator(".action-bar")).not_to_be_in_viewport()
    page = visitors.new(size=LOW).open("/proposals")
    expect(page.locator(".tab-bar")).not_to_be_in_viewport()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_what_is_now_stands_within_its_band(village, visitors, size):
    page = visitors.new(size=size).open(f"/assemblies/{village.meeting}")
    assert page.evaluate(WITHIN) >= 8


def test_a_notice_on_paper_says_nothing_of_the_hour_it_was_printed(village, visitors):
    page = on_paper(visitors, f"/assemblies/{village.meeting}")
    now = page.locator(".order > [aria-current]")
    assert "지금" not in now.inner_text()
    assert now.evaluate("one => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_a_proposal_on_paper_says_whose_it_is_and_where_it_stands(village, visitors):
    page = on_paper(visitors, f"/proposals/{village.endorsing}")
    head = page.locator(".print-head")
    expect(head).to_contain_text("금천구 독산1동 · 마당")
    expect(head).to_contain_text("접수번호")
    dot = page.locator(".life-line__track .is-now .life-line__dot")
    assert "inset" in dot.evaluate("one => getComputedStyle(one).boxShadow")


def test_a_result_on_paper_keeps_its_facts_together_and_leads_nowhere(village, visitors):
    page = on_paper(visitors, f"/ballots/{village.counted_ballot}/result")
    facts = page.locator(".facts")
    assert facts.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    expect(page.get_by_text("표를 어떻게 세는지 예를 들어")).to_be_hidden()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ballots",
        "/ballots/{open_ballot}",
        "/ballots/{counted_ballot}/result",
        "/proposals/{endorsing}",
        "/proposals/{assigned}",
        "/assemblies",
        "/assemblies/{noticed}",
        "/commitments",
        "/commitments/{late}",
        "/forum",
        "/forum/{topic}",
    ],
)
def test_no_line_ends_inside_a_date(village, visitors, path):
    page = visitors.known(None, size=(320, 640)).open(path.format_map(vars(village)))
    broken = []
    for large in (False, True):
        set_large_type(page, on=large)
        for width in range(300, 400, 12):
            page.set_viewport_size({"width": width, "height": 640})
            broken += page.evaluate(BROKEN)
    assert broken == []


def test_a_date_that_is_copied_is_plain(village, visitors):
    page = visitors.new(size=PHONE).open(f"/ballots/{village.open_ballot}")
    expect(page.locator("html[data-bound]")).to_be_attached()
    assert WORD_JOINER in page.content()
    plain, drawn = page.evaluate(COPIED)
    assert "까지" in plain
    assert "까지" in drawn
    assert not {WORD_JOINER, NO_BREAK, "&nbsp;"} & {*plain, *drawn}
    assert "4. 28.(수)" in plain
