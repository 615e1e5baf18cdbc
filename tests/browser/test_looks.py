"""What only the eye would miss: bars as wide as their rows, quiet words that are quiet."""

from __future__ import annotations

import pytest

from tests.browser.measures import set_large_type
from tests.browser.village import Village
from tests.browser.visiting import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

# How wide each bar and its table are, and whether a bar covers any word of its table.
BARS = """() => [...document.querySelectorAll(".bars__bar")].map((bar) => {
  const box = bar.getBoundingClientRect();
  const words = [...bar.closest("table").querySelectorAll("tbody :is(th, td):not([colspan])")];
  const table = bar.closest("table").getBoundingClientRect();
  return {
    share: box.width / table.width,
    covers: words.some((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const said = range.getBoundingClientRect();
      return said.bottom > box.top + 1 && said.top < box.bottom - 1;
    }),
  };
})"""
# The contrast of some words on a page with what lies below them, by WCAG's formula.
CONTRASTS = """(words) => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const below = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll(words)].map((one) => {
    const own = getComputedStyle(one).color;
    const [dark, bright] = [light(rgb(own)), light(below(one))].sort((a, b) => a - b);
    const ink = getComputedStyle(document.body).color;
    return { own, ink, contrast: (bright + 0.05) / (dark + 0.05) };
  });
}"""

# The lines of the small print below rows, made long, that begin outside their own row.
CUT_LINES = """() => {
  const cut = [];
  for (const part of document.querySelectorAll(".row__meta > *, .dotted > *")) {
    part.textContent = "이웃이 함께 읽을 수 있도록 길게 적은 소식입니다. ".repeat(4);
    const range = document.createRange();
    range.selectNodeContents(part);
    const row = part.parentElement;
    const edge = row.getBoundingClientRect().left - parseFloat(getComputedStyle(row).marginLeft);
    for (const { left } of range.getClientRects()) if (left < edge - 1) cut.push([left, edge]);
  }
  return cut;
}"""

# The cells of a desk's lists that end beyond their table's edge, or are told without their name.
SIDEWAYS = """() => [...document.querySelectorAll(".desk-rows tbody :is(th, td)")].filter((cell) => {
  const edge = cell.closest(".desk-rows").getBoundingClientRect().right;
  const name = getComputedStyle(cell, "::before").content;
  const over = cell.getBoundingClientRect().right > edge || cell.scrollWidth > cell.clientWidth;
  return over || (cell.dataset.name && !name.includes(cell.dataset.name));
}).map((cell) => cell.textContent.trim())"""  # noqa: E501


@pytest.fixture(scope="module")
def village(world, elsewhere):
    return elsewhere(Village, world, world.app.extensions["settings"].keys_path)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_bar_is_as_wide_as_its_whole_row_and_covers_no_word(village, visitors, size):
    page = visitors.known(None, size=size).open(f"/ballots/{village.counted_ballot}/result")
    bars = page.evaluate(BARS)
    assert bars
    assert [bar for bar in bars if bar["share"] < 0.98 or bar["covers"]] == []


def test_quiet_words_are_quieter_than_others_and_can_be_read(village, visitors):
    page = visitors.known(None, size=PHONE).open(f"/forum/{village.topic}/map")
    found = page.evaluate(CONTRASTS, ".quiet")
    assert found
    assert [one for one in found if one["own"] == one["ink"] or one["contrast"] < 4.5] == []


def test_small_print_that_takes_several_lines_is_whole(village, visitors):
    page = visitors.known(None, size=PHONE).open("/proposals")
    assert page.locator(".row__meta > *").count()
    assert page.evaluate(CUT_LINES) == []


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("clerk", "/desk/proposals"),
        ("clerk", "/desk/assemblies"),
        ("clerk", "/desk/ballots"),
        ("clerk", "/desk/ballots/{draft_ballot}"),
        ("clerk", "/desk/commitments"),
        ("clerk", "/desk/forum"),
        ("clerk", "/desk/residents"),
        ("clerk", "/desk/moderation"),
        ("operator", "/desk/roles"),
        ("operator", "/desk/audit"),
        ("operator", "/desk/audit/ballot/{open_ballot}"),
    ],
)
def test_on_a_phone_no_field_of_a_desk_s_list_is_out_of_sight(village, visitors, who, path):
    reader = visitors.known(getattr(village, who), size=PHONE)
    page = reader.open(path.format_map(vars(village)))
    assert page.locator(".desk-rows tbody tr").count()
    assert page.evaluate(SIDEWAYS) == []
    page.set_viewport_size({"width": 320, "height": 640})
    set_large_type(page, on=True)
    over = page.evaluate(SIDEWAYS)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert over == []
