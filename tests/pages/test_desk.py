"""How much waits behind each door of the desk: for this role, at this place, in few statements."""

import re
from datetime import date, timedelta

import pytest

from app.core.clock import seoul_midnight, seoul_moment
from app.forum import actions as forum_actions
from app.forum.models import Topic
from app.moderation import actions as moderation
from app.moderation.models import HideReason, SubjectKind
from app.proposals.models import Proposal
from app.residents.models import Role
from tests.assemblies.steps import Hall
from tests.ballots.conftest import Polls
from tests.commitments.conftest import Promises
from tests.forum.steps import Forum
from tests.proposals import steps
from tests.support.statements import statements

ROW = re.compile(r'<li class="row">.*?</li>', re.DOTALL)
SIDE = re.compile(r'<p class="row__side">(.*?)</p>', re.DOTALL)
# One of the visitor, one of what is asked of every page, beside one for each count.
AROUND = 2


@pytest.fixture
def waiting(world, new_browser):
    """What stands beside a door on somebody's desk."""

    def beside(person_id, door):
        page = new_browser().sign_in(world, person_id).open("/desk")
        assert page.status == 200
        (row,) = [row for row in ROW.findall(page.text) if f'href="/desk/{door}"' in row]
        side = SIDE.search(row)
        return " | ".join(re.findall(r">([^<]+)<", side[0])) if side else ""

    return beside


def test_proposals_wait_for_their_check_and_for_replies(world, waiting):
    clerk, elsewhere = world.staff(Role.CLERK, "doksan1"), world.staff(Role.CLERK, "gasan")
    parks, other = steps.department_officer(world), steps.department_officer(world, "welfare")
    assert waiting(clerk, "proposals") == ""
    proposal_id = steps.assigned(world)
    steps.published(world)
    steps.published(world)
    assert waiting(clerk, "proposals") == "타당성 검토 2건 · 답변 1건"
    assert waiting(parks, "proposals") == "답변 1건"
    assert waiting(elsewhere, "proposals") == waiting(other, "proposals") == ""
    with world.read() as session:
        due = session.get_one(Proposal, proposal_id).reply_due_on
    world.clock.at = seoul_midnight(due + timedelta(days=1))
    assert waiting(parks, "proposals") == "1건 기한 지남 | 답변 1건"


def test_whoever_answers_for_a_department_checks_nothing(world, waiting):
    proposal_id = steps.published(world)
    clerk = world.registrar()
    with world.write() as session:
        steps.actions.assign_department(
            session,
            session.get_one(Proposal, proposal_id),
            world.department(session),
            by=world.standing(session, clerk),
            at=world.at,
        )
    assert waiting(clerk, "proposals") == "타당성 검토 1건"
    assert waiting(steps.department_officer(world), "proposals") == ""


def test_a_text_that_several_reported_waits_once(world, waiting):
    moderator, elsewhere = (world.staff(Role.MODERATOR, dong) for dong in ("doksan1", "gasan"))
    proposal_id = steps.published(world)
    for person in world.residents(2):
        with world.write() as session:
            moderation.report(
                session,
                kind=SubjectKind.PROPOSAL,
                subject_id=proposal_id,
                place=world.place(session),
                container_id=proposal_id,
                reason=HideReason.PERSONAL_DATA,
                note="",
                href=f"/proposals/{proposal_id}",
                by=world.standing(session, person),
                at=world.at,
            )
    assert waiting(moderator, "moderation") == "신고된 글 1건"
    assert waiting(elsewhere, "moderation") == ""


def test_a_topic_waits_for_its_sentences_its_conclusion_and_its_answer(world, waiting):
    forum = Forum(world)
    resident = world.resident()
    with world.write() as session:
        forum_actions.add_claim(
            session,
            session.get_one(Topic, forum.topic_id),
            text="점심에는 차가 천천히 다녀야 합니다.",
            by=world.standing(session, resident),
            at=world.at,
        )
    assert waiting(forum.moderator, "forum") == "살필 문장 1개"
    assert waiting(forum.officer, "forum") == ""
    world.pass_time(days=21)
    assert waiting(forum.moderator, "forum") == "결론 1건"
    assert waiting(world.staff(Role.MODERATOR, "gasan"), "forum") == ""
    forum.conclude()
    assert waiting(forum.moderator, "forum") == ""
    assert waiting(forum.officer, "forum") == "부서 답변 1건"
    assert waiting(steps.department_officer(world, "welfare"), "forum") == ""
    forum.answer()
    assert waiting(forum.officer, "forum") == ""


