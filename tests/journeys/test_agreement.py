"""Over HTTP, with CSRF on: sentences are put, weighed and drawn into a map that everyone reads."""

from __future__ import annotations

import re

from app.web.jobs import run_due
from tests.forum.steps import Forum
from tests.support.http import Browser

WEIGH = re.compile(r'action="(/forum/\d+/claims/\d+/weigh)"')
DECIDE = re.compile(r'action="(/desk/forum/\d+/claims/\d+)"')
SENTENCES = ["점심시간에는 차보다 사람이 먼저다", "막기 전에 주차장부터 늘려야 한다"]


def they_weigh_everything(someone, forum, answers):
    """Weigh what comes, by what the sentence says, until nothing is left."""
    weighed = 0
    while address := WEIGH.search(someone.open(f"{forum.url}/weigh").text):
        sentence = re.search(r'id="claim"[^>]*>([^<]+)<', someone.text)
        assert sentence
        someone.submit(address[1], value=answers[sentence[1]])
        assert someone.status == 200, someone.text
        weighed += 1
    return weighed


def test_a_question_becomes_a_map(app, world):
    forum = Forum(world)
    desk = f"/desk/forum/{forum.topic_id}/claims"
    moderator = Browser(app).sign_in(world, forum.moderator)
    for sentence in SENTENCES:
        moderator.open(desk).submit(desk, text=sentence)
        assert moderator.status == 200, moderator.text

    author = Browser(app).sign_in(world, world.resident())
    added = "배달 오토바이는 내려서 끌면 된다"
    author.open(f"{forum.url}/weigh").submit(f"{forum.url}/claims", text=added)
    assert "진행자가 확인하면" in author.text
    assert added not in author.open(f"{forum.url}/weigh").text
    waiting = DECIDE.search(moderator.open(desk).text)
    assert waiting
    moderator.submit(waiting[1], state="shown")
    assert "문장을 보이게 했습니다" in moderator.text

    for place in range(12):
        neighbour = Browser(app).sign_in(world, world.resident())
        side = "1" if place % 2 else "-1"
        answers = {SENTENCES[0]: side, SENTENCES[1]: str(-int(side)), added: "1"}
        assert they_weigh_everything(neighbour, forum, answers) == 3

    assert "아직 지도를 그리기에는 이릅니다" in author.open(f"{forum.url}/map").text
    assert run_due(app) == []
    page = author.open(f"{forum.url}/map").text
    assert "비슷하게 생각하는 사람끼리 모으면 두 모임입니다" in page
    assert "두 모임 모두 절반 넘게 동의한 1가지" in page
    assert added in page


def test_a_weighing_without_its_token_is_refused(app, world):
    forum = Forum(world)
    moderator = Browser(app).sign_in(world, forum.moderator)
    desk = f"/desk/forum/{forum.topic_id}/claims"
    moderator.open(desk).submit(desk, text=SENTENCES[0])
    me = Browser(app).sign_in(world, world.resident())
    address = WEIGH.search(me.open(f"{forum.url}/weigh").text)
    assert address
    assert me.client.post(address[1], data={"value": "1"}).status_code == 400
