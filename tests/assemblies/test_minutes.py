"""Published minutes are corrected with a reason, and what stood there is kept for the desk."""

from __future__ import annotations

import re
import threading
from hashlib import sha256

import pytest

from app.assemblies import queries
from app.assemblies.policy import AssemblyRefusal as R
from app.audit.queries import chain_rows
from app.core.refusals import Refused
from app.residents.models import Role
from tests.assemblies.steps import Hall

FIRST, SECOND, THIRD = "등을 **한 개** 답니다.", "등을 **두 개** 답니다.", "등을 **세 개** 답니다."
WHY = "등의 수를 잘못 적었습니다."


@pytest.fixture
def hall(world):
    over = Hall(world).open()
    over.act("close_assembly", over.chair)
    return over


@pytest.fixture
def published(hall):
    hall.act("publish_minutes", hall.clerk, minutes=FIRST)
    return hall


def correct(hall, minutes, *, by=None, seen=0):
    return hall.act(
        "correct_minutes", by or hall.clerk, minutes=minutes, reason=WHY, corrections_seen=seen
    )


def refused(refusal):
    return pytest.raises(Refused, check=lambda error: error.refusal is refusal)


def said(hall):
    """What the chain says of the minutes, the newest first."""
    with hall.world.read() as session:
        rows = chain_rows(session, "assembly", hall.id, limit=50)
        return [(row.act, row.said) for row in rows if row.act.startswith("Minutes")]


def test_a_correction_takes_the_place_of_the_minutes_and_keeps_what_stood_there(world, published):
    correct(published, SECOND)
    world.pass_time(days=1)
    correct(published, THIRD, seen=1)
    with world.read() as session:
        assert published.now(session).minutes == THIRD
        kept = queries.corrections(session, published.id)
        assert [(one.number, one.minutes_before, one.reason) for one in kept] == [
            (2, SECOND, WHY),
            (1, FIRST, WHY),
        ]
        assert (kept[0].at - kept[1].at).days == 1
        assert {one.by for one in kept} == {published.clerk}


def test_the_chain_holds_the_digest_of_every_version(published):
    correct(published, SECOND)
    assert said(published) == [
        (
            "MinutesCorrected",
            {
                "assembly_id": published.id,
                "number": 1,
                "digest": sha256(SECOND.encode()).hexdigest(),
            },
        ),
        (
            "MinutesPublished",
            {"assembly_id": published.id, "digest": sha256(FIRST.encode()).hexdigest()},
        ),
    ]


def test_what_is_refused_changes_nothing(world, published):
    elsewhere = world.staff(Role.CLERK, "gasan")
    for by in (published.chair, elsewhere, world.resident("doksan1")):
        with refused(R.NOT_CLERK):
            correct(published, SECOND, by=by)
    with refused(R.EMPTY_MINUTES):
        correct(published, " \n")
    with refused(R.NOTHING_CORRECTED):
        correct(published, FIRST)
    for seen in (1, -1):
        with refused(R.CORRECTED_MEANWHILE):
            correct(published, SECOND, seen=seen)
    with world.read() as session:
        assert published.now(session).minutes == FIRST
        assert queries.corrections(session, published.id) == []
    assert len(said(published)) == 1


def test_there_is_nothing_to_correct_before_the_minutes(world, hall, browser):
    with refused(R.NO_MINUTES):
        correct(hall, SECOND)
    page = f"/desk/assemblies/{hall.id}/minutes/correction"
    assert browser.sign_in(world, hall.clerk).open(page).status == 409
    assert "회의록을 먼저 공개해 주세요" in browser.text


