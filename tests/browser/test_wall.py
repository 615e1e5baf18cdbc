"""The wall of the hall while its ballot closes and is counted: it follows, and it can be read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.room import actions
from app.room.models import FloorRequest
from tests.browser.visiting import HALL
from tests.room.voting import Vote

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

LONG = "골목 끝 빈터를 아이들과 어르신이 함께 쉬는 쉼터로 바꾸고 의자를 놓아 주세요"
SIZES = (
    "all => all.filter(one => one.textContent.trim() && !one.children.length)"
    ".map(one => parseFloat(getComputedStyle(one).fontSize))"
)
FITS = "() => document.documentElement.scrollHeight <= innerHeight"


@pytest.fixture(scope="module")
def vote(world, elsewhere):
    made = elsewhere(Vote, world, title=LONG)
    elsewhere(made.open)
    return made


def test_the_wall_follows_the_ballot_to_its_result(vote, visitors, elsewhere):
    page = visitors.new(size=HALL).open(f"{vote.live.path}/projector")
    expect(page.locator("[data-link-state][data-state=live]")).to_be_attached()
    projector = page.locator("[data-projector]")
    person = vote.people[0]
    elsewhere(vote.live.check_in, person)
    elsewhere(lambda: vote.live.call(vote.live.want_floor(person, "골목 조명")))
    expect(projector).to_have_attribute("data-showing", "speaker")
    elsewhere(vote.move, "vote")
    expect(projector).to_have_attribute("data-showing", "numbers")
    elsewhere(vote.cast)
    elsewhere(vote.polls.close, vote.id)
    expect(page.get_by_text("투표를 마감했습니다")).to_be_visible()
    expect(page.locator("[data-timer]:visible")).to_have_count(0)
    elsewhere(end_speech, vote)
    elsewhere(vote.polls.count, vote.id)
    elsewhere(vote.move, "count")
    expect(projector).to_have_attribute("data-showing", "result")
    expect(page.get_by_role("heading", name="7건 중 6건이 선정되었습니다.")).to_be_visible()
    expect(page.get_by_text("그 밖에 1건 · 결과는 아직 확정되지 않았습니다.")).to_be_visible()
    assert min(page.locator("main *:visible").evaluate_all(SIZES)) >= 48
    assert page.evaluate(FITS)


def end_speech(vote):
    """The chair ends the speech that was left open."""
    with vote.world.write() as session:
        request = session.query(FloorRequest).filter_by(assembly_id=vote.live.id).one()
        by = vote.world.standing(session, vote.live.chair)
        actions.end_speech(session, request, by=by, at=vote.world.at)
