"""Hiding, reporting and the ledger, on a real database."""

from __future__ import annotations

import threading

import pytest

from app.core.database import write_transaction
from app.core.refusals import Refused
from app.moderation import queries
from app.moderation.models import HideReason, ModerationAct, Report, SubjectKind
from app.moderation.policy import ModerationRefusal
from app.proposals import actions
from app.proposals.models import Proposal
from app.residents.models import Role
from app.residents.queries import standing
from app.web.database import db
from tests.proposals import steps


def report(world, proposal_id, person_id, note=""):
    with world.write() as session:
        actions.report_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            reason=HideReason.INSULT,
            note=note,
            href=f"/proposals/{proposal_id}",
            by=world.standing(session, person_id),
            at=world.at,
        )


def hide(world, proposal_id, person_id):
    with world.write() as session:
        actions.hide_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            reason=HideReason.INSULT,
            note="이웃을 헐뜯는 말",
            by=world.standing(session, person_id),
            at=world.at,
        )


def test_a_report_waits_for_the_moderators_of_its_place_and_hiding_settles_it(world):
    proposal_id = steps.published(world)
    first, second = world.resident(), world.person()
    report(world, proposal_id, first, "거칩니다")
    report(world, proposal_id, second)
    with pytest.raises(Refused) as caught:
        report(world, proposal_id, first)
    assert caught.value.refusal is ModerationRefusal.ALREADY_REPORTED
    here, elsewhere = world.staff(Role.MODERATOR, "doksan1"), world.staff(Role.MODERATOR, "gasan")
    district = world.staff(Role.MODERATOR)
    with world.read() as session:
        for moderator in (here, district):
            waiting = queries.open_reports(session, world.standing(session, moderator))
            assert [(one.subject_id, one.count, one.notes) for one in waiting] == [
                (proposal_id, 2, ["거칩니다"])
            ]
        chair = world.staff(Role.CHAIR, "doksan1")
        for stranger in (elsewhere, chair):
            assert queries.open_reports(session, world.standing(session, stranger)) == []
    hide(world, proposal_id, here)
    with world.read() as session:
        assert queries.open_reports(session, world.standing(session, here)) == []


def test_many_reports_of_one_thing_push_nothing_else_off_the_desk(world, monkeypatch):
    monkeypatch.setattr(queries, "SUBJECTS_SHOWN", 2)
    loud, quiet, last = (steps.published(world) for _ in range(3))
    people = world.residents(4)
    for person_id in people:
        report(world, loud, person_id)
    for proposal_id in (quiet, last):
        world.pass_time(minutes=1)
        report(world, proposal_id, people[0])
    report(world, quiet, people[1])
    moderator = world.staff(Role.MODERATOR)
    with world.read() as session:
        waiting = queries.open_reports(session, world.standing(session, moderator))
        assert [(one.subject_id, one.count) for one in waiting] == [(loud, 4), (quiet, 2)]


def test_the_ledger_says_when_why_and_in_what_trust_but_never_who_or_what(world):
    proposal_id = steps.published(world)
    moderator = world.staff(Role.MODERATOR)
    hide(world, proposal_id, moderator)
    with world.write() as session:
        actions.restore_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            note="다시 읽어 보니 괜찮습니다",
            by=world.standing(session, moderator),
            at=world.at,
        )
    with world.read() as session:
        lines = queries.ledger(session).items
        assert [(line.act, line.role, line.reason) for line in lines] == [
            ("restore", Role.MODERATOR, HideReason.INSULT),
            ("hide", Role.MODERATOR, HideReason.INSULT),
        ]
        assert queries.ledger(session, kind=SubjectKind.OPINION).items == []
        assert steps.TITLE not in repr(lines)


@pytest.mark.race
def test_two_moderators_hiding_at_once_write_one_line(world):
    proposal_id = steps.published(world)
    moderators = [world.staff(Role.MODERATOR) for _ in range(6)]
    barrier, refusals = threading.Barrier(len(moderators)), []

    def press(person_id):
        with world.app.app_context():
            barrier.wait(30)
            try:
                with write_transaction(db.session) as session:
                    actions.hide_proposal(
                        session,
                        session.get_one(Proposal, proposal_id),
                        reason=HideReason.INSULT,
                        note="헐뜯는 말",
                        by=standing(session, person_id, at=world.at),
                        at=world.at,
                    )
            except Refused as refused:
                refusals.append(refused.refusal)

    threads = [threading.Thread(target=press, args=(person_id,)) for person_id in moderators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert refusals == [ModerationRefusal.ALREADY_HIDDEN] * 5
    with world.read() as session:
        assert session.query(ModerationAct).count() == 1
        assert session.query(Report).count() == 0
