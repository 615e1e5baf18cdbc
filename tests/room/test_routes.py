"""The room over HTTP, with and without scripts."""

from datetime import date, timedelta

import pytest

from app.assemblies.rules import RUNS_ON_AT_MOST
from app.residents.models import Role
from app.room.policy import RoomRefusal
from app.room.words import SENTENCES
from tests.room.house import LiveAssembly
from tests.support.statements import statements

JSON = {"Accept": "application/json"}


def by_script(browser, url, **fields):
    token = browser.csrf()
    return browser.client.post(
        url,
        data={"csrf_token": token, **fields},
        headers={**JSON, "Referer": "http://localhost/"},
    )


def test_every_refusal_has_its_sentence(app):
    with app.test_request_context():
        for refusal in RoomRefusal:
            assert str(SENTENCES[refusal].text)


def test_everyone_may_watch_and_only_guests_may_write(live, browser, world):
    live.say(live.guest(), "모두 반갑습니다")
    browser.open(live.path)
    assert browser.status == 200
    assert "모두 반갑습니다" in browser.text
    assert 'data-act="say"' not in browser.text
    browser.sign_in(world, world.resident()).open(live.path)
    assert 'data-act="say"' not in browser.text
    browser.submit(f"{live.path}/check-in")
    assert 'data-act="say"' in browser.text
    assert "출석 2 / 성원 3명" in browser.text


def test_the_room_offers_to_check_in_only_to_whom_it_would_count(world, new_browser):
    live = LiveAssembly(world, is_open=False)
    people = {
        "neighbour": world.resident(),
        "child": world.resident(born=date(2015, 1, 1)),
        "elsewhere": world.resident("gasan"),
        "nobody": None,
    }

    def offered(minutes):
        world.pass_time(minutes=minutes)
        pages = {}
        for name, person in people.items():
            browser = new_browser()
            if person is not None:
                browser.sign_in(world, person)
            pages[name] = browser.open(live.path).text
        return [name for name, page in pages.items() if "출석하기" in page], pages

    assert offered(0)[0] == []
    names, pages = offered(40)
    assert names == ["neighbour"]
    assert "까지 태어난 주민이 출석합니다." in pages["child"]
    assert "독산1동 주민으로 확인된 분만" in pages["elsewhere"]
    assert "로그인하고 출석하면" in pages["nobody"]
    panel = new_browser().open(f"/assemblies/{live.id}")
    assert "곧 시작합니다. 독산1동 주민은 지금 출석할 수 있습니다." in panel.text
    names, pages = offered(40 * 24 * 60)
    assert names == []
    assert all("예정한 때가 지난 총회입니다." in page for page in pages.values())
    past = panel.open(f"/assemblies/{live.id}").text
    assert "곧 시작합니다" not in past
    assert "로그인해서 출석" not in past


def test_nobody_talks_on_in_an_assembly_that_was_left_open(live, browser, world):
    guest = live.guest()
    with world.read() as session:
        over = live.row(session).ends_at + RUNS_ON_AT_MOST
    world.clock.at = over - timedelta(minutes=1)
    browser.sign_in(world, guest).open(live.path)
    question = live.ask(live.guest(), "언제 만드나요?")
    assert 'data-act="say"' in browser.text
    world.clock.at = over
    for way, typed in (
        ("messages", {"text": "아직 계신가요?", "nonce": "aaaaaaaaaaaa"}),
        ("questions", {"text": "끝났나요?", "nonce": "bbbbbbbbbbbb"}),
        (f"questions/{question}/upvote", {}),
        ("floor", {"topic": "쉼터", "minutes": "3"}),
    ):
        answer = by_script(browser, f"{live.path}/{way}", **typed)
        assert answer.status_code == 409, way
        assert "지금 진행 중인 총회가 아닙니다" in answer.get_json()["error"]
    browser.sign_in(world, guest).open(live.path)
    assert 'data-act="say"' not in browser.text
    assert "마치는 때가 지나 출석을 더 받지 않습니다" in browser.text
    live.close()


def test_a_room_that_is_not_there(live, browser):
    assert browser.open("/assemblies/999/room").status == 404
    assert browser.client.get("/assemblies/999/room/events").status_code == 404


def test_speaking_without_scripts(live, browser, world):
    browser.sign_in(world, live.guest()).open(live.path)
    browser.submit(f"{live.path}/messages", text="안녕하세요", nonce="nonce-0001", follow=False)
    assert browser.status == 303
    assert browser.location == live.path
    assert "안녕하세요" in browser.open(live.path).text


