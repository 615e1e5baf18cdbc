"""What is promised of the forum's writes, on a real database and with real threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.refusals import Refused
from app.forum import actions, queries
from app.forum.actions.within import _in_line
from app.forum.models import (
    Opinion,
    OpinionEndorsement,
    OpinionReply,
    Stance,
    StanceChange,
    Topic,
    TopicKind,
)
from app.forum.policy import ForumRefusal as R
from app.forum.rules import OPINIONS_PER_DAY, Phase, phase_of
from app.moderation.models import HideReason
from app.proposals import queries as proposals
from app.proposals.models import Proposal, TimelineCode
from app.residents.models import Role
from tests.forum.steps import TEXT, Forum
from tests.proposals import steps as proposal_steps
from tests.support.meeting import meet


def refused(refusal):
    return pytest.raises(Refused, match=f"^{refusal.value}$")


def hide(forum: Forum, kind: type, row_id: int, *, back: bool = False) -> None:
    with forum.world.write() as session:
        subject = session.get_one(kind, row_id)
        by, at = forum.world.standing(session, forum.moderator), forum.world.at
        if back:
            actions.restore_statement(session, subject, note="다시 살폈습니다", by=by, at=at)
        else:
            actions.hide_statement(
                session, subject, reason=HideReason.INSULT, note="욕설입니다", by=by, at=at
            )


def test_opinions_stand_on_their_side_and_are_counted(forum):
    forum.say(stance=Stance.FOR)
    forum.say(stance=Stance.FOR)
    forum.say(stance=Stance.AGAINST)
    forum.say(stance=Stance.IMPROVE)
    topic = forum.topic()
    assert (topic.for_count, topic.against_count, topic.improve_count) == (2, 1, 1)
    assert topic.opinion_count == 4


def test_the_eleventh_opinion_of_a_day_is_refused_and_tomorrow_is_another_day(forum):
    author = forum.world.resident()
    for _ in range(OPINIONS_PER_DAY):
        forum.say(author)
    with refused(R.TOO_MANY_OPINIONS) as refusal:
        forum.say(author)
    assert refusal.value.details == {"limit": OPINIONS_PER_DAY}
    forum.world.pass_time(hours=14)
    forum.say(author)
    assert forum.topic().for_count == OPINIONS_PER_DAY + 1


def test_nobody_speaks_before_the_first_moment_or_after_the_last(world):
    later = Forum(world, begins_in=1)
    with refused(R.NOT_YET_OPEN):
        later.say()
    world.pass_time(days=1)
    opinion_id = later.say()
    world.pass_time(days=20)
    with refused(R.ALREADY_CLOSED):
        later.say()
    with refused(R.ALREADY_CLOSED):
        later.endorse(opinion_id)
    with refused(R.ALREADY_CLOSED):
        later.reply(opinion_id)


def test_a_quote_comes_from_the_same_topic_and_from_what_can_be_seen(world, forum):
    elsewhere = Forum(world).say()
    mine = forum.say()
    assert forum.opinion(forum.say(quoted_id=mine)).quoted_id == mine
    for unknown in (elsewhere, 0, 999_999):
        with refused(R.FOREIGN_QUOTE):
            forum.say(quoted_id=unknown)
    hide(forum, Opinion, mine)
    with refused(R.OPINION_HIDDEN):
        forum.say(quoted_id=mine)


def test_an_opinion_is_endorsed_once_and_the_endorsement_can_be_taken_back(world, forum):
    opinion_id, person = forum.say(), world.resident()
    assert forum.endorse(opinion_id, person) == 1
    with refused(R.ALREADY_ENDORSED):
        forum.endorse(opinion_id, person)
    with world.write() as session:
        by = world.standing(session, person)
        assert actions.withdraw_opinion_endorsement(session, opinion_id, by=by, at=world.at) == 0
    with world.write() as session, refused(R.NOT_ENDORSED):
        by = world.standing(session, person)
        actions.withdraw_opinion_endorsement(session, opinion_id, by=by, at=world.at)
    assert forum.opinion(opinion_id).endorsement_count == 0


def test_a_change_of_mind_moves_the_opinion_and_leaves_the_old_endorsements_behind(world, forum):
    author = world.resident()
    opinion_id, supporter = forum.say(author, Stance.AGAINST), world.resident()
    forum.endorse(opinion_id, supporter)
    forum.change(opinion_id, author, Stance.FOR, "구간을 줄인다는 말을 들었습니다")
    opinion, topic = forum.opinion(opinion_id), forum.topic()
    assert (opinion.stance, opinion.endorsement_count) == (Stance.FOR, 0)
    assert (topic.for_count, topic.against_count) == (1, 0)
    assert forum.endorse(opinion_id, supporter) == 1
    forum.change(opinion_id, author, Stance.IMPROVE)
    with world.read() as session:
        history = queries.changes(session, opinion_id)
        assert [(one.before, one.after, one.endorsements_before) for one in history] == [
            (Stance.AGAINST, Stance.FOR, 1),
            (Stance.FOR, Stance.IMPROVE, 1),
        ]
    with refused(R.NOT_AUTHOR):
        forum.change(opinion_id, supporter, Stance.FOR)


def test_hiding_and_showing_again_recounts_what_readers_see(world, forum):
    opinion_id = forum.say()
    forum.say(stance=Stance.AGAINST)
    reply_id = forum.reply(opinion_id)
    forum.reply(opinion_id)
    hide(forum, OpinionReply, reply_id)
    assert forum.opinion(opinion_id).reply_count == 1
    hide(forum, Opinion, opinion_id)
    assert (forum.topic().for_count, forum.topic().against_count) == (0, 1)
    for act in (forum.endorse, forum.reply):
        with refused(R.OPINION_HIDDEN):
            act(opinion_id)
    hide(forum, Opinion, opinion_id, back=True)
    hide(forum, OpinionReply, reply_id, back=True)
    assert forum.topic().for_count == 1
    assert forum.opinion(opinion_id).reply_count == 2


def test_a_topic_is_concluded_and_answered_once_and_told_on_its_proposal(world):
    proposal_id = proposal_steps.endorsing(world)
    forum = Forum(world, proposal_id=proposal_id)
    with refused(R.PROPOSAL_IN_FORUM):
        Forum(world, proposal_id=proposal_id)
    forum.say()
    with refused(R.STILL_OPEN):
        forum.conclude()
    world.pass_time(days=20)
    with refused(R.NOT_CONCLUDED):
        forum.answer()
    with refused(R.NOT_MODERATOR):
        forum.conclude(world.resident())
    forum.conclude()
    with refused(R.ALREADY_CONCLUDED):
        forum.conclude()
    with refused(R.NOT_DEPARTMENT):
        forum.answer(forum.moderator)
    forum.answer()
    with refused(R.ALREADY_ANSWERED):
        forum.answer()
    with world.read() as session:
        codes = [entry.code for entry in proposals.timeline(session, proposal_id)]
        told = [
            TimelineCode.FORUM_OPENED,
            TimelineCode.FORUM_CONCLUDED,
            TimelineCode.FORUM_ANSWERED,
        ]
        assert [code for code in codes if code in told] in (told, told[::-1])


def test_only_who_leads_the_place_opens_a_topic_there(world):
    neighbour = world.staff(Role.MODERATOR, "doksan1")
    with world.write() as session, refused(R.NOT_MODERATOR):
        actions.open_topic(
            session,
            place=world.place(session, "doksan2"),
            kind=TopicKind.QUESTION,
            proposal=None,
            department=world.department(session),
            title="남의 동네 의제",
            question="물음",
            background="자료",
            opens_at=world.at,
            closes_at=world.at + timedelta(days=3),
            by=world.standing(session, neighbour),
            at=world.at,
        )


def test_lists_tell_what_is_open_to_come_and_past_and_what_someone_wrote(world, forum):
    Forum(world, place="doksan2")
    coming = Forum(world, place="geumcheon", begins_in=2)
    author = world.resident()
    forum.say(author)
    with world.read() as session:
        dong, district = world.place(session), world.place(session, "geumcheon")
        seen = [queries.current_topics(session, one, at=world.at) for one in (dong, district, None)]
        assert [len(found) for found in seen] == [2, 3, 3]
        assert [(one.id, phase_of(one, at=world.at)) for one in seen[0]] == [
            (forum.topic_id, Phase.OPEN),
            (coming.topic_id, Phase.UPCOMING),
        ]
        assert not queries.past_topics(session, None, at=world.at, number=1).items
        later = world.at + timedelta(days=30)
        assert not queries.current_topics(session, None, at=later)
        past = queries.past_topics(session, dong, at=later, number=1).items
        assert [one.id for one in past] == [coming.topic_id, forum.topic_id]
        assert [one.topic_id for one in queries.opinions_by(session, author)] == [forum.topic_id]


def test_a_side_shows_its_strongest_two_once_and_pages_through_the_rest(world, forum):
    ids = [forum.say() for _ in range(9)]
    against = forum.say(stance=Stance.AGAINST)
    hidden = forum.say()
    supporter, other = world.residents(2)
    forum.endorse(hidden, supporter)
    hide(forum, Opinion, hidden)
    forum.endorse(ids[1], supporter)
    forum.endorse(ids[4], supporter)
    forum.endorse(ids[4], other)
    with world.read() as session:

        def side(before: int | None = None):
            (one,) = queries.sides(
                session, forum.topic_id, of=(Stance.FOR,), size=4, before=before, viewer=other
            )
            return one

        first = side()
        assert [one.shown.id for one in first.strongest] == [ids[4], ids[1]]
        assert [one.is_endorsed for one in first.strongest] == [True, False]
        assert [one.shown.id for one in first.newest] == [hidden, ids[8], ids[7], ids[6]]
        second = side(first.next_before)
        assert second.strongest == []
        assert [one.shown.id for one in second.newest] == [ids[5], ids[3], ids[2], ids[0]]
        assert second.next_before is None
        together = queries.sides(session, forum.topic_id, size=3, viewer=None)
        assert [one.stance for one in together] == [Stance.FOR, Stance.IMPROVE, Stance.AGAINST]
        assert [one.shown.id for one in together[2].opinions] == [against]


# ---------------------------------------------------------------- races


def at_once(world, count: int, act) -> list[object]:
    """Let threads with connections of their own act at one moment; return what each got."""
    barrier = threading.Barrier(count)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return act(number)
        except Refused as refusal:
            return refusal.refusal

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def endorsements(world, opinion_id: int) -> tuple[int, int]:
    with world.read() as session:
        rows = session.scalars(
            select(func.count()).where(OpinionEndorsement.opinion_id == opinion_id)
        ).one()
        return session.get_one(Opinion, opinion_id).endorsement_count, rows


@pytest.mark.race
def test_one_person_in_eight_threads_endorses_once(world, forum):
    opinion_id, person = forum.say(), world.resident()
    results = at_once(world, 8, lambda _: forum.endorse(opinion_id, person))
    assert sorted(map(str, results)) == sorted(["1", *[str(R.ALREADY_ENDORSED)] * 7])
    assert endorsements(world, opinion_id) == (1, 1)


@pytest.mark.race
def test_thirty_people_at_once_are_thirty(world, forum):
    opinion_id, people = forum.say(), world.residents(30)
    results = at_once(world, 30, lambda number: forum.endorse(opinion_id, people[number]))
    assert sorted(results) == list(range(1, 31))
    assert endorsements(world, opinion_id) == (30, 30)


@pytest.mark.race
def test_the_daily_limit_holds_across_topics_and_threads(world, forum):
    author, forums = world.resident(), [forum, Forum(world), Forum(world)]
    results = at_once(world, 15, lambda number: forums[number % 3].say(author))
    assert results.count(R.TOO_MANY_OPINIONS) == 5
    assert sum(one.topic().opinion_count for one in forums) == OPINIONS_PER_DAY


@pytest.mark.race
def test_opinions_and_changes_of_mind_at_once_leave_true_counters(world, forum):
    authors = world.residents(10)
    ids = [forum.say(author) for author in authors]

    def act(number: int) -> object:
        if number < 10:
            return forum.change(ids[number], authors[number], Stance.AGAINST)
        return forum.say(authors[number - 10], text=TEXT)

    at_once(world, 20, act)
    topic = forum.topic()
    assert (topic.for_count, topic.against_count) == (10, 10)
    with world.read() as session:
        assert session.scalars(select(func.count(StanceChange.id))).one() == 10


@pytest.mark.race
def test_opinions_written_while_others_are_hidden_leave_true_counters(world, forum):
    authors = world.residents(12)
    hidden = [forum.say(author) for author in authors[:6]]

    def act(number: int) -> object:
        if number >= 6:
            return forum.say(authors[number])
        with world.write() as session:
            return actions.hide_statement(
                session,
                session.get_one(Opinion, hidden[number]),
                reason=HideReason.OFF_TOPIC,
                note="의제와 다른 이야기입니다.",
                by=world.standing(session, forum.moderator),
                at=world.at,
            )

    at_once(world, 12, act)
    assert forum.topic().for_count == 6


@pytest.mark.race
def test_two_moderators_open_one_proposal_once(world):
    proposal_id = proposal_steps.endorsing(world)
    results = at_once(world, 4, lambda _: Forum(world, proposal_id=proposal_id).topic_id)
    assert results.count(R.PROPOSAL_IN_FORUM) == 3
    with world.read() as session:
        assert session.scalars(select(func.count(Topic.id))).one() == 1
        assert session.get_one(Proposal, proposal_id) is not None


@pytest.mark.race
def test_a_topic_is_concluded_by_one_of_many(world, forum):
    world.pass_time(days=21)
    results = at_once(world, 4, lambda _: forum.conclude())
    assert results.count(R.ALREADY_CONCLUDED) == 3


@pytest.mark.race
@pytest.mark.postgres
def test_two_who_answer_each_other_do_not_wait_for_each_other(world, forum):
    one, other = (world.account().person_id for _ in range(2))
    for person in (one, other):
        world.verify(person)
    opinions = {person: forum.say(person) for person in (one, other)}

    def stand_in_line(session):
        _in_line(session, world.standing(session, one))

    def answer(session):
        actions.answer_opinion(
            session,
            session.get_one(Opinion, opinions[other]),
            text="저도 그렇게 생각합니다.",
            home=None,
            by=world.standing(session, one),
            at=world.at,
        )

    assert meet(world, stand_in_line, lambda: forum.reply(opinions[one], other), answer) == []
    assert [forum.opinion(one).reply_count for one in opinions.values()] == [1, 1]
