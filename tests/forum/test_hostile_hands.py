"""Whoever sends by hand what no page offers is told no, and nothing of theirs is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.forum.models import Claim, ClaimState, Weighing
from tests.forum.claims import SENTENCES


def weighings(world) -> int:
    with world.read() as session:
        return session.scalars(select(func.count()).select_from(Weighing)).one()


@pytest.mark.parametrize("state", [ClaimState.WAITING, ClaimState.REFUSED])
def test_a_sentence_out_of_sight_takes_no_weighing(browser, world, forum, talk, state):
    hidden = talk.add("아직 보이지 않는 문장입니다", by=world.resident())
    if state is ClaimState.REFUSED:
        talk.decide(hidden, state)
    me = browser.sign_in(world, world.resident())
    path = f"{forum.url}/claims/{hidden}/weigh"
    assert me.submit(path, follow=False, value="1").status == 409
    assert weighings(world) == 0
    assert talk.claim(hidden).seen_count == 0


def test_a_sentence_of_another_topic_takes_no_weighing_here(browser, world, forum, talk):
    me = browser.sign_in(world, world.resident())
    elsewhere = type(forum)(world)
    path = f"{elsewhere.url}/claims/{talk.claims[0]}/weigh"
    assert me.submit(path, follow=False, value="1").status == 409
    assert weighings(world) == 0


def test_after_the_end_nothing_is_weighed_added_or_marked(browser, world, forum, talk):
    resident = world.resident()
    world.pass_time(days=21)
    me = browser.sign_in(world, resident)
    weigh = f"{forum.url}/claims/{talk.claims[0]}/weigh"
    assert me.submit(weigh, follow=False, value="1").status == 409
    assert me.submit(f"{forum.url}/claims", follow=False, text="늦게 온 문장입니다").status == 409
    lead = browser.sign_in(world, forum.moderator)
    desk = f"/desk/forum/{forum.topic_id}/claims"
    assert lead.submit(desk, follow=False, text="늦게 여는 문장입니다").status == 409
    mark = f"{desk}/{talk.claims[0]}/mark"
    assert lead.submit(mark, follow=False, of_oneself="yes").status == 409
    assert weighings(world) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u200b\u200b\u200b",
        "가" * 81,
        "\x00막자 막자",
        "800101-1234567 님께",
        "막자\x1b[2J 막자",
    ],
)
@pytest.mark.parametrize("at_desk", [False, True])
def test_words_that_may_not_stand_are_refused_on_both_pages(
    browser, world, forum, talk, text, at_desk
):
    me = browser.sign_in(world, forum.moderator if at_desk else world.resident())
    path = f"/desk/forum/{forum.topic_id}/claims" if at_desk else f"{forum.url}/claims"
    assert me.submit(path, follow=False, text=text).status == 422
    with world.read() as session:
        assert session.scalars(select(func.count(Claim.id))).one() == len(talk.claims)


@pytest.mark.parametrize("at_desk", [False, True])
@pytest.mark.parametrize(
    "text", [SENTENCES[0], f"  {SENTENCES[0]}\u200b ", SENTENCES[0].replace(" ", "  ")]
)
def test_the_same_words_again_are_refused_and_stay_in_the_field(
    browser, world, forum, talk, text, at_desk
):
    me = browser.sign_in(world, forum.moderator if at_desk else world.resident())
    path = f"/desk/forum/{forum.topic_id}/claims" if at_desk else f"{forum.url}/claims"
    answer = me.submit(path, follow=False, text=text)
    assert answer.status == 409
    assert "똑같은 문장이 이미 있습니다" in answer.text
    assert f'value="{SENTENCES[0]}"' in answer.text


def test_a_resident_neither_decides_nor_marks_nor_reads_the_desk(browser, world, forum, talk):
    mine = talk.add("내가 보이게 하고 싶은 문장", by=world.resident())
    me = browser.sign_in(world, world.resident())
    desk = f"/desk/forum/{forum.topic_id}/claims"
    assert me.open(desk).status == 403
    assert me.submit(f"{desk}/{mine}", follow=False, state="shown").status == 403
    assert me.submit(f"{desk}/{mine}/mark", follow=False, of_oneself="yes").status == 403
    claim = talk.claim(mine)
    assert (claim.state, claim.is_of_oneself) == (ClaimState.WAITING, False)


def test_keys_past_every_number_are_not_found(browser, world, forum):
    me = browser.sign_in(world, world.resident())
    huge = "9" * 30
    for path in (f"{forum.url}/claims/{huge}/weigh", f"/forum/{huge}/claims"):
        assert me.submit(path, follow=False, value="1", text="한 문장입니다").status == 404
