"""What is pointed out before everybody reads it."""

from __future__ import annotations

from tests.proposals.test_routes import WORDS


def test_a_phone_number_is_pointed_out_and_refused_to_nobody(world, browser):
    browser.sign_in(world, world.resident())
    warning = "전화번호나 이메일로 보이는 것이 있습니다"
    browser.open("/proposals/new").submit("/proposals/new", **WORDS)
    assert warning not in browser.text
    for part in ("title", "sense", "body"):
        words = {**WORDS, part: f"{WORDS[part][:20]} 010-1234-5678"}
        browser.open("/proposals/new").submit("/proposals/new", **words)
        assert browser.path.endswith("/preview")
        assert warning in browser.text
    browser.submit(browser.path.replace("preview", "publish"))
    assert browser.path.endswith("/published")
