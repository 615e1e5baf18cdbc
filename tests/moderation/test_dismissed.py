"""A report that was laid aside may be looked at once more: nothing a moderator says is final."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.core.database import write_transaction
from app.core.refusals import Refused
from app.moderation import actions, queries
from app.moderation.models import Report, SubjectKind
from app.moderation.policy import ModerationRefusal
from app.residents.models import Role
from app.residents.queries import standing
from app.web.database import db
from tests.moderation.test_actions import hide, report
from tests.moderation.test_desk import DESK, listed
from tests.proposals import steps


@pytest.fixture
def moderator(world):
    return world.staff(Role.MODERATOR, "doksan1")


def act(session, world, verb, proposal_id, by):
    return getattr(actions, verb)(
        session,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal_id,
        place=world.place(session, "doksan1"),
        by=standing(session, by, at=world.at),
        at=world.at,
    )


def settle(world, proposal_id, by):
    with world.write() as session:
        return act(session, world, "settle_reports", proposal_id, by)


def reopen(world, proposal_id, by):
    with world.write() as session:
        return act(session, world, "reopen_reports", proposal_id, by)


def lists(world, by):
    """What waits and what was dismissed, by the numbers of the proposals and of those reporting."""
    with world.read() as session:
        me = world.standing(session, by)
        waiting = queries.open_reports(session, me)
        dismissed = queries.dismissed_reports(session, me).items
        return [[(one.subject_id, one.count) for one in each] for each in (waiting, dismissed)]


def test_what_was_left_standing_is_listed_and_put_back(world, browser, moderator):
    first, second = (steps.published(world, title=f"{name} 골목") for name in ("첫째", "둘째"))
    for proposal_id in (first, second):
        report(world, proposal_id, world.resident(), "거칩니다")
        world.pass_time(minutes=1)
    report(world, first, world.resident())
    me = browser.sign_in(world, moderator)
    assert "정리한 신고가 없습니다" in me.open(f"{DESK}/dismissed").text
    me.open(DESK).submit(f"{DESK}/proposal/{second}/settle")
    assert "‘문제없음’에서 다시 살펴볼 수 있습니다" in me.text
    world.pass_time(minutes=1)
    me.open(DESK).submit(f"{DESK}/proposal/{first}/settle")
    assert "살필 신고가 없습니다" in me.text
    me.open(f"{DESK}/dismissed")
    assert [way for way, _words, _kind in listed(me)] == [
        f"/proposals/{first}",
        f"/proposals/{second}",
    ]
    assert "거칩니다" in me.text
    assert "욕설·비방 2명" in me.text
    me.submit(f"{DESK}/proposal/{first}/reopen")
    assert "다시 살필 신고로 돌려놓았습니다" in me.text
    assert [way for way, _words, _kind in listed(me)] == [f"/proposals/{first}"]
    assert lists(world, moderator) == [[(first, 2)], [(second, 1)]]
    assert me.submit(f"{DESK}/proposal/{first}/reopen").status == 409
    assert "다시 살필 신고가 없습니다" in me.text
    me.open(DESK)
    for odd in (f"pigeon/{first}", "proposal/999"):
        assert me.submit(f"{DESK}/{odd}/reopen").status == 404
    with world.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.act.like("Reports%"))).all()
        told = [(row.act, row.by, row.said["moderated_id"], row.said["count"]) for row in rows]
        assert sorted(told) == [
            ("ReportsReopened", moderator, first, 2),
            ("ReportsSettled", moderator, first, 2),
            ("ReportsSettled", moderator, second, 1),
        ]


def test_only_those_who_keep_order_there_see_and_put_back(world, browser, moderator):
    proposal_id = steps.published(world)
    report(world, proposal_id, world.resident())
    settle(world, proposal_id, moderator)
    elsewhere = world.staff(Role.MODERATOR, "gasan")
    for stranger in (elsewhere, world.staff(Role.CHAIR, "doksan1"), world.resident()):
        assert lists(world, stranger)[1] == []
        with pytest.raises(Refused) as caught:
            reopen(world, proposal_id, stranger)
        assert caught.value.refusal is ModerationRefusal.NOT_MODERATOR
    browser.sign_in(world, elsewhere).open(DESK)
    assert browser.submit(f"{DESK}/proposal/{proposal_id}/reopen").status == 403
    assert lists(world, moderator) == [[], [(proposal_id, 1)]]


def test_hiding_ends_the_reports_that_were_dismissed_too(world, moderator):
    proposal_id = steps.published(world)
    report(world, proposal_id, world.resident())
    settle(world, proposal_id, moderator)
    settled = world.at
    world.pass_time(hours=1)
    report(world, proposal_id, world.resident())
    hide(world, proposal_id, moderator)
    assert lists(world, moderator) == [[], []]
    with pytest.raises(Refused) as caught:
        reopen(world, proposal_id, moderator)
    assert caught.value.refusal is ModerationRefusal.NOTHING_TO_REOPEN
    with world.read() as session:
        moments = session.scalars(select(Report.settled_at).order_by(Report.id)).all()
        assert moments == [settled, world.at], "each is answered when it was"


def test_what_is_reported_anew_is_dismissed_and_put_back_as_one(world, moderator):
    proposal_id = steps.published(world)
    for _round in range(2):
        report(world, proposal_id, world.resident())
        world.pass_time(minutes=1)
        assert settle(world, proposal_id, moderator) == 1
    assert lists(world, moderator) == [[], [(proposal_id, 2)]]
    assert reopen(world, proposal_id, moderator) == 2
    assert lists(world, moderator) == [[(proposal_id, 2)], []]
    assert settle(world, proposal_id, moderator) == 2


@pytest.mark.race
@pytest.mark.parametrize("other", ["reopen_reports", "settle_reports"])
def test_moderators_who_press_at_once_do_each_thing_once(world, other):
    proposal_id = steps.published(world)
    people = [world.staff(Role.MODERATOR, "doksan1") for _ in range(6)]
    report(world, proposal_id, world.resident())
    settle(world, proposal_id, people[0])
    for _ in range(3):
        report(world, proposal_id, world.resident())
    barrier, done, refusals, trouble = threading.Barrier(len(people)), [], [], []

    def press(number, person_id):
        verb = other if number % 2 else "reopen_reports"
        with world.app.app_context():
            barrier.wait(30)
            try:
                with write_transaction(db.session) as session:
                    count = act(session, world, verb, proposal_id, person_id)
                done.append((verb, count))
            except Refused as refused:
                refusals.append(refused.refusal)
            except Exception as error:  # noqa: BLE001 - a thread's trouble is told below
                trouble.append(error)

    threads = [threading.Thread(target=press, args=each) for each in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert trouble == []
    assert len(done) + len(refusals) == len(people)
    with world.read() as session:
        acts = session.scalars(select(AuditRow.act).where(AuditRow.act.like("Reports%"))).all()
        reports = session.scalars(select(Report)).all()
    assert len(acts) == len(done) + 1
    assert len(reports) == 4
    assert all(one.settled_at or not one.is_dismissed for one in reports)
    if other == "reopen_reports":
        assert done == [("reopen_reports", 1)]
