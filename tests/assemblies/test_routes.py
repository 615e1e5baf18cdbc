"""The pages of assemblies, with the refusals beside the successes."""

from datetime import date, timedelta

import pytest

from app.assemblies.models import Assembly, AssemblyState, Track
from app.assemblies.panels import Panel, register
from app.residents.models import Role
from tests.assemblies.steps import HELD, Hall
from tests.support.statements import statements
from tests.support.year import HIDDEN, WHY, noticed_year


@pytest.fixture
def hall(world):
    return Hall(world)


def test_the_calendar_shows_what_is_announced_and_no_draft(world, browser, hall):
    assert "아직 공고된 총회가 없습니다" in browser.open("/assemblies").text
    hall.notice()
    browser.open("/assemblies")
    assert "2021년 독산1동 주민총회" in browser.text
    assert "2021. 5. 24.(월) 19:00 ~ 20:30" in browser.text
    assert "독산2동의 총회가 아직 없습니다" in browser.open("/assemblies?place=doksan2").text
    assert browser.open("/assemblies?place=nowhere").status == 404
    for page in ("0", "-3", "x", "99999999999999999999", "5"):
        assert browser.open(f"/assemblies?page={page}").status == 200


def test_the_notice_says_who_when_and_how_many(world, browser, hall):
    hall.item("보안등 열네 곳을 더 밝게", track=Track.BUDGET, body="**밤길**을 걸었습니다.")
    assert browser.open(f"/assemblies/{hall.id}").status == 404
    hall.notice()
    browser.open(f"/assemblies/{hall.id}")
    assert "2006. 5. 25.까지 태어난 주민" in browser.text
    assert "주민 24,999명의 0.5%인 125명 이상이 참여하면 총회가 성립합니다." in browser.text
    assert "<strong>내년에 할 일</strong>" in browser.text
    assert "<strong>밤길</strong>" in browser.text
    assert "시민참여예산 · 1건" in browser.text
    assert "사전 행사" in browser.text
    assert "진행자 (서명)" in browser.text
    assert browser.open("/assemblies/99999999999999999999").status == 404


def test_an_item_opens_only_where_more_is_written(browser, hall):
    sense = "비어 있는 터를 이웃의 쉼터로"
    hall.item("한 문장뿐인 안건", sense=sense, body=f"{sense}.\n")
    hall.item("더 적은 안건", sense=sense, body=f"{sense}. 의자도 놓습니다.")
    hall.notice()
    text = browser.open(f"/assemblies/{hall.id}").text
    assert text.count("<summary>자세히") == 1
    assert "의자도 놓습니다" in text


def test_a_draft_is_seen_by_those_who_prepare_it(world, hall, new_browser):
    for person, status in (
        (hall.clerk, 200),
        (hall.chair, 200),
        (world.resident(), 404),
        (world.staff(Role.CLERK, "gasan"), 404),
    ):
        assert new_browser().sign_in(world, person).open(f"/assemblies/{hall.id}").status == status


def test_a_resident_checks_in_from_the_page(world, browser, hall):
    hall.notice()
    resident = world.resident("doksan1")
    browser.sign_in(world, resident).open(f"/assemblies/{hall.id}")
    assert "출석하기" not in browser.text
    hall.go_to(HELD - timedelta(minutes=20))
    browser.sign_in(world, resident)
    assert "출석하기" in browser.open(f"/assemblies/{hall.id}").text
    browser.submit(f"/assemblies/{hall.id}/check-in")
    assert "출석했습니다" in browser.text
    assert "출석 1 / 성원 125명" in browser.text
    browser.submit(f"/assemblies/{hall.id}/check-in")
    assert "이미 출석하셨습니다" in browser.text
    assert browser.submit("/assemblies/999/check-in").status == 404


