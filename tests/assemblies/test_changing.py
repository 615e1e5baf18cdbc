"""A notice is corrected in public, an assembly called off, a draft thrown away."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.assemblies import queries
from app.assemblies.models import Assembly
from app.assemblies.policy import AssemblyRefusal as R
from app.audit.queries import chain_rows
from app.core.clock import seoul_day, seoul_moment
from app.core.refusals import Refused
from app.notices.models import Notice
from app.proposals.models import Follow, TimelineCode, TimelineEntry
from app.residents.models import Role
from app.web.wording import format_date
from tests.assemblies.steps import ENDS, HELD, Hall
from tests.support.meeting import at_once

LATER = seoul_moment(date(2021, 5, 31), 19)
WEEK = timedelta(days=7)
WHY = "태풍 예보로 한 주 미룹니다."
OFF = "강당을 쓸 수 없게 되었습니다."


@pytest.fixture
def hall(world, adopted):
    """An announced assembly with a proposal on its agenda."""
    found = Hall(world)
    found.item(proposal_id=adopted)
    return found.notice()


def correct(hall, *, by=None, seen=0, **new):
    stood = {
        "held_at": LATER,
        "ends_at": LATER + (ENDS - HELD),
        "venue": "주민센터 3층 강당",
        "notice_text": "함께 모여 **내년에 할 일**을 정합니다.",
        "reason": WHY,
    }
    return hall.act("correct_notice", by or hall.clerk, corrections_seen=seen, **(stood | new))


def refused(refusal):
    return pytest.raises(Refused, check=lambda error: error.refusal is refusal)


def acts(hall):
    with hall.world.read() as session:
        return [row.act for row in chain_rows(session, "assembly", hall.id, limit=50)]


def told(world, person_id):
    with world.read() as session:
        return session.scalars(
            select(Notice.kind).where(Notice.person_id == person_id).order_by(Notice.id)
        ).all()


# ---------------------------------------------------------------- correcting a notice


def test_a_correction_moves_the_assembly_and_keeps_what_stood_there(world, hall, browser):
    neighbour = world.resident()
    world.account_of(neighbour)
    correct(hall, venue="구청 대강당")
    assert acts(hall)[0] == "NoticeCorrected"
    assert told(world, neighbour)[-1] == "NoticeCorrected"
    with world.read() as session:
        now = hall.now(session)
        assert (now.held_at, now.venue) == (LATER, "구청 대강당")
        [kept] = queries.notice_corrections(session, hall.id)
        assert (kept.held_before, kept.ends_before) == (HELD, ENDS)
        assert (kept.venue_before, kept.reason, kept.by) == (
            "주민센터 3층 강당", WHY, hall.clerk,
        )  # fmt: skip
    text = browser.open(f"/assemblies/{hall.id}").text
    assert "2021. 5. 31.(월) 19:00 ~ 20:30" in text
    assert WHY in text
    assert "정정하기 전: 2021. 5. 24.(월) 19:00 ~ 20:30, 주민센터 3층 강당" in text
    assert "정정한 뒤: 2021. 5. 31.(월) 19:00 ~ 20:30, 구청 대강당" in text
    assert "공고문을 고쳤습니다" not in text


def test_whoever_follows_a_proposal_on_the_agenda_is_told_wherever_they_live(world, hall, adopted):
    here, elsewhere, apart = world.resident(), world.resident("gasan"), world.resident("gasan")
    for person in (here, elsewhere, apart):
        world.account_of(person)
    with world.write() as session:
        for person in (here, elsewhere):
            session.add(Follow(proposal_id=adopted, person_id=person, at=world.at))
    correct(hall)
    assert told(world, here).count("NoticeCorrected") == 1
    assert told(world, elsewhere) == ["NoticeCorrected"]
    hall.act("call_off", hall.clerk, reason=OFF)
    assert told(world, elsewhere)[-1] == "ProposalAdvanced"
    assert told(world, apart) == []


def test_each_correction_says_what_it_changed_and_the_record_holds_its_words(
    world, hall, new_browser
):
    correct(hall)
    correct(hall, seen=1, venue="구청 대강당", reason="강당을 고칩니다.")
    with world.read() as session:
        newest, older = chain_rows(session, "assembly", hall.id, limit=2)
        assert (newest.said["number"], older.said["number"]) == (2, 1)
        assert len(newest.said["digest"]) == 64
        assert newest.said["digest"] != older.said["digest"]
    lines = new_browser().open(f"/assemblies/{hall.id}").text
    for line in (
        "정정하기 전: 주민센터 3층 강당<",
        "정정한 뒤: 구청 대강당<",
        "정정하기 전: 2021. 5. 24.(월) 19:00 ~ 20:30<",
        "정정한 뒤: 2021. 5. 31.(월) 19:00 ~ 20:30<",
    ):
        assert line in lines


def test_a_text_that_a_form_sends_back_is_not_told_as_changed(world, hall, browser):
    with world.write() as session:
        hall.now(session).notice_text = "오세요. \r\n\r\n\r\n함께 정합니다.\n"
    correct(hall, notice_text="오세요.\n\n함께 정합니다.")
    with refused(R.NOTICE_STANDS_SO):
        correct(hall, seen=1, notice_text="오세요.\n\n함께 정합니다.")
    assert "공고문을 고쳤습니다" not in browser.open(f"/assemblies/{hall.id}").text


def test_a_name_that_had_to_go_from_a_notice_is_read_at_the_desk_alone(world, hall, new_browser):
    name, stood = "공감순 010-0000-0000", {"held_at": HELD, "ends_at": ENDS}
    correct(hall, notice_text=f"문의: {name}", **stood)
    correct(hall, seen=1, notice_text="문의: 동 주민센터", reason="전화번호를 뺐습니다.", **stood)
    public = new_browser().open(f"/assemblies/{hall.id}").text
    assert name not in public
    assert public.count("공고문을 고쳤습니다.") == 2
    assert "정정하기 전:" not in public
    desk = new_browser().sign_in(world, hall.clerk).open(f"/desk/assemblies/{hall.id}").text
    assert name in desk


def test_the_doors_follow_the_new_times(world, hall):
    correct(hall)
    hall.go_to(HELD)
    with refused(R.TOO_EARLY):
        hall.act("open_assembly", hall.chair)
    hall.go_to(LATER)
    hall.act("open_assembly", hall.chair)
    with refused(R.NOT_AHEAD):
        correct(hall, seen=1, held_at=LATER + WEEK, ends_at=LATER + 2 * WEEK)


def test_a_notice_keeps_its_period_and_names_what_is_to_come(world, hall):
    world.pass_time(days=5)
    soonest = seoul_moment(seoul_day(world.at) + timedelta(days=30), 0, 0)
    for start, refusal in (
        (soonest - timedelta(minutes=1), R.NOTICE_TOO_SHORT),
        (world.at, R.IN_THE_PAST),
    ):
        with refused(refusal):
            correct(hall, held_at=start, ends_at=start + timedelta(hours=1))
    with refused(R.ENDS_BEFORE_START):
        correct(hall, ends_at=LATER)
    with refused(R.NOTICE_STANDS_SO):
        correct(hall, held_at=HELD, ends_at=ENDS)
    with refused(R.NO_REASON):
        correct(hall, reason=" \n")
    with refused(R.NOTICE_MOVED_MEANWHILE):
        correct(hall, seen=1)
    for by in (hall.chair, world.staff(Role.CLERK, "gasan"), world.resident()):
        with refused(R.NOT_CLERK):
            correct(hall, by=by)
    correct(hall, held_at=soonest, ends_at=soonest + timedelta(hours=1))
    assert acts(hall).count("NoticeCorrected") == 1


def test_an_hour_mistyped_is_mended_without_a_new_period_and_never_on_the_day_itself(world, hall):
    half_past = HELD - timedelta(minutes=30)
    correct(hall, held_at=half_past, ends_at=ENDS)
    hall.go_to(half_past - timedelta(hours=3))
    with refused(R.NOTICE_TOO_SHORT):
        correct(hall, held_at=half_past - timedelta(hours=2), ends_at=ENDS, seen=1)


def test_what_its_own_time_has_passed_over_is_put_off_to_tomorrow_at_the_soonest(world, hall):
    hall.go_to(HELD + timedelta(hours=1))
    tomorrow = seoul_moment(seoul_day(world.at) + timedelta(days=1), 0, 0)
    today = tomorrow - timedelta(hours=1)
    with refused(R.NOTICE_TOO_SHORT):
        correct(hall, held_at=today, ends_at=today + timedelta(hours=2))
    correct(hall, held_at=tomorrow, ends_at=tomorrow + timedelta(hours=2))


def test_only_an_announced_assembly_that_nobody_came_to_is_moved(world, hall):
    with refused(R.NOT_AHEAD):
        correct(Hall(world))
    guest = world.resident()
    hall.go_to(HELD)
    hall.act("check_in", guest)
    with refused(R.SOME_CAME):
        correct(hall)


def test_an_assembly_whose_time_passed_is_moved_unless_others_took_its_agenda_up(
    world, hall, adopted
):
    other = Hall(world, held=LATER + 5 * WEEK, ends=LATER + 5 * WEEK + timedelta(hours=2))
    with refused(R.ON_ANOTHER_AGENDA):
        other.item(proposal_id=adopted)
    hall.go_to(ENDS + timedelta(hours=1))
    correct(hall)
    with refused(R.ON_ANOTHER_AGENDA):
        other.item(proposal_id=adopted)
    hall.go_to(LATER + timedelta(days=1))
    other.item(proposal_id=adopted)
    moved = {"held_at": LATER + WEEK, "ends_at": LATER + WEEK + timedelta(hours=1)}
    with refused(R.AGENDA_TAKEN_UP):
        correct(hall, seen=1, **moved)
    other.act("discard_assembly", other.clerk)
    correct(hall, seen=1, **moved)


@pytest.mark.race
def test_a_proposal_is_taken_up_or_moved_along_with_its_assembly(world, hall, adopted):
    other = Hall(world, held=LATER + 5 * WEEK, ends=LATER + 5 * WEEK + timedelta(hours=2))
    hall.go_to(ENDS + timedelta(hours=1))
    found = at_once(
        lambda: correct(hall) and None,
        lambda: other.item(proposal_id=adopted) and None,
    )
    assert set(found) in ({R.ON_ANOTHER_AGENDA, None}, {R.AGENDA_TAKEN_UP, None})


@pytest.mark.race
def test_of_two_who_correct_at_once_one_looks_again(hall):
    found = at_once(
        lambda: correct(hall).number,
        lambda: correct(hall, venue="구청 대강당").number,
    )
    assert set(found) == {1, R.NOTICE_MOVED_MEANWHILE}


def test_a_clerk_corrects_on_a_page(world, hall, browser):
    desk = f"/desk/assemblies/{hall.id}"
    browser.sign_in(world, hall.clerk)
    assert f"{desk}/notice/correction" in browser.open(desk).page.get_data(as_text=True)
    page = f"{desk}/notice/correction"
    paper = {"held_on": "2021-05-31", "starts": "19:00", "ends": "20:30", "venue": "구청 대강당"}
    browser.open(page)
    soonest = format_date(seoul_day(world.at) + timedelta(days=30))
    assert f"가장 이른 날은 {soonest}입니다" in browser.text
    browser.submit(page, **paper, notice_text="오세요.", reason="태풍", seen="0")
    assert browser.status == 422
    assert "5자 이상" in browser.text
    assert 'value="구청 대강당"' in browser.text
    assert re.search(r'name="seen"[^>]* value="0"', browser.page.get_data(as_text=True))
    browser.submit(page, **paper, notice_text="오세요.", reason=WHY, seen="0")
    assert "공고를 정정했습니다" in browser.text
    assert "2021. 5. 31.(월)" in browser.text
    browser.open(page)
    browser.submit(page, **paper, notice_text="오세요.", reason=WHY, seen="0")
    assert browser.status == 409
    assert "그사이 다른 분이 공고를 정정했습니다" in browser.text
    assert "지금 공고" in browser.text


# ---------------------------------------------------------------- calling off


def test_an_assembly_is_called_off_for_everybody_and_frees_its_agenda(
    world, hall, adopted, browser
):
    neighbour = world.resident()
    world.account_of(neighbour)
    hall.act("call_off", hall.clerk, reason=OFF)
    assert acts(hall)[0] == "AssemblyCalledOff"
    assert told(world, neighbour)[-1] == "AssemblyCalledOff"
    page = browser.open(f"/assemblies/{hall.id}").text
    assert "취소된 총회입니다" in page
    assert OFF in page
    assert "출석하기" not in page
    assert "다가오는 총회" not in browser.open("/assemblies").text
    assert "취소" in browser.text
    assert browser.open(f"/assemblies/{hall.id}/room").path == f"/assemblies/{hall.id}"
    assert browser.open(f"/assemblies/{hall.id}/room/events").status == 404
    with world.read() as session:
        codes = session.scalars(
            select(TimelineEntry.code).where(TimelineEntry.proposal_id == adopted)
        ).all()
        assert codes[-2:] == [TimelineCode.ON_AGENDA, TimelineCode.CALLED_OFF]
    other = Hall(world)
    other.item(proposal_id=adopted)
    assert "안건으로 오른 총회가 취소되었습니다" in browser.open(f"/proposals/{adopted}").text


def test_nothing_is_done_with_what_is_called_off(world, hall):
    hall.act("call_off", hall.clerk, reason=OFF)
    hall.go_to(HELD)
    for verb, by, details in (
        ("open_assembly", hall.chair, {}),
        ("check_in", world.resident(), {}),
        ("call_off", hall.clerk, {"reason": OFF}),
        ("publish_notice", hall.clerk, {}),
    ):
        with refused(R.CALLED_OFF):
            hall.act(verb, by, **details)
    with refused(R.CALLED_OFF):
        correct(hall)


def test_only_its_clerk_calls_an_announced_assembly_off_and_says_why(world, hall):
    for by in (hall.chair, world.staff(Role.CLERK, "gasan"), world.resident()):
        with refused(R.NOT_CLERK):
            hall.act("call_off", by, reason=OFF)
    with refused(R.NO_REASON):
        hall.act("call_off", hall.clerk, reason=" ")
    with refused(R.NOT_AHEAD):
        draft = Hall(world)
        draft.act("call_off", draft.clerk, reason=OFF)
    hall.open()
    with refused(R.NOT_AHEAD):
        hall.act("call_off", hall.clerk, reason=OFF)


@pytest.mark.race
def test_an_assembly_is_either_opened_or_called_off(hall):
    hall.go_to(HELD)
    found = at_once(
        lambda: hall.act("open_assembly", hall.chair) and None,
        lambda: hall.act("call_off", hall.clerk, reason=OFF) and None,
    )
    assert set(found) in ({R.CALLED_OFF, None}, {R.NOT_AHEAD, None})


@pytest.mark.race
def test_an_assembly_is_opened_as_announced_or_moved(hall):
    hall.go_to(HELD)
    found = at_once(
        lambda: hall.act("open_assembly", hall.chair) and None,
        lambda: correct(hall) and None,
    )
    assert set(found) in ({R.TOO_EARLY, None}, {R.NOT_AHEAD, None})


def test_a_clerk_calls_off_on_a_page_and_a_second_press_is_calm(world, hall, browser):
    desk = f"/desk/assemblies/{hall.id}"
    page = f"{desk}/call-off"
    browser.sign_in(world, hall.clerk).open(page)
    browser.submit(page, reason="")
    assert browser.status == 422
    browser.submit(page, reason=OFF)
    assert "총회를 취소했습니다" in browser.text
    assert OFF in browser.text
    assert f"{desk}/notice/correction" not in browser.page.get_data(as_text=True)
    browser.submit(page, reason=OFF)
    assert browser.path == desk
    assert acts(hall).count("AssemblyCalledOff") == 1


# ---------------------------------------------------------------- throwing a draft away


def test_a_draft_is_thrown_away_and_no_page_shows_it(world, adopted, browser):
    draft = Hall(world)
    draft.item(proposal_id=adopted)
    desk = f"/desk/assemblies/{draft.id}"
    browser.sign_in(world, draft.clerk).open(f"{desk}/discard")
    assert "되돌릴 수 없습니다" in browser.text
    browser.submit(f"{desk}/discard")
    assert "총회 초안을 버렸습니다" in browser.text
    assert "2021년 독산1동 주민총회" not in browser.text
    assert browser.open(desk).status == 404
    assert browser.open(f"/assemblies/{draft.id}").status == 404
    assert browser.submit(f"{desk}/discard").path == "/desk/assemblies"
    assert acts(draft).count("AssemblyDiscarded") == 1
    assert acts(draft)[0] == "AssemblyDiscarded"
    other = Hall(world)
    assert other.id != draft.id
    other.item(proposal_id=adopted)
    for verb in ("publish_notice", "discard_assembly"):
        with refused(R.THROWN_AWAY):
            draft.act(verb, draft.clerk)


@pytest.mark.race
def test_a_draft_is_either_announced_or_thrown_away(world):
    draft = Hall(world)
    found = at_once(
        lambda: draft.act("publish_notice", draft.clerk) and None,
        lambda: draft.act("discard_assembly", draft.clerk),
    )
    assert set(found) in ({R.THROWN_AWAY, None}, {R.NOT_DRAFT, None})


def test_what_is_announced_is_not_thrown_away(world, hall):
    with refused(R.NOT_DRAFT):
        hall.act("discard_assembly", hall.clerk)
    draft = Hall(world)
    with refused(R.NOT_CLERK):
        draft.act("discard_assembly", draft.chair)
    with world.read() as session:
        assert session.get_one(Assembly, draft.id).called_off_at is None
