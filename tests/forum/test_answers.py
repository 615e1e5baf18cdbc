"""Whoever tapped the wrong answer finds the sentence again and changes it; nobody else does."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from app.forum.models import ClaimState, Weighing

AGAIN = "방금 고른 답 고치기"


def counts(talk, claim_id):
    row = talk.claim(claim_id)
    return row.agree_count, row.disagree_count, row.unsure_count


def way_back(page):
    """Where the quiet way back to the last sentence leads."""
    found = re.findall(r'href="([^"#]+)#answer">((?:(?!</a>).)*)</a>', page.text)
    [address] = [address for address, inside in found if inside.endswith(AGAIN)]
    return address


def pressed(page):
    """The values that stand as the answer."""
    return re.findall(r'value="(-?\d)" aria-pressed="true"', page.text)


def test_the_answer_just_given_is_changed_and_counted_once(browser, world, forum, talk):
    me = browser.sign_in(world, world.resident())
    assert AGAIN not in me.open(f"{forum.url}/weigh").text
    first, second = talk.claims[:2]
    me.submit(f"{forum.url}/claims/{first}/weigh", value="1")
    assert "8문장 가운데 1문장을 마쳤습니다" in me.text
    assert "답을 고쳤습니다" not in me.text
    address = way_back(me)
    assert address == f"{forum.url}/claims/{first}/weigh"
    me.open(address)
    said = re.search(r'id="answer" tabindex="-1">([^<]+)', me.text)
    assert said
    assert "지금 답은 ‘동의’입니다" in said[1]
    assert pressed(me) == ["1"]
    assert talk.claim(first).text in me.text
    assert 'name="again" value="next"' in me.text
    me.submit(address, value="-1", again="next")
    assert me.path == f"{forum.url}/weigh"
    assert "답을 고쳤습니다" in me.text
    assert "8문장 가운데 1문장을 마쳤습니다" in me.text
    assert counts(talk, first) == (0, 1, 0)
    assert counts(talk, second) == (0, 0, 0)
    assert pressed(me.open(way_back(me))) == ["-1"]
    with world.read() as session:
        assert session.scalar(select(func.count()).select_from(Weighing)) == 1


def test_the_last_sentence_too_leaves_a_way_back(browser, world, forum, talk):
    me = browser.sign_in(world, world.resident()).open(f"{forum.url}/weigh")
    for claim in talk.claims:
        me.submit(f"{forum.url}/claims/{claim}/weigh", value="0")
    assert "8문장을 모두 보셨습니다" in me.text
    assert way_back(me) == f"{forum.url}/claims/{talk.claims[-1]}/weigh"


def test_all_one_has_weighed_is_listed_for_oneself_alone_and_changed_there(
    browser, new_browser, world, forum, talk
):
    person, neighbour = world.residents(2)
    for claim, value in zip(talk.claims[:3], (1, -1, 0), strict=True):
        world.pass_time(minutes=1)
        talk.weigh(claim, value, by=person)
    me = browser.sign_in(world, person).open(f"{forum.url}/weigh")
    assert f'href="{forum.url}/weighed"' in me.text
    me.open(f"{forum.url}/weighed")
    listed = re.findall(r'id="claim-(\d+)"', me.text)
    assert [int(one) for one in listed] == talk.claims[2::-1], "the last weighed comes first"
    change = f"{forum.url}/claims/{talk.claims[0]}/weigh"
    assert f'href="{change}?list=1#answer"' in me.text
    me.open(f"{change}?list=1")
    assert 'name="again" value="list"' in me.text
    assert me.submit(change, follow=False, value="0", again="list").status == 303
    assert me.location == f"{forum.url}/weighed"
    assert counts(talk, talk.claims[0]) == (0, 0, 1)
    other = new_browser().sign_in(world, neighbour).open(f"{forum.url}/weighed")
    assert "아직 표시한 문장이 없습니다" in other.text
    assert talk.claim(talk.claims[0]).text not in other.text
    assert pressed(other.open(change)) == [], "what is not weighed yet has no answer"
    assert new_browser().open(f"{forum.url}/weighed").path == "/sign-in"


def test_what_was_turned_down_or_is_over_is_not_changed(browser, world, forum, talk):
    person = world.resident()
    for claim in talk.claims[:2]:
        talk.weigh(claim, 1, by=person)
    gone, kept = (f"{forum.url}/claims/{claim}/weigh" for claim in talk.claims[:2])
    talk.decide(talk.claims[0], ClaimState.REFUSED)
    me = browser.sign_in(world, person)
    assert me.open(gone).status == 409
    assert talk.claim(talk.claims[0]).text not in me.open(f"{forum.url}/weighed").text
    assert f"{kept}?list=1" in me.text
    assert me.open(f"{forum.url}/claims/999999/weigh").status == 409
    assert me.open(f"/forum/999999/claims/{talk.claims[1]}/weigh").status == 404
    world.pass_time(days=30)
    assert me.sign_in(world, person).open(kept).status == 409
    assert talk.claim(talk.claims[1]).text in me.open(f"{forum.url}/weighed").text
    assert "토론이 끝난 의제입니다" in me.text
    assert kept not in me.text


def test_many_sentences_are_listed_page_by_page(browser, world, forum, talk):
    person = world.resident()
    for number in range(20):
        talk.claims.append(talk.add(f"{number}째 새로 올린 문장입니다", by=forum.moderator))
    for claim in talk.claims:
        talk.weigh(claim, 1, by=person)
    me = browser.sign_in(world, person).open(f"{forum.url}/weighed")
    assert len(re.findall(r'id="claim-\d+"', me.text)) == 20
    assert len(re.findall(r'id="claim-\d+"', me.open(f"{forum.url}/weighed?page=2").text)) == 8