def test_whoever_is_not_of_the_dong_is_told_why_not(world, new_browser, hall):
    hall.open()
    elsewhere = (
        "독산1동 총회입니다. 누구나 볼 수 있고, 출석과 투표는 독산1동 주민만 할 수 있습니다."
    )
    nowhere = "동 주민센터에서 주민 확인을 받아 주세요"
    for person, said, other in (
        (world.resident("gasan"), elsewhere, nowhere),
        (world.person(), nowhere, elsewhere),
    ):
        browser = new_browser().sign_in(world, person).open(f"/assemblies/{hall.id}")
        assert said in browser.text
        assert other not in browser.text
        assert browser.submit(f"/assemblies/{hall.id}/check-in").status == 403
        assert said in browser.text


def test_whoever_is_too_young_watches_and_is_not_counted(world, new_browser, hall):
    hall.open()
    for born, status in ((date(2006, 5, 26), 403), (date(2006, 5, 25), 200)):
        browser = new_browser().sign_in(world, world.resident("doksan1", born=born))
        browser.open(f"/assemblies/{hall.id}")
        why_not = (
            "2006. 5. 25.까지 태어난 주민이 출석합니다. 나누는 이야기는 누구나 보실 수 있습니다."
        )
        assert (why_not in browser.text) is (status == 403)
        assert browser.submit(f"/assemblies/{hall.id}/check-in").status == status
        assert (why_not in browser.text) is (status == 403)
    with world.read() as session:
        assert hall.now(session).attendance_count == 1


def test_other_domains_add_panels_through_the_seam(world, app, browser, hall):
    hall.notice()
    before = list(app.extensions.get("assembly_panels", []))
    register(app, lambda _session, one, _at: Panel("예전 화면", one.title, "/about", "열기"))
    register(app, lambda _session, _one, _at: None)
    try:
        browser.open(f"/assemblies/{hall.id}")
        assert "예전 화면" in browser.text
    finally:
        app.extensions["assembly_panels"] = before


def test_lists_take_six_statements_and_the_notice_eight(world, app, browser, hall):
    for number in range(8):
        hall.item(f"안건 {number}", department=None)
    hall.notice()
    for place in ("doksan2", "gasan"):
        Hall(world, place).notice()
    browser.sign_in(world, world.resident("doksan1")).open("/about")
    with statements(app) as asked:
        assert browser.open("/assemblies").status == 200
    assert len(asked) <= 6, asked
    with statements(app) as asked:
        assert browser.open(f"/assemblies/{hall.id}").status == 200
    assert len(asked) <= 8, asked


# ---------------------------------------------------------------- desk

PAPER = {
    "place": "doksan1",
    "title": "2021년 독산1동 주민총회",
    "held_on": "2021-05-24",
    "starts": "19:00",
    "ends": "20:30",
    "venue": "주민센터 3층 강당",
    "notice_text": "함께해 주세요.",
}


