"""The chair's console over HTTP: a slip is undone, and what was typed comes back."""

import html

import pytest

from app.room import queries
from app.room.policy import ANSWER_LETTERS, MESSAGE_LETTERS
from tests.support.statements import statements

PLACES = {"message": "messages", "question": "questions", "floor": "floor"}


def console(live, new_browser, person_id):
    browser = new_browser().sign_in(live.world, person_id)
    return browser.open(f"{live.path}/console")


def acts_on(live, kind, subject_id):
    return f"{live.path}/console/{PLACES[kind]}/{subject_id}"


def said(live, kind):
    act = {"message": live.say, "question": live.ask, "floor": live.want_floor}[kind]
    return act(live.guest(), "오해받은 말")


@pytest.mark.parametrize("kind", ["message", "question", "floor"])
def test_what_a_chair_hid_by_mistake_is_shown_again(live, new_browser, kind):
    acts = acts_on(live, kind, said(live, kind))
    chair = console(live, new_browser, live.chair)
    chair.submit(f"{acts}/hide", reason="insult", note="거친 말")
    watcher = new_browser()
    pages = {"message": ["", "/feed"], "question": [""], "floor": ["?tab=floor"]}[kind]
    for page in (*pages, "/events?after=0"):
        assert "오해받은 말" not in watcher.open(live.path + page).text
    hidden = chair.text.split('data-refresh="hidden"')[1]
    for words in ("오해받은 말", "거친 말", "욕설·비방", "총회 진행자"):
        assert words in hidden
    chair.submit(f"{acts}/restore", note="다시 읽어 보니 괜찮습니다")
    assert (chair.status, chair.path) == (200, f"{live.path}/console")
    assert "가린 글이 없습니다" in chair.text
    for page in pages:
        assert "오해받은 말" in watcher.open(live.path + page).text
    event = live.events()[-1]
    assert event.kind == {"floor": "floor"}.get(kind, f"{kind}_shown")
    if kind != "floor":
        assert event.payload["at"] == live.events()[-3].at.isoformat(), "when it was said"
    assert "다시 읽어 보니 괜찮습니다" in watcher.open("/moderation").text


def test_only_what_is_hidden_here_is_shown_again_and_by_whom_may_hide(live, new_browser, world):
    acts = acts_on(live, "message", said(live, "message"))
    chair = console(live, new_browser, live.chair)
    assert chair.submit(f"{acts}/restore", note="까닭").status == 409
    assert "가려지지 않은 글입니다" in chair.text
    assert "까닭" in chair.text
    chair.submit(f"{acts}/hide", reason="insult", note="거친 말")
    assert chair.submit(f"{acts}/restore", note="").status == 422
    assert chair.submit(acts_on(live, "message", 77) + "/restore", note="까닭").status == 404
    guest = new_browser().sign_in(world, live.guest()).open(live.path)
    assert guest.submit(f"{acts}/restore", note="까닭").status == 403
    live.close()
    chair.submit(f"{acts}/restore", note="마친 뒤에도 바로잡습니다")
    assert chair.status == 200
    assert "오해받은 말" in new_browser().open(live.path).text


def test_who_keeps_no_order_here_reads_nothing_hidden(live, new_browser, world):
    acts = acts_on(live, "question", said(live, "question"))
    console(live, new_browser, live.chair).submit(f"{acts}/hide", reason="insult", note="거친 말")
    with world.read() as session:
        for person_id, count in ((live.chair, 1), (world.resident(), 0)):
            by = world.standing(session, person_id)
            assert len(queries.hidden_words(session, live.row(session), by)) == count
            assert "오해받은 말" not in repr(queries.questions(session, live.id, by))


def test_a_speakers_topic_is_hidden_on_the_wall_and_the_speech_goes_on(live, new_browser, world):
    request = live.want_floor(live.guest(), "오해받은 말")
    live.call(request)
    acts = acts_on(live, "floor", request)
    chair = console(live, new_browser, live.chair)
    assert chair.submit(f"{acts}/hide", reason="insult", note="").status == 422
    assert chair.submit(f"{acts}/hide", reason="insult", note="거친 말").status == 200
    assert f"{acts}/end" in chair.text
    wall = new_browser().open(f"{live.path}/projector")
    assert "오해받은 말" not in wall.text
    assert "가린 글입니다 · 욕설·비방" in wall.text
    assert 'data-showing="speaker"' in wall.text
    assert "총회 발언 신청 · 욕설·비방" in new_browser().open("/moderation").text
    guest = new_browser().sign_in(world, live.guest()).open(live.path)
    assert guest.submit(f"{acts}/restore", note="까닭").status == 403
    live.close()
    assert chair.submit(f"{acts}/restore", note="마친 뒤에도 바로잡습니다").status == 200
    assert chair.submit(f"{acts}/restore", note="또").status == 409


