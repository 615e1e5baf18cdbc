"""The whole walk over HTTP, with CSRF on: a resident's proposal becomes a promise, and is kept."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from app.ballots.models import Slot
from app.core.clock import seoul_day, seoul_moment
from app.residents.models import Role
from app.web.jobs import run_due
from tests.support.world import PASSPHRASE

STATE = re.compile(r'name="state"[^>]*value="([^"]+)"')
PICK = re.compile(r'name="pick"[^>]*value="(\d+)"')
REASON = "구 소유 땅이고 안전에 문제가 없어 쉼터로 꾸밀 수 있습니다."


def last_number(path):
    return int(path.rstrip("/").rsplit("/", 1)[1])


def a_newcomer_signs_up(browser):
    browser.open("/sign-up").submit(
        "/sign-up",
        name="홍길동",
        address="010-1234-5678",
        passphrase=PASSPHRASE,
        dong="doksan1",
        terms="y",
        privacy="y",
        of_age="y",
    )
    assert browser.status == 200, browser.text
    assert "홍*동" in browser.open("/me").text
    return browser


def the_desk_verifies_them(clerk):
    clerk.open("/desk/residents").submit(
        "/desk/residents", key="010-1234-5678", purpose="registration"
    )
    verify = re.search(r'action="(/desk/residents/\d+/verify)"', clerk.text)
    assert verify, clerk.text
    clerk.submit(
        verify[1],
        name="홍길동",
        born="19500302",
        dong="doksan1",
        member_class="resident",
        id_seen="y",
    )
    assert clerk.status == 200, clerk.text


def they_propose(author):
    author.open("/proposals/new").submit(
        "/proposals/new",
        place="doksan1",
        field="environment",
        title="골목 끝 빈터를 아이들 쉼터로",
        sense="의자와 그늘막이면 됩니다",
        body="독산로 끝에 **세 해째** 비어 있는 터가 있습니다.",
    )
    proposal_id = int(author.path.split("/")[2])
    author.submit(f"/proposals/{proposal_id}/publish")
    assert "2021-DS1-" in author.text
    return proposal_id


def neighbours_endorse(world, new_browser, proposal_id):
    for neighbour in world.residents(20):
        seen = new_browser().sign_in(world, neighbour).open(f"/proposals/{proposal_id}")
        seen.submit(f"/proposals/{proposal_id}/endorse")
        assert seen.status == 200, seen.text


def the_forum_weighs_it(world, new_browser, moderator, department, proposal_id):
    today = seoul_day(world.at)
    with world.read() as session:
        place, office = world.place(session).id, world.department(session).id
    moderator.open("/desk/forum/new").submit(
        "/desk/forum/new",
        kind="proposal",
        place_id=place,
        proposal_id=proposal_id,
        department_id=office,
        title="빈터를 쉼터로 꾸밀까요?",
        question="골목 끝 빈터를 아이들 쉼터로 꾸미는 데 어떻게 생각하시나요?",
        background="## 알아 둘 사실\n빈터는 구 소유이고 넓이는 마흔 평입니다.",
        opens_on=today.isoformat(),
        closes_on=(today + timedelta(days=6)).isoformat(),
        act="open",
    )
    topic = moderator.path
    assert topic.startswith("/forum/"), moderator.text
    for stance in ("for", "against", "improve"):
        neighbour = new_browser().sign_in(world, world.resident())
        neighbour.open(f"{topic}/opinions/new").submit(
            f"{topic}/opinions/new",
            stance=stance,
            reason="재 보고 정하자",
            text="밤에는 어두우니 등과 의자를 함께 두어야 한다고 생각합니다.",
        )
        assert neighbour.status == 200, neighbour.text
    assert "찬성" in moderator.open(topic).text
    world.pass_time(days=7)
    desk = f"/desk/forum/{last_number(topic)}"
    moderator.open(f"{desk}/conclude").submit(
        f"{desk}/conclude",
        conclusion="등을 먼저 달고 쉼터로 꾸미자는 데 모였습니다.",
        act="publish",
    )
    department.open(f"{desk}/answer").submit(
        f"{desk}/answer", reply="등 두 개를 먼저 달고 총회에 안건으로 올리겠습니다.", act="publish"
    )
    assert department.path == topic, department.text


def the_clerk_calls_an_assembly(clerk, proposal_id):
    clerk.open("/desk/assemblies/new").submit(
        "/desk/assemblies/new",
        place="doksan1",
        title="2021년 독산1동 주민총회",
        held_on="2021-06-10",
        starts="19:00",
        ends="20:30",
        venue="주민센터 3층 강당과 온라인",
        notice_text="함께해 주세요.",
    )
    assert clerk.status == 200, clerk.text
    desk = clerk.path
    paper = {"body": "", "track": "budget", "department": "parks"}
    clerk.open(f"{desk}/agenda?proposal={proposal_id}").submit(
        f"{desk}/agenda?proposal={proposal_id}",
        title="골목 끝 빈터를 아이들 쉼터로",
        sense="의자와 그늘막이면 됩니다",
        budget_won="28000000",
        **paper,
    )
    clerk.open(f"{desk}/agenda").submit(
        f"{desk}/agenda",
        title="보안등 열네 곳을 더 밝게",
        sense="밤길이 어두운 골목을 밝힙니다",
        budget_won="30000000",
        **paper,
    )
    clerk.open(f"{desk}/notice").submit(f"{desk}/notice")
    assert "공고했습니다" in clerk.text, clerk.text
    return last_number(desk)


def an_officer_prepares_the_ballot(cast, assembly_id):
    world, clerk = cast.world, cast.staff(Role.CLERK)
    with world.read() as session:
        place = world.place(session).id
    url = f"/desk/ballots/new?assembly={assembly_id}"
    clerk.open(url).submit(
        url,
        place=place,
        title="2021년 독산1동 주민총회 투표",
        explanation="내년에 할 일을 정합니다.",
        opens_on="2021-06-10",
        opens_time="19:00",
        closes_on="2021-06-12",
        closes_time="24:00",
        min_picks="1",
        max_picks="1",
        seats_budget="1",
        base_date="2021-06-01",
        min_age="15",
        age_mode="election_law",
        quorum_kind="seats",
        quorum_value="3",
    )
    assert clerk.status == 200, clerk.text
    desk = clerk.path
    if "빈터를" not in clerk.open(desk).text:
        clerk.submit(f"{desk}/agenda")
    assert "골목 끝 빈터를 아이들 쉼터로" in clerk.open(desk).text
    world.clock.at = seoul_moment(date(2021, 6, 2), 9)
    officer = cast.staff(Role.OFFICER)
    officer.open(f"{desk}/freeze").submit(f"{desk}/freeze")
    assert "확정했습니다" in officer.text, officer.text
    return last_number(desk)


def the_assembly_meets(world, chair, author, assembly_id):
    room = f"/assemblies/{assembly_id}/room"
    chair.open(f"{room}/console").submit(f"{room}/console/open")
    assert chair.status == 200, chair.text
    author.open(room).submit(f"{room}/check-in")
    author.submit(f"{room}/messages", text="쉼터에 그늘이 꼭 있으면 좋겠습니다", nonce="nonce-0001")
    world.pass_time(minutes=1)
    author.open(room).submit(f"{room}/questions", text="등은 언제 다나요", nonce="nonce-0002")
    author.open(room).submit(f"{room}/floor", topic="밤길", minutes="3")
    assert author.status == 200, author.text
    events = author.client.get(f"{room}/events?after=0").get_json()["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert "그늘이 꼭 있으면" in author.open(f"{room}/feed").text


def they_vote(voter, ballot_id):
    booth = f"/ballots/{ballot_id}/booth"
    voter.open(booth)
    pick = PICK.findall(voter.text)[0]
    voter.submit(f"{booth}/review", pick=pick)
    state = STATE.search(voter.text)
    assert state, voter.text
    voter.submit(f"{booth}/cast", state=state[1])
    assert "투표가 접수되었습니다" in voter.text, voter.text
    again = voter.open(booth)
    assert "투표하기" not in again.text or again.path.endswith("/receipt")


class Cast:
    """Who plays in the walk; everybody signs in anew for each chapter, as weeks have passed."""

    def __init__(self, world, new_browser):
        self.world, self.new_browser = world, new_browser
        roles = (Role.CLERK, Role.OFFICER, Role.OBSERVER, Role.MODERATOR, Role.CHAIR)
        self.ids = {role: world.staff(role) for role in roles}
        self.ids[Role.DEPARTMENT] = world.staff(Role.DEPARTMENT, "geumcheon", department="parks")

    def staff(self, role):
        return self.new_browser().sign_in(self.world, self.ids[role])

    def author(self):
        browser = self.new_browser().open("/sign-in")
        return browser.submit("/sign-in", address="01012345678", passphrase=PASSPHRASE)


def the_department_adopts(cast, proposal_id):
    desk = f"/desk/proposals/{proposal_id}"
    cast.staff(Role.CLERK).open(desk).submit(f"{desk}/assign", department="parks")
    cast.staff(Role.DEPARTMENT).open(desk).submit(
        f"{desk}/reply", verdict="adopted", reason=REASON, planned_on="2021-10-01"
    )
    assert REASON in cast.author().open(f"/proposals/{proposal_id}").text


def the_neighbours_vote(cast, ballot_id):
    """Two more on the roll vote, which makes the quorum of three; a newcomer may not."""
    world = cast.world
    newcomer = cast.new_browser().sign_in(world, world.resident())
    assert newcomer.open(f"/ballots/{ballot_id}/booth").status == 403
    with world.read() as session:
        unused = session.query(Slot).filter_by(ballot_id=ballot_id, used_at=None).limit(2)
        people = [slot.person_id for slot in unused]
    for person_id in people:
        they_vote(cast.new_browser().sign_in(world, person_id), ballot_id)


def the_room_saw_the_turnout(cast, assembly_id):
    seen = cast.new_browser().client.get(f"/assemblies/{assembly_id}/room/events?after=0")
    events = seen.get_json()["events"]
    turnouts = [event["payload"] for event in events if event["kind"] == "turnout"]
    assert [payload["turnout"] for payload in turnouts] == [1, 2, 3], turnouts


def the_urn_is_opened(app, cast, ballot_id):
    cast.world.clock.at = seoul_moment(date(2021, 6, 13), 0)
    assert run_due(app) == []
    tally = f"/desk/ballots/{ballot_id}"
    cast.staff(Role.OFFICER).open(f"{tally}/count").submit(f"{tally}/count")
    cast.staff(Role.OBSERVER).open(f"{tally}/certify").submit(f"{tally}/certify")
    assert "3명이 참여" in cast.author().open(f"/ballots/{ballot_id}/result").text


def the_promise_is_kept(cast, ballot_id):
    make = f"/desk/commitments/make/{ballot_id}"
    clerk = cast.staff(Role.CLERK).open(make)
    clerk.submit(make, year="2022", due_on="2022-11-30", department="parks")
    assert "약속 1건을 만들었습니다" in clerk.text, clerk.text
    department, desk = cast.staff(Role.DEPARTMENT), "/desk/commitments/1"
    report = {
        "text": "등 두 개를 달고 의자를 놓았습니다.",
        "percent": "100",
        "spent_won": "27500000",
    }
    department.open(desk).submit(desk, **report)
    assert department.status == 422, "whether it is meant is asked first"
    asked = re.search(r'name="sure_of"[^>]* value="([^"]+)"', department.text)[1]
    department.submit(desk, **report, sure="y", sure_of=asked)


@pytest.mark.slow
def test_a_proposal_becomes_a_promise_that_is_kept(app, world, new_browser):
    cast = Cast(world, new_browser)
    author = a_newcomer_signs_up(new_browser())
    the_desk_verifies_them(cast.staff(Role.CLERK))
    proposal_id = they_propose(author)
    desk = f"/desk/proposals/{proposal_id}"
    cast.staff(Role.CLERK).open(desk).submit(f"{desk}/pass")
    neighbours_endorse(world, new_browser, proposal_id)
    the_department_adopts(cast, proposal_id)
    the_forum_weighs_it(
        world, new_browser, cast.staff(Role.MODERATOR), cast.staff(Role.DEPARTMENT), proposal_id
    )

    assembly_id = the_clerk_calls_an_assembly(cast.staff(Role.CLERK), proposal_id)
    ballot_id = an_officer_prepares_the_ballot(cast, assembly_id)
    world.clock.at = seoul_moment(date(2021, 6, 10), 19, 1)
    assert run_due(app) == []
    the_assembly_meets(world, cast.staff(Role.CHAIR), cast.author(), assembly_id)
    they_vote(cast.author(), ballot_id)
    the_neighbours_vote(cast, ballot_id)
    the_room_saw_the_turnout(cast, assembly_id)
    chair, room = cast.staff(Role.CHAIR), f"/assemblies/{assembly_id}/room"
    chair.open(f"{room}/console").submit(f"{room}/console/close")
    the_urn_is_opened(app, cast, ballot_id)
    the_promise_is_kept(cast, ballot_id)

    author = cast.author()
    page = author.open(f"/proposals/{proposal_id}").text
    for stage in ("제안", "공감", "검토", "공론", "총회", "실행", "성과"):
        assert stage in page
    assert "골목 끝 빈터를 아이들 쉼터로" in author.open("/commitments?status=kept&year=2022").text