def test_a_clerk_prepares_and_announces_an_assembly(world, browser):
    clerk = world.staff(Role.CLERK, "doksan1")
    browser.client.set_cookie("language", "en")
    browser.sign_in(world, clerk).open("/desk/assemblies/new")
    assert "Start<" in browser.text
    assert "Finished<" not in browser.text
    browser.client.delete_cookie("language")
    browser.open("/desk/assemblies/new")
    browser.submit("/desk/assemblies/new", **PAPER)
    assert browser.status == 200
    desk = browser.path
    assert "2021. 4. 24.(토)까지 공고해 주세요" in browser.text
    browser.open(f"{desk}/agenda").submit(
        f"{desk}/agenda",
        title="보안등 열네 곳",
        sense="밤길이 어두운 골목을 밝힙니다",
        body="",
        track="budget",
        budget_won="28,000,000",
        department="parks",
    )
    assert "보안등 열네 곳" in browser.text
    assert "2,800만 원" in browser.text
    browser.open(f"{desk}/order")
    browser.submit(
        f"{desk}/order",
        **{
            "rows-0-position": "2",
            "rows-0-kind": "vote",
            "rows-0-title": "투표",
            "rows-0-minutes": "20",
            "rows-1-position": "1",
            "rows-1-kind": "opening",
            "rows-1-title": "개회",
            "rows-1-minutes": "5",
            "rows-2-position": "3",
            "rows-2-kind": "count",
            "rows-2-title": "뺄 것",
            "rows-2-minutes": "5",
            "rows-2-drop": "y",
            "rows-3-position": "",
            "rows-3-kind": "discussion",
            "rows-3-title": "",
            "rows-3-minutes": "",
        },
    )
    assert browser.text.index('value="개회"') < browser.text.index('value="투표"')
    assert "뺄 것" not in browser.text
    browser.open(f"{desk}/notice")
    assert "공고하면 이렇게 됩니다" in browser.text
    assert "2006. 5. 25.까지 태어난 주민" in browser.text
    browser.submit(f"{desk}/notice")
    assert "공고했습니다" in browser.text
    assert browser.path.startswith("/assemblies/")
    assert "이미 공고한 총회입니다" in browser.submit(f"{desk}/notice").text
    assert browser.status == 409


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "꼭 필요한 항목입니다"),
        ({"title": "가" * 61}, "60자까지 쓸 수 있습니다"),
        ({"title": "850101-1234567 총회"}, "주민등록번호로 보이는"),
        ({"held_on": "어제"}, "날짜를 2021-05-24처럼"),
        ({"held_on": "0001-01-01"}, "연도를 확인해 주세요"),
        ({"held_on": "9999-12-31"}, "연도를 확인해 주세요"),
        ({"starts": "25:00"}, "시각을 19:00처럼"),
        ({"ends": "18:00"}, "마치는 때가 시작하는 때보다"),
        ({"venue": "\x00"}, "쓸 수 없는 글자"),
        ({"place": "gasan"}, ""),
        ({"place": ""}, ""),
    ],
)
def test_a_paper_that_cannot_be_kept_comes_back_with_what_was_typed(
    world, browser, changed, sentence
):
    browser.sign_in(world, world.staff(Role.CLERK, "doksan1")).open("/desk/assemblies/new")
    browser.submit("/desk/assemblies/new", **(PAPER | changed))
    assert browser.status == 422
    assert sentence in browser.text
    assert "함께해 주세요." in browser.text


def test_a_late_notice_is_refused_with_the_latest_day(world, browser, hall):
    world.clock.at = HELD - timedelta(days=20)
    browser.sign_in(world, hall.clerk).open(f"/desk/assemblies/{hall.id}/notice")
    assert "총회 30일 전인 2021. 4. 24.(토)까지 공고해야 합니다" in browser.text
    browser.submit(f"/desk/assemblies/{hall.id}/notice")
    assert browser.status == 409
    assert "2021. 4. 24.(토)까지" in browser.text


def test_an_adopted_proposal_is_picked_for_the_agenda(world, browser, hall, adopted):
    browser.sign_in(world, hall.clerk).open(f"/desk/assemblies/{hall.id}/agenda")
    assert "골목 끝 빈터를 아이들 쉼터로" in browser.text
    browser.open(f"/desk/assemblies/{hall.id}/agenda?proposal={adopted}")
    assert 'value="골목 끝 빈터를 아이들 쉼터로"' in browser.text
    paper = {"title": "쉼터", "sense": "아이들 쉼터", "track": "support", "budget_won": "100"}
    paper["department"] = ""
    browser.submit(f"/desk/assemblies/{hall.id}/agenda?proposal={adopted}", **paper)
    with world.read() as session:
        [item] = hall.items(session)
        assert item.proposal_id == adopted
        remove = f"/desk/assemblies/{hall.id}/agenda/{item.id}/remove"
    assert browser.submit(remove).status == 200
    with world.read() as session:
        assert hall.items(session) == []
    assert browser.open(f"/desk/assemblies/{hall.id}/agenda?proposal=77").status == 404
    assert browser.submit(f"/desk/assemblies/{hall.id}/agenda/77/remove").status == 404


