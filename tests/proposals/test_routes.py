"""The pages over HTTP: success and refusal with one set-up."""

from __future__ import annotations

import re

import pytest

from app.moderation.models import HideReason
from app.proposals import actions, queries
from app.proposals.models import Proposal, ProposalState, Stage, TimelineCode
from app.residents.actions import withdraw_person
from app.residents.models import Account, Role
from tests.proposals import steps
from tests.support.statements import statements

WORDS = {
    "place": "doksan1",
    "field": "environment",
    "title": "골목 끝 빈터를 아이들 쉼터로",
    "sense": "의자와 그늘막이면 됩니다",
    "body": "독산로 끝에 세 해째 비어 있는 터가 있습니다.",
}


def state_of(world, proposal_id):
    with world.read() as session:
        return session.get_one(Proposal, proposal_id, populate_existing=True).state


def test_a_resident_writes_looks_and_publishes_and_a_stale_tab_changes_nothing(world, browser):
    author = world.resident()
    browser.sign_in(world, author)
    browser.open("/proposals/new").submit("/proposals/new", **WORDS)
    assert browser.path.endswith("/preview")
    assert WORDS["body"] in browser.text
    proposal_id = int(browser.path.split("/")[2])
    browser.submit(f"/proposals/{proposal_id}/publish")
    assert "2021-DS1-000001-" in browser.text
    assert "다음은 이렇습니다" in browser.text
    browser.submit(f"/proposals/{proposal_id}/publish")
    assert browser.path == f"/proposals/{proposal_id}/published"
    browser.submit(f"/proposals/{proposal_id}/edit", **WORDS)
    assert browser.status == 409
    assert WORDS["body"] in browser.text
    browser.open(f"/proposals/{proposal_id}/edit")
    assert (browser.status, browser.path) == (200, f"/proposals/{proposal_id}")
    assert "이미 올린 제안이라 고칠 수 없습니다." in browser.text
    with world.read() as session:
        assert session.query(Proposal).count() == 1


def test_writing_the_same_twice_keeps_one_draft_and_an_edit_keeps_the_words(world, browser):
    browser.sign_in(world, world.resident()).open("/proposals/new")
    once = browser.once()
    for _press in range(2):
        browser.submit("/proposals/new", **WORDS, **once)
        assert browser.path == "/proposals/1/preview"
    browser.open("/proposals/drafts")
    assert browser.text.count("/preview") == 1
    browser.open("/proposals/1/edit")
    assert WORDS["body"] in browser.text
    browser.submit("/proposals/1/edit", **{**WORDS, "title": "새로 고친 제목입니다"})
    assert "새로 고친 제목입니다" in browser.text
    browser.submit("/proposals/1/discard")
    assert "임시저장한 글이 없습니다" in browser.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": "가" * 61}, "61자"),
        ({"body": "나" * 10_001}, "10,001자"),
        ({"sense": ""}, "꼭 필요한"),
        ({"body": "제 번호는 900101-1234567 입니다. 연락 주세요."}, "주민등록번호"),
        ({"title": "제목에 \x00 널이 있습니다"}, "쓸 수 없는 글자"),
        ({"place": "gasan"}, "place"),
        ({"place": "999"}, "place"),
        ({"field": "war"}, "field"),
    ],
)
def test_bad_words_come_back_with_what_was_typed(world, browser, change, says):
    browser.sign_in(world, world.resident()).open("/proposals/new")
    browser.submit("/proposals/new", **{**WORDS, **change})
    assert browser.status == 422
    assert says in browser.text
    kept = [key for key in ("title", "sense", "body") if key not in change]
    assert all(WORDS[key] in browser.text for key in kept)
    with world.read() as session:
        assert session.query(Proposal).count() == 0


def test_faults_are_told_in_the_order_of_the_fields_on_the_page(world, browser):
    browser.sign_in(world, world.resident()).open("/proposals/new")
    assert "10,000자까지" in browser.text
    faults = dict.fromkeys(("title", "sense", "body", "place", "field"), "")
    text = browser.submit("/proposals/new", **faults).text
    told = re.findall(r'<li><a href="#([\w-]+)">', text)
    assert len(told) == len(faults)
    assert told == sorted(told, key=lambda one: text.index(f'id="{one}"'))
    browser.client.set_cookie("language", "en")
    assert ">Save draft</button>" in browser.open("/proposals/new").text


