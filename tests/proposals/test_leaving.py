"""Whoever leaves takes open endorsements and drafts along, and endorses no second time."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.core.database import write_transaction
from app.proposals import actions
from app.proposals.models import Endorsement, Field, Proposal
from app.proposals.policy import ProposalRefusal
from app.residents import actions as residents
from app.residents.models import Account
from app.residents.rules import Standing
from app.web.database import db
from tests.proposals import steps
from tests.support.meeting import meet
from tests.support.world import PASSPHRASE


@pytest.fixture
def member(world) -> int:
    """A verified resident with an account."""
    person_id = world.account().person_id
    world.verify(person_id)
    return person_id


def leave(session, person_id, at):
    account = session.scalars(select(Account).where(Account.person_id == person_id)).one()
    residents.withdraw_person(session, account, checked=account.passphrase_hash, at=at)


def left_of(world, proposal_id):
    """The count a proposal shows, and who stands behind it."""
    with world.read() as session:
        people = select(Endorsement.person_id).where(Endorsement.proposal_id == proposal_id)
        return session.get_one(Proposal, proposal_id).endorsement_count, session.scalars(
            people
        ).all()


def test_leaving_takes_back_what_is_still_open_and_nothing_else(world, member):
    steps.rule(world, threshold=2)
    reached, other, still_open = (steps.endorsing(world) for _ in range(3))
    neighbour = world.resident()
    for proposal_id in (reached, still_open):
        steps.endorse(world, proposal_id, member)
    for proposal_id in (reached, other):
        steps.endorse(world, proposal_id, neighbour)
    with world.write() as session:
        leave(session, member, world.at)
    assert left_of(world, reached) == (2, [member, neighbour])
    assert left_of(world, other) == (1, [neighbour])
    assert left_of(world, still_open) == (0, [])
    with world.read() as session:
        acts = session.scalars(
            select(AuditRow.act)
            .where(AuditRow.chain == "proposal", AuditRow.subject_id == still_open)
            .order_by(AuditRow.seq)
        ).all()
    assert acts[-2:] == ["ProposalEndorsed", "EndorsementWithdrawn"]


def test_a_window_that_has_run_out_keeps_its_count(world, member):
    proposal_id = steps.endorsing(world)
    steps.endorse(world, proposal_id, member)
    world.pass_time(days=30)
    with world.write() as session:
        leave(session, member, world.at)
    assert left_of(world, proposal_id) == (1, [member])


def test_one_human_verified_anew_endorses_once(world, member):
    proposal_id = steps.endorsing(world)
    steps.endorse(world, proposal_id, member)
    with world.write() as session:
        leave(session, member, world.at)
    again = world.account().person_id
    world.verify(again)
    assert steps.endorse(world, proposal_id, again) == 1


def endorse(world, proposal_id, person_id):
    with world.app.app_context(), write_transaction(db.session) as session:
        actions.endorse(session, proposal_id, person_id=person_id, at=world.at)


@pytest.mark.race
@pytest.mark.postgres
def test_whoever_endorses_while_leaving_is_let_in_no_more(world, member):
    proposal_id = steps.endorsing(world)
    failures = meet(
        world,
        partial(leave, person_id=member, at=world.at),
        partial(endorse, world, proposal_id, member),
        lambda _session: None,
    )
    assert [getattr(failure, "refusal", failure) for failure in failures] == [
        ProposalRefusal.NOT_VERIFIED
    ]
    assert left_of(world, proposal_id) == (0, [])


@pytest.mark.race
@pytest.mark.postgres
def test_whoever_leaves_while_endorsing_takes_that_back_too(world, member):
    proposal_id = steps.endorsing(world)

    def go():
        with world.app.app_context(), write_transaction(db.session) as session:
            leave(session, member, world.at)

    failures = meet(
        world,
        lambda session: actions.endorse(session, proposal_id, person_id=member, at=world.at),
        go,
        lambda _session: None,
    )
    assert failures == []
    assert left_of(world, proposal_id) == (0, [])


@pytest.mark.race
@pytest.mark.postgres
def test_two_who_leave_hold_their_proposals_in_one_order(world, member):
    other = world.account().person_id
    world.verify(other)
    first, second = steps.endorsing(world), steps.endorsing(world)
    for proposal_id in (second, first):
        for person_id in (member, other):
            steps.endorse(world, proposal_id, person_id)

    def go():
        with world.app.app_context(), write_transaction(db.session) as session:
            leave(session, other, world.at)

    failures = meet(
        world,
        lambda session: actions.hold_proposals(session, [first]),
        go,
        partial(leave, person_id=member, at=world.at),
    )
    assert failures == []
    assert left_of(world, first) == left_of(world, second) == (0, [])


def titles_of(world, person_id):
    with world.read() as session:
        asked = select(Proposal.title).where(Proposal.author_id == person_id)
        return session.scalars(asked.order_by(Proposal.id)).all()


def test_drafts_go_with_whoever_wrote_them_and_what_was_published_stays(world, member, browser):
    other = world.resident()
    steps.draft(world, member, title="쓰다 만 것")
    published = steps.draft(world, member, title="올린 것")
    steps.draft(world, other, title="이웃의 초안")
    with world.write() as session:
        actions.publish_proposal(
            session,
            session.get_one(Proposal, published),
            by=world.standing(session, member),
            at=world.at,
        )
    browser.sign_in(world, member).open("/me/leave")
    assert "올리지 않고 저장해 두신 제안" in browser.text
    browser.submit("/me/leave", understood="y", passphrase=PASSPHRASE)
    assert browser.path == "/"
    assert titles_of(world, member) == ["올린 것"]
    assert titles_of(world, other) == ["이웃의 초안"]


@pytest.mark.race
@pytest.mark.postgres
def test_whoever_drafts_while_leaving_leaves_no_draft(world, member):
    def write():
        with world.app.app_context(), write_transaction(db.session) as session:
            actions.draft_proposal(
                session,
                place=world.place(session),
                field=Field.ENVIRONMENT,
                title=steps.TITLE,
                sense="",
                body="",
                home=None,
                by=Standing(member),
                at=world.at,
            )

    failures = meet(
        world, partial(leave, person_id=member, at=world.at), write, lambda _session: None
    )
    assert [failure.refusal for failure in failures] == [ProposalRefusal.SIGN_IN_NEEDED]
    assert titles_of(world, member) == []