@pytest.mark.parametrize("budget", ["", "-1", "많이", "1e9", "9" * 30])
def test_a_budget_is_a_whole_number_of_won(world, browser, hall, budget):
    browser.sign_in(world, hall.clerk).open(f"/desk/assemblies/{hall.id}/agenda")
    paper = {"title": "쉼터", "sense": "아이들 쉼터", "track": "support", "budget_won": budget}
    assert browser.submit(f"/desk/assemblies/{hall.id}/agenda", **paper).status == 422


def test_an_order_without_minutes_or_without_steps_comes_back(world, browser, hall):
    browser.sign_in(world, hall.clerk).open(f"/desk/assemblies/{hall.id}/order")
    one = {"rows-0-position": "1", "rows-0-kind": "vote", "rows-0-title": "투표"}
    browser.submit(f"/desk/assemblies/{hall.id}/order", **one, **{"rows-0-minutes": ""})
    assert browser.status == 422
    assert "몇 분인지 적어 주세요." in browser.text
    browser.submit(f"/desk/assemblies/{hall.id}/order", **(one | {"rows-0-title": ""}))
    assert browser.status == 422
    assert "식순을 한 단계 이상" in browser.text
    browser.submit(f"/desk/assemblies/{hall.id}/order", **(one | {"rows-0-kind": "party"}))
    assert browser.status == 422


def test_the_chair_leads_and_the_clerk_records(world, new_browser, hall):
    hall.notice().go_to(HELD)
    desk = f"/desk/assemblies/{hall.id}"
    chair = new_browser().sign_in(world, hall.chair).open(desk)
    assert "총회를 열 수 있습니다" in chair.text
    assert "총회를 열었습니다" in chair.submit(f"{desk}/open").text
    with world.read() as session:
        first = hall.now(session).stages[0].id
    assert "식순을 옮겼습니다" in chair.submit(f"{desk}/stage", stage=first).text
    for wrong in ("x", "-1", "9" * 25, ""):
        assert chair.submit(f"{desk}/stage", stage=wrong).status == 404
    clerk = new_browser().sign_in(world, hall.clerk).open(desk)
    assert clerk.submit(f"{desk}/open").status == 403
    clerk.open(f"{desk}/minutes")
    assert clerk.submit(f"{desk}/minutes", minutes="아직").status == 409
    assert "총회를 마쳤습니다" in chair.submit(f"{desk}/close").text
    clerk.open(f"{desk}/minutes").submit(f"{desk}/minutes", minutes="다섯 건을 골랐습니다.")
    assert "회의록을 공개했습니다" in clerk.text
    assert "다섯 건을 골랐습니다." in new_browser().open(f"/assemblies/{hall.id}").text
    with world.read() as session:
        assert session.get_one(Assembly, hall.id).state is AssemblyState.CLOSED


def test_the_desk_is_for_those_who_work_there(world, browser, new_browser, hall):
    for path in ("", "/new", f"/{hall.id}", f"/{hall.id}/agenda", "/rules"):
        assert new_browser().open(f"/desk/assemblies{path}").path == "/sign-in"
        outsider = new_browser().sign_in(world, world.resident())
        assert outsider.open(f"/desk/assemblies{path}").status == 403
    elsewhere = new_browser().sign_in(world, world.staff(Role.CLERK, "gasan"))
    assert elsewhere.open(f"/desk/assemblies/{hall.id}").status == 404
    assert elsewhere.submit(f"/desk/assemblies/{hall.id}/notice").status == 404
    assert "2021년 독산1동 주민총회" not in elsewhere.open("/desk/assemblies").text
    browser.sign_in(world, hall.clerk).open("/desk/assemblies")
    assert "2021. 4. 24.(토)" in browser.text
    assert browser.open("/desk/assemblies?state=closed").status == 200
    assert browser.open("/desk/assemblies?state=nonsense").status == 200