def test_tricks_in_text_are_dropped_and_scripts_are_shown_as_text(world, browser):
    author = world.resident()
    browser.sign_in(world, author).open("/proposals/new")
    evil = "<script>alert(1)</script>"
    browser.submit(
        "/proposals/new",
        **{
            **WORDS,
            "title": f"{evil}\u202e뒤집힌\u200b",
            "sense": evil,
            "body": f"{evil} [x](javascript:alert(1)) 본문",
        },
    )
    browser.submit("/proposals/1/publish").open("/proposals/1")
    assert "<script>alert" not in browser.text
    assert 'href="javascript' not in browser.text
    assert "\u202e" not in browser.text
    assert "\u200b" not in browser.text
    browser.open("/proposals?q=%3Cscript%3E")
    assert browser.status == 200
    assert "<script>alert" not in browser.text


def test_an_unverified_person_keeps_the_draft_and_learns_why(world, browser):
    account = world.account()
    browser.sign_in(world, account.person_id).open("/proposals/new")
    browser.submit("/proposals/new", **WORDS)
    assert "주민 확인을 받으면" in browser.text
    browser.submit("/proposals/1/publish")
    assert browser.status == 403
    assert WORDS["body"] in browser.text
    assert state_of(world, 1) is ProposalState.DRAFT


def test_drafts_are_nobody_elses_business(world, browser, new_browser):
    steps.draft(world, world.resident())
    browser.sign_in(world, world.resident())
    for path in ("/proposals/1", "/proposals/1/preview", "/proposals/1/edit"):
        assert browser.open(path).status == 404
    assert browser.submit("/proposals/1/publish").status == 404
    assert browser.submit("/proposals/1/endorse").status == 404
    assert browser.submit("/proposals/1/discard").status == 404
    assert new_browser().open("/proposals/1").status == 404
    assert new_browser().open("/proposals/424242").status == 404


def test_endorsing_by_hand(world, browser, new_browser):
    proposal_id = steps.endorsing(world)
    page = f"/proposals/{proposal_id}"
    assert "공감 0 / 20" in browser.open(page).text
    assert "로그인하고 공감하기" in browser.text
    assert browser.submit(f"{page}/endorse").status == 401
    browser.sign_in(world, world.resident()).open(page)
    assert "공감하기" in browser.text
    browser.submit(f"{page}/endorse")
    assert "공감 1 / 20" in browser.text
    assert "19일 남았습니다" in browser.text
    for _tab in range(2):
        browser.submit(f"{page}/endorse")
        assert (browser.status, browser.path) == (200, page)
        assert "이미 공감하셨습니다." in browser.text
        assert "공감 1 / 20" in browser.text
    browser.open(page).submit(f"{page}/withdraw")
    assert "공감 0 / 20" in browser.text
    browser.submit(f"{page}/withdraw")
    assert (browser.status, browser.path) == (200, page)
    assert "이미 공감을 거두셨습니다." in browser.text
    outsider = new_browser().sign_in(world, world.resident("gasan")).open(page)
    assert "이 동 주민만 참여할 수 있습니다" in outsider.text
    assert outsider.submit(f"{page}/endorse").status == 403


def test_a_window_that_ran_out_looks_and_acts_expired_before_any_job(world, browser):
    proposal_id = steps.endorsing(world)
    world.pass_time(days=21)
    browser.sign_in(world, world.resident()).open(f"/proposals/{proposal_id}")
    assert "공감 미달" in browser.text
    assert "/endorse" not in browser.text
    browser.submit(f"/proposals/{proposal_id}/endorse")
    assert browser.status == 409
    assert "공감 기간이 끝났습니다." in browser.text


def test_a_late_answer_is_said_plainly(world, browser):
    proposal_id = steps.assigned(world)
    assert "3. 22.(월)까지 답변" in browser.open(f"/proposals/{proposal_id}").text
    world.pass_time(days=23)
    assert "답변 기한이 3일 지났습니다" in browser.open(f"/proposals/{proposal_id}").text
    assert "답변 기한이 3일 지났습니다" in browser.open("/proposals").text


