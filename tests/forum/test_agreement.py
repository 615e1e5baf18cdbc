"""Sentences are added, let through, weighed once each and drawn into a map that names nobody."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.forum import jobs, queries
from app.forum.models import AgreementMap, ClaimState, Topic, Weighing
from app.forum.policy import ForumRefusal
from app.residents.models import Membership, Person, Role
from tests.forum.claims import SENTENCES
from tests.support.statements import statements


def refused(run, *args, **named) -> ForumRefusal:
    with pytest.raises(Refused) as caught:
        run(*args, **named)
    return caught.value.refusal


def test_a_residents_sentence_waits_and_a_moderators_is_shown_at_once(world, talk):
    mine = talk.add("길을 막기 전에 먼저 물어보자", by=world.resident())
    assert talk.claim(mine).state is ClaimState.WAITING
    assert talk.claim(talk.claims[0]).state is ClaimState.SHOWN
    assert refused(talk.weigh, mine, 1, by=world.resident()) is ForumRefusal.CLAIM_NOT_SHOWN
    talk.decide(mine, ClaimState.SHOWN)
    talk.weigh(mine, 1, by=world.resident())
    assert talk.claim(mine).agree_count == 1


def test_limits_of_adding_hold(world, talk):
    person = world.resident()
    assert refused(talk.add, SENTENCES[0], by=person) is ForumRefusal.CLAIM_KNOWN
    for number in range(5):
        talk.add(f"{number}번째로 보태는 문장입니다", by=person)
    assert refused(talk.add, "여섯째 문장입니다", by=person) is ForumRefusal.TOO_MANY_CLAIMS
    assert refused(talk.add, "남의 동 문장입니다", by=world.resident("doksan2")) is (
        ForumRefusal.NOT_OF_PLACE
    )
    world.pass_time(days=1)
    talk.add("다음 날의 문장입니다", by=person)


def test_only_who_leads_decides_and_only_while_the_topic_runs(world, talk):
    claim = talk.claims[0]
    stranger = world.staff(Role.MODERATOR, "doksan2")
    decide = talk.decide
    assert refused(decide, claim, ClaimState.REFUSED, by=stranger) is ForumRefusal.NOT_MODERATOR
    assert refused(decide, claim, ClaimState.SHOWN) is ForumRefusal.CLAIM_DECIDED
    decide(claim, ClaimState.REFUSED)
    world.pass_time(days=30)
    assert refused(decide, claim, ClaimState.SHOWN) is ForumRefusal.TOPIC_OVER
    assert refused(talk.weigh, claim, 1, by=world.resident()) is ForumRefusal.ALREADY_CLOSED
    late = "끝난 뒤에 보태는 문장입니다"
    assert refused(talk.add, late, by=talk.forum.moderator) is ForumRefusal.TOPIC_OVER


def test_a_second_weighing_replaces_the_first(world, talk):
    person, claim = world.resident(), talk.claims[0]
    for value, counts in ((1, (1, 0, 0)), (-1, (0, 1, 0)), (-1, (0, 1, 0)), (0, (0, 0, 1))):
        talk.weigh(claim, value, by=person)
        row = talk.claim(claim)
        assert (row.agree_count, row.disagree_count, row.unsure_count) == counts
    with world.read() as session:
        assert len(session.scalars(select(Weighing)).all()) == 1


@pytest.mark.race
def test_one_person_at_many_devices_weighs_once_and_the_counts_follow(world, talk):
    person, claim = world.resident(), talk.claims[0]
    others = world.residents(4)
    jobs_ = [
        threading.Thread(target=talk.weigh, args=(claim, value), kwargs={"by": who})
        for who, value in [*((person, n % 3 - 1) for n in range(6)), *((one, 1) for one in others)]
    ]
    for one in jobs_:
        one.start()
    for one in jobs_:
        one.join()
    row = talk.claim(claim)
    with world.read() as session:
        values = session.scalars(select(Weighing.value).where(Weighing.claim_id == claim)).all()
    assert len(values) == 5
    assert (row.agree_count, row.disagree_count, row.unsure_count) == (
        values.count(1),
        values.count(-1),
        values.count(0),
    )


def test_the_map_finds_the_camps_and_a_refused_sentence_leaves_it(world, talk):
    talk.two_camps()
    drawn = talk.draw()
    assert [group["size"] for group in drawn.picture["groups"]] == [12, 12]
    assert drawn.people == 24
    assert drawn.weighings == 24 * 8
    shared = {int(one["claim"]) for one in drawn.picture["consensus"]}
    parted = {int(one["claim"]) for one in drawn.picture["divisive"]}
    assert shared == set(talk.claims[1::2])
    assert parted == set(talk.claims[0::2])
    talk.decide(talk.claims[0], ClaimState.REFUSED)
    again = talk.draw()
    assert str(talk.claims[0]) not in {one["claim"] for one in again.picture["divisive"]}


def test_the_map_keeps_nobodys_own_place(world, talk):
    people = talk.two_camps()
    drawn = talk.draw()
    kept = f"{drawn.picture}{drawn.memory}"
    assert "person" not in kept
    assert sum(cell[3] for cell in drawn.picture["cells"]) == len(people)


def test_who_has_moved_away_is_of_no_dong_and_whose_stay_has_an_end_still_is(world, talk):
    talk.two_camps(10)
    world.pass_time(days=1)
    today = seoul_day(world.at)
    with world.write() as session:
        stays = session.scalars(select(Membership).order_by(Membership.id.desc()).limit(10)).all()
        for one in stays[:5]:
            one.until = today
        for one in stays[5:]:
            one.until = today + timedelta(days=1)
    told = {cell["name"]: cell["people"] for cell in talk.draw().picture["dongs"]}
    assert told["독산1동"] == 5


def test_the_job_draws_what_is_new_and_nothing_twice(world, talk):
    talk.two_camps(6)
    with world.read() as session:
        jobs.draw_maps(session, world.write, at=world.at)
    with world.read() as session:
        first = queries.agreement_map(session, talk.forum.topic_id)
        assert first is not None
        assert first.weighings == 48
        assert queries.topics_to_draw(session, limit=9, most=300_000, at=world.at) == []
    world.pass_time(minutes=1)
    for person in world.residents(5):
        talk.weigh(talk.claims[0], 0, by=person)
    with world.write() as session:
        assert queries.topics_to_draw(session, limit=9, most=52, at=world.at) == []
        due = queries.topics_to_draw(session, limit=9, most=53, at=world.at)
        assert due == [talk.forum.topic_id]


def test_whoever_weighs_while_a_map_is_drawn_waits_for_nothing_and_counts_next_time(world, talk):
    people = talk.two_camps(6)
    newcomers = world.residents(5)

    @contextmanager
    def after_some_have_weighed():
        world.pass_time(minutes=1)
        for person in newcomers:
            talk.weigh(talk.claims[0], 1, by=person)
        with world.write() as session:
            yield session

    with world.read() as reading:
        jobs.draw_maps(reading, after_some_have_weighed, at=world.at)
    with world.read() as session:
        kept = session.get_one(AgreementMap, talk.forum.topic_id)
        assert (kept.people, kept.weighings) == (len(people), 48)
        due = queries.topics_to_draw(session, limit=9, most=300_000, at=world.at)
        assert due == [talk.forum.topic_id]


def test_a_slow_drawing_does_not_take_the_place_of_a_newer_map(world, talk):
    talk.two_camps(6)

    @contextmanager
    def after_another_drew():
        world.pass_time(minutes=1)
        for claim in talk.claims:
            talk.weigh(claim, 1, by=neighbour)
        talk.draw()
        with world.write() as session:
            yield session

    neighbour = world.resident()
    with world.read() as reading:
        jobs.draw_maps(reading, after_another_drew, at=world.at)
    with world.read() as session:
        kept = session.get_one(AgreementMap, talk.forum.topic_id)
        assert (kept.people, kept.drawn_at) == (7, world.at)


@pytest.mark.race
def test_the_same_words_sent_at_one_moment_stand_once(world, talk):
    people, answers = world.residents(8), []
    barrier = threading.Barrier(len(people))

    def add(person):
        barrier.wait(60)
        try:
            answers.append(talk.add("모두 한꺼번에 떠올린 문장이다", by=person) > 0)
        except Refused as known:
            answers.append(known.refusal)

    threads = [threading.Thread(target=add, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [True, *[ForumRefusal.CLAIM_KNOWN] * 7]


def test_no_two_drawings_are_told_apart_by_fewer_than_five_people(world, talk):
    def drawn_with() -> int:
        with world.read() as session:
            jobs.draw_maps(session, world.write, at=world.at)
        with world.read() as session:
            kept = queries.agreement_map(session, talk.forum.topic_id)
            return kept.people if kept is not None else 0

    people = talk.two_camps(12)
    assert drawn_with() == 12
    world.pass_time(minutes=1)
    for newcomer in world.residents(4):
        for claim in talk.claims:
            talk.weigh(claim, 1, by=newcomer)
    assert drawn_with() == 12
    talk.weigh(talk.claims[0], 0, by=people[0])
    assert drawn_with() == 16
    world.pass_time(minutes=1)
    talk.weigh(talk.claims[0], 1, by=world.resident())
    assert drawn_with() == 16
    world.pass_time(days=60)
    assert drawn_with() == 17


def test_what_fewer_than_five_weigh_is_told_nowhere(browser, world, forum, talk):
    for person in world.residents(4):
        for claim in talk.claims:
            talk.weigh(claim, 1, by=person)
    drawn = talk.draw()
    told = {name: drawn.picture[name] for name in ("groups", "cells", "consensus", "divisive")}
    assert told == {"groups": [], "cells": [], "consensus": [], "divisive": []}
    assert "아직 지도를 그리기에는 이릅니다" in browser.open(f"{forum.url}/map").text
    talk.two_camps(20)
    little = talk.add("네 사람만 본 문장입니다", by=forum.moderator)
    for person in world.residents(4):
        for claim in talk.claims[:7]:
            talk.weigh(claim, 1, by=person)
        talk.weigh(little, 1, by=person)
    picture = talk.draw().picture
    assert len(picture["groups"]) >= 2
    spoken = [*picture["consensus"], *picture["divisive"]]
    spoken += [one for group in picture["groups"] for one in group["stands_for"]]
    assert spoken
    assert str(little) not in {one["claim"] for one in spoken}
    assert all(one["seen"] >= 5 for group in picture["groups"] for one in group["stands_for"])
    assert all(side[2] >= 5 for one in picture["divisive"] for side in one["sides"])


def test_everybody_gets_every_sentence_once_and_not_all_in_the_same_order(world, talk):
    orders = set()
    for person in world.residents(4):
        order = []
        while True:
            with world.read() as session:
                done = queries.progress(session, talk.forum.topic_id, person)
                claim = queries.next_claim(
                    session, talk.forum.topic_id, person, weighed=done.weighed
                )
            if claim is None:
                break
            order.append(claim.id)
            talk.weigh(claim.id, 1, by=person)
        assert sorted(order) == sorted(talk.claims)
        orders.add(tuple(order))
    assert len(orders) > 1


# ---------------------------------------------------------------- over HTTP


def test_a_neighbour_weighs_all_sentences_and_sees_the_map(browser, world, forum, talk):
    talk.two_camps()
    talk.draw()
    me = browser.sign_in(world, world.resident())
    page = me.open(f"{forum.url}/weigh")
    assert "8문장 가운데 0문장을 마쳤습니다" in page.text
    for done in range(8):
        address = re.search(
            rf'action="({forum.url}/claims/\d+/weigh)"', me.open(f"{forum.url}/weigh").text
        )
        assert address, done
        answer = me.submit(address[1], follow=False, value="1")
        assert answer.status == 303
    assert "8문장을 모두 보셨습니다" in me.open(f"{forum.url}/weigh").text
    text = me.open(f"{forum.url}/map").text
    assert "모임이 달라도 4가지에는 저마다 절반 넘게 동의합니다" in text
    assert "두 모임 모두 절반 넘게 동의한 4가지" in text
    assert "함께 동의한 문장은 모든 모임에서 절반 넘게 동의한 문장입니다" in text
    assert "수를 세어 정하는 투표가 아닙니다" in text
    assert "어느 모임에도 들지 않았습니다" not in text
    assert "두 모임이 갈리는 지점 3가지" in text
    assert "나에게만 보입니다" in text
    with world.read() as session:
        assert session.get_one(Topic, forum.topic_id).title in text
        names = {one.masked_name for one in session.scalars(select(Person))}
    assert names
    assert not [name for name in names if name and name in text.split("</header>", 1)[1]]


def test_the_map_says_why_some_are_in_no_group(browser, world, forum, talk):
    talk.two_camps()
    for person in world.residents(3):
        talk.weigh(talk.claims[0], 1, by=person)
    talk.draw()
    text = browser.open(f"{forum.url}/map").text
    assert "이웃 27명이" in text
    assert "3명은 표시한 문장이 7개가 안 되어 아직 어느 모임에도 들지 않았습니다." in text


def test_a_stranger_reads_the_map_but_weighs_nothing(browser, world, forum, talk):
    assert "아직 지도를 그리기에는 이릅니다" in browser.open(f"{forum.url}/map").text
    talk.two_camps()
    talk.draw()
    text = browser.open(f"{forum.url}/map").text
    assert "나에게만 보입니다" not in text
    assert "로그인" in browser.open(f"{forum.url}/weigh").text
    weigh = f"{forum.url}/claims/{talk.claims[0]}/weigh"
    assert browser.submit(weigh, follow=False, value="1").status == 401
    foreign = browser.sign_in(world, world.resident("doksan2"))
    assert foreign.submit(weigh, follow=False, value="1").status == 403
    assert talk.claim(talk.claims[0]).seen_count == 24


def test_when_a_topic_is_over_nobody_is_asked_to_weigh_in_it(browser, new_browser, world, forum):
    stranger, neighbour = browser, new_browser().sign_in(world, world.resident())
    asks, over = "로그인하고 표시하기", "토론이 끝난 의제입니다"
    assert asks in stranger.open(f"{forum.url}/weigh").text
    assert f"{forum.url}/weigh" in stranger.open(f"{forum.url}/map").text
    assert f"{forum.url}/weigh" in stranger.open(forum.url).text
    world.pass_time(days=30)
    for reader in (stranger, neighbour):
        assert over in reader.open(f"{forum.url}/weigh").text
        assert asks not in reader.text
        assert "지도를 그리지 않은 의제입니다" in reader.open(f"{forum.url}/map").text
        assert f"{forum.url}/weigh" not in reader.text
        assert f"{forum.url}/weigh" not in reader.open(forum.url).text


@pytest.mark.parametrize("value", ["", "2", "x", "1.0", "-1\n", "１"])
def test_what_is_no_answer_is_refused(browser, world, forum, talk, value):
    me = browser.sign_in(world, world.resident())
    assert (
        me.submit(f"{forum.url}/claims/{talk.claims[0]}/weigh", follow=False, value=value).status
        == 400
    )
    assert me.submit(f"{forum.url}/claims/999999/weigh", follow=False, value="1").status == 409
    assert me.submit("/forum/999999/claims/1/weigh", follow=False, value="1").status == 404


def test_a_sentence_is_added_and_its_faults_are_told(browser, world, forum, talk):
    me = browser.sign_in(world, world.resident())
    assert me.submit(f"{forum.url}/claims", follow=False, text="가").status == 422
    known = me.submit(f"{forum.url}/claims", follow=False, text=SENTENCES[0])
    assert known.status == 409
    assert "똑같은 문장이 이미 있습니다" in known.text
    assert (
        me.submit(f"{forum.url}/claims", follow=False, text="<b>굵은</b> 문장입니다").status == 303
    )
    clerk = browser.sign_in(world, forum.moderator)
    assert "&lt;b&gt;굵은" in clerk.open(f"/desk/forum/{forum.topic_id}/claims").text


def test_moderators_see_what_is_nearly_the_same_and_decide(browser, world, forum, talk):
    mine = talk.add("점심시간에는 차보다 사람이 먼저입니다", by=world.resident())
    desk = f"/desk/forum/{forum.topic_id}/claims"
    me = browser.sign_in(world, forum.moderator)
    assert re.search(r"\d+% 비슷한 문장: 점심시간에는 차보다 사람이 먼저다", me.open(desk).text)
    assert me.submit(f"{desk}/{mine}", follow=False, state="shown").status == 303
    assert talk.claim(mine).state is ClaimState.SHOWN
    assert me.submit(f"{desk}/{mine}", follow=False, state="waiting").status == 400
    assert me.submit(f"{desk}/999999", follow=False, state="shown").status == 404
    assert me.submit(desk, follow=False, text="짐차 자리를 따로 그리자").status == 303
    foreign = browser.sign_in(world, world.staff(Role.MODERATOR, "doksan2"))
    assert foreign.open(desk).status == 403


def test_the_desk_sees_no_counts_of_fewer_than_five(browser, world, forum, talk):
    me = browser.sign_in(world, forum.moderator)
    desk = f"/desk/forum/{forum.topic_id}/claims"
    people = world.residents(5)
    for person in people[:4]:
        talk.weigh(talk.claims[0], 1, by=person)
    assert "동의 4" not in me.open(desk).text
    talk.weigh(talk.claims[0], -1, by=people[4])
    assert "동의 4 · 반대 1 · 잘 모르겠음 0" in me.open(desk).text


def test_what_was_said_is_told_in_its_own_words_with_its_source(browser, world, forum):
    forum.say(text="걷는 길을 먼저 만들어야 합니다. 가게도 손님이 늘어납니다.")
    echo = "걷는 길을 만들면 가게 손님이 늘어난다고 들었습니다. 해 보고 정합시다."
    echoes = [forum.say(text=echo) for _ in range(5)]
    text = browser.open(f"{forum.url}/gist").text
    assert "걷는 길" in text
    linked = {int(one) for one in re.findall(rf'href="{forum.url}/opinions/(\d+)"', text)}
    assert linked == {echoes[0]}


def test_pages_take_a_number_of_statements_that_does_not_grow(app, browser, world, forum, talk):
    people = talk.two_camps(8)
    talk.draw()
    me = browser.sign_in(world, people[0])

    def asked(path: str) -> int:
        me.open(path)
        with statements(app) as seen:
            assert me.open(path).status == 200
        return len(seen)

    before = {path: asked(forum.url + path) for path in ("/weigh", "/map")}
    for number in range(20):
        talk.claims.append(talk.add(f"{number}째 새로 올린 문장입니다", by=forum.moderator))
    talk.two_camps(4)
    talk.draw()
    assert {path: asked(forum.url + path) for path in before} == before
    assert max(before.values()) <= 12
