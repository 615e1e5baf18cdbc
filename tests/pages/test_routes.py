"""Home, preferences, the desk's doors, health, the style guide."""

import dataclasses
import os
import re

import pytest
from sqlalchemy import text

from app.assemblies.models import Assembly
from app.core import append_only
from app.pages.counting import document
from app.proposals import actions
from app.proposals.models import Proposal
from app.residents import own
from app.residents.actions import SIGN_IN_KEPT
from app.residents.models import Role
from app.residents.policy import GRANTED
from app.settings import Environment
from app.web.database import db
from tests.assemblies.steps import Hall
from tests.ballots.conftest import Polls
from tests.commitments.conftest import Promises
from tests.forum.steps import Forum
from tests.proposals import steps
from tests.support.statements import statements
from tests.support.year import HIDDEN, noticed_year

MOST_STATEMENTS = 12


# ---------------------------------------------------------------- home


def test_before_a_district_is_loaded_the_home_page_says_what_comes(app, browser):
    browser.open("/")
    assert browser.status == 200
    assert "아직 마당을 여는 중입니다" in browser.text


def test_a_new_yard_offers_the_first_act(world, browser):
    browser.open("/")
    assert "금천구에서 지금 할 수 있는 일" in browser.text
    assert "오늘 마감이 있는 일은 없습니다" in browser.text
    assert 'href="/proposals/new"' in browser.text


def in_gasan(world, title):
    author, clerk = world.resident("gasan"), world.registrar()
    proposal_id = steps.draft(world, author, place="gasan", title=title)
    for verb, by in ((actions.publish_proposal, author), (actions.pass_precheck, clerk)):
        with world.write() as session:
            proposal = session.get_one(Proposal, proposal_id)
            verb(session, proposal, by=world.standing(session, by), at=world.at)
    return proposal_id


@pytest.fixture
def busy(world):
    """A dong with something of everything, and a neighbour dong with a proposal of its own."""
    waiting = steps.assigned(world, title="보안등 열네 곳을 더 밝게")
    steps.rule(world, threshold=20)
    closing = steps.endorsing(world)
    far = in_gasan(world, "가산동 버스 정류장에 그늘막을")
    hall = Hall(world).notice()
    forum = Forum(world)
    world.ids = {"waiting": waiting, "closing": closing, "far": far, "hall": hall, "forum": forum}
    return world


def test_home_says_what_can_be_done_what_waits_and_what_is_new(busy, browser):
    browser.submit("/preferences", dong="doksan1")
    page = browser.open("/").text
    assert "독산1동에서 지금 할 수 있는 일" in page
    assert "공감 0 / 20" in page
    assert "19일 남았습니다" in page
    assert "2021년 독산1동 주민총회" in page
    assert "점심 한 시간" in page
    assert "보안등 열네 곳을 더 밝게" in page
    assert "검토 1일째" in page
    assert "공원녹지과" in page
    assert "가산동 버스 정류장" not in page
    assert "가산동 버스 정류장" in browser.submit("/preferences", dong="").open("/").text


def test_an_overdue_answer_is_said_to_be_late(busy, browser):
    busy.pass_time(days=60)
    page = browser.open("/").text
    assert "늦어지고 있습니다" in page
    assert "일 지났습니다" in page


def test_hidden_proposals_and_drafts_are_not_on_the_home_page(busy, browser):
    steps.draft(busy, busy.resident(), title="아직 쓰는 중인 제안")
    with busy.write() as session:
        session.execute(
            text("UPDATE proposal SET hidden_at = published_at, hidden_reason = 'insult'")
        )
    page = browser.open("/").text
    assert "아직 쓰는 중인 제안" not in page
    assert "보안등 열네 곳" not in page


def test_a_kept_promise_is_shown_and_keeps_the_words_of_a_hidden_proposal_back(world, app, browser):
    year = noticed_year(world, app)
    Promises(world, year.polls.keys).report(year.promised(), 100)
    assert "쉼터를 함께</a>" in browser.open("/").text
    year.hide(year.shelter)
    assert f"{HIDDEN}</a>" in browser.open("/").text
    assert "쉼터를 함께" not in browser.text