def test_what_is_called_new_is_new_on_the_board_and_at_home(world, browser):
    steps.published(world, title="지난해에 끝난 제안")
    world.pass_time(days=91)
    browser.sign_in(world, world.resident())
    for page in ("/proposals", "/"):
        assert "우리 동 새 제안" not in browser.open(page).text
        assert "우리 동 제안" in browser.text
        assert "지난해에 끝난 제안" in browser.text
    steps.published(world, title="어제 올라온 제안")
    world.pass_time(days=1)
    for page in ("/proposals", "/"):
        assert "우리 동 새 제안" in browser.open(page).text
        assert "어제 올라온 제안" in browser.text
        assert "지난해에 끝난 제안" not in browser.text
    world.pass_time(days=300)
    browser.sign_in(world, world.resident())
    assert "2021. 6. 1.(화)" in browser.open("/").text


def test_a_draft_is_sent_to_endorse_another_only_where_that_can_be_done(world, browser):
    steps.endorsing(world)
    author = world.resident()
    draft = steps.draft(world, author)
    browser.sign_in(world, author).open(f"/proposals/{draft}/preview")
    assert "공감하는 편이 빠릅니다" in browser.text
    assert "공감 모으는 중" in browser.text
    world.pass_time(days=30)
    browser.sign_in(world, author).open(f"/proposals/{draft}/preview")
    assert "공감하는 편이 빠릅니다" not in browser.text
    assert "먼저 올라온 제안이 어떻게 되었는지 살펴보세요." in browser.text
    assert "공감 미달" in browser.text


def test_the_tag_above_a_proposal_tells_its_present_stage(world, browser):
    proposal_id = steps.adopted(world)
    tag = '<span class="tag tag--{}">{}</span>'
    assert tag.format("neutral", "부서 답변") in browser.open(f"/proposals/{proposal_id}").text
    for stage, code, shown in (
        (Stage.EXECUTION, TimelineCode.COMMITMENT_MADE, ("neutral", "실행 · 약속")),
        (Stage.RESULT, TimelineCode.COMMITMENT_KEPT, ("pine", "성과 · 지킴")),
    ):
        with world.write() as session:
            actions.note_progress(
                session, proposal_id, stage=stage, code=code, href="/", by=None, at=world.at
            )
        assert tag.format(*shown) in browser.open(f"/proposals/{proposal_id}").text


def test_the_board_greets_filters_and_pages(world, browser):
    for number in range(23):
        steps.published(world, title=f"마을 텃밭 {number}번째 이랑")
    soon = steps.endorsing(world, title="곧 끝나는 제안")
    browser.open("/proposals")
    assert all(name in browser.text for name in ("곧 마감", "답변을 기다리는", "새 제안"))
    assert "곧 끝나는 제안" in browser.text
    browser.open("/proposals?q=텃밭&dong=doksan1&field=environment")
    assert "모두 23건" in browser.text
    assert 'href="/proposals?dong=doksan1&amp;field=environment&amp;all=1"' in browser.text
    assert "page=2" in browser.text
    browser.open("/proposals?q=텃밭&page=2")
    assert browser.text.count('class="row__title"') == 3
    browser.open("/proposals?state=endorsing&sort=closing")
    assert f'href="/proposals/{soon}"' in browser.text
    for odd in (
        "dong=nowhere",
        "field=war",
        "state=draft",
        "sort=up",
        "q=%00",
        "q=%25_",
        "page=x",
        "page=0",
        "page=" + "9" * 20,
    ):
        assert browser.open(f"/proposals?{odd}").status == 200


def test_pages_ask_the_database_little(world, browser, app):
    proposal_id = steps.assigned(world)
    for number in range(5):
        steps.endorsing(world, title=f"마을 텃밭 {number}번째")
    browser.sign_in(world, world.resident()).open("/proposals")
    browser.client.set_cookie("dong", "doksan1")
    for path, most in (
        ("/proposals", 6),
        ("/proposals?q=텃밭&dong=doksan1", 6),
        ("/proposals?sort=endorsed", 6),
        (f"/proposals/{proposal_id}", 8),
        ("/proposals/drafts", 6),
        ("/moderation", 6),
    ):
        with statements(app) as asked:
            assert browser.open(path).status == 200
        assert len(asked) <= most, (path, len(asked), asked)
    officer = steps.department_officer(world)
    browser.sign_in(world, officer)
    for path, most in (("/desk/proposals", 6), (f"/desk/proposals/{proposal_id}", 9)):
        with statements(app) as asked:
            assert browser.open(path).status == 200
        assert len(asked) <= most, (path, len(asked), asked)


