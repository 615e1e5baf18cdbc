"""Which proposals come onto an agenda: all that may are within reach, and none that is hidden."""

from __future__ import annotations

import pytest

from app.assemblies.models import Assembly, AssemblyState
from app.core.refusals import Refused
from app.moderation.models import HideReason
from app.proposals import actions as proposals
from app.proposals.models import Proposal, TimelineCode, TimelineEntry
from app.residents.models import Role
from tests.assemblies.steps import Hall
from tests.proposals import steps
from tests.support.statements import statements

PAPER = {"title": "쉼터", "sense": "아이들 쉼터", "track": "support", "budget_won": "100"}


@pytest.fixture
def hall(world):
    return Hall(world)


def hide(world, proposal_id):
    moderator = world.staff(Role.MODERATOR)
    with world.write() as session:
        proposals.hide_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            reason=HideReason.PERSONAL_DATA,
            note="이름이 나옵니다",
            by=world.standing(session, moderator),
            at=world.at,
        )


def put(world, hall, proposal_id):
    with world.read() as session:
        proposal = session.get_one(Proposal, proposal_id)
    return hall.item("쉼터", proposal=proposal)


def test_a_hidden_proposal_does_not_come_onto_an_agenda(world, hall, adopted):
    with world.read() as session:
        seen_before = session.get_one(Proposal, adopted)
    hide(world, adopted)
    with pytest.raises(Refused) as refused:
        hall.item("쉼터", proposal=seen_before)
    assert refused.value.refusal.value == "assembly.proposal_hidden"


def test_no_notice_tells_of_a_proposal_that_was_hidden_since(world, hall, adopted, browser):
    put(world, hall, adopted)
    page = f"/desk/assemblies/{hall.id}"
    browser.sign_in(world, hall.clerk).open(f"{page}/notice")
    assert "공고하면 이렇게 됩니다" in browser.text
    hide(world, adopted)
    assert browser.submit(f"{page}/notice").status == 409
    why_not = "가린 제안에서 온 안건이 있습니다."
    assert why_not in browser.text
    assert why_not in browser.open(f"{page}/notice").text
    with world.read() as session:
        assert session.get_one(Assembly, hall.id).state is AssemblyState.DRAFT
        told = session.query(TimelineEntry).filter_by(proposal_id=adopted)
        assert TimelineCode.ON_AGENDA not in [one.code for one in told]
        [item] = hall.items(session)
    browser.open(f"{page}/agenda").submit(f"{page}/agenda/{item.id}/remove")
    assert browser.open(f"{page}/notice").submit(f"{page}/notice").status == 200


def test_every_proposal_that_may_be_raised_is_within_reach(world, hall, browser):
    raisable = [steps.adopted(world, title=f"{number}번째 제안") for number in range(21)]
    agenda = f"/desk/assemblies/{hall.id}/agenda"
    browser.sign_in(world, hall.clerk).open(agenda)
    assert browser.text.count(f'href="{agenda}?proposal=') == 20
    assert "0번째 제안" not in browser.text.replace("10번째 제안", "").replace("20번째 제안", "")
    assert f'href="{agenda}?page=2"' in browser.text
    assert "0번째 제안" in browser.open(f"{agenda}?page=2").text
    browser.open(f"{agenda}?proposal={raisable[0]}")
    assert 'value="0번째 제안"' in browser.text
    browser.submit(f"{agenda}?proposal={raisable[0]}", **PAPER, department="")
    with world.read() as session:
        assert [item.proposal_id for item in hall.items(session)] == [raisable[0]]
    for odd in ("0", "-1", "x", "99999999999999999999", str(raisable[0])):
        assert browser.open(f"{agenda}?proposal={odd}").status == 404


def test_a_notice_reads_its_agenda_anew_in_one_go_however_long(world, app):
    def asked(items):
        hall = Hall(world)
        for number in range(items):
            hall.item(f"{number}째 안건")
        with statements(app) as seen:
            hall.notice()
        return len(seen)

    assert asked(12) == asked(3)
