"""What one is told before saying something to everybody, and what can be asked for afterwards."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.forum.models import Opinion, OpinionReply
from app.moderation.models import Report
from tests.forum.steps import TEXT, opinion_paper

PUBLIC_AT_ONCE = "바로 모두에게 공개되고, 고치거나 거둘 수 없습니다"
ASKED = "그대로 남기려면 한 번 더 눌러 주세요"
PHONE = f"{TEXT} 010-1234-5678"


def count(world, model):
    with world.read() as session:
        return session.scalar(select(func.count()).select_from(model))


def seen(page):
    """What the form carries once it has asked."""
    return re.search(r'name="contact_seen"[^>]*value="(1?)"', page.text)[1]


def test_before_the_button_it_says_that_all_read_it_and_it_stays(me, resident, forum):
    mine = forum.say(resident)
    for page in ("opinions/new", f"opinions/{mine}", f"opinions/{mine}/stance"):
        text = me.open(f"{forum.url}/{page}").text
        assert PUBLIC_AT_ONCE in text[: text.rindex('class="button button--primary"')]


@pytest.mark.parametrize("named", [{"text": PHONE}, {"reason": "me@example.com"}])
def test_an_opinion_with_a_phone_number_or_an_address_is_asked_about_once(me, world, forum, named):
    page = f"{forum.url}/opinions/new"
    me.open(page).submit(page, **opinion_paper(**named))
    assert (me.status, count(world, Opinion)) == (422, 0)
    assert ASKED in me.text
    assert f'href="#{next(iter(named))}"' in me.text
    assert next(iter(named.values())) in me.text
    me.submit(page, **opinion_paper(**named), contact_seen=seen(me))
    assert (me.status, count(world, Opinion)) == (200, 1)


def test_a_reply_and_a_change_of_mind_are_asked_about_too_and_other_faults_come_first(
    me, resident, world, forum
):
    mine = forum.say(resident)
    page = f"{forum.url}/opinions/{mine}"
    me.open(page).submit(f"{page}/replies", text=PHONE)
    assert (me.status, count(world, OpinionReply)) == (422, 0)
    me.submit(f"{page}/replies", text=PHONE, contact_seen=seen(me))
    assert (me.status, count(world, OpinionReply)) == (200, 1)
    me.submit(f"{page}/replies", text="900101-1234567 010-1234-5678", contact_seen="1")
    assert "주민등록번호로 보이는 숫자" in me.text
    me.open(f"{page}/stance").submit(f"{page}/stance", after="against", why=PHONE)
    assert me.status == 422
    assert ASKED in me.text
    me.submit(f"{page}/stance", after="against", why=PHONE, contact_seen=seen(me))
    assert me.path == page


def test_writers_may_ask_for_their_own_words_to_be_taken_down(me, resident, world, forum):
    mine = forum.say(resident)
    forum.reply(mine, resident)
    forum.reply(mine)
    page = f"{forum.url}/opinions/{mine}"
    ask = "내 글을 내려 달라고 부탁하기"
    assert me.open(page).text.count(ask) == 2
    me.open(f"{page}/report")
    assert f"<h1>{ask}</h1>" in me.text
    me.submit(f"{page}/report", reason="personal_data", note="제 번호를 적었습니다.")
    assert (me.path, count(world, Report)) == (page, 1)


def test_what_most_endorse_stands_out_only_where_there_is_more_than_is_shown(browser, forum):
    for _opinion in range(5):
        forum.endorse(forum.say())
    kicker = "공감이 많은 의견"
    assert kicker not in browser.open(forum.url).text
    forum.say()
    assert browser.open(forum.url).text.count(kicker) == 2
    assert kicker not in browser.open(f"{forum.url}?side=for").text


def test_the_marks_of_a_line_end_reach_the_page(browser, forum):
    opinion = forum.say(text="첫 줄입니다 하나\n둘째 줄입니다")
    forum.reply(opinion, text="답의 첫 줄\n답의 둘째 줄")
    text = browser.open(f"{forum.url}/opinions/{opinion}").text
    for words in ("첫 줄입니다 하나\n둘째 줄입니다", "답의 첫 줄\n답의 둘째 줄"):
        assert re.search(rf'class="[^"]*\bsaid"><p>{words}</p>', text)