def test_the_clerk_checks_and_routes_and_the_department_answers(world, browser, new_browser):
    steps.rule(world, threshold=1)
    proposal_id = steps.published(world)
    desk = f"/desk/proposals/{proposal_id}"
    clerk = browser.sign_in(world, world.registrar())
    assert steps.TITLE in clerk.open("/desk/proposals").text
    assert clerk.open(desk).submit(f"{desk}/fail", reason="").status == 422
    clerk.submit(f"{desk}/pass")
    assert state_of(world, proposal_id) is ProposalState.ENDORSING
    assert clerk.submit(f"{desk}/pass").status == 409
    steps.endorse(world, proposal_id, world.resident())
    assert clerk.submit(f"{desk}/assign", department="").status == 422
    clerk.submit(f"{desk}/assign", department="parks")
    assert "공원녹지과" in clerk.text

    officer = new_browser().sign_in(world, steps.department_officer(world))
    assert steps.TITLE in officer.open("/desk/proposals").text
    reason = "구 소유 땅이라 쉼터로 꾸밀 수 있습니다."
    officer.open(desk).submit(f"{desk}/reply", verdict="adopted", reason=reason)
    assert officer.status == 422
    assert "언제 할지" in officer.text
    assert reason in officer.text
    answers = {"9999-12-31": "연도를 확인해 주세요", "내년 봄": "날짜를 2021-05-24처럼"}
    for odd, answer in answers.items():
        officer.submit(f"{desk}/reply", verdict="adopted", reason=reason, planned_on=odd)
        assert officer.status == 422
        assert answer in officer.text
    officer.submit(f"{desk}/reply", verdict="adopted", reason=reason, planned_on="2021-03-01")
    assert officer.status == 422
    assert "언제 할지 · 이미 지난 날입니다" in officer.text
    assert reason in officer.text
    assert 'value="2021-03-01"' in officer.page.get_data(as_text=True)
    officer.submit(f"{desk}/reply", verdict="adopted", reason=reason, planned_on="2021-10-01")
    assert officer.status == 200
    assert officer.submit(f"{desk}/reply", verdict="rejected", reason=reason).status == 409
    page = new_browser().open(f"/proposals/{proposal_id}").text
    assert "채택" in page
    assert "2021. 10. 1.(금)" in page
    stranger = new_browser().sign_in(world, steps.department_officer(world, "welfare"))
    assert stranger.open(desk).status == 403
    assert new_browser().sign_in(world, world.resident()).open(desk).status == 403


def test_an_operator_sets_the_rule_and_sees_its_history(world, browser, new_browser):
    operator = browser.sign_in(world, world.staff(Role.OPERATOR))
    rule = {"place": "doksan1", "threshold": "5", "window_days": "10", "decision_days": "7"}
    operator.open("/desk/proposals/policy").submit("/desk/proposals/policy", **rule)
    assert "10일 동안 5명" in operator.text
    assert operator.submit("/desk/proposals/policy", **{**rule, "threshold": "0"}).status == 422
    for typed, said in (("스물", "숫자만 적어 주세요."), ("0", "1부터 100,000까지 적어 주세요.")):
        operator.submit("/desk/proposals/policy", **{**rule, "threshold": typed})
        field = operator.page.get_data(as_text=True).split('id="threshold-error"')[1]
        messages = field.partition("</p>")[0]
        assert messages.count("<span>") == 2
        assert f"<span>{said}</span>" in messages
    with world.read() as session:
        terms = queries.terms_in_force(session, world.place(session), at=world.at)
        assert (terms.threshold, terms.precheck_required) == (5, False)
    clerk = new_browser().sign_in(world, world.registrar())
    assert clerk.open("/desk/proposals/policy").status == 403


