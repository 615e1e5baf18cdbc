"""The wall of the hall: the vote before the speaker, its closing, and what came out of it."""

from __future__ import annotations

import re

import pytest

from tests.room.voting import Vote

OVER, GATHERED = "투표를 마감했습니다", "7건 중 6건이 선정되었습니다."


@pytest.fixture
def vote(world):
    return Vote(world)


def wall(browser, vote):
    """Return what the wall shows: its part, and the words of the page."""
    text = browser.open(f"{vote.live.path}/projector").text
    shown = re.search(r'data-showing="(\w+)"', text)
    assert shown
    return shown[1], text


def test_the_vote_stands_on_the_wall_even_if_a_speech_was_left_open(vote, browser):
    vote.live.call(vote.live.want_floor(vote.live.check_in(vote.people[0]), "골목 조명"))
    vote.move("vote")
    assert wall(browser, vote)[0] == "speaker"  # nothing is voted on yet
    vote.open()
    shown, text = wall(browser, vote)
    assert shown == "numbers"
    assert "지금 투표하고 있습니다" in text
    vote.polls.close(vote.id)
    assert wall(browser, vote)[0] == "stage"
    vote.move("count")
    assert wall(browser, vote)[0] == "speaker"


def test_a_closed_vote_counts_down_no_longer(vote, browser):
    vote.open()
    vote.move("vote")
    assert OVER not in wall(browser, vote)[1]
    vote.polls.close(vote.id)
    shown, text = wall(browser, vote)
    assert shown == "stage"
    assert 'data-vote="closed"' in text
    assert OVER in text


def test_what_came_out_stands_on_the_wall_once_it_is_counted(vote, browser):
    vote.open()
    vote.cast()
    vote.polls.close(vote.id)
    vote.move("count")
    shown, text = wall(browser, vote)
    assert shown == "stage"
    assert "선정되었습니다" not in text
    vote.polls.count(vote.id)
    shown, text = wall(browser, vote)
    assert shown == "result"
    assert GATHERED in text
    assert "성원 기준 2명이 꼭 맞게 참여했습니다." in text
    assert text.count("<b>2표</b>") == 5
    assert "골목 안 5번째 쉼터" in text
    assert "골목 안 6번째 쉼터" not in text
    assert "그 밖에 1건" in text
    assert "결과는 아직 확정되지 않았습니다." in text
    vote.polls.certify(vote.id)
    vote.move("closing")
    shown, text = wall(browser, vote)
    assert shown == "result"
    assert "확정되지 않았습니다" not in text
    vote.move("vote")
    assert wall(browser, vote)[0] == "stage"
    vote.live.close()
    assert wall(browser, vote)[0] == "result"


def test_a_result_without_a_quorum_tells_the_votes_alone(world, browser):
    vote = Vote(world, quorum=3)
    vote.open()
    vote.cast()
    vote.polls.close(vote.id)
    vote.move("count")
    vote.polls.count(vote.id)
    shown, text = wall(browser, vote)
    assert shown == "result"
    assert "2명이 참여하여 성원 기준 3명에 미치지 못했습니다." in text
    assert "선정된 것은 없고, 득표만 알려 드립니다." in text
    assert text.count("<b>2표</b>") == 5
    assert "그 밖에 2건" in text


def test_the_console_counts_who_waits_below_who_speaks(live, new_browser, world):
    chair = new_browser().sign_in(world, live.chair)
    console = f"{live.path}/console"
    live.call(live.want_floor(live.guest(), "골목 조명"))

    def floor():
        page = chair.open(console).text
        return page.split('id="console-floor"')[1].split('data-refresh="questions"')[0]

    assert '<h2 id="console-floor">발언</h2>' in chair.open(console).text
    assert "건</h3>" not in floor()
    live.want_floor(live.guest(), "보안등")
    speaks, waits = floor().split("<h3>기다리는 발언 신청 1건</h3>")
    assert "골목 조명" in speaks
    assert "보안등" in waits
