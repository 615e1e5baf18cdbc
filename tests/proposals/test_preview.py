"""Beginning anew from what missed its threshold, and what is pointed out before it is published."""

from __future__ import annotations

from app.proposals.models import Proposal
from tests.proposals import steps
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


def test_the_author_of_what_missed_its_threshold_begins_anew_from_its_words(
    world, browser, new_browser
):
    proposal_id = steps.endorsing(world)
    page, again = f"/proposals/{proposal_id}", f"/proposals/new?again={proposal_id}"
    with world.read() as session:
        author = session.get_one(Proposal, proposal_id).author_id
    browser.sign_in(world, author)
    assert "고쳐서 다시 제안하기" not in browser.open(page).text
    assert "세 해째" not in browser.open(again).text
    world.pass_time(days=21)
    browser.sign_in(world, author)
    assert f'href="{again}"' in browser.open(page).text
    assert f'value="{steps.TITLE}"' in browser.open(again).text
    assert "세 해째" in browser.text
    browser.submit(again, **WORDS)
    assert browser.path == f"/proposals/{proposal_id + 1}/preview"
    other = new_browser().sign_in(world, world.resident())
    assert "고쳐서 다시 제안하기" not in other.open(page).text
    assert "세 해째" not in other.open(again).text
    for asked in ("9" * 5000, "0", "-1", "둘"):
        assert other.open(f"/proposals/new?again={asked}").status == 200