def test_without_scripts_every_act_says_that_it_is_done_and_leads_to_it(live, new_browser, world):
    other = live.ask(live.guest(), "쉼터는 언제 되나요")
    browser = new_browser().sign_in(world, live.guest()).open(live.path)
    question, upvote, request = other + 1, f"questions/{other}/upvote", "floor/1"
    for act, fields, tab, anchor, said in (
        ("messages", {"text": "네", "nonce": "n" * 8}, "talk", "message-1", "보냈습니다."),
        (
            "questions",
            {"text": "왜요", "nonce": "n" * 8},
            "questions",
            f"question-{question}",
            "질문을 올렸습니다.",
        ),
        (upvote, {}, "questions", f"question-{other}", "‘나도 궁금’을 눌렀습니다."),
        (
            upvote.replace("upvote", "withdraw-upvote"),
            {},
            "questions",
            f"question-{other}",
            "‘나도 궁금’을 거두었습니다.",
        ),
        (
            "floor",
            {"topic": "골목", "minutes": "3"},
            "floor",
            "pane-floor",
            "발언을 신청했습니다.",
        ),
        (f"{request}/withdraw", {}, "floor", "pane-floor", "발언 신청을 거두었습니다."),
    ):
        browser.submit(f"{live.path}/{act}", follow=False, **fields)
        assert browser.page.headers["Location"] == f"{live.path}?tab={tab}#{anchor}"
        page = browser.open(f"{live.path}?tab={tab}").text
        assert page.count(said) == 1
        assert f'id="{anchor}"' in page
        assert said not in browser.open(f"{live.path}?tab={tab}").text


def test_whose_turn_it_is_stands_on_every_tab(live, new_browser, world):
    first, second = live.guest(), live.guest()
    request = live.want_floor(first)
    live.want_floor(second)
    speaker, follower = (new_browser().sign_in(world, one) for one in (first, second))

    def turn(browser, tab):
        page = browser.open(f"{live.path}?tab={tab}").text
        return page.split('data-turn="', 1)[1].split("</div>", 1)[0]

    for tab in ("talk", "questions", "floor"):
        assert "다음 차례입니다" in turn(speaker, tab)
        assert turn(follower, tab).startswith('">'), "who waits longer has no band"
    live.call(request)
    for tab in ("talk", "questions", "floor"):
        band = turn(speaker, tab)
        assert band.startswith('speaking"')
        assert "지금 발언할 차례입니다" in band
        assert "부터 3분" in band
        assert "tab=floor" in band
        assert "다음 차례입니다" in turn(follower, tab)


def test_a_refused_message_keeps_what_was_typed(live, browser, world):
    one = live.guest()
    browser.sign_in(world, one).open(live.path)
    live.say(one, "방금")
    browser.submit(f"{live.path}/messages", text="너무 빨리", nonce="nonce-0001")
    assert browser.status == 429
    assert "너무 빨리" in browser.text
    assert "3초에 한 번씩" in browser.text
    browser.submit(f"{live.path}/messages", text="가" * 501, nonce="nonce-0002")
    assert browser.status == 422
    assert "가" * 501 in browser.text


def test_speaking_by_script(live, browser, world):
    browser.sign_in(world, live.guest()).open(live.path)
    sent = by_script(browser, f"{live.path}/messages", text="스크립트로", nonce="nonce-0001")
    assert (sent.status_code, sent.json) == (200, {"ok": True})
    again = by_script(browser, f"{live.path}/messages", text="스크립트로", nonce="nonce-0001")
    assert again.status_code == 200
    fast = by_script(browser, f"{live.path}/messages", text="또", nonce="nonce-0002")
    assert fast.status_code == 429
    assert "3초" in fast.json["error"]
    assert [e.kind for e in live.events()].count("message") == 1


def test_without_a_token_nothing_is_said(live, browser, world):
    browser.sign_in(world, live.guest())
    answer = browser.client.post(f"{live.path}/messages", data={"text": "몰래", "nonce": "n" * 8})
    assert answer.status_code == 400
    assert [e.kind for e in live.events()].count("message") == 0


def test_questions_rise_and_fall(live, new_browser, world):
    asker, fan = live.guest(), live.guest()
    first = new_browser().sign_in(world, asker).open(live.path)
    first.submit(f"{live.path}/questions", text="쉼터는 언제 되나요", nonce="nonce-0001")
    assert "쉼터는 언제 되나요" in first.text
    second = new_browser().sign_in(world, fan).open(f"{live.path}?tab=questions")
    second.submit(f"{live.path}/questions/1/upvote")
    assert 'aria-pressed="true"' in second.text
    down = by_script(second, f"{live.path}/questions/1/withdraw-upvote")
    assert down.json == {"ok": True, "upvotes": 0, "raised": False}
    own = by_script(first, f"{live.path}/questions/1/upvote")
    assert own.status_code == 409
    assert by_script(second, f"{live.path}/questions/77/upvote").status_code == 404


def test_asking_for_the_floor_shows_the_place_in_line(live, new_browser, world):
    live.want_floor(live.guest())
    browser = new_browser().sign_in(world, live.guest()).open(f"{live.path}?tab=floor")
    browser.submit(f"{live.path}/floor", topic="골목 조명", minutes="3")
    assert "앞에 1명이 기다립니다" in browser.text
    browser.submit(f"{live.path}/floor/2/withdraw")
    assert "골목 조명" not in browser.text


def test_the_tab_in_the_address_is_the_one_shown(live, browser):
    for tab in ("talk", "questions", "floor"):
        assert f'data-tab="{tab}"' in browser.open(f"{live.path}?tab={tab}").text
    assert 'data-tab="talk"' in browser.open(f"{live.path}?tab=else").text


