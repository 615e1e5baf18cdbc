"""The way from an announced assembly to its ballot, and back again by throwing the draft away."""

import re

import pytest

from app.assemblies.models import Assembly, QuorumKind
from app.ballots import actions
from app.ballots.facts import BallotDiscarded
from app.ballots.models import Ballot, BallotEditor, Option, TrackSeats
from app.ballots.policy import BallotRefusal
from app.core.refusals import Refused
from app.residents.models import Role
from app.residents.rules import AgeMode
from tests.assemblies.steps import HELD, Hall
from tests.ballots.booth import PAPER
from tests.support.meeting import meet

MAKE = "이 총회의 투표 만들기"
NEW = "/desk/ballots/new"
# What a paper and an option want to know; each form reads its own.
TYPED = {
    **PAPER,
    "track": "budget",
    "sense": "앉아 쉴 곳",
    "budget_won": "1000",
    "department": "0",
}


@pytest.fixture
def hall(world):
    """An announced assembly with two items."""
    found = Hall(world)
    found.item()
    found.item("보안등을 더 밝게")
    return found.notice()


@pytest.fixture
def draft(polls, hall):
    """A draft of the assembly's ballot."""
    with polls.world.read() as session:
        assembly = session.get_one(Assembly, hall.id)
    return polls.draw(assembly=assembly)


def offered(browser):
    """Return the assemblies that the page offers to draw a ballot up for."""
    page = browser.page.get_data(as_text=True)
    picker = re.search(r'<select[^>]*name="assembly".*?</select>', page, re.DOTALL)
    return [int(found) for found in re.findall(r'value="(\d+)"', picker[0])] if picker else []


def value_of(browser, name):
    """Return what a field of the page holds."""
    page = browser.page.get_data(as_text=True)
    tag = re.search(rf'<(?:input|select)[^>]*name="{name}".*?(?:>|</select>)', page, re.DOTALL)
    assert tag, name
    chosen = re.search(rf'name="{name}".*?<option selected value="([^"]*)"', page, re.DOTALL)
    plain = re.search(r'value="([^"]*)"', tag[0])
    return chosen[1] if "<select" in tag[0] and chosen else plain[1] if plain else ""


def test_a_clerk_goes_from_the_assembly_to_its_ballot(polls, hall, new_browser):
    clerk = new_browser().sign_in(polls.world, polls.clerk)
    desk = f"/desk/assemblies/{hall.id}"
    assert MAKE in clerk.open(desk).text
    chair = new_browser().sign_in(polls.world, hall.chair)
    assert MAKE not in chair.open(desk).text
    url = f"{NEW}?assembly={hall.id}"
    assert url in clerk.page.get_data(as_text=True)
    clerk.open(url)
    told = {
        "opens_on": "2021-05-24",
        "opens_time": "19:00",
        "closes_on": "2021-05-24",
        "closes_time": "20:30",
        "base_date": "2021-03-02",
        "ages_on": "2021-05-24",
        "min_age": "15",
        "age_mode": "election_law",
        "quorum_kind": "permille",
        "quorum_value": "5",
    }
    assert {name: value_of(clerk, name) for name in told} == told
    with polls.world.read() as session:
        place = polls.world.place(session).id
    clerk.submit(
        url,
        place=place,
        title="주민총회 투표",
        explanation="내년에 할 일을 정합니다.",
        min_picks="1",
        max_picks="1",
        seats_support="1",
        **told,
    )
    assert "보안등을 더 밝게" in clerk.text
    ballot = clerk.path
    clerk.open(desk)
    assert MAKE not in clerk.text
    assert f'href="{ballot}"' in clerk.page.get_data(as_text=True)
    assert ballot not in chair.open(desk).page.get_data(as_text=True)


def test_an_officer_finds_the_assembly_in_the_form(polls, hall, new_browser):
    other = Hall(polls.world, "gasan").notice()
    Hall(polls.world)
    officer = new_browser().sign_in(polls.world, polls.officer)
    assert officer.open(f"/desk/assemblies/{hall.id}").status == 403
    assert offered(officer.open(NEW)) == [hall.id]
    assert "독산1동 · 2021년 독산1동 주민총회 · 5. 24.(월)" in officer.text
    officer.open(f"{NEW}?assembly={hall.id}")
    assert "공고한 규칙을 옮겨 두었습니다" in officer.text
    assert officer.open(f"{NEW}?assembly={other.id}").status == 403


def test_an_assembly_with_a_ballot_is_no_longer_offered(polls, hall, draft, new_browser):
    officer = new_browser().sign_in(polls.world, polls.officer)
    assert offered(officer.open(NEW)) == []
    officer.open(f"/desk/ballots/{draft}/discard").submit(f"/desk/ballots/{draft}/discard")
    assert offered(officer.open(NEW)) == [hall.id]
    polls.world.clock.at = HELD.replace(year=2022)
    again = new_browser().sign_in(polls.world, polls.officer)
    assert offered(again.open(NEW)) == []


def test_a_draft_assembly_shows_to_those_who_prepare_it_alone(polls, new_browser):
    quiet = Hall(polls.world)
    url = f"{NEW}?assembly={quiet.id}"
    for stranger in (polls.officer, polls.world.staff(Role.CLERK, "gasan")):
        browser = new_browser().sign_in(polls.world, stranger).open(url)
        assert browser.status == 404
        assert "주민총회의 투표" not in browser.text
    clerk = new_browser().sign_in(polls.world, polls.clerk).open(url)
    assert clerk.status == 409
    assert "총회를 먼저 공고해 주세요" in clerk.text


# ---------------------------------------------------------------- what the notice said


