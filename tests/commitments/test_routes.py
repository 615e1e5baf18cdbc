"""The pages of commitments, with the refusals beside the successes."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.commitments.models import Commitment
from app.residents.models import Role
from tests.support.statements import statements

REPORT = {"text": "첫 의자를 놓았습니다.", "percent": "40", "spent_won": "400만 원"}


def seen_on(browser):
    """What the page of steps sends to say which ones it showed."""
    return re.search(r'name="seen"[^>]* value="([0-9a-f]+)"', browser.text)[1]


def sure_on(browser):
    """A yes to the figures that the page asks about."""
    page = browser.page.get_data(as_text=True)
    return {"sure": "y", "sure_of": re.search(r'name="sure_of"[^>]* value="([^"]+)"', page)[1]}


def test_the_year_is_told_in_a_sentence(world, browser, promises):
    assert "아직 약속이 없습니다" in browser.open("/commitments").text
    kept, silent, _ = promises.made(3)
    promises.report(kept, 100)
    world.pass_time(days=42)
    browser.open("/commitments")
    assert "2021년 3개 약속 가운데 1개를 지켰습니다" in browser.text
    assert "42일째 새 소식이 없습니다" in browser.text
    assert "2021년 동별 약속" in browser.text
    assert "골목 안 1번째 쉼터" in browser.open("/commitments?status=kept&year=2021").text
    assert "골목 안 2번째 쉼터" not in browser.text
    assert browser.open("/commitments?status=late&place=doksan1").status == 200
    assert "여기에 해당하는 약속이 없습니다" in browser.text
    for nonsense in ("status=won", "year=1", "year=x", "place=nowhere", "year=" + "9" * 30):
        assert browser.open(f"/commitments?{nonsense}").status == 404
    assert browser.open("/commitments?page=99999999999999999999").status == 200
    browser.open(f"/commitments/{silent}")
    assert "42일째 새 소식이 없습니다" in browser.text
    assert "아직 보고가 없습니다" in browser.text
    assert browser.open("/commitments/999").status == 404
    assert browser.open("/commitments/99999999999999999999").status == 404


def test_a_late_step_says_so_and_another_year_is_named(world, browser, promises):
    [first, second] = promises.made()
    steps = [("설계", date(2021, 3, 20)), ("공사", date(2021, 10, 1))]
    for one in (first, second):
        promises.act("set_milestones", one, steps, by=promises.clerk)
    promises.report(second, 40, milestones_done=["설계"], by=promises.clerk)
    world.pass_time(days=29)
    assert world.at.date() == date(2021, 4, 12)
    late = 'class="promise-row__next promise-row__next--late">설계 · 23일 지남<'
    assert late in browser.open("/commitments").text
    assert 'class="promise-row__next">다음: 공사 · 10. 1.(금)까지<' in browser.text
    browser.sign_in(world, promises.clerk).open("/desk/commitments")
    assert '설계 · <span class="due due--late">23일 지남</span>' in browser.text
    assert '공사 · <span class="due">10. 1.(금)까지</span>' in browser.text
    promises.report(first, 100, milestones_done=["설계", "공사"])
    kept = "<b>성과</b> · {} 지킴</span>"
    assert kept.format("4. 12.(월)") in browser.open(f"/commitments/{first}").text
    world.pass_time(days=300)
    assert kept.format("2021. 4. 12.(월)") in browser.open(f"/commitments/{first}").text
    assert '<time datetime="2021-03-14">2021. 3. 14.(일)</time>' in browser.text


def test_a_department_reports_until_it_is_kept(world, browser, promises):
    [first, other] = promises.made()
    desk = f"/desk/commitments/{first}"
    browser.sign_in(world, promises.officer).open("/desk/commitments")
    assert "골목 안 1번째 쉼터" in browser.text
    assert "골목 안 2번째 쉼터" not in browser.text
    assert browser.open(f"/desk/commitments/{other}").status == 403
    browser.open(f"{desk}/milestones").submit(
        f"{desk}/milestones",
        **{
            "rows-0-name": "공사",
            "rows-0-due_on": "2021-10-01",
            "rows-1-name": "설계",
            "rows-1-due_on": "2021-06-01",
            "rows-2-name": "",
            "rows-2-due_on": "",
        },
        seen=seen_on(browser),
    )
    assert browser.text.index("설계") < browser.text.index("공사")
    browser.submit(desk, **REPORT, milestones_done="설계")
    assert "이행 소식을 알렸습니다" in browser.text
    assert "40% 했습니다" in browser.text
    browser.client.set_cookie("language", "en")
    browser.open(f"/commitments/{first}")
    assert ">Milestones</h2>" in browser.text
    assert ">Progress reports</h2>" in browser.text
    browser.client.delete_cookie("language")
    browser.open(desk)
    browser.submit(desk, **(REPORT | {"percent": "39"}))
    assert browser.status == 422
    assert "지난번에 알린 40%보다 낮출 수 없습니다" in browser.text
    assert "첫 의자를 놓았습니다." in browser.text
    browser.open(f"{desk}/delay")
    browser.submit(f"{desk}/delay", due_on="2021-11-30", reason="장마가 길었습니다.")
    assert browser.status == 422
    assert "지금 정해진 2021. 11. 30.(화)보다 뒤여야 합니다" in browser.text
    browser.submit(f"{desk}/delay", due_on="2022-03-31", reason="장마가 길었습니다.")
    assert "기한을 2022. 3. 31.(목)로 미뤘습니다" in browser.open(f"/commitments/{first}").text
    whole = REPORT | {"percent": "100"}
    browser.open(desk).submit(desk, **whole)
    assert browser.status == 422
    assert "아직 마치지 않은 단계가 있습니다: ‘공사’" in browser.text
    browser.submit(desk, **whole, milestones_done="공사")
    assert browser.status == 422
    assert "100%로 알리면 약속을 지킨 것으로 마치고" in browser.text
    assert "첫 의자를 놓았습니다." in browser.text
    meant = sure_on(browser)
    assert "지킨 약속입니다" not in browser.open(desk).text
    browser.submit(desk, **whole, milestones_done="공사", **meant)
    assert "지킨 약속입니다" in browser.text
    assert "약속을 지켰습니다" in browser.open(f"/commitments/{first}").text
    assert browser.submit(desk, **whole).status == 409


def test_more_than_the_budget_is_asked_about(world, browser, promises):
    [first, _] = promises.made()
    desk = f"/desk/commitments/{first}"
    browser.sign_in(world, promises.officer).open(desk)
    assert 'name="sure"' not in browser.page.get_data(as_text=True)
    spent = REPORT | {"spent_won": "10000001"}
    browser.submit(desk, **spent)
    assert browser.status == 422
    assert "집행한 돈 10,000,001원이 예산 1,000만 원보다 많습니다." in browser.text
    assert 'name="sure"' in browser.page.get_data(as_text=True)
    browser.submit(desk, **spent, **sure_on(browser))
    assert "이행 소식을 알렸습니다" in browser.text


def test_less_money_than_before_is_asked_about(world, browser, promises):
    [first, _] = promises.made()
    promises.report(first, 40, spent_won=5_000_000)
    desk = f"/desk/commitments/{first}"
    browser.sign_in(world, promises.officer).open(desk)
    report = {"text": "의자를 더 놓았습니다.", "percent": "50", "spent_won": "4,000,000"}
    browser.submit(desk, **report)
    assert browser.status == 422
    assert "집행한 돈 400만 원이 지난번에 알린 500만 원보다 적습니다." in browser.text
    assert "네, 맞습니다. 이대로 알립니다. ·" not in browser.text, "nobody has said so"
    meant = sure_on(browser)
    browser.submit(desk, **report | {"spent_won": "400"}, **meant)
    assert browser.status == 422
    assert "집행한 돈 400원이 지난번에 알린 500만 원보다 적습니다." in browser.text
    browser.submit(desk, **report, **meant)
    assert "이행 소식을 알렸습니다" in browser.text
    browser.open(f"/commitments/{first}")
    assert "집행 400만 원 (지난번에는 500만 원)" in browser.text
    with world.read() as session:
        row = session.scalars(
            select(AuditRow).where(AuditRow.act == "ProgressReported").order_by(AuditRow.seq)
        ).all()[-1]
        assert (row.said["percent"], row.said["spent_won"]) == (50, 4_000_000)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": ""},
        {"text": "가" * 2001},
        {"text": "제 번호는 850101-1234567입니다"},
        {"percent": ""},
        {"percent": "101"},
        {"percent": "-1"},
        {"percent": "마흔"},
        {"spent_won": "-1"},
        {"spent_won": "9" * 40},
    ],
)
def test_a_report_that_cannot_be_kept_comes_back(world, browser, promises, changed):
    [first, _] = promises.made()
    desk = f"/desk/commitments/{first}"
    browser.sign_in(world, promises.officer).open(desk)
    assert browser.submit(desk, **(REPORT | changed)).status == 422


@pytest.mark.parametrize(
    "rows",
    [
        {"rows-0-name": "설계", "rows-0-due_on": ""},
        {"rows-0-name": "설계", "rows-0-due_on": "언젠가"},
        {"rows-0-name": "가" * 41, "rows-0-due_on": "2021-06-01"},
        {
            "rows-0-name": "설계",
            "rows-0-due_on": "2021-06-01",
            "rows-1-name": "설계",
            "rows-1-due_on": "2021-07-01",
        },
    ],
)
def test_steps_that_make_no_sense_come_back(world, browser, promises, rows):
    [first, _] = promises.made()
    desk = f"/desk/commitments/{first}/milestones"
    browser.sign_in(world, promises.officer).open(desk)
    assert browser.submit(desk, **rows, seen=seen_on(browser)).status == 422


def test_steps_that_somebody_changed_meanwhile_are_neither_ticked_nor_overwritten(
    world, new_browser, promises
):
    [first, _] = promises.made()
    promises.act("set_milestones", first, [("설계", date(2021, 6, 1)), ("공사", date(2021, 10, 1))])
    desk = f"/desk/commitments/{first}"
    reporter = new_browser().sign_in(world, promises.officer).open(desk)
    planner = new_browser().sign_in(world, promises.officer).open(f"{desk}/milestones")
    known = seen_on(planner)
    meanwhile = [("주민 설명회", date(2021, 5, 1)), ("기본 설계", date(2021, 6, 1))]
    promises.act("set_milestones", first, meanwhile, by=promises.clerk)
    reporter.submit(desk, **REPORT, milestones_done="설계")
    assert reporter.status == 409
    assert "지금 있는 단계에서 다시 골라 주세요" in reporter.text
    assert 'value="기본 설계"' in reporter.text
    assert REPORT["text"] in reporter.text
    reporter.submit(desk, **REPORT, milestones_done="기본 설계")
    assert "이행 소식을 알렸습니다" in reporter.text
    typed = {
        "rows-0-name": "기본 설계",
        "rows-0-due_on": "2021-07-01",
        "rows-1-name": "공사",
        "rows-1-due_on": "2021-10-01",
    }
    planner.submit(f"{desk}/milestones", **typed, seen=known)
    assert planner.status == 409
    assert "그사이 다른 분이 단계를 바꾸었습니다" in planner.text
    assert "주민 설명회" in planner.text
    assert 'value="공사"' in planner.text
    planner.submit(f"{desk}/milestones", **typed, seen=seen_on(planner))
    assert planner.status == 422
    assert "이미 마친 단계의 이름도 쓸 수 없습니다" in planner.text
    typed["rows-0-name"] = "실시 설계"
    planner.submit(f"{desk}/milestones", **typed, seen=seen_on(planner))
    assert "단계를 정했습니다" in planner.text
    assert "주민 설명회" not in planner.text
    paper = planner.open(f"{desk}/milestones").page.get_data(as_text=True)
    assert "마친 단계" in paper
    assert 'value="기본 설계"' not in paper


def test_a_clerk_makes_commitments_of_a_certified_count(world, browser, promises):
    ballot_id = promises.ballot(2, until="counted")
    make = f"/desk/commitments/make/{ballot_id}"
    browser.sign_in(world, promises.clerk).open("/desk/commitments")
    assert "뽑힌 2건이 개표 결과 확정을 기다립니다." in browser.text
    assert f'href="{make}"' not in browser.page.get_data(as_text=True)
    waits = "투표관리자나 참관인이 확정하면 약속으로 옮길 수 있습니다."
    assert waits in browser.open(make).text
    assert 'name="due_on"' not in browser.page.get_data(as_text=True)
    browser.submit(make, year="2022", due_on="2022-11-30", department="parks")
    assert browser.status == 409
    assert waits in browser.text
    promises.certify(ballot_id)
    browser.open("/desk/commitments")
    assert "뽑힌 2건이 아직 약속이 되지 않았습니다." in browser.text
    assert "골목 안 1번째 쉼터" in browser.open(make).text
    paper = {"year": "2022", "due_on": "2022-11-30", "department": "parks"}
    assert browser.submit(make, **(paper | {"year": "1"})).status == 422
    assert browser.submit(make, **(paper | {"due_on": ""})).status == 422
    assert browser.submit(make, **(paper | {"due_on": "2021-03-01"})).status == 422
    assert "이미 지난 날입니다. 오늘이나 그 뒤의 날을 골라 주세요." in browser.text
    assert browser.submit(make, **(paper | {"department": "police"})).status == 422
    browser.submit(make, **paper)
    assert "약속 2건을 만들었습니다" in browser.text
    assert "아직 약속이 되지 않았습니다" not in browser.text
    assert browser.open("/desk/commitments/make/999").status == 404


def test_a_department_is_asked_for_where_something_names_none_and_nowhere_else(
    world, browser, promises
):
    some, all_named = promises.ballot(2), promises.ballot(2, named=frozenset({1, 2}))
    paper = {"year": "2022", "due_on": "2022-11-30"}
    make = f"/desk/commitments/make/{some}"
    browser.sign_in(world, promises.clerk).open(make)
    assert "소관부서가 없는 1건을 맡습니다" in browser.text
    assert "골목 안 1번째 쉼터 · 소관부서 없음" in browser.text
    assert "골목 안 2번째 쉼터 · 복지정책과" in browser.text
    assert browser.submit(make, **paper).status == 422
    make = f"/desk/commitments/make/{all_named}"
    assert 'name="department"' not in browser.open(make).page.get_data(as_text=True)
    browser.submit(make, **paper)
    assert "약속 2건을 만들었습니다" in browser.text
    with world.read() as session:
        promised = session.query(Commitment).all()
        assert {one.department.name for one in promised} == {"복지정책과"}


def test_the_desk_is_for_those_who_answer(world, new_browser, promises):
    [first, _] = promises.made()
    ballot_id = promises.ballot(1)
    assert new_browser().open("/desk/commitments").path == "/sign-in"
    assert new_browser().sign_in(world, world.resident()).open("/desk/commitments").status == 403
    elsewhere = new_browser().sign_in(world, world.staff(Role.CLERK, "gasan"))
    assert "맡은 약속이 보입니다" in elsewhere.open("/desk/commitments").text
    for path in (f"{first}", f"{first}/milestones", f"{first}/delay", f"make/{ballot_id}"):
        assert elsewhere.open(f"/desk/commitments/{path}").status == 403
    assert elsewhere.open("/desk/commitments?status=nonsense&page=-1").status == 200
    elsewhere.open("/desk/commitments?status=late")
    assert "맡은 약속이 보입니다" not in elsewhere.text
    assert '<a class="button" href="/desk/commitments">조건 모두 빼기</a>' in elsewhere.text


def test_lists_take_six_statements_and_a_commitment_eight(world, app, browser, promises):
    made = promises.made(24)
    for one in made[::2]:
        promises.act("set_milestones", one, [("설계", date(2021, 6, 1))], by=promises.clerk)
        promises.report(one, 10, by=promises.clerk)
    browser.sign_in(world, world.resident()).open("/about")
    with statements(app) as asked:
        assert browser.open("/commitments").status == 200
    assert len(asked) <= 6, asked
    with statements(app) as asked:
        assert browser.open(f"/commitments/{made[0]}").status == 200
    assert len(asked) <= 8, asked
    assert "다음" in browser.open("/commitments").text
    assert browser.open("/commitments?page=2").status == 200