def test_what_is_hidden_shows_its_reason_and_not_its_words(world, browser, new_browser):
    proposal_id = steps.published(world, title="광고 같은 제안입니다")
    page = f"/proposals/{proposal_id}"
    hiding = {"reason": HideReason.ADVERTISING, "note": "가게 홍보"}
    resident = browser.sign_in(world, world.resident()).open(page)
    assert resident.submit(f"{page}/hide", **hiding).status == 403
    moderator = new_browser().sign_in(world, world.staff(Role.MODERATOR)).open(page)
    assert moderator.submit(f"{page}/hide", reason="", note="").status == 422
    assert moderator.submit(f"{page}/hide", **hiding).status == 200
    for path in (page, "/proposals?all=1", "/moderation"):
        seen = new_browser().open(path)
        assert "광고 같은 제안" not in seen.text
        assert "세 해째" not in seen.text
    assert "광고·홍보" in new_browser().open(page).text
    assert "가게 홍보" in new_browser().open("/moderation").text
    moderator.open(page).submit(f"{page}/restore", note="다시 보니 괜찮습니다")
    assert "광고 같은 제안입니다" in new_browser().open(page).text


def test_following_and_reporting(world, browser, new_browser):
    proposal_id = steps.published(world)
    page = f"/proposals/{proposal_id}"
    account = world.account()
    browser.sign_in(world, account.person_id).open(page).submit(f"{page}/follow")
    assert "그만 지켜보기" in browser.text
    browser.submit(f"{page}/unfollow")
    assert ">지켜보기<" in browser.text
    browser.open(f"{page}/report")
    assert browser.submit(f"{page}/report", reason="", note="").status == 422
    browser.submit(f"{page}/report", reason="insult", note="거친 말이 있습니다")
    assert browser.path == page
    browser.open(f"{page}/report").submit(f"{page}/report", reason="insult", note="")
    assert browser.status == 409
    assert "이미 신고하셨습니다" in browser.text
    chair = new_browser().sign_in(world, world.staff(Role.CHAIR))
    assert "/desk/moderation" not in chair.open("/desk").text
    assert chair.open("/desk/moderation").status == 403
    moderator = new_browser().sign_in(world, world.staff(Role.MODERATOR))
    assert "/desk/moderation" in moderator.open("/desk").text
    assert "거친 말이 있습니다" in moderator.open("/desk/moderation").text
    moderator.submit(f"/desk/moderation/proposal/{proposal_id}/settle")
    assert "살필 신고가 없습니다" in moderator.text
    assert moderator.submit(f"/desk/moderation/proposal/{proposal_id}/settle").status == 409
    assert moderator.submit("/desk/moderation/nothing/1/settle").status == 404


def test_the_job_is_plugged_in(world, app):
    assert app.extensions["house"].jobs["proposals.close_missed_windows"] is (
        actions.close_missed_windows
    )


def test_whoever_left_is_called_so_in_the_language_of_each_reader(world, browser):
    proposal_id = steps.endorsing(world)
    with world.read() as session:
        author = session.get_one(Proposal, proposal_id).author_id
    account_id = world.account_of(author).id
    with world.write() as session:
        account = session.get_one(Account, account_id)
        withdraw_person(session, account, checked=account.passphrase_hash, at=world.at)
    for language, called, other in (
        ("ko", "탈퇴한 주민", "Former resident"),
        ("en", "Former resident", "탈퇴한 주민"),
        ("ko", "탈퇴한 주민", "Former resident"),
    ):
        browser.client.set_cookie("language", language)
        for url in ("/proposals?all=1", f"/proposals/{proposal_id}"):
            browser.open(url)
            assert called in browser.text, (language, url)
            assert other not in browser.text, (language, url)


def test_an_address_does_not_choose_where_the_links_of_the_board_lead(world, browser):
    steps.published(world)
    bent = "_scheme=javascript&_external=1&_anchor=%0aalert(1)&_method=POST&endpoint=x"
    browser.open(f"/proposals?field=environment&q=골목&{bent}")
    assert browser.status == 200
    assert "javascript:" not in browser.text.replace("%3A", ":").split("<main", 1)[1]
    assert "/proposals?q=" in browser.text