def test_a_finished_assembly_and_a_closed_topic_leave_the_home_page(busy, browser):
    with busy.read() as session:
        ends = session.get_one(Assembly, busy.ids["hall"].id).ends_at
    busy.clock.at = ends
    page = browser.open("/").text
    assert "2021년 독산1동 주민총회" not in page
    assert "점심 한 시간" not in page


def open_cheaply(app, browser, url):
    with statements(app) as asked:
        browser.open(url)
    assert len(asked) <= MOST_STATEMENTS, asked


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.OPERATOR])
def test_home_takes_few_statements_whoever_looks(busy, browser, app, role):
    person_id = busy.resident()
    if role:
        busy.grant(person_id, role)
    for _ in range(6):
        steps.endorsing(busy)
        Forum(busy)
        Hall(busy).notice()
    open_cheaply(app, browser, "/")
    browser.sign_in(busy, person_id)
    open_cheaply(app, browser, "/")
    browser.submit("/preferences", dong="gasan")
    open_cheaply(app, browser, "/")
    assert ("업무" in browser.text) is (role is not None)


def test_a_resident_looks_from_their_own_dong_and_sees_what_they_have_not_read(world, browser):
    person_id = world.resident("doksan2")
    browser.sign_in(world, person_id)
    hall = Hall(world, "doksan2")
    hall.notice()
    page = browser.open("/").text
    assert "독산2동에서 지금 할 수 있는 일" in page
    assert "읽지 않은 알림 1건" in page


@pytest.fixture
def polls(world, tmp_path):
    return Polls(
        world,
        tmp_path,
        clerk=world.staff(Role.CLERK),
        officer=world.staff(Role.OFFICER),
        observer=world.staff(Role.OBSERVER),
    )


def test_an_open_ballot_asks_those_on_its_roll_to_vote(world, polls, browser, new_browser):
    voter, neighbour = world.resident(), world.resident("gasan")
    ballot_id = polls.opened()
    booth, receipt = f'href="/ballots/{ballot_id}/booth"', f'href="/ballots/{ballot_id}/receipt"'
    voting = new_browser().sign_in(world, voter)
    assert booth in voting.open("/").text
    assert "7일 남았습니다" in voting.text
    assert booth not in browser.open("/").text
    assert f'href="/ballots/{ballot_id}"' in browser.text
    looking = new_browser().sign_in(world, neighbour)
    assert f"/ballots/{ballot_id}" not in looking.open("/").text
    polls.cast(ballot_id, voter, 1)
    assert receipt in voting.open("/").text
    assert booth not in voting.text
    polls.close(ballot_id)
    assert f"/ballots/{ballot_id}" not in voting.open("/").text


def test_of_several_ballots_those_still_to_vote_in_are_asked_first(world, polls, browser):
    voter = world.resident()
    done, left = polls.draw(), polls.draw(title="두 번째 투표")
    for ballot_id in (done, left):
        polls.open(ballot_id)
    polls.cast(done, voter, 1)
    page = browser.sign_in(world, voter).open("/").text
    assert page.count('class="card-act"') == 1
    assert f'href="/ballots/{left}/booth"' in page
    assert "참여를 마쳤습니다" in page


# ---------------------------------------------------------------- preferences


@pytest.mark.parametrize(
    ("name", "value", "remembered"),
    [
        ("size", "large", "large"),
        ("contrast", "high", "high"),
        ("language", "en", "en"),
        ("dong", "gasan", "gasan"),
        ("size", "huge", None),
        ("contrast", "<script>", None),
        ("language", "../../etc", None),
        ("dong", "geumcheon", None),
        ("dong", "nowhere", None),
        ("dong", "독산1동", None),
    ],
)
def test_a_preference_is_remembered_if_it_is_one(world, browser, name, value, remembered):
    browser.submit("/preferences", follow=False, **{name: value})
    assert browser.status == 303
    cookie = browser.client.get_cookie(name)
    assert (cookie.value if cookie else None) == remembered
    if cookie:
        assert cookie.http_only
        assert cookie.same_site == "Lax"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        " /about",
        "",
    ],
)
def test_preferences_send_nobody_elsewhere(world, browser, target):
    browser.submit("/preferences", follow=False, size="large", next=target)
    assert browser.page.headers["Location"] == "/"


