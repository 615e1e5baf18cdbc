"""A hidden proposal loses nothing by it: its terms are held, and the desk keeps it in sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.refusals import Refused
from app.moderation.models import HideReason
from app.proposals import actions
from app.proposals.models import Proposal, ProposalState, Verdict
from app.proposals.policy import ProposalRefusal
from app.proposals.queries import Pile, desk
from app.proposals.rules import Phase, phase
from app.residents import actions as residents
from app.residents.models import Account, Role
from tests.proposals import steps

HIDING = {"reason": HideReason.ADVERTISING, "note": "가게 광고입니다"}


@pytest.fixture
def moderator(world) -> int:
    return world.staff(Role.MODERATOR)


def act(world, proposal_id, action, by, **words):
    with world.write() as session:
        return action(
            session,
            session.get_one(Proposal, proposal_id),
            by=world.standing(session, by),
            at=world.at,
            **words,
        )


def hide(world, proposal_id, by):
    act(world, proposal_id, actions.hide_proposal, by, **HIDING)


def restore(world, proposal_id, by):
    act(world, proposal_id, actions.restore_proposal, by, note="다시 보니 괜찮습니다")


def close_windows(world):
    with world.write() as session:
        actions.close_missed_windows(session, at=world.at)


def now(world, proposal_id) -> Proposal:
    with world.read() as session:
        found = session.get_one(Proposal, proposal_id)
        session.refresh(found)
        session.expunge(found)
        return found


def test_a_window_moves_on_by_the_time_for_which_its_proposal_was_hidden(world, moderator):
    proposal_id = steps.endorsing(world)
    before = now(world, proposal_id).closes_at
    hide(world, proposal_id, moderator)
    world.pass_time(days=21, hours=2)
    close_windows(world)
    assert now(world, proposal_id).state is ProposalState.ENDORSING
    restore(world, proposal_id, moderator)
    assert now(world, proposal_id).closes_at == before + timedelta(days=21, hours=2)
    close_windows(world)
    assert steps.endorse(world, proposal_id, world.resident()) == 1


def test_a_window_that_was_over_when_its_proposal_was_hidden_stays_over(world, moderator):
    proposal_id = steps.endorsing(world)
    before = now(world, proposal_id).closes_at
    world.pass_time(days=21)
    hide(world, proposal_id, moderator)
    world.pass_time(days=3)
    restore(world, proposal_id, moderator)
    assert now(world, proposal_id).closes_at == before
    close_windows(world)
    assert now(world, proposal_id).state is ProposalState.EXPIRED


def test_hiding_and_showing_again_lengthens_no_window(world, moderator):
    proposal_id = steps.endorsing(world)
    before = now(world, proposal_id).closes_at
    for _ in range(3):
        hide(world, proposal_id, moderator)
        world.pass_time(seconds=1)
        restore(world, proposal_id, moderator)
    assert now(world, proposal_id).closes_at == before + timedelta(seconds=3)


def test_an_answer_is_due_no_later_for_less_than_a_day_nor_once_it_is_late(world, moderator):
    proposal_id = steps.assigned(world)
    hide(world, proposal_id, moderator)
    world.pass_time(hours=23)
    restore(world, proposal_id, moderator)
    assert now(world, proposal_id).reply_due_on == date(2021, 3, 22)
    world.pass_time(days=20)
    hide(world, proposal_id, moderator)
    world.pass_time(days=2)
    restore(world, proposal_id, moderator)
    late = now(world, proposal_id)
    assert (late.reply_due_on, phase(late, world.at)) == (date(2021, 3, 22), Phase.OVERDUE)


def test_an_answer_is_due_later_by_the_days_hidden_and_on_a_working_day(world, moderator):
    proposal_id = steps.assigned(world)
    assert now(world, proposal_id).reply_due_on == date(2021, 3, 22)
    hide(world, proposal_id, moderator)
    world.pass_time(days=5)
    restore(world, proposal_id, moderator)
    assert now(world, proposal_id).reply_due_on == date(2021, 3, 29)


def test_whoever_leaves_takes_an_endorsement_back_from_a_window_that_is_held(world, moderator):
    proposal_id, member = steps.endorsing(world), world.account().person_id
    world.verify(member)
    steps.endorse(world, proposal_id, member)
    hide(world, proposal_id, moderator)
    world.pass_time(days=30)
    with world.write() as session:
        account = session.query(Account).filter_by(person_id=member).one()
        residents.withdraw_person(session, account, checked=account.passphrase_hash, at=world.at)
    restore(world, proposal_id, moderator)
    assert now(world, proposal_id).endorsement_count == 0


def test_the_timeline_says_in_which_trust_as_the_ledger_does(world, moderator, browser):
    proposal_id = steps.endorsing(world)
    for by, said in ((world.registrar(), "담당자"), (moderator, "공론장 진행자")):
        hide(world, proposal_id, by)
        restore(world, proposal_id, by)
        page = browser.open(f"/proposals/{proposal_id}").page.get_data(as_text=True)
        way = page.partition("제안을 다시 보이게 했습니다")[2].partition("</li>")[0]
        assert said in way
        assert said in browser.open("/moderation").text
        world.pass_time(minutes=1)


def titles(world, by, pile):
    with world.read() as session:
        page = desk(session, world.standing(session, by), pile=pile, at=world.at)
        return [line.id for line in page.items]


def test_the_desk_keeps_what_is_hidden_behind_what_can_be_done(world, moderator, browser):
    clerk, hidden, shown = world.registrar(), steps.published(world), steps.published(world)
    open_ = steps.endorsing(world)
    hide(world, hidden, moderator)
    hide(world, open_, moderator)
    assert titles(world, clerk, Pile.TO_DO) == [shown, hidden]
    world.pass_time(days=40)
    assert titles(world, clerk, Pile.ENDORSING) == [open_]
    browser.sign_in(world, clerk)
    assert browser.open("/desk/proposals").text.count("가려짐") == 1
    assert browser.open("/desk/proposals?pile=endorsing").text.count("멈춤") == 1


def test_nothing_is_decided_on_a_hidden_proposal(world, moderator, browser, new_browser):
    waiting, asked = steps.published(world), steps.assigned(world)
    for proposal_id in (waiting, asked):
        hide(world, proposal_id, moderator)
    clerk = browser.sign_in(world, world.registrar())
    officer = new_browser().sign_in(world, steps.department_officer(world))
    why_not = "가려져 있는 제안입니다. 진행자가 다시 보이게 하면 처리할 수 있습니다."
    answer = {"verdict": "adopted", "reason": "쉼터로 꾸밀 수 있습니다", "planned_on": "2021-09-01"}
    for page, path, paper in (
        (clerk, f"/desk/proposals/{waiting}/pass", {}),
        (clerk, f"/desk/proposals/{waiting}/fail", {"reason": "요건에 맞지 않습니다"}),
        (clerk, f"/desk/proposals/{asked}/assign", {"department": "parks"}),
        (officer, f"/desk/proposals/{asked}/reply", answer),
    ):
        page.open(path.rpartition("/")[0])
        assert "가려 둔 동안 기한이 멈추고" in page.text
        assert f'action="{path}"' not in page.text
        assert page.submit(path, **paper).status == 409
        assert why_not in page.text
        assert paper.get("reason", "") in page.text
    assert now(world, waiting).state is ProposalState.PRECHECK
    restore(world, asked, moderator)
    assert officer.submit(f"/desk/proposals/{asked}/reply", **answer).status == 200


def test_a_refusal_to_decide_names_what_stands_in_the_way(world, moderator):
    asked = steps.assigned(world)
    hide(world, asked, moderator)
    with pytest.raises(Refused) as refused:
        act(
            world,
            asked,
            actions.reply_to_proposal,
            steps.department_officer(world),
            verdict=Verdict.REJECTED,
            reason="어렵습니다",
            planned_on=None,
        )
    assert refused.value.refusal is ProposalRefusal.HIDDEN_NOW


def test_the_clock_of_what_is_hidden_stands_on_every_page(world, moderator, browser, new_browser):
    open_, asked = steps.endorsing(world), steps.assigned(world)
    for proposal_id in (open_, asked):
        hide(world, proposal_id, moderator)
    world.pass_time(days=60)
    for proposal_id in (open_, asked):
        page = browser.open(f"/proposals/{proposal_id}").text
        assert "기한 멈춤" in page
        assert "멈춰 있습니다" in page
        for untrue in ("공감 미달", "기준에 미치지", "답변 기한이", "까지 답변", "마감되었습니다"):
            assert untrue not in page, untrue
    clerk = new_browser().sign_in(world, world.registrar())
    assert "기한 멈춤" in clerk.open(f"/desk/proposals/{asked}").text
    assert "답변 기한이" not in clerk.text
