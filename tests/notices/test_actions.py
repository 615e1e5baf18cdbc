"""Who is told of which fact, and who is not."""

import pytest
from sqlalchemy import select

from app.assemblies.facts import AssemblyNoticed
from app.core.bus import record
from app.forum import actions as forum
from app.forum.models import Opinion
from app.moderation.models import HideReason
from app.notices.models import Notice
from app.notices.rules import ACCOUNT_CLOSED
from app.notices.wiring import TOLD
from app.notices.words import SENTENCES
from app.proposals import actions as proposals
from app.proposals.facts import PrecheckPassed
from app.proposals.models import Proposal
from app.residents import actions as residents
from app.residents.models import Account, Role
from tests.assemblies.steps import Hall
from tests.forum.steps import Forum
from tests.proposals import steps


def kinds(told, *people):
    return [(person, kind) for person, kind in told() if person in people]


def test_every_fact_that_is_told_has_its_words():
    assert {kind.__name__ for kind in TOLD} | {ACCOUNT_CLOSED} == set(SENTENCES)


def test_the_author_and_the_followers_of_a_proposal_hear_of_it_each_once(world, told):
    proposal_id = steps.published(world)
    clerk, follower, stranger = world.registrar(), world.resident(), world.resident()
    with world.read() as session:
        author = session.get_one(Proposal, proposal_id).author_id
    for person in (author, clerk, follower, stranger):
        world.account_of(person)
    for person in (author, follower, clerk):
        with world.write() as session:
            proposals.follow(session, proposal_id, by=world.standing(session, person), at=world.at)
    with world.write() as session:
        proposals.pass_precheck(
            session,
            session.get_one(Proposal, proposal_id),
            by=world.standing(session, clerk),
            at=world.at,
        )
    assert kinds(told, author, follower, stranger, clerk) == [
        (author, "PrecheckPassed"),
        (follower, "PrecheckPassed"),
    ]


def test_whoever_endorsed_hears_what_became_of_it(world, told):
    steps.rule(world, threshold=3)
    proposal_id = steps.endorsing(world)
    people = world.residents(3)
    fickle, stranger = world.residents(2)
    for person in (*people, fickle, stranger):
        world.account_of(person)
    steps.endorse(world, proposal_id, fickle)
    with world.write() as session:
        proposals.withdraw_endorsement(session, proposal_id, person_id=fickle, at=world.at)
        proposals.follow(session, proposal_id, by=world.standing(session, people[0]), at=world.at)
    for person in people:
        steps.endorse(world, proposal_id, person)
    clerk = world.registrar()
    with world.write() as session:
        proposals.assign_department(
            session,
            session.get_one(Proposal, proposal_id),
            world.department(session),
            by=world.standing(session, clerk),
            at=world.at,
        )
    steps.adopt(world, proposal_id)
    heard = kinds(told, *people, fickle, stranger)
    assert sorted(heard) == sorted(
        (person, kind) for person in people for kind in ("ThresholdReached", "ProposalReplied")
    )


def test_people_without_an_account_or_who_left_are_not_written_to(world, told):
    proposal_id = steps.published(world)
    with world.read() as session:
        author = session.get_one(Proposal, proposal_id).author_id
    clerk = world.registrar()
    left = world.resident()
    account_id = world.account_of(left).id
    with world.write() as session:
        proposals.follow(session, proposal_id, by=world.standing(session, left), at=world.at)
    with world.write() as session:
        account = session.get_one(Account, account_id)
        residents.withdraw_person(session, account, checked=account.passphrase_hash, at=world.at)
    with world.write() as session:
        proposals.hold_proposals(session, [proposal_id])
        record(session, PrecheckPassed(at=world.at, by=clerk, proposal_id=proposal_id))
    assert kinds(told, author, left) == []


def test_an_answer_reaches_the_author_with_the_title_and_the_page(world, told):
    proposal_id = steps.assigned(world)
    with world.read() as session:
        author = session.get_one(Proposal, proposal_id).author_id
    world.account_of(author)
    steps.adopt(world, proposal_id)
    assert kinds(told, author) == [(author, "ProposalReplied")]
    with world.read() as session:
        notice = session.scalars(select(Notice).where(Notice.person_id == author)).one()
        assert notice.details == {"title": steps.TITLE}
        assert notice.href == f"/proposals/{proposal_id}"
        assert notice.due_at is None, "nobody is mailed who did not ask for it"