def test_preferences_lead_back_to_the_page_they_were_set_on(world, browser):
    browser.submit("/preferences", follow=False, size="large", next="/proposals?state=review")
    assert browser.page.headers["Location"] == "/proposals?state=review"


def test_preferences_need_the_forms_token(world, browser):
    assert browser.client.post("/preferences", data={"size": "large"}).status_code == 400


@pytest.mark.parametrize(
    "value", ["nowhere", "geumcheon", "", "%00", '"\\000"', "x" * 3000, "' OR 1=1 --", "독산1동"]
)
def test_a_foreign_dong_cookie_counts_as_none(world, browser, value):
    page = browser.client.get("/", headers={"Cookie": f"dong={value}".encode().decode("latin-1")})
    assert page.status_code == 200
    assert "금천구에서 지금 할 수 있는 일" in page.get_data(as_text=True)


# ---------------------------------------------------------------- the desk


def address(app, endpoint):
    with app.test_request_context():
        return app.url_for(endpoint)


def doors_of(app, browser):
    page = browser.open("/desk").text
    doors = app.extensions["house"].desk_doors
    return {
        door.endpoint
        for door in doors
        if f'class="row__title"><a href="{address(app, door.endpoint)}"' in page
    }


@pytest.mark.parametrize("role", [role for role in GRANTED if role is not Role.DEPARTMENT])
def test_the_desk_shows_the_doors_of_a_role_and_no_other(app, world, browser, role):
    browser.sign_in(world, world.staff(role))
    declared = app.extensions["house"].desk_doors
    expected = {door.endpoint for door in declared if role in door.roles}
    assert doors_of(app, browser) == expected
    assert browser.status == (200 if expected else 403)
    for door in declared:
        answer = browser.open(address(app, door.endpoint))
        assert answer.status == (200 if door.endpoint in expected else 403), door.endpoint


def test_residents_have_no_desk_and_strangers_sign_in(world, browser, new_browser):
    assert browser.open("/desk").path == "/sign-in"
    resident = new_browser().sign_in(world, world.resident())
    assert resident.open("/desk").status == 403
    assert "맡은 일이 없습니다" in resident.text
    assert 'href="/desk"' not in resident.open("/").text


# ---------------------------------------------------------------- pages of words, and refusals


def test_how_votes_are_counted_is_told_from_the_document(world, browser):
    browser.open("/about")
    assert 'href="/about/counting"' in browser.text
    browser.open("/about/counting")
    assert '<h2 id="approval">여럿 고르기</h2>' in browser.text
    assert browser.text.count("이렇게 투표하면") == browser.text.count("이렇게 셉니다") == 13
    folded = re.findall(r"<details.*?</details>", browser.text, re.DOTALL)
    for said in ("madang/election/v1", "sha256sum", "ballots convert", "Every count is exact"):
        assert browser.text.count(said) == sum(one.count(said) for one in folded) > 0
    assert "번호 20211127로 이 선택지들을 뽑으면" in browser.text
    assert "쉼터는 16표로 선정되었습니다." not in "".join(folded)
    assert "<h1>표를 어떻게 세나</h1>" in browser.text
    assert "printf &#39;%s&#39; &#39;madang/draw/v1:20211127:3&#39; | sha256sum" in (
        browser.text.replace("'", "&#39;")
    )


def test_a_document_is_kept_until_its_file_changes(tmp_path):
    written = tmp_path / "counting.md"
    for text_now, changed, kept in (
        ("# 처음 글\n\n**하나**", 1, ("처음 글", "<strong>하나</strong>")),
        ("# 읽지 않을 글\n\n둘", 1, ("처음 글", "<strong>하나</strong>")),
        ("# 고친 글\n\n셋", 2, ("고친 글", "<p>셋</p>")),
    ):
        written.write_text(text_now, encoding="utf-8")
        os.utime(written, (changed, changed))
        read = document(written)
        assert read.title == kept[0]
        assert kept[1] in read.lead


@pytest.mark.parametrize("url", ["/about", "/about/counting", "/privacy", "/terms"])
def test_the_pages_that_say_how_it_works_are_there(world, browser, url):
    assert browser.open(url).status == 200
    assert "<h1>" in browser.text