def test_events_come_in_order_from_any_number(live, browser):
    one = live.guest()
    live.say(one, "하나")
    answer = browser.client.get(f"{live.path}/events?after=0")
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.json
    assert [event["seq"] for event in page["events"]] == [1, 2, 3]
    assert page["last"] == 3
    assert browser.client.get(f"{live.path}/events?after=2").json["events"][0]["seq"] == 3
    part = browser.client.get(f"{live.path}/events?after=0&limit=1").json
    assert ([event["seq"] for event in part["events"]], part["last"]) == ([1], 3)


@pytest.mark.parametrize("query", ["after=-5", "after=가", "after=99999999999999", "limit=-1"])
def test_odd_numbers_in_the_address_are_taken_calmly(live, browser, query):
    assert browser.client.get(f"{live.path}/events?{query}").status_code == 200


def test_hiding_from_the_console(live, new_browser, world):
    message = live.say(live.guest(), "광고입니다")
    moderator = world.staff(Role.MODERATOR)
    browser = new_browser().sign_in(world, moderator).open(f"{live.path}/console")
    assert browser.status == 200
    assert "총회 마치기" not in browser.text
    hide = f"{live.path}/console/messages/{message}/hide"
    browser.submit(hide, reason="", note="광고")
    assert "골라 주세요." in browser.text
    assert "광고입니다" in browser.open(f"{live.path}/console").text
    browser.submit(hide, reason="advertising", note="광고")
    shown, hidden = browser.text.split('data-refresh="hidden"')
    assert "광고입니다" not in shown
    assert "가린 글입니다" in shown
    assert "광고입니다" in hidden
    watcher = new_browser()
    for page in ("", "/feed", "/events?after=0"):
        assert "광고입니다" not in watcher.open(live.path + page).text


def test_the_console_is_for_this_assembly_s_staff(live, new_browser, world):
    assert new_browser().sign_in(world, live.guest()).open(f"{live.path}/console").status == 403
    elsewhere = world.staff(Role.CHAIR, "gasan")
    assert new_browser().sign_in(world, elsewhere).open(f"{live.path}/console").status == 403


def test_the_chair_leads_from_the_console(live, new_browser, world):
    guest = live.guest()
    question, wish = live.ask(guest, "예산은요"), live.want_floor(guest)
    chair = new_browser().sign_in(world, live.chair).open(f"{live.path}/console")
    assert "다음 단계" in chair.text
    with world.read() as session:
        first = live.row(session).stages[0]
        first_id, title = first.id, first.title
    chair.submit(f"{live.path}/console/stage", stage=first_id)
    chair.submit(f"{live.path}/console/announcements", text="곧 시작합니다")
    chair.submit(f"{live.path}/console/floor/{wish}/call")
    chair.submit(f"{live.path}/console/questions/{question}/answer", answer="5천만 원입니다")
    chair.submit(f"{live.path}/console/floor/{wish}/end")
    assert chair.status == 200
    hall = new_browser().open(live.path)
    for words in (title, "곧 시작합니다", "5천만 원입니다"):
        assert words in hall.text
    chair.submit(f"{live.path}/console/close")
    assert "총회를 마쳤습니다" in hall.open(live.path).text
    chair.submit(f"{live.path}/console/announcements", text="늦은 안내")
    assert "지금 진행 중인 총회가 아닙니다" in chair.text


def test_the_feed_refreshes_itself_and_holds_no_form_of_its_own(live, browser):
    live.say(live.guest(), "중계됩니다")
    page = browser.open(f"{live.path}/feed")
    assert '<meta http-equiv="refresh" content="10">' in page.text
    main = page.text.split("<main", 1)[1].split("</main>", 1)[0]
    assert "<form" not in main
    assert "중계됩니다" in main
    assert "http-equiv" not in browser.open(f"{live.path}/feed?pause=1").text


def test_the_projector_shows_the_speaker(live, browser, world):
    assert 'data-showing="numbers"' in browser.open(f"{live.path}/projector").text
    live.move(1)
    assert 'data-showing="stage"' in browser.open(f"{live.path}/projector").text


def test_markup_stays_words(live, browser):
    live.say(live.guest(), "<script>alert(1)</script>")
    assert "<script>alert(1)" not in browser.open(live.path).text
    assert "&lt;script&gt;alert(1)" in browser.text


@pytest.mark.parametrize("page", ["", "/console"])
def test_a_page_asks_eight_statements_however_full_the_room(live, new_browser, world, app, page):
    for _ in range(4):
        guest = live.guest()
        live.say(guest, f"{guest}의 말")
        live.ask(guest, f"{guest}의 질문")
        live.want_floor(guest)
    person = live.chair if page else guest
    browser = new_browser().sign_in(world, person).open(live.path + page)
    with statements(app) as asked:
        assert browser.open(live.path + page).status == 200
    assert len(asked) <= 8, "\n".join(asked)


def test_fetching_events_asks_two_statements(live, browser, app):
    live.say(live.guest(), "하나")
    with statements(app) as asked:
        browser.client.get(f"{live.path}/events?after=0")
    assert len(asked) == 2
