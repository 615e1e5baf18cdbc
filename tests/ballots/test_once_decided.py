"""What stands on an announced agenda is decided once: one ballot an assembly, no proposal twice."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.assemblies.models import Assembly, AssemblyState, Track
from app.assemblies.rules import RUNS_ON_AT_MOST
from app.ballots import actions
from app.ballots.models import Ballot, BallotState
from app.ballots.policy import BallotRefusal as R
from app.core.refusals import Refused
from app.moderation.models import HideReason
from app.proposals import actions as proposals
from app.proposals.models import Proposal
from app.residents.models import Role
from tests.assemblies.steps import ENDS, Hall
from tests.ballots.booth import PAPER
from tests.proposals import steps
from tests.support.meeting import meet
from tests.support.statements import statements
from tests.support.year import noticed_year

NEW = "/desk/ballots/new"


@pytest.fixture
def hall(world):
    """An announced assembly with two items."""
    found = Hall(world)
    found.item()
    found.item("보안등을 더 밝게")
    return found.notice()


def drawn(polls, hall, **paper):
    """Draw a ballot of an assembly, or return why not."""
    try:
        with polls.world.read() as session:
            assembly = hall.now(session)
        return polls.draw(assembly=assembly, **paper)
    except Refused as refused:
        return refused.refusal


def frozen(polls, ballot_id):
    """Freeze a paper; return why not, or None."""
    try:
        polls.freeze(ballot_id)
    except Refused as refused:
        return refused.refusal
    return None


def belongs_to(polls, ballot_id, hall):
    """Let a ballot belong to an assembly as nothing hindered it from once."""
    with polls.world.write() as session:
        session.get_one(Ballot, ballot_id).assembly_id = hall.id


# ---------------------------------------------------------------- the agenda stands


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (AssemblyState.DRAFT, R.ASSEMBLY_NOT_NOTICED),
        (AssemblyState.NOTICED, None),
        (AssemblyState.OPEN, None),
        (AssemblyState.CLOSED, R.ASSEMBLY_OVER),
    ],
)
def test_a_ballot_is_drawn_and_frozen_while_its_agenda_stands(polls, hall, state, refusal):
    polls.world.resident()
    old = polls.draw()
    belongs_to(polls, old, hall)
    with polls.world.write() as session:
        session.get_one(Assembly, hall.id).state = state
    assert frozen(polls, old) is refusal
    belongs_to(polls, old, Hall(polls.world))
    found = drawn(polls, hall)
    assert (None if isinstance(found, int) else found) is refusal


@pytest.mark.parametrize(("is_opened", "past"), [(True, ENDS + RUNS_ON_AT_MOST), (False, ENDS)])
def test_no_ballot_is_prepared_for_an_assembly_that_every_page_calls_past(
    polls, hall, new_browser, is_opened, past
):
    polls.world.resident()
    paper = {"closes_at": ENDS + timedelta(days=2)}
    old = polls.draw(**paper)
    if is_opened:
        hall.open()
    hall.go_to(past - timedelta(minutes=1))
    officer = new_browser().sign_in(polls.world, polls.officer)
    url = f"{NEW}?assembly={hall.id}"
    assert officer.open(url).status == 200
    clerk = new_browser().sign_in(polls.world, polls.clerk)
    desk = f"/desk/assemblies/{hall.id}"
    assert url in clerk.open(desk).page.get_data(as_text=True)
    belongs_to(polls, old, hall)
    hall.go_to(past)
    assert frozen(polls, old) is R.ASSEMBLY_OVER
    clerk.open(f"/desk/ballots/{old}").submit(f"/desk/ballots/{old}/agenda")
    assert (clerk.status, len(polls.ballot(old).options)) == (409, 4)
    belongs_to(polls, old, Hall(polls.world))
    assert drawn(polls, hall, **paper) is R.ASSEMBLY_OVER
    assert "이미 지난 총회" in officer.open(url).text
    assert officer.status == 409
    assert url not in clerk.open(desk).page.get_data(as_text=True)


def test_an_item_on_a_paper_is_taken_off_no_agenda(polls, new_browser):
    """Ballots were drawn up for drafts once; the agenda says so instead of failing."""
    hall = Hall(polls.world)
    item = hall.item()
    other = hall.item("보안등을 더 밝게")
    ballot_id = polls.draw()
    with polls.world.write() as session:
        session.get_one(Ballot, ballot_id).options[0].agenda_item_id = item
    clerk = new_browser().sign_in(polls.world, hall.clerk)
    page = f"/desk/assemblies/{hall.id}/agenda"
    clerk.open(page).submit(f"{page}/{item}/remove")
    assert clerk.status == 409
    assert "투표용지에 올라 있는 안건이라 뺄 수 없습니다" in clerk.text
    clerk.open(page).submit(f"{page}/{other}/remove")
    assert "안건에서 뺐습니다" in clerk.text
    with polls.world.read() as session:
        assert [one.id for one in hall.now(session).items] == [item]


def test_no_agenda_is_put_on_a_paper_before_it_is_announced(polls):
    quiet = Hall(polls.world)
    quiet.item()
    ballot_id = polls.draw()
    belongs_to(polls, ballot_id, quiet)
    with pytest.raises(Refused) as refused, polls.world.write() as session:
        actions.put_agenda_on_ballot(
            session,
            session.get_one(Ballot, ballot_id),
            quiet.now(session),
            by=polls.world.standing(session, polls.clerk),
            at=polls.world.at,
        )
    assert refused.value.refusal is R.ASSEMBLY_NOT_NOTICED


# ---------------------------------------------------------------- one ballot an assembly


def test_a_stale_page_draws_no_second_ballot(polls, hall, new_browser):
    clerk = new_browser().sign_in(polls.world, polls.clerk)
    url = f"{NEW}?assembly={hall.id}"
    clerk.open(url)
    first = drawn(polls, hall)
    with polls.world.read() as session:
        place = polls.world.place(session).id
    clerk.submit(url, **PAPER, place=place)
    assert clerk.status == 409
    assert "총회마다 투표는 하나이니 그 투표를 써 주세요" in clerk.text
    assert "내년에 할 일을 정합니다." in clerk.text
    clerk.open(url)
    assert clerk.path == f"/desk/ballots/{first}"
    assert "이미 투표가 있어 그 투표로 왔습니다" in clerk.text
    with polls.world.read() as session:
        assert session.scalars(select(Ballot.id)).all() == [first]


@pytest.mark.race
def test_many_who_draw_at_once_draw_one_ballot(polls, hall):
    together, found = threading.Barrier(6), []

    def draw() -> None:
        together.wait(60)
        found.append(drawn(polls, hall))

    threads = [threading.Thread(target=draw) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with polls.world.read() as session:
        (only,) = session.scalars(select(Ballot.id).where(Ballot.assembly_id == hall.id))
    assert found.count(R.ASSEMBLY_HAS_BALLOT) == 5
    assert only in found


@pytest.mark.race
def test_of_two_drafts_of_an_assembly_one_is_frozen(polls, hall):
    """Two were possible once; whoever freezes the second hears of the first."""
    polls.crowd(2)
    drafts = [polls.draw(), polls.draw()]
    for ballot_id in drafts:
        belongs_to(polls, ballot_id, hall)
    assert sorted(map(str, at_once(polls, drafts))) == sorted(
        map(str, [None, R.ASSEMBLY_HAS_BALLOT])
    )


# ---------------------------------------------------------------- no proposal twice


def with_proposal(polls, proposal_id):
    """A paper of three options of which one comes from a proposal."""
    ballot_id = polls.draw()
    with polls.world.write() as session:
        actions.add_option(
            session,
            session.get_one(Ballot, ballot_id),
            track=Track.BUDGET,
            title="쉼터를 함께",
            sense="앉아 쉴 곳을 만듭니다",
            budget_won=1,
            proposal_id=proposal_id,
            by=polls.world.standing(session, polls.clerk),
            at=polls.world.at,
        )
    return ballot_id


def at_once(polls, ballots):
    """Freeze several papers in the same moment; return why not, each or None."""
    together, found = threading.Barrier(len(ballots)), []

    def freeze(ballot_id) -> None:
        together.wait(60)
        found.append(frozen(polls, ballot_id))

    threads = [threading.Thread(target=freeze, args=(one,)) for one in ballots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.race
def test_of_two_papers_with_one_proposal_one_is_frozen(polls):
    polls.crowd(2)
    shelter = steps.adopted(polls.world)
    found = at_once(polls, [with_proposal(polls, shelter) for _ in range(3)])
    assert found.count(None) == 1
    assert found.count(R.DECIDED_ELSEWHERE) == 2


def test_what_hinders_a_freezing_is_asked_once_a_request(polls, app, new_browser):
    polls.world.resident()
    shelter = steps.adopted(polls.world)
    first, second = with_proposal(polls, shelter), with_proposal(polls, shelter)
    officer = new_browser().sign_in(polls.world, polls.officer)

    def asked(act):
        with statements(app) as seen:
            act()
        return sum("JOIN ballot_option" in one for one in seen)

    urls = [f"/desk/ballots/{one}/freeze" for one in (first, second)]
    officer.open(urls[0])
    assert asked(lambda: officer.submit(urls[0], follow=False)) == 1
    assert officer.status == 303
    assert asked(lambda: officer.open(urls[1])) == 1
    assert officer.status == 409
    assert "‘쉼터를 함께’" in officer.text


def test_a_proposal_is_voted_on_again_only_when_it_did_not_win(polls, new_browser):
    voter = polls.world.resident()
    won, lost = steps.adopted(polls.world), steps.adopted(polls.world)
    first = with_proposal(polls, won)
    waiting = {with_proposal(polls, won): R.DECIDED_ELSEWHERE}
    with polls.world.write() as session:
        session.get_one(Ballot, first).options[0].proposal_id = lost
    again = with_proposal(polls, lost)
    polls.freeze(first)
    officer = new_browser().sign_in(polls.world, polls.officer)
    officer.open(f"/desk/ballots/{again}")
    assert "이미 선정된 제안에서 온 선택지가 있습니다: ‘쉼터를 함께’" in officer.text
    assert f"/desk/ballots/{again}/freeze" not in officer.page.get_data(as_text=True)
    for later in (*waiting, again):
        assert frozen(polls, later) is R.DECIDED_ELSEWHERE
    polls.open(first)
    polls.cast(first, voter, 5)
    polls.close(first)
    polls.count(first)
    with polls.world.write() as session:
        for later in (*waiting, again):
            session.get_one(Ballot, later).closes_at = polls.world.at.replace(year=2022)
    assert frozen(polls, again) is R.DECIDED_ELSEWHERE
    polls.certify(first)
    assert frozen(polls, again) is None
    assert {one: frozen(polls, one) for one in waiting} == waiting
    assert polls.ballot(again).state is BallotState.FROZEN


# ---------------------------------------------------------------- what is hidden meanwhile


@pytest.mark.race
@pytest.mark.postgres
def test_what_is_being_hidden_is_put_on_no_paper(world, app):
    """The agenda is read again once nobody can hide its proposals meanwhile."""
    year = noticed_year(world, app)
    ballot_id = year.drawn()
    moderator = world.staff(Role.MODERATOR)

    def hide(session):
        proposals.hide_proposal(
            session,
            session.get_one(Proposal, year.shelter),
            reason=HideReason.PERSONAL_DATA,
            note="전화번호가 있었습니다.",
            by=world.standing(session, moderator),
            at=world.at,
        )
        session.flush()

    def put():
        with world.write() as session:
            assembly = year.hall.now(session)
            read_before = list(assembly.items)
            assert [item.hidden_reason for item in read_before] == [None] * 3
            actions.put_agenda_on_ballot(
                session,
                session.get_one(Ballot, ballot_id),
                assembly,
                by=world.standing(session, year.polls.clerk),
                at=world.at,
            )

    assert meet(world, hide, put, lambda _session: None) == []
    titles = [option.title for option in year.polls.ballot(ballot_id).options]
    assert titles == ["보안등을 더 밝게", "마을 축제"]