@pytest.mark.race
def test_of_two_who_correct_at_once_one_is_told_to_look_again(published):
    barrier, made, refusals = threading.Barrier(2), [], []

    def write(minutes):
        with published.world.app.app_context():
            barrier.wait()
            try:
                made.append(correct(published, minutes).number)
            except Refused as error:
                refusals.append(error.refusal)

    threads = [threading.Thread(target=write, args=(one,)) for one in (SECOND, THIRD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, refusals) == ([1], [R.CORRECTED_MEANWHILE])


def test_every_page_of_the_minutes_names_them_in_one_heading(world, hall, browser):
    browser.sign_in(world, hall.clerk)
    desk = f"/desk/assemblies/{hall.id}/minutes"
    assert names_of_parts(browser.open(desk)) == ["회의록 쓰기", "내용"]
    hall.act("publish_minutes", hall.clerk, minutes="## 나눈 이야기\n등을 답니다.")
    assert names_of_parts(browser.open(f"{desk}/correction"))[:2] == ["회의록 바로잡기", "내용"]
    public = names_of_parts(browser.open(f"/assemblies/{hall.id}"))
    assert public.count("회의록") == 1
    assert public[public.index("회의록") + 1] == "나눈 이야기"


def test_a_paper_refused_for_something_else_does_not_know_what_others_corrected(
    world, published, browser
):
    page = f"/desk/assemblies/{published.id}/minutes/correction"
    browser.sign_in(world, published.clerk).open(page)
    correct(published, THIRD)
    browser.submit(page, minutes=SECOND, reason="", seen="0")
    assert browser.status == 422
    known = re.search(r'name="seen"[^>]* value="([0-9]+)"', browser.page.get_data(as_text=True))
    assert known[1] == "0"
    browser.submit(page, minutes=SECOND, reason=WHY, seen=known[1])
    assert browser.status == 409
    with world.read() as session:
        assert published.now(session).minutes == THIRD


def names_of_parts(browser):
    """The headings of the page itself and the labels of its fields, from the top."""
    main = browser.text.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r"<(h\d|label)[^>]*>(.*?)</\1>", main, re.DOTALL)
    return [re.sub(r"<[^>]+>.*", "", words, flags=re.DOTALL).strip() for _tag, words in found]


def test_a_clerk_corrects_on_a_page_and_everyone_reads_the_day_and_the_reason(
    world, published, browser, new_browser
):
    desk = f"/desk/assemblies/{published.id}"
    browser.sign_in(world, published.clerk)
    assert "회의록 바로잡기" in browser.open(desk).text
    page = f"{desk}/minutes/correction"
    assert FIRST in browser.open(page).text
    browser.submit(page, minutes=SECOND, reason=WHY, seen="0")
    assert "회의록을 바로잡았습니다" in browser.text
    public = new_browser().open(f"/assemblies/{published.id}")
    assert "<strong>두 개</strong>" in public.text
    assert "<strong>한 개</strong>" not in public.text
    assert f"<span>2021. 5. 24.(월) 바로잡음</span><span>{WHY}</span>" in public.text
    assert "<strong>한 개</strong>" in browser.open(page).text


def test_a_page_that_is_out_of_date_keeps_what_was_typed_and_can_be_sent_again(
    world, published, browser
):
    page = f"/desk/assemblies/{published.id}/minutes/correction"
    browser.sign_in(world, published.clerk).open(page)
    correct(published, SECOND)
    assert browser.submit(page, minutes=THIRD, reason=WHY, seen="0").status == 409
    assert THIRD in browser.text
    assert "<strong>두 개</strong>" in browser.text
    assert 'name="seen" type="hidden" value="1"' in browser.text
    assert browser.submit(page, minutes=THIRD, reason=WHY, seen="1").status == 200
    assert "회의록을 바로잡았습니다" in browser.text


@pytest.mark.parametrize(
    "paper",
    [
        {"minutes": SECOND, "reason": "", "seen": "0"},
        {"minutes": "", "reason": WHY, "seen": "0"},
        {"minutes": FIRST, "reason": WHY, "seen": "0"},
        {"minutes": SECOND, "reason": "까" * 201, "seen": "0"},
        {"minutes": "가" * 20_001, "reason": WHY, "seen": "0"},
        {"minutes": SECOND, "reason": WHY, "seen": "9" * 25},
        {"minutes": SECOND, "reason": WHY, "seen": "-1"},
        {"minutes": SECOND, "reason": WHY},
    ],
)
def test_a_paper_that_does_not_fit_comes_back(world, published, browser, paper):
    page = f"/desk/assemblies/{published.id}/minutes/correction"
    browser.sign_in(world, published.clerk).open(page)
    assert browser.submit(page, **paper).status == 422
    with world.read() as session:
        assert published.now(session).minutes == FIRST


def test_only_the_clerks_of_the_place_come_to_the_page(world, published, new_browser):
    page = f"/desk/assemblies/{published.id}/minutes/correction"
    assert new_browser().open(page).path == "/sign-in"
    for person, status in (
        (published.chair, 403),
        (world.resident("doksan1"), 403),
        (world.staff(Role.CLERK, "gasan"), 404),
    ):
        desk = new_browser().sign_in(world, person)
        assert desk.open(page).status == status
        assert desk.submit(page, minutes=SECOND, reason=WHY, seen="0").status == status
