"""Whoever leaves takes presence and upvotes along where an assembly goes on: one human, once."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from sqlalchemy import func, select

from app.assemblies import actions as assemblies
from app.assemblies.models import Assembly, Attendance
from app.assemblies.policy import AssemblyRefusal
from app.audit.models import AuditRow
from app.core.database import write_transaction
from app.core.refusals import Refused
from app.residents import actions as residents
from app.residents.models import Account
from app.room import actions
from app.room.models import EventKind, Question, QuestionUpvote
from app.room.policy import RoomRefusal
from app.web.database import db
from tests.room.house import LiveAssembly
from tests.support.meeting import meet

PATIENCE = 60


@pytest.fixture
def member(world):
    """Return what makes a verified resident with an account."""

    def join():
        person_id = world.account().person_id
        world.verify(person_id)
        return person_id

    return join


def leave_in(session, person_id, at):
    account = session.scalars(select(Account).where(Account.person_id == person_id)).one()
    residents.withdraw_person(session, account, checked=account.passphrase_hash, at=at)


def leave(world, person_id):
    with world.app.app_context(), write_transaction(db.session) as session:
        leave_in(session, person_id, world.at)


def check_in_in(session, live, by):
    assemblies.check_in(session, live.row(session), by=by, at=live.world.at)


def check_in(live, by):
    with live.world.app.app_context(), write_transaction(db.session) as session:
        check_in_in(session, live, by)


def standing(world, person_id):
    """What someone was when their request began."""
    with world.read() as session:
        return world.standing(session, person_id)


def present(world, assembly_id):
    """The attendance that is shown, and who is there."""
    with world.read() as session:
        people = select(Attendance.person_id).where(Attendance.assembly_id == assembly_id)
        count = session.get_one(Assembly, assembly_id, populate_existing=True).attendance_count
        return count, session.scalars(people.order_by(Attendance.person_id)).all()


def upvotes(world, question_id):
    """The upvotes that are shown, and how many there are."""
    with world.read() as session:
        shown = session.get_one(Question, question_id, populate_existing=True).upvotes
        given = select(func.count()).where(QuestionUpvote.question_id == question_id)
        return shown, session.scalar(given)


def test_one_human_verified_anew_is_present_once_and_raises_once(world, live, member):
    neighbour = live.guest()
    first = live.ask(neighbour, "언제 시작하나요?")
    world.pass_time(minutes=1)
    second = live.ask(neighbour, "누가 하나요?")
    before = live.check_in(member())
    live.raise_question(before, first)
    live.raise_question(before, second)
    seen = len(live.events())
    leave(world, before)
    assert present(world, live.id) == (1, [neighbour])
    assert upvotes(world, first) == upvotes(world, second) == (0, 0)
    assert [(event.kind, event.payload) for event in live.events()[seen:]] == [
        (EventKind.QUESTION_UPVOTES, {"id": first, "upvotes": 0}),
        (EventKind.QUESTION_UPVOTES, {"id": second, "upvotes": 0}),
        (EventKind.CHECK_IN, {"count": 1, "needed": 3}),
    ]
    with world.read() as session:
        acts = select(AuditRow.act).where(AuditRow.chain == "assembly").order_by(AuditRow.seq)
        assert session.scalars(acts).all()[-1] == "AttendanceTakenBack"
    again = live.check_in(member())
    assert present(world, live.id) == (2, [neighbour, again])
    assert live.raise_question(again, first) == 1


def test_what_an_assembly_that_is_over_has_counted_stands(world, live, member):
    going, person_id = LiveAssembly(world), live.check_in(member())
    question_id = live.ask(live.guest(), "언제 시작하나요?")
    live.raise_question(person_id, question_id)
    going.check_in(person_id)
    live.close()
    leave(world, person_id)
    assert present(world, live.id)[0] == 2
    assert upvotes(world, question_id) == (1, 1)
    assert present(world, going.id) == (0, [])


@pytest.mark.race
@pytest.mark.parametrize("turn", range(4))
def test_leaving_and_checking_in_at_once_ends_with_true_counts(world, live, member, turn):
    person_id, neighbour = member(), live.guest()
    by, barrier = standing(world, person_id), threading.Barrier(2)
    failures = []

    def run(act):
        barrier.wait(PATIENCE)
        try:
            act()
        except Refused as refused:
            failures.append(refused.refusal)

    acts = [partial(leave, world, person_id), partial(check_in, live, by)]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts[:: 1 - turn % 2 * 2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert failures in ([], [AssemblyRefusal.NOT_MEMBER])
    assert present(world, live.id) == (1, [neighbour])


@pytest.mark.race
@pytest.mark.postgres
def test_whoever_checks_in_while_leaving_is_not_counted(world, live, member):
    person_id = member()
    failures = meet(
        world,
        partial(leave_in, person_id=person_id, at=world.at),
        partial(check_in, live, standing(world, person_id)),
        lambda _session: None,
    )
    assert [failure.refusal for failure in failures] == [AssemblyRefusal.NOT_MEMBER]
    assert present(world, live.id) == (0, [])


@pytest.mark.race
@pytest.mark.postgres
def test_whoever_leaves_while_checking_in_takes_that_back_too(world, live, member):
    person_id = member()
    by = standing(world, person_id)
    failures = meet(
        world,
        lambda session: check_in_in(session, live, by),
        partial(leave, world, person_id),
        lambda _session: None,
    )
    assert failures == []
    assert present(world, live.id) == (0, [])


@pytest.mark.race
@pytest.mark.postgres
def test_whoever_raises_a_question_while_leaving_raises_nothing(world, live, member):
    person_id = live.check_in(member())
    question_id = live.ask(live.guest(), "언제 시작하나요?")
    by = standing(world, person_id)

    def raise_it():
        with world.app.app_context(), write_transaction(db.session) as session:
            actions.upvote_question(session, question_id, by=by, at=world.at)

    failures = meet(
        world,
        partial(leave_in, person_id=person_id, at=world.at),
        raise_it,
        lambda _session: None,
    )
    assert [failure.refusal for failure in failures] == [RoomRefusal.NOT_CHECKED_IN]
    assert upvotes(world, question_id) == (0, 0)


@pytest.mark.race
@pytest.mark.postgres
def test_whoever_leaves_comes_to_the_questions_before_the_room(world, live, member):
    person_id = live.check_in(member())
    question_id = live.ask(live.guest(), "언제 시작하나요?")
    live.raise_question(person_id, question_id)
    failures = meet(
        world,
        lambda session: session.get_one(Question, question_id, with_for_update=True),
        partial(leave, world, person_id),
        lambda session: actions.append_event(
            session, live.id, EventKind.ANNOUNCE, {"text": "가립니다"}, by=None, at=world.at
        ),
    )
    assert failures == []
    assert upvotes(world, question_id) == (0, 0)


def test_what_is_long_over_though_nobody_closed_it_keeps_its_attendance(world, member):
    live = LiveAssembly(world)
    guest = member()
    check_in(live, standing(world, guest))
    world.pass_time(days=200)
    leave(world, guest)
    assert present(world, live.id) == (1, [guest])
