"""A person's own notices: read page by page, marked as read."""

from datetime import timedelta

from sqlalchemy import insert, select

from app.core import korean
from app.core.paging import PAGE_SIZE
from app.notices.models import Notice
from tests.commitments.conftest import Promises


def leave(world, person_id, count):
    with world.write() as session:
        session.execute(
            insert(Notice),
            [
                {
                    "person_id": person_id,
                    "kind": "ProposalReplied",
                    "details": {"title": f"제안 {number} <b>100%</b>"},
                    "href": f"/proposals/{number}",
                    "created_at": world.at,
                    "attempts": 0,
                }
                for number in range(1, count + 1)
            ],
        )


def test_notices_are_read_newest_first_page_by_page(world, browser):
    person_id = world.resident()
    world.account_of(person_id)
    leave(world, person_id, PAGE_SIZE + 3)
    browser.sign_in(world, person_id).open("/me/notices")
    assert browser.status == 200
    assert browser.text.count("row__title") == PAGE_SIZE
    assert f"제안 {PAGE_SIZE + 3} &lt;b&gt;100%&lt;/b&gt;" in browser.text
    assert "page=2" in browser.text
    browser.open("/me/notices?page=2")
    assert browser.text.count("row__title") == 3
    for odd in ("0", "-1", "x", "99999999999999999999", "9999"):
        assert browser.open(f"/me/notices?page={odd}").status == 200


def test_marking_as_read_concerns_ones_own_notices_alone(world, browser, new_browser):
    mine, other = world.resident(), world.resident()
    for person_id in (mine, other):
        world.account_of(person_id)
        leave(world, person_id, 2)
    browser.sign_in(world, mine).open("/me/notices")
    assert "모두 읽음으로 표시" in browser.text
    browser.submit("/me/notices/read")
    assert browser.path == "/me/notices"
    assert "모두 읽음으로 표시" not in browser.text
    with world.read() as session:
        unread = session.scalars(select(Notice.person_id).where(Notice.read_at.is_(None))).all()
    assert unread == [other, other]


def test_whoever_follows_a_notice_has_read_it_and_nobody_elses(world, browser, new_browser):
    mine, other = world.resident(), world.resident()
    for person_id in (mine, other):
        world.account_of(person_id)
        leave(world, person_id, 2)
    browser.sign_in(world, mine)
    assert "읽지 않은 알림 2건" in browser.open("/").text
    for page in ("/me", "/me/notices"):
        assert 'href="/me/notices/2"' in browser.open(page).text
    assert browser.client.head("/me/notices/2").status_code == 303
    ahead = {"Sec-Purpose": "prefetch;prerender"}
    assert browser.client.get("/me/notices/2", headers=ahead).status_code == 303
    assert "읽지 않은 알림 2건" in browser.open("/").text, "what only looks ahead has read nothing"
    assert browser.client.get("/me/notices/2").status_code == 303
    assert browser.client.get("/me/notices/2").headers["Location"] == "/proposals/2"
    assert "읽지 않은 알림 1건" in browser.open("/").text
    for address in ("/me/notices/3", "/me/notices/424242", f"/me/notices/{'9' * 30}"):
        assert browser.open(address).status == 404
    assert new_browser().open("/me/notices/1").path == "/sign-in"
    with world.read() as session:
        unread = session.scalars(select(Notice.id).where(Notice.read_at.is_(None))).all()
    assert sorted(unread) == [1, 3, 4]


def test_notices_stand_in_the_order_of_the_days_they_show(world, browser):
    person_id = world.resident()
    world.account_of(person_id)
    leave(world, person_id, 1)
    told_later = world.at
    with world.write() as session:
        session.execute(
            insert(Notice),
            [
                {
                    "person_id": person_id,
                    "kind": "ProposalReplied",
                    "details": {"title": f"먼저 온 {days}"},
                    "href": "/proposals/1",
                    "created_at": told_later - timedelta(days=days),
                    "attempts": 0,
                }
                for days in (1, 2)
            ],
        )
    browser.sign_in(world, person_id)
    for page in ("/me", "/me/notices"):
        text = browser.open(page).text
        places = [text.index(said) for said in ("‘제안 1", "‘먼저 온 1", "‘먼저 온 2")]
        assert places == sorted(places)


def test_an_empty_page_says_what_will_come(world, browser):
    browser.sign_in(world, world.resident()).open("/me/notices")
    assert "아직 알림이 없습니다" in browser.text


def test_strangers_are_asked_to_sign_in(world, browser):
    browser.open("/me/notices")
    assert browser.path == "/sign-in"
    assert browser.client.post("/me/notices/read").status_code == 401


def test_an_invitation_to_vote_says_when_it_is_over_and_every_notice_when_it_came(
    world, browser, tmp_path
):
    person_id = world.resident()
    world.account_of(person_id)
    browser.sign_in(world, person_id)
    opened_on = world.at + timedelta(days=2)
    Promises(world, tmp_path).ballot(1, until="closed")
    for page, day in (("/me", korean.format_day), ("/me/notices", korean.format_datetime)):
        assert "‘2021년 주민총회 투표’가 마감되었습니다." in browser.open(page).text
        assert "참여하실 수 있습니다" not in browser.text
        assert "읽지 않음" in browser.text
        assert f"<span>{day(opened_on)}</span>" in browser.text


def test_the_newest_notices_stand_on_ones_own_page(world, browser):
    person_id = world.resident()
    world.account_of(person_id)
    leave(world, person_id, 5)
    page = browser.sign_in(world, person_id).open("/me").text
    assert "부서 답변이 왔습니다" in page
    assert 'href="/me/notices"' in page
