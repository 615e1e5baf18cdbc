"""What is measured on a page that stands: axe, the size of targets, what runs over the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Without scripts only a page that refreshes itself is live; it says so and can be paused.
REFRESHES = {"rules": {"meta-refresh": {"enabled": False}}}
_GRAVE = """async (options) => {
  const { violations } = await axe.run(document, options);
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(
    ({ id, impact, nodes }) => `${id} (${impact}): ` + nodes.map((one) => one.html.slice(0, 160)).join(" | "));
}"""  # noqa: E501

_TOO_SMALL = """() => {
  const least = 44 - 0.5;
  const own = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'][role=button]";
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !one.closest(".visually-hidden, .skip, [inert]");
  const size = (one) => {
    const box = one.getBoundingClientRect();
    return [Math.round(box.width * 10) / 10, Math.round(box.height * 10) / 10];
  };
  // WCAG 2.5.8: a link in a sentence is as tall as the line it stands in.
  const inSentence = (one) => {
    if (one.tagName !== "A" || getComputedStyle(one).display !== "inline") return false;
    let block = one.parentElement;
    while (["inline", "contents"].includes(getComputedStyle(block).display)) block = block.parentElement;
    return block.textContent.trim().length > one.textContent.trim().length;
  };
  // A link may take the whole row it stands in: its ::after lies over the nearest positioned box.
  const row = (one) => {
    const after = getComputedStyle(one, "::after");
    if (after.content === "none" || after.position !== "absolute") return one;
    let held = one;
    while (held !== document.body && getComputedStyle(held).position === "static") held = held.parentElement;
    return held;
  };
  const found = [];
  for (const one of document.querySelectorAll(own)) {
    if (!shown(one) || inSentence(one)) continue;
    const boxes = [size(one), size(row(one))];
    if (one.labels) for (const label of one.labels) if (shown(label)) boxes.push(size(label));
    if (boxes.some(([width, height]) => width >= least && height >= least)) continue;
    const name = (one.textContent.trim() || one.getAttribute("aria-label") || one.name || "").slice(0, 30);
    found.push(`${one.tagName.toLowerCase()}.${one.className} "${name}" ${boxes[0].join("x")}`);
  }
  return found;
}"""  # noqa: E501

_OVER_THE_EDGE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const found = [];
  for (const one of document.body.querySelectorAll("*")) {
    const box = one.getBoundingClientRect();
    if (box.right <= wide + 0.5 || !one.checkVisibility()) continue;
    let held = false;
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
      held ||= getComputedStyle(up).overflowX !== "visible";
    if (!held) found.push(`${one.tagName.toLowerCase()}.${one.className} to ${Math.round(box.right)}`);
  }
  return [`page is ${document.documentElement.scrollWidth} wide, not ${wide}`, ...found.slice(0, 6)];
}"""  # noqa: E501


def unfold(page: Page) -> None:
    """Open everything that folds, so that what it holds is measured too."""
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )


def grave_faults(page: Page, *, refreshes: bool = False) -> list[str]:
    """Say what axe finds serious or critical, with the places where it stands."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if refreshes:
        options |= REFRESHES
    found: list[str] = page.evaluate(_GRAVE, options)
    return found


def small_targets(page: Page) -> list[str]:
    """Say which things to press are smaller than a finger: under 44 by 44 px."""
    found: list[str] = page.evaluate(_TOO_SMALL)
    return found


def over_the_edge(page: Page) -> list[str]:
    """Say what makes the page scroll sideways."""
    found: list[str] = page.evaluate(_OVER_THE_EDGE)
    return found


def set_large_type(page: Page, *, on: bool) -> None:
    """Show the page as the large-type switch does."""
    page.evaluate("size => { document.documentElement.dataset.size = size; }", _size(on=on))


def _size(*, on: bool) -> str:
    return "large" if on else "normal"
