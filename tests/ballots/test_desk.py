"""The desk of ballots, over HTTP with CSRF on."""

import pytest

from app.ballots.models import BallotState
from app.residents.models import Role
from tests.ballots.booth import PAPER
from tests.ballots.conftest import CLOSES, OPENS


def test_a_clerk_draws_a_paper_up_and_an_officer_freezes_it(polls, new_browser):
    polls.world.resident()
    clerk = new_browser().sign_in(polls.world, polls.clerk)
    clerk.open("/desk/ballots/new")
    with polls.world.read() as session:
        place = polls.world.place(session).id
    paper = {**PAPER, "place": place}
    clerk.submit("/desk/ballots/new", **{**paper, "closes_on": "2021-03-09"})
    assert clerk.status == 422
    assert "마감은 시작보다 늦어야 합니다" in clerk.text
    assert "2021년 봄 투표" in clerk.text
    clerk.submit("/desk/ballots/new", **paper)
    assert clerk.status == 200, clerk.text
    ballot_id = int(clerk.path.rsplit("/", 1)[1])
    desk = f"/desk/ballots/{ballot_id}"
    option = {"track": "budget", "sense": "앉아 쉴 곳", "budget_won": "1000", "department": "0"}
    for title in ("가 쉼터", "나 쉼터", "다 쉼터"):
        clerk.submit(f"{desk}/options", title=title, **option)
        assert clerk.status == 200
    clerk.submit(f"{desk}/options/{polls.option_ids(ballot_id)[0]}/remove")
    assert "가 쉼터" not in clerk.text
    clerk.open(f"{desk}/freeze")
    assert clerk.status == 403
    officer = new_browser().sign_in(polls.world, polls.officer)
    officer.open(f"{desk}/freeze")
    assert "투표인명부에 1명이 오릅니다" in officer.text
    officer.submit(f"{desk}/freeze")
    assert "투표용지와 투표인명부를 확정했습니다" in officer.text
    clerk.submit(f"{desk}/options", title="라 쉼터", **option)
    assert clerk.status == 409
    clerk.open(f"{desk}/paper")
    clerk.submit(f"{desk}/paper", **paper)
    assert clerk.status == 409


@pytest.mark.parametrize("field", ["opens_on", "closes_on", "base_date"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_refused(polls, browser, field, day):
    draft = polls.draw()
    browser.sign_in(polls.world, polls.clerk).open(f"/desk/ballots/{draft}/paper")
    with polls.world.read() as session:
        place = polls.world.place(session).id
    paper = {**PAPER, "place": place, field: day}
    for page in ("/desk/ballots/new", f"/desk/ballots/{draft}/paper"):
        browser.open(page)
        browser.submit(page, **paper)
        assert browser.status == 422
        assert "2000년부터 2100년까지의 날짜만 쓸 수 있습니다." in browser.text
    assert browser.open("/desk/ballots").status == 200


@pytest.mark.parametrize("asked", [0, -1, 2**31, 2**63 - 1, 2**63])
def test_a_paper_for_an_assembly_that_cannot_be_is_not_found(polls, browser, asked):
    browser.sign_in(polls.world, polls.clerk)
    assert browser.open(f"/desk/ballots/new?assembly={asked}").status == 404


def test_an_officer_opens_closes_and_counts_and_an_observer_certifies(polls, new_browser):
    voter = polls.world.resident()
    polls.world.pass_time(days=7)
    ballot_id = polls.draw()
    polls.freeze(ballot_id)
    desk = f"/desk/ballots/{ballot_id}"
    officer = new_browser().sign_in(polls.world, polls.officer)
    officer.open(f"{desk}/open")
    assert officer.status == 409
    assert "2021. 3. 10.(수) 00:00부터 열 수 있습니다" in officer.text
    polls.world.clock.at = OPENS
    officer.open(f"{desk}/open")
    officer.submit(f"{desk}/open")
    polls.cast(ballot_id, voter, 1)
    officer.open(f"{desk}/close")
    assert officer.status == 409
    assert "2021. 3. 16.(화) 24:00까지는 마감할 수 없습니다" in officer.text
    polls.world.clock.at = CLOSES
    officer.open(f"{desk}/close")
    assert "다시 열 수 없습니다" in officer.text
    officer.submit(f"{desk}/close")
    officer.open(f"{desk}/count")
    officer.submit(f"{desk}/count")
    officer.open(f"{desk}/certify")
    assert officer.status == 403
    assert "확정한 사람은 개표 결과를 확정할 수 없습니다" in officer.text
    observer = new_browser().sign_in(polls.world, polls.observer)
    observer.open(f"{desk}/certify")
    assert "1명이 참여했습니다." in observer.text
    assert "골목 안 1번째 쉼터 · 1표" in observer.text
    assert "골목 안 2번째 쉼터" not in observer.text
    assert f'href="/ballots/{ballot_id}/result"' in observer.page.get_data(as_text=True)
    observer.submit(f"{desk}/certify")
    assert polls.ballot(ballot_id).state is BallotState.CERTIFIED
    observer.open("/desk/ballots")
    assert "2021년 독산1동 주민총회 투표" in observer.text


def test_the_desk_is_closed_to_residents_and_to_staff_of_other_dongs(polls, ballot_id, new_browser):
    resident = new_browser().sign_in(polls.world, polls.voter)
    assert resident.open("/desk/ballots").status == 403
    other = new_browser().sign_in(polls.world, polls.world.staff(Role.OFFICER, "gasan"))
    assert other.open(f"/desk/ballots/{ballot_id}").status == 403
    assert "2021년 독산1동" not in other.open("/desk/ballots").text
    other.submit(f"/desk/ballots/{ballot_id}/close")
    assert other.status == 403


def test_the_headers_alone_of_the_desk_answer_as_its_pages(polls, ballot_id, new_browser):
    officer = new_browser().sign_in(polls.world, polls.officer)
    draft = polls.draw()
    for url, status in (
        (f"/desk/ballots/{ballot_id}/freeze", 409),
        (f"/desk/ballots/{ballot_id}/close", 409),
        (f"/desk/ballots/{draft}/freeze", 200),
        (f"/desk/ballots/{draft}/paper", 200),
        ("/desk/ballots/new", 200),
        (f"/desk/ballots/{ballot_id}", 200),
    ):
        assert officer.client.get(url).status_code == status, url
        assert officer.client.head(url).status_code == status, url
    assert polls.ballot(draft).state is BallotState.DRAFT
    assert polls.ballot(ballot_id).state is BallotState.OPEN