def test_whoever_freezes_hears_what_the_notice_said_otherwise(polls, draft, new_browser):
    polls.world.resident()
    with polls.world.write() as session:
        ballot = session.get_one(Ballot, draft)
        ballot.min_age, ballot.age_mode = 18, AgeMode.COUNTING
        ballot.quorum_kind, ballot.quorum_value = QuorumKind.SEATS, 2
        ballot.closes_at = HELD.replace(day=20)
    officer = new_browser().sign_in(polls.world, polls.officer)
    text = officer.open(f"/desk/ballots/{draft}/freeze").text
    assert "공고한 총회와 다른 것이 있습니다" in text
    assert "공고는 ‘2006. 5. 25.까지 태어난 분 · 15세 이상, 선거법 방식" in text
    assert "이 투표는 ‘2004. 12. 31.까지 태어난 분 · 18세 이상, 세는나이’입니다" in text
    assert "성원: 공고는 ‘주민 수의 0.5%’, 이 투표는 ‘2명 이상’입니다" in text
    assert (
        "총회는 2021. 5. 24.(월) 19:00에 시작하는데, 투표는 그 전인 2021. 5. 20.(목) 19:00" in text
    )


@pytest.mark.parametrize(("day", "warned"), [(24, False), (25, True)])
def test_a_ballot_as_it_was_announced_is_frozen_without_a_warning(
    polls, hall, draft, new_browser, day, warned
):
    polls.world.resident()
    with polls.world.write() as session:
        ballot = session.get_one(Ballot, draft)
        noticed = session.get_one(Assembly, hall.id)
        for rule in ("min_age", "age_mode", "quorum_kind", "quorum_value"):
            setattr(ballot, rule, getattr(noticed, rule))
        ballot.closes_at = HELD.replace(day=day, minute=30)
    officer = new_browser().sign_in(polls.world, polls.officer)
    officer.open(f"/desk/ballots/{draft}/freeze")
    assert officer.status == 200
    assert ("공고한 총회와 다른 것이 있습니다" in officer.text) is warned
    assert ("총회는 2021. 5. 24.(월) 20:30에 마치는데" in officer.text) is warned


# ---------------------------------------------------------------- throwing a draft away


def test_a_draft_goes_with_all_that_stands_on_it(polls, draft, new_browser, heard):
    other = polls.draw()
    clerk = new_browser().sign_in(polls.world, polls.clerk)
    clerk.open(f"/desk/ballots/{draft}")
    assert f"/desk/ballots/{draft}/discard" in clerk.page.get_data(as_text=True)
    clerk.open(f"/desk/ballots/{draft}/discard")
    assert "선택지 4개와 함께 초안이 없어지고" in clerk.text
    clerk.submit(f"/desk/ballots/{draft}/discard")
    assert "투표 초안을 버렸습니다" in clerk.text
    assert clerk.open(f"/desk/ballots/{draft}").status == 404
    clerk.open("/desk/ballots").submit(f"/desk/ballots/{draft}/discard")
    assert (clerk.status, clerk.path) == (200, "/desk/ballots")
    with polls.world.read() as session:
        assert session.get(Ballot, draft) is None
        for kind in (Option, TrackSeats, BallotEditor):
            assert {row.ballot_id for row in session.query(kind)} == {other}
    assert [fact.ballot_id for fact in heard if isinstance(fact, BallotDiscarded)] == [draft]


def test_only_a_draft_is_thrown_away_and_only_by_those_who_draw(polls, draft):
    polls.world.resident()
    for by, refusal in (
        (polls.observer, BallotRefusal.NOT_CLERK),
        (polls.world.staff(Role.CLERK, "gasan"), BallotRefusal.NOT_CLERK),
    ):
        with pytest.raises(Refused) as refused:
            discard(polls, draft, by)
        assert refused.value.refusal is refusal
    polls.freeze(draft)
    with pytest.raises(Refused) as refused:
        discard(polls, draft, polls.officer)
    assert refused.value.refusal is BallotRefusal.NOT_DRAFT
    assert len(polls.ballot(draft).options) == 4


def test_the_number_of_a_draft_is_never_another_ballots_and_its_record_stays_with_the_dong(
    polls, new_browser
):
    first = polls.draw()
    discard(polls, first, polls.clerk)
    second = polls.draw()
    discard(polls, second, polls.clerk)
    assert len({first, second, polls.draw()}) == 3
    observer = new_browser().sign_in(polls.world, polls.observer)
    assert observer.open(f"/desk/audit/ballot/{first}").status == 200
    assert "투표 초안 버림" in observer.text
    elsewhere = new_browser().sign_in(polls.world, polls.world.staff(Role.OBSERVER, "gasan"))
    assert elsewhere.open(f"/desk/audit/ballot/{first}").status == 404


@pytest.mark.postgres
@pytest.mark.parametrize(
    "act", ["paper", "options", "options/{option}/remove", "agenda", "freeze", "discard"]
)
def test_whoever_comes_too_late_to_a_draft_does_not_find_it(polls, draft, new_browser, act):
    polls.world.resident()
    officer = new_browser().sign_in(polls.world, polls.officer)
    page = f"/desk/ballots/{draft}"
    url = f"{page}/{act}".format(option=polls.option_ids(draft)[0])
    typed = {**TYPED, "place": polls.ballot(draft).place_id}
    officer.open(page)
    came = meet(
        polls.world,
        lambda session: throw_away(polls, session, draft, polls.clerk),
        lambda: officer.submit(url, **typed),
        lambda _session: None,
    )
    assert came == []
    assert officer.status == 404


def discard(polls, ballot_id, by):
    with polls.world.write() as session:
        throw_away(polls, session, ballot_id, by)


def throw_away(polls, session, ballot_id, by):
    actions.discard_ballot(
        session,
        session.get_one(Ballot, ballot_id),
        by=polls.world.standing(session, by),
        at=polls.world.at,
    )
