"""Who × when → refusal, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from app.core.clock import seoul_midnight, seoul_moment
from app.forum import policy, words
from app.forum.models import Opinion, Stance, Topic, TopicKind
from app.forum.policy import ForumRefusal as R
from app.forum.rules import OPINIONS_PER_DAY, REPLIES_PER_DAY, Phase, day_began, dong_of, phase_of
from app.places.models import Department, Place, PlaceKind
from app.proposals.models import Proposal, ProposalState
from app.residents.models import MemberClass, Role
from app.residents.rules import NOBODY, Grant, Standing

OPENS = seoul_midnight(date(2021, 3, 2))
CLOSES = seoul_midnight(date(2021, 3, 22))
BEFORE = OPENS - timedelta(microseconds=1)
LAST = CLOSES - timedelta(microseconds=1)
DISTRICT = Place(id=1, kind=PlaceKind.DISTRICT, parent_id=None, name="금천구")
DONG = Place(id=2, kind=PlaceKind.DONG, parent_id=1, name="독산1동", parent=DISTRICT)
OTHER_DONG = Place(id=3, kind=PlaceKind.DONG, parent_id=1, name="가산동", parent=DISTRICT)
UNVERIFIED = Standing(10)
RESIDENT = Standing(11, frozenset({(2, MemberClass.RESIDENT)}), frozenset({1}))
NEIGHBOUR = Standing(12, frozenset({(3, MemberClass.WORKER)}), frozenset({1}))
STRANGER = Standing(13, frozenset({(9, MemberClass.RESIDENT)}), frozenset({8}))
MODERATOR = Standing(14, grants=frozenset({Grant(Role.MODERATOR, 2, None)}))
CLERK = Standing(15, grants=frozenset({Grant(Role.CLERK, 1, None)}))
AWAY_MODERATOR = Standing(16, grants=frozenset({Grant(Role.MODERATOR, 3, None)}))
CHAIR = Standing(17, grants=frozenset({Grant(Role.CHAIR, 2, None)}))
OFFICER = Standing(18, grants=frozenset({Grant(Role.DEPARTMENT, 1, 5)}))
OTHER_OFFICER = Standing(19, grants=frozenset({Grant(Role.DEPARTMENT, 1, 6)}))


def topic(place: Place = DONG, **more: object) -> Topic:
    return Topic(id=1, place=place, department_id=5, opens_at=OPENS, closes_at=CLOSES, **more)


CONCLUDED = {"conclusion": "함께 모은 결론", "concluded_at": CLOSES}
ANSWERED = {**CONCLUDED, "reply": "답변", "replied_at": CLOSES}


@pytest.mark.parametrize(
    ("more", "at", "phase"),
    [
        ({}, BEFORE, Phase.UPCOMING),
        ({}, OPENS, Phase.OPEN),
        ({}, LAST, Phase.OPEN),
        ({}, CLOSES, Phase.CLOSED),
        (CONCLUDED, CLOSES, Phase.CONCLUDED),
        (ANSWERED, CLOSES, Phase.FINISHED),
    ],
)
def test_a_phase_is_read_from_the_dates(more, at, phase):
    assert phase_of(topic(**more), at=at) is phase


@pytest.mark.parametrize(
    ("by", "place", "at", "refusal"),
    [
        (NOBODY, DONG, OPENS, R.NOT_VERIFIED),
        (UNVERIFIED, DONG, OPENS, R.NOT_VERIFIED),
        (MODERATOR, DONG, OPENS, R.NOT_VERIFIED),
        (NEIGHBOUR, DONG, OPENS, R.NOT_OF_PLACE),
        (STRANGER, DISTRICT, OPENS, R.NOT_OF_PLACE),
        (NEIGHBOUR, DISTRICT, OPENS, None),
        (RESIDENT, DONG, BEFORE, R.NOT_YET_OPEN),
        (RESIDENT, DONG, OPENS, None),
        (RESIDENT, DONG, LAST, None),
        (RESIDENT, DONG, CLOSES, R.ALREADY_CLOSED),
    ],
)
def test_who_may_speak_and_when(by, place, at, refusal):
    assert policy.why_not_speak(topic(place), by, at=at) is refusal


@pytest.mark.parametrize(
    ("by", "more", "at", "refusal"),
    [
        (RESIDENT, {}, CLOSES, R.NOT_MODERATOR),
        (AWAY_MODERATOR, {}, CLOSES, R.NOT_MODERATOR),
        (CHAIR, {}, CLOSES, R.NOT_MODERATOR),
        (OFFICER, {}, CLOSES, R.NOT_MODERATOR),
        (MODERATOR, {}, BEFORE, R.STILL_OPEN),
        (MODERATOR, {}, LAST, R.STILL_OPEN),
        (MODERATOR, {}, CLOSES, None),
        (CLERK, {}, CLOSES, None),
        (MODERATOR, CONCLUDED, CLOSES, R.ALREADY_CONCLUDED),
        (MODERATOR, ANSWERED, CLOSES, R.ALREADY_CONCLUDED),
    ],
)
def test_who_may_conclude_and_when(by, more, at, refusal):
    assert policy.why_not_conclude(topic(**more), by, at=at) is refusal


@pytest.mark.parametrize(
    ("by", "more", "refusal"),
    [
        (OTHER_OFFICER, CONCLUDED, R.NOT_DEPARTMENT),
        (CLERK, CONCLUDED, R.NOT_DEPARTMENT),
        (OFFICER, {}, R.NOT_CONCLUDED),
        (OFFICER, CONCLUDED, None),
        (OFFICER, ANSWERED, R.ALREADY_ANSWERED),
    ],
)
def test_who_may_answer_and_when(by, more, refusal):
    assert policy.why_not_answer(topic(**more), by, at=CLOSES) is refusal


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "department", "refusal"),
    [
        (OPENS, CLOSES, 1, None),
        (OPENS + timedelta(hours=10), CLOSES, 1, None),
        (OPENS - timedelta(days=1), CLOSES, 1, R.PERIOD_PAST),
        (CLOSES, OPENS, 1, R.BAD_PERIOD),
        (OPENS, OPENS, 1, R.BAD_PERIOD),
        (OPENS, CLOSES, 7, R.FOREIGN_DEPARTMENT),
    ],
)
def test_a_topic_needs_days_to_come_and_a_department_of_its_district(
    opens_at, closes_at, department, refusal
):
    office = Department(id=5, place_id=department)
    at = seoul_moment(date(2021, 3, 2), 15)
    found = policy.why_not_open(DONG, office, opens_at=opens_at, closes_at=closes_at, at=at)
    assert found is refusal


@pytest.mark.parametrize(
    ("kind", "place", "state", "busy", "refusal"),
    [
        (TopicKind.QUESTION, DONG, None, False, None),
        (TopicKind.PROPOSAL, DONG, None, False, R.BAD_SOURCE),
        (TopicKind.QUESTION, DONG, ProposalState.REPLIED, False, R.BAD_SOURCE),
        (TopicKind.PROPOSAL, DONG, ProposalState.DRAFT, False, R.PROPOSAL_NOT_READY),
        (TopicKind.PROPOSAL, DONG, ProposalState.UNFIT, False, R.PROPOSAL_NOT_READY),
        (TopicKind.PROPOSAL, DONG, ProposalState.REVIEW, False, None),
        (TopicKind.PROPOSAL, DISTRICT, ProposalState.REVIEW, False, None),
        (TopicKind.PROPOSAL, OTHER_DONG, ProposalState.REVIEW, False, R.FOREIGN_PROPOSAL),
        (TopicKind.PROPOSAL, DONG, ProposalState.REVIEW, True, R.PROPOSAL_IN_FORUM),
    ],
)
def test_a_topic_comes_from_a_ready_proposal_or_from_none(kind, place, state, busy, refusal):
    proposal = None if state is None else Proposal(place_id=2, place=DONG, state=state)
    assert policy.why_not_from(kind, proposal, place, is_in_forum=busy) is refusal


def test_what_is_hidden_is_left_alone_and_ones_own_is_not_endorsed():
    plain = Opinion(id=1, topic_id=1, author_id=11, stance=Stance.FOR)
    hidden = Opinion(id=2, topic_id=1, author_id=11, stance=Stance.FOR, hidden_at=OPENS)
    elsewhere = Opinion(id=3, topic_id=2, author_id=11, stance=Stance.FOR)
    assert policy.why_not_endorse(plain, NEIGHBOUR) is None
    assert policy.why_not_endorse(plain, RESIDENT) is R.OWN_OPINION
    assert policy.why_not_endorse(hidden, NEIGHBOUR) is R.OPINION_HIDDEN
    assert policy.why_not_quote(topic(), plain) is None
    assert policy.why_not_quote(topic(), hidden) is R.OPINION_HIDDEN
    assert policy.why_not_quote(topic(), elsewhere) is R.FOREIGN_QUOTE
    assert policy.why_not_quote(topic(), None) is R.FOREIGN_QUOTE
    assert policy.why_not_reply(hidden, replies_today=0) is R.OPINION_HIDDEN
    assert policy.why_not_reply(plain, replies_today=REPLIES_PER_DAY) is R.TOO_MANY_REPLIES
    assert policy.why_not_write(opinions_today=OPINIONS_PER_DAY - 1) is None
    assert policy.why_not_write(opinions_today=OPINIONS_PER_DAY) is R.TOO_MANY_OPINIONS
    assert policy.why_not_change(plain, RESIDENT, Stance.AGAINST) is None
    assert policy.why_not_change(plain, RESIDENT, Stance.FOR) is R.SAME_STANCE
    assert policy.why_not_change(plain, NEIGHBOUR, Stance.AGAINST) is R.NOT_AUTHOR
    assert policy.why_not_change(hidden, RESIDENT, Stance.AGAINST) is R.OPINION_HIDDEN


def test_only_a_dong_one_is_verified_for_stands_beside_a_name():
    assert policy.why_not_from_home(RESIDENT, None) is None
    assert policy.why_not_from_home(RESIDENT, DONG) is None
    assert policy.why_not_from_home(RESIDENT, OTHER_DONG) is R.FOREIGN_HOME
    assert dong_of(RESIDENT, DONG.id) == DONG.id
    assert dong_of(NEIGHBOUR, DISTRICT.id) == OTHER_DONG.id
    assert dong_of(UNVERIFIED, DISTRICT.id) is None


def test_a_day_begins_at_midnight_in_seoul():
    assert day_began(seoul_moment(date(2021, 3, 2), 23, 59)) == OPENS
    assert day_began(OPENS) == OPENS


def test_every_refusal_has_its_sentence(app: Flask):
    assert set(words.SENTENCES) == set(R)
    assert {sentence.status for sentence in words.SENTENCES.values()} <= {403, 409, 422, 429}
    with app.test_request_context():
        assert all(sentence.fill({"limit": 10}) for sentence in words.SENTENCES.values())
        assert [stop.state for stop in words.way_of(topic(created_at=BEFORE), at=LAST)] == [
            "done",
            "now",
            "ahead",
            "ahead",
        ]
