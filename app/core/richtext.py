"""The one door through which people's Markdown becomes HTML."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import bleach
from bleach.linkifier import LinkifyFilter
from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import MutableMapping

TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "em",
        "strong",
        "s",
        "blockquote",
        "ul",
        "ol",
        "li",
        "h3",
        "h4",
        "h5",
        "code",
        "pre",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
    ]
)
ATTRIBUTES = {"a": ["href", "title", "rel"], "th": ["align"], "td": ["align"], "ol": ["start"]}
_ASCII_URL = re.compile(
    r"(?<![@\w.])(?:https?://|www\.)[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,63}(?::\d{1,5})?"
    r"(?:/[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?",
    re.IGNORECASE | re.ASCII,
)
_DATE_AHEAD = re.compile(
    r"^( {0,3}(?:[-*+>] +)*)(\d{4}|\d{1,2}(?=\. ?\d{1,2}\.))\.(?= ?\d)", re.MULTILINE
)
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~‘’“”「」『』…·]")


class _KoreanInline(StateInline):
    """Inline parsing in which emphasis may end right before a particle: **강조(설명)**을."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803
        scanned = super().scanDelims(start, canSplitWord)
        before = self.src[start - 1] if start else " "
        end = start + scanned.length
        after = self.src[end] if end < len(self.src) else " "
        closes = scanned.can_close or bool(_HANGUL.match(after) and _PUNCTUATION.match(before))
        opens = scanned.can_open or bool(_HANGUL.match(before) and _PUNCTUATION.match(after))
        return Scanned(opens, closes, scanned.length)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.disable(["image", "html_inline", "html_block"])

    def parse(src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Any]) -> None:
        state = _KoreanInline(src, md, env, tokens)
        md.inline.tokenize(state)
        for rule in md.inline.ruler2.getRules(""):
            rule(state)

    parser.inline.parse = parse  # type: ignore[method-assign,assignment]
    return parser


def _safe_link(attributes: Any, new: bool = False) -> Any:  # noqa: FBT001, FBT002
    del new
    attributes[(None, "rel")] = "nofollow noopener ugc"
    return attributes


_MARKDOWN = _parser()
_WITHOUT_TABLES = _parser().disable("table")
# One pass cleans and links: a second would escape again what stands in code.
_CLEANER = bleach.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    protocols={"http", "https", "mailto"},
    strip=True,
    filters=[
        partial(
            LinkifyFilter,
            callbacks=[_safe_link],
            url_re=_ASCII_URL,
            parse_email=False,
            skip_tags={"pre", "code"},
        )
    ],
)
MOST_CELLS = 600


def _keep_dates(source: str) -> str:
    """Keep a date that begins a line ("2020. 7. 17.부터") from being read as a numbered list."""
    return _DATE_AHEAD.sub(r"\1\2\\.", source)


def _parse(source: str) -> str:
    """Return the HTML of a source; one with very many cells is read without its tables."""
    parser = _MARKDOWN if source.count("|") <= MOST_CELLS else _WITHOUT_TABLES
    html: str = parser.render(_keep_dates(source))
    return html


# What is kept of drawn texts stays below some 30 MB a process, whatever people write.
DRAWN_KEPT, LONGEST_KEPT = 512, 4_000


def render(source: str) -> Markup:
    """Return safe HTML for a Markdown source; headings begin at level 3, links are nofollow.

    However deep the writer began, no level is skipped, so that the page reads in order.
    """
    return _kept(source) if len(source) <= LONGEST_KEPT else _render(source)


def _render(source: str) -> Markup:
    html = _parse(source)
    used = sorted({int(level) for level in re.findall(r"<h([1-6])>", html)})
    level = {one: min(5, 3 + place) for place, one in enumerate(used)}
    html = re.sub(r"<(/?)h([1-6])>", lambda m: f"<{m[1]}h{level[int(m[2])]}>", html)
    return Markup(_CLEANER.clean(html))  # noqa: S704 - this is the door


_kept = lru_cache(maxsize=DRAWN_KEPT)(_render)


def plain(source: str) -> str:
    """Return the words of a Markdown source without its marks, for excerpts and search."""
    text = bleach.clean(_parse(source), tags=set(), strip=True)
    return " ".join(text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").split())