def test_the_operator_sets_rules_and_a_clerk_reads_them(world, new_browser):
    operator = new_browser().sign_in(world, world.staff(Role.OPERATOR))
    operator.open("/desk/assemblies/rules")
    paper = {
        "place": "doksan1",
        "notice_days": "14",
        "quorum_kind": "seats",
        "quorum_value": "72",
        "min_age": "12",
        "age_mode": "counting",
    }
    operator.submit("/desk/assemblies/rules", **paper)
    assert "새 규칙을 정했습니다" in operator.text
    assert "72명 이상" in operator.text
    assert operator.submit("/desk/assemblies/rules", **(paper | {"min_age": "200"})).status == 422
    beyond = paper | {"quorum_kind": "permille", "quorum_value": "1001"}
    assert operator.submit("/desk/assemblies/rules", **beyond).status == 422
    clerk = new_browser().sign_in(world, world.staff(Role.CLERK, "doksan1"))
    assert "12세 이상, 세는나이" in clerk.open("/desk/assemblies/rules").text
    assert clerk.submit("/desk/assemblies/rules", **paper).status == 422


def test_a_draft_is_not_there_for_whoever_would_check_in(world, browser, hall):
    browser.sign_in(world, world.resident("doksan1"))
    for assembly_id in (hall.id, 4242):
        assert browser.submit(f"/assemblies/{assembly_id}/check-in").status == 404


def test_the_agenda_shows_why_a_proposal_is_hidden_instead_of_its_words(world, app, browser):
    year = noticed_year(world, app)
    page = f"/assemblies/{year.hall.id}"
    assert "쉼터를 함께, 이렇게 합니다" in browser.open(page).text
    year.hide(year.shelter)
    for neutral in (HIDDEN, WHY, "보안등을 더 밝게"):
        assert neutral in browser.open(page).text
    assert "쉼터를 함께" not in browser.text
    year.show_again(year.shelter)
    assert "쉼터를 함께, 이렇게 합니다" in browser.open(page).text
    assert HIDDEN not in browser.text


def test_minutes_keep_their_words_and_say_that_they_name_a_hidden_proposal(
    world, app, browser, new_browser
):
    year = noticed_year(world, app)
    hall, named = year.hall, "이름이 나온 제안 가운데 지금은 가린 것이 있습니다"
    hall.open()
    hall.act("close_assembly", hall.chair)
    clerk = new_browser().sign_in(world, hall.clerk)
    writing = f"/desk/assemblies/{hall.id}/minutes"
    assert "쉼터를 함께" not in clerk.open(writing).text
    year.hide(year.shelter)
    assert "번호로 적어 주세요" in clerk.open(writing).text
    assert "01 쉼터를 함께" in clerk.text
    assert "보안등을 더 밝게" not in clerk.text
    year.show_again(year.shelter)
    hall.act("publish_minutes", hall.clerk, minutes="고른 것:\n\n- 쉼터를  함께\n- 마을 축제")
    page = f"/assemblies/{hall.id}"
    assert named not in browser.open(page).text
    year.hide(year.lamps)
    assert named not in browser.open(page).text
    year.hide(year.shelter)
    assert named in browser.open(page).text
    assert "마을 축제</li>" in browser.text


def test_a_quorum_that_was_not_met_is_told_as_over_once_the_assembly_is(world, browser, hall):
    page = f"/assemblies/{hall.id}"
    hall.open()
    assert "성원까지 125명 남았습니다" in browser.open(page).text
    hall.act("close_assembly", hall.chair)
    assert "출석한 분만으로는 성원에 125명이 모자랐습니다" in browser.open(page).text
    assert "남았습니다" not in browser.text