def test_what_is_promised_about_personal_data_is_what_the_code_does(world, browser, app):
    text = browser.open("/privacy").text
    assert f"로그인이 끝나고 {SIGN_IN_KEPT.days}일" in text
    assert "까닭을 골라야" in text
    assert "투표인명부의 자리와 이어져 있지만" in text
    assert "남에게 맡기지도 않습니다" in text
    for untrue in ("다음 총회 전까지", "2년", "떨어뜨려", "까닭을 적어야", "같은 일을 도와"):
        assert untrue not in text, untrue
    before = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(before, smtp_url="smtp://127.0.0.1:25")
    try:
        assert "메일 서버를 거쳐" in browser.open("/privacy").text
    finally:
        app.extensions["settings"] = before
    assert "서버와 열쇠를 다루는 사람" in browser.open("/about").text


# Under which item of the privacy page each kind of rows stands that is kept of a person.
PROMISED = {
    "이름, 이메일이나 휴대전화 번호, 비밀문구, 고르신 동": "person account contacts",
    "소속 동과 확인한 날, 맡은 역할과 그 역할로 하신 일": (
        "memberships roles residents_verified roles_granted replies_to_proposals"
        " endorsement_rules_set moderation_acts topics_opened claims_decided assemblies_called"
        " notices_corrected minutes_corrected assembly_rules_set"
        " ballots_drawn ballots_edited ballots_frozen ballots_counted"
        " ballots_certified progress_reports"
    ),
    "동의한 것과 날, 받은 알림": "consents notices",
    "올리신 글, 지켜보시는 제안, 총회 발언 신청": (
        "proposals follows opinions stance_changes replies_to_opinions claims"
        " messages questions floor_requests"
    ),
    "제안과 의견, 질문에 하신 공감과 총회 출석": (
        "endorsements opinion_endorsements question_upvotes attendances"
    ),
    "공론장의 문장마다 표시하신 생각": "weighings",
    "신고하신 글과 까닭": "reports",
    "투표인명부의 자리": "places_on_rolls",
    "한 일의 기록": "record",
    "창구에서 받으신 코드의 확인값": "passphrase_codes",
    "로그인한 기기와 시각": "sign_ins",
}


def test_every_kind_of_rows_that_is_kept_of_a_person_stands_on_the_page_about_privacy(
    browser, app, world
):
    items = browser.open("/privacy").text.split("<tbody>")[1].split("</tbody>")[0]
    for item in PROMISED:
        assert f"<td>{item}" in items
    assert set(" ".join(PROMISED.values()).split()) == set(own.kinds_of(app))


@pytest.mark.parametrize("url", ["/nowhere", "/proposals/999999", "/assemblies/999999"])
def test_what_is_not_there_is_said_to_be_not_there(world, browser, url):
    assert browser.open(url).status == 404
    assert "찾으시는 화면이 없습니다" in browser.text


def test_someone_not_signed_in_is_told_to_sign_in_before_acting(world, browser):
    page = browser.client.post("/me/notices/read")
    assert page.status_code == 401
    assert "먼저 로그인해 주세요" in page.get_data(as_text=True)


def test_the_style_guide_shows_every_piece_outside_production(world, browser):
    assert browser.open("/style").status == 200
    assert browser.submit("/style", title="").status == 200
    assert "다음을 고쳐 주세요" in browser.text


def test_in_production_there_is_no_style_guide(app, browser):
    before = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(before, environment=Environment.PRODUCTION)
    try:
        assert browser.open("/style").status == 404
    finally:
        app.extensions["settings"] = before


# ---------------------------------------------------------------- health


def test_health_and_readiness(app, browser):
    assert browser.open("/healthz").page.get_json() == {"status": "ok"}
    assert browser.open("/readyz").page.get_json() == {"status": "ready"}


def test_a_lost_guard_is_reported(app, browser):
    with app.app_context(), db.engine.begin() as connection:
        on_table = " ON audit_row" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER audit_row_refuses_delete{on_table}"))
    try:
        browser.open("/readyz")
        assert browser.status == 503
        assert browser.page.get_json()["missing"] == ["audit_row_refuses_delete"]
    finally:
        with app.app_context(), db.engine.begin() as connection:
            for statement in append_only.statements("audit_row", connection.dialect.name):
                connection.execute(text(statement))
    assert browser.open("/readyz").status == 200