def test_the_forum_tells_writers_and_whom_was_answered(world, told):
    topic = Forum(world)
    writer, other = world.resident(), world.resident()
    for person in (writer, other, topic.moderator):
        world.account_of(person)
    opinion_id = topic.say(writer)
    topic.say(other)
    with world.write() as session:
        forum.answer_opinion(
            session,
            session.get_one(Opinion, opinion_id),
            text="저도 그렇게 생각합니다. 다만 기간을 더 두면 좋겠습니다.",
            home=world.place(session),
            by=world.standing(session, other),
            at=world.at,
        )
    assert kinds(told, writer, other) == [(writer, "OpinionAnswered")]


def test_an_assembly_calls_the_people_of_its_dong_alone(world, told):
    hall = Hall(world)
    here, there = world.resident("doksan1"), world.resident("gasan")
    for person in (here, there, hall.clerk):
        world.account_of(person)
    with world.write() as session:
        record(session, AssemblyNoticed(at=world.at, by=hall.clerk, assembly_id=hall.id))
    assert kinds(told, here, there, hall.clerk) == [(here, "AssemblyNoticed")]


def test_verified_people_hear_of_it(world, told):
    person_id = world.person()
    world.account_of(person_id)
    world.verify(person_id)
    assert kinds(told, person_id) == [(person_id, "ResidentVerified")]


def test_a_write_that_is_rolled_back_tells_nobody(world, told, letterbox, mail_out, wants_mail):
    proposal_id = steps.published(world)
    with world.read() as session:
        author = session.get_one(Proposal, proposal_id).author_id
    wants_mail(author)

    def fail_after_telling():
        with world.write() as session:
            proposals.hold_proposals(session, [proposal_id])
            record(session, PrecheckPassed(at=world.at, by=None, proposal_id=proposal_id))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_telling()
    mail_out()
    assert told() == []
    assert letterbox.letters == []


def test_a_crowd_is_told_in_one_statement(world, told):
    hall = Hall(world)
    crowd = [world.resident() for _ in range(30)]
    for person in crowd:
        world.account_of(person)
    with world.write() as session:
        record(session, AssemblyNoticed(at=world.at, by=None, assembly_id=hall.id))
    assert told() == [(person, "AssemblyNoticed") for person in crowd]


def test_a_hidden_proposal_is_called_by_its_number_in_every_notice(world, told):
    words = "광고 같은 제안입니다"
    proposal_id, other = steps.published(world, title=words), steps.published(world)
    clerk, moderator = world.registrar(), world.staff(Role.MODERATOR)
    with world.read() as session:
        proposal = session.get_one(Proposal, proposal_id)
        author, number = proposal.author_id, proposal.number
        world.account_of(author)
        world.account_of(session.get_one(Proposal, other).author_id)

    def act(perform, *ids, by, **details):
        with world.write() as session:
            for one in ids:
                found = session.get_one(Proposal, one)
                perform(session, found, by=world.standing(session, by), at=world.at, **details)

    def titles():
        with world.read() as session:
            return [
                one.details["title"] for one in session.scalars(select(Notice).order_by(Notice.id))
            ]

    act(proposals.pass_precheck, proposal_id, other, by=clerk)
    assert titles() == [words, steps.TITLE]
    act(
        proposals.hide_proposal,
        proposal_id,
        by=moderator,
        reason=HideReason.ADVERTISING,
        note="가게 홍보",
    )
    world.pass_time(days=40)
    with world.write() as session:
        proposals.close_missed_windows(session, at=world.at)
    assert titles() == [number, steps.TITLE, number, steps.TITLE]


def test_who_no_longer_follows_reads_no_hidden_title_either(world, told):
    proposal_id, moderator = steps.published(world), world.staff(Role.MODERATOR)
    once = world.resident()
    world.account_of(once)

    def act(perform, subject, by, **details):
        with world.write() as session:
            perform(session, subject(session), by=world.standing(session, by), **details)

    def proposal(session):
        return session.get_one(Proposal, proposal_id)

    act(proposals.follow, lambda _session: proposal_id, once, at=world.at)
    act(proposals.pass_precheck, proposal, world.registrar(), at=world.at)
    act(proposals.unfollow, lambda _session: proposal_id, once, at=world.at)
    act(
        proposals.hide_proposal,
        proposal,
        moderator,
        reason=HideReason.ADVERTISING,
        note="가게 홍보",
        at=world.at,
    )
    with world.read() as session:
        (notice,) = session.scalars(select(Notice).where(Notice.person_id == once))
        assert notice.details == {"title": proposal(session).number}
