"""A sentence that says who is speaking is weighed like any other, and the map ignores it."""

from __future__ import annotations

from app.forum import queries
from app.forum.models import ClaimState
from app.residents.models import Role


def test_a_sentence_of_oneself_is_weighed_and_draws_nothing(browser, world, forum, talk):
    mine = talk.add("나는 독산1동에 산다", by=forum.moderator)
    for person in talk.two_camps(20):
        talk.weigh(mine, 1, by=person)
    spoken = {one["claim"] for one in talk.draw().picture["consensus"]}
    assert str(mine) in spoken
    desk = f"/desk/forum/{forum.topic_id}/claims"
    me = browser.sign_in(world, forum.moderator)
    assert "자기 소개로 표시" in me.open(desk).text
    world.pass_time(minutes=1)
    assert me.submit(f"{desk}/{mine}/mark", follow=False, of_oneself="yes").status == 303
    assert "생각으로 되돌리기" in me.open(desk).text
    with world.read() as session:
        due = queries.topics_to_draw(session, limit=9, most=300_000, at=world.at)
        assert due == [forum.topic_id]
    picture = talk.draw().picture
    spoken = [*picture["consensus"], *picture["divisive"]]
    spoken += [one for group in picture["groups"] for one in group["stands_for"]]
    assert spoken
    assert str(mine) not in {one["claim"] for one in spoken}
    talk.weigh(mine, 0, by=world.resident())
    assert talk.claim(mine).unsure_count == 1
    assert me.submit(f"{desk}/{mine}/mark", follow=False, of_oneself="yes").status == 409
    assert me.submit(f"{desk}/{mine}/mark", follow=False, of_oneself="maybe").status == 400
    assert me.submit(f"{desk}/999999/mark", follow=False, of_oneself="no").status == 404
    foreign = browser.sign_in(world, world.staff(Role.MODERATOR, "doksan2"))
    assert foreign.submit(f"{desk}/{mine}/mark", follow=False, of_oneself="no").status == 403


def test_a_sentence_that_waits_may_be_marked_and_goes_on_waiting(world, forum, talk):
    mine = talk.add("나는 가게를 한다", by=world.resident())
    talk.mark(mine, is_of_oneself=True)
    claim = talk.claim(mine)
    assert (claim.state, claim.is_of_oneself) == (ClaimState.WAITING, True)
    talk.decide(mine, ClaimState.SHOWN)
    assert talk.claim(mine).is_of_oneself