def test_an_assembly_waits_for_its_notice_its_day_and_its_minutes(world, waiting):
    hall = Hall(world)
    assert waiting(hall.clerk, "assemblies") == "공고 1건"
    assert waiting(hall.chair, "assemblies") == ""
    hall.notice()
    assert waiting(hall.clerk, "assemblies") == ""
    hall.go_to(seoul_moment(date(2021, 5, 24), 8))
    assert waiting(hall.clerk, "assemblies") == waiting(hall.chair, "assemblies") == "오늘 총회 1건"
    assert waiting(world.staff(Role.CLERK, "gasan"), "assemblies") == ""
    hall.open().act("close_assembly", hall.chair)
    assert waiting(hall.clerk, "assemblies") == "회의록 1건"
    assert waiting(hall.chair, "assemblies") == ""


def test_a_ballot_waits_for_whoever_may_take_its_next_step(app, world, waiting):
    polls = Polls(
        world,
        app.extensions["settings"].keys_path,
        *(world.staff(role, "doksan1") for role in (Role.CLERK, Role.OFFICER, Role.OBSERVER)),
    )
    voter = world.resident()
    ballot_id = polls.draw()
    assert waiting(polls.clerk, "ballots") == waiting(polls.officer, "ballots") == "초안 1건"
    assert waiting(polls.observer, "ballots") == ""
    polls.open(ballot_id)
    polls.cast(ballot_id, voter, 1)
    assert waiting(polls.officer, "ballots") == ""
    polls.close(ballot_id)
    assert waiting(polls.officer, "ballots") == "개표 1건"
    assert waiting(polls.clerk, "ballots") == waiting(polls.observer, "ballots") == ""
    polls.count(ballot_id)
    assert waiting(polls.observer, "ballots") == "결과 확정 1건"
    assert waiting(world.staff(Role.OFFICER), "ballots") == "결과 확정 1건"
    assert waiting(polls.officer, "ballots") == ""
    assert waiting(world.staff(Role.OBSERVER, "gasan"), "ballots") == ""


def test_commitments_wait_to_be_made_to_be_told_of_and_to_be_kept(world, tmp_path, waiting):
    promises = Promises(world, tmp_path)
    ballot_id = promises.ballot()
    assert waiting(promises.clerk, "commitments") == "약속으로 옮길 투표 1건"
    assert waiting(promises.officer, "commitments") == ""
    promises.make(ballot_id, due=world.at.date() + timedelta(days=40))
    assert waiting(promises.clerk, "commitments") == ""
    world.pass_time(days=30)
    assert waiting(promises.clerk, "commitments") == "30일 이상 소식 없음 2건"
    assert waiting(promises.officer, "commitments") == "30일 이상 소식 없음 1건"
    assert waiting(world.staff(Role.CLERK, "gasan"), "commitments") == ""
    world.pass_time(days=12)
    assert waiting(promises.officer, "commitments") == "1건 기한 지남 | 30일 이상 소식 없음 1건"


@pytest.mark.parametrize("role", [Role.CLERK, Role.MODERATOR, Role.OFFICER, Role.OPERATOR])
def test_every_count_is_one_statement(app, world, browser, role):
    counted = [door for door in app.extensions["house"].desk_doors if door.waiting]
    assert len(counted) == 6
    steps.published(world)
    browser.sign_in(world, world.staff(role)).open("/about")
    with statements(app) as seen:
        browser.open("/desk")
    assert browser.status == 200
    assert len(seen) <= AROUND + sum(role in door.roles for door in counted), seen
