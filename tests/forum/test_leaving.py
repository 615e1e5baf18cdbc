"""Whoever leaves takes along what they counted in a talk that goes on, and counts once again."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.core.database import write_transaction
from app.forum import actions, queries
from app.forum.models import Claim, Opinion, OpinionEndorsement, Stance, Topic, Weighing
from app.forum.policy import ForumRefusal
from app.residents import actions as residents
from app.residents.models import Account
from app.web.database import db
from app.web.jobs import run_due
from tests.forum.claims import Talk
from tests.forum.steps import Forum
from tests.support.meeting import meet
from tests.support.statements import statements


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
    with world.write() as session:
        leave_in(session, person_id, world.at)


def endorse_in(session, world, _talk, opinion_id, person_id):
    actions.endorse_opinion(session, opinion_id, person_id=person_id, at=world.at)


def weigh_in(session, world, talk, _opinion_id, person_id):
    topic = session.get_one(Topic, talk.forum.topic_id)
    actions.weigh_claim(session, topic, talk.claims[0], value=1, person_id=person_id, at=world.at)


def endorse(world, opinion_id, person_id):
    with world.write() as session:
        return actions.endorse_opinion(session, opinion_id, person_id=person_id, at=world.at)


def counts(world, claim_id):
    with world.read() as session:
        claim = session.get_one(Claim, claim_id)
        return claim.agree_count, claim.disagree_count, claim.unsure_count


def test_one_human_verified_anew_counts_once_in_a_talk_that_goes_on(world, member):
    talk = Talk(world, Forum(world))
    opinion_id, neighbour = talk.forum.say(), world.resident()
    endorse(world, opinion_id, neighbour)
    first, second, third = talk.claims[:3]
    talk.weigh(first, 1, by=neighbour)
    before = member()
    endorse(world, opinion_id, before)
    for claim_id, value in ((first, 1), (second, -1), (third, 0)):
        talk.weigh(claim_id, value, by=before)
    leave(world, before)
    assert talk.forum.opinion(opinion_id).endorsement_count == 1
    assert [counts(world, one) for one in (first, second, third)] == [
        (1, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
    ]
    with world.read() as session:
        assert session.scalars(select(OpinionEndorsement.person_id)).all() == [neighbour]
        assert session.scalars(select(Weighing.person_id)).all() == [neighbour]
        acts = session.scalars(select(AuditRow.act).where(AuditRow.chain == "topic")).all()
    assert acts.count("OpinionEndorsementWithdrawn") == 1
    again = member()
    assert endorse(world, opinion_id, again) == 2
    talk.weigh(first, 1, by=again)
    assert counts(world, first) == (2, 0, 0)


def test_acts_that_many_do_ask_little_and_leaving_asks_no_more_for_many(
    world, member, browser, app
):
    """A statement of each act names who acts and shares their row, so that they do not leave."""
    talk = Talk(world, Forum(world))
    opinions = [talk.forum.say() for _ in range(5)]
    person_id, url = world.resident(), talk.forum.url
    browser.sign_in(world, person_id)

    def asked(way, **typed):
        browser.open(url)
        with statements(app) as seen:
            browser.submit(f"{url}/{way}", follow=False, **typed)
        assert browser.status == 303
        return [one for one in seen if "advisory" not in one]  # the chain's, on PostgreSQL

    endorsing = asked(f"opinions/{opinions[0]}/endorse")
    weighing = asked(f"claims/{talk.claims[0]}/weigh", value="1")
    assert (len(endorsing), len(weighing)) == (10, 6), (endorsing, weighing)

    def leaving(opinions, claims):
        person_id = member()
        for opinion_id in opinions:
            endorse(world, opinion_id, person_id)
        for number, claim_id in enumerate(claims):
            talk.weigh(claim_id, number % 3 - 1, by=person_id)
        with statements(app) as seen:
            leave(world, person_id)
        return [one for one in seen if "claim" in one or "opinion" in one]

    few, many = leaving(opinions[:1], talk.claims[:3]), leaving(opinions, talk.claims)
    assert len(talk.claims) > 3
    assert len(many) == len(few), many
    assert all(talk.forum.opinion(one).endorsement_count < 2 for one in opinions)


@pytest.mark.race
@pytest.mark.postgres
def test_what_ends_with_a_stance_while_somebody_leaves_is_taken_back_once(world, member):
    """The opinion stands at none already when whoever leaves comes to it."""
    forum = Forum(world)
    author, person_id, neighbour = world.resident(), member(), world.resident()
    opinion_id = forum.say(author=author)
    endorse(world, opinion_id, person_id)

    def move_and_win_another(session):
        actions.change_stance(
            session,
            session.get_one(Opinion, opinion_id),
            after=Stance.AGAINST,
            why="들어 보니",
            by=world.standing(session, author),
            at=world.at,
        )
        actions.endorse_opinion(session, opinion_id, person_id=neighbour, at=world.at)

    assert (
        meet(world, move_and_win_another, lambda: leave(world, person_id), lambda _session: None)
        == []
    )
    assert forum.opinion(opinion_id).endorsement_count == 1


def test_what_a_talk_that_is_over_has_counted_stands(world, member):
    talk = Talk(world, Forum(world, days=2))
    opinion_id, person_id = talk.forum.say(), member()
    endorse(world, opinion_id, person_id)
    talk.weigh(talk.claims[0], 1, by=person_id)
    world.pass_time(days=2)
    leave(world, person_id)
    assert talk.forum.opinion(opinion_id).endorsement_count == 1
    assert counts(world, talk.claims[0]) == (1, 0, 0)


def test_the_map_is_drawn_without_whoever_left(world, member, app):
    talk = Talk(world, Forum(world, days=2))
    talk.two_camps(8)
    person_id = member()
    for claim_id in talk.claims:
        talk.weigh(claim_id, 1, by=person_id)
    talk.draw()
    leave(world, person_id)
    world.pass_time(days=2)
    assert run_due(app) == []
    with world.read() as session:
        kept = queries.agreement_map(session, talk.forum.topic_id)
        assert (kept.people, kept.weighings) == (8, 8 * len(talk.claims))


@pytest.mark.race
@pytest.mark.postgres
@pytest.mark.parametrize("act", [endorse_in, weigh_in])
def test_whoever_counts_something_while_leaving_counts_nothing(world, member, act):
    talk = Talk(world, Forum(world))
    opinion_id, person_id = talk.forum.say(), member()

    def count():
        with world.app.app_context(), write_transaction(db.session) as session:
            act(session, world, talk, opinion_id, person_id)

    failures = meet(
        world, partial(leave_in, person_id=person_id, at=world.at), count, lambda _session: None
    )
    assert [getattr(failure, "refusal", failure) for failure in failures] == [
        ForumRefusal.NOT_VERIFIED
    ]
    assert talk.forum.opinion(opinion_id).endorsement_count == 0
    assert counts(world, talk.claims[0]) == (0, 0, 0)
    with world.read() as session:
        assert session.scalars(select(OpinionEndorsement)).all() == []
        assert session.scalars(select(Weighing)).all() == []