TYPED = "알려 드릴 말씀 "


@pytest.mark.parametrize(
    ("act", "field", "letters", "further"),
    [
        ("announcements", "text", MESSAGE_LETTERS, {}),
        ("questions/{question}/answer", "answer", ANSWER_LETTERS, {}),
        ("messages/{message}/hide", "note", 200, {"reason": "off_topic"}),
        ("floor/{request}/hide", "note", 200, {"reason": "off_topic"}),
        ("questions/{question}/hide", "note", 200, {"reason": "off_topic"}),
        ("messages/{hidden}/restore", "note", 200, {}),
    ],
)
def test_what_is_too_long_comes_back_on_its_form(live, new_browser, act, field, letters, further):
    guest = live.guest()
    ids = {"message": live.say(guest, "하나"), "question": live.ask(guest, "언제 하나요")}
    ids["request"] = live.want_floor(guest)
    live.world.pass_time(seconds=5)
    ids["hidden"] = live.say(guest, "둘")
    chair = console(live, new_browser, live.chair)
    chair.submit(acts_on(live, "message", ids["hidden"]) + "/hide", reason="insult", note="말")
    typed = (TYPED + "가" * letters)[: letters + 1]
    chair.submit(f"{live.path}/console/{act.format(**ids)}", **{field: typed}, **further)
    assert chair.status == 422
    form = chair.text.split(f"/console/{act.format(**ids)}")[1].split("</form>")[0]
    assert typed in html.unescape(form)
    assert 'aria-invalid="true"' in form
    assert chair.text.count(typed) == 1
    assert 'class="error-summary"' in chair.text
    assert ("selected" in form) is bool(further)


def test_what_came_too_late_for_its_form_comes_back_above_all(live, new_browser):
    question = live.ask(live.guest(), "언제 하나요")
    chair = console(live, new_browser, live.chair)
    answer = acts_on(live, "question", question) + "/answer"
    chair.submit(answer, answer="내년 봄입니다")
    assert chair.submit(answer, answer="내년 봄에 합니다").status == 409
    assert "이미 답변한 질문입니다" in chair.text
    assert "내년 봄에 합니다" in chair.text
    live.close()
    chair.submit(f"{live.path}/console/announcements", text="늦은 안내입니다")
    assert chair.status == 409
    assert "늦은 안내입니다" in chair.text
    assert chair.submit(f"{live.path}/console/close").status == 409


def test_no_question_is_out_of_reach(live, new_browser, world, app):
    guest = live.guest()
    asked = []
    for number in range(102):
        world.pass_time(seconds=4)
        asked.append(live.ask(guest, f"{number}번 질문입니다"))
    chair = console(live, new_browser, live.chair)
    assert "100번 질문입니다" not in chair.text
    with statements(app) as made:
        chair.open(f"{live.path}/console?page=2")
    assert len(made) <= 8
    assert "100번 질문입니다" in chair.text
    act = acts_on(live, "question", asked[101])
    assert f"{act}/answer?page=2" in chair.text
    chair.submit(f"{act}/answer?page=2", answer="마지막까지 답합니다")
    assert "page=2" in chair.page.request.url
    assert "마지막까지 답합니다" in chair.text
    chair.submit(acts_on(live, "question", asked[0]) + "/hide", reason="insult", note="거친 말")
    assert "100번 질문입니다" in chair.text, "those that wait come before those that are done"
    watcher = new_browser().open(f"{live.path}?tab=questions")
    assert '<span class="tabs__count" data-count-of="questions">102</span>' in watcher.text
    assert "tab=questions" in watcher.text
    assert "마지막까지 답합니다" in watcher.open(f"{live.path}?tab=questions&page=2").text
    assert "1번 질문입니다" in watcher.open(f"{live.path}?page=9").text
