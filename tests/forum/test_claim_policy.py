"""Who may add, weigh and decide on a sentence: one table, who × when → refusal."""

from __future__ import annotations

import pytest

from app.forum import policy
from app.forum.models import Claim, ClaimState, Topic
from app.forum.policy import ForumRefusal


@pytest.mark.parametrize(
    ("today", "known", "refusal"),
    [
        (0, False, None),
        (4, False, None),
        (5, False, ForumRefusal.TOO_MANY_CLAIMS),
        (0, True, ForumRefusal.CLAIM_KNOWN),
        (5, True, ForumRefusal.CLAIM_KNOWN),
    ],
)
def test_who_may_add(today, known, refusal):
    assert policy.why_not_add_claim(claims_today=today, is_known=known) is refusal


@pytest.mark.parametrize(
    ("claim", "refusal"),
    [
        (Claim(topic_id=1, state=ClaimState.SHOWN), None),
        (Claim(topic_id=1, state=ClaimState.WAITING), ForumRefusal.CLAIM_NOT_SHOWN),
        (Claim(topic_id=1, state=ClaimState.REFUSED), ForumRefusal.CLAIM_NOT_SHOWN),
        (Claim(topic_id=2, state=ClaimState.SHOWN), ForumRefusal.CLAIM_UNKNOWN),
        (None, ForumRefusal.CLAIM_UNKNOWN),
    ],
)
def test_what_may_be_weighed(claim, refusal):
    assert policy.why_not_weigh(Topic(id=1), claim) is refusal


@pytest.mark.parametrize(
    ("leads", "days", "mark", "refusal"),
    [
        (True, 1, True, None),
        (True, 1, False, ForumRefusal.CLAIM_DECIDED),
        (True, 60, True, ForumRefusal.TOPIC_OVER),
        (False, 1, True, ForumRefusal.NOT_MODERATOR),
    ],
)
def test_who_may_mark_a_sentence_as_of_oneself(world, forum, leads, days, mark, refusal):
    by = forum.moderator if leads else world.resident()
    world.pass_time(days=days)
    with world.read() as session:
        topic, standing = session.get_one(Topic, forum.topic_id), world.standing(session, by)
        claim = Claim(topic_id=topic.id, state=ClaimState.SHOWN, is_of_oneself=False)
        why = policy.why_not_mark_claim(topic, claim, standing, is_of_oneself=mark, at=world.at)
        assert why is refusal
