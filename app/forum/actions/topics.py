"""Opening, concluding and answering a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.bus import record
from app.core.database import held
from app.core.refusals import insist
from app.forum import facts, policy, queries
from app.forum.models import Topic
from app.proposals.models import Proposal, TimelineCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.forum.models import TopicKind
    from app.places.models import Department, Place
    from app.residents.rules import Standing
from app.forum.actions.within import _note


def open_topic(  # noqa: PLR0913 - what a topic is, is named where it is opened
    session: Session,
    *,
    place: Place,
    kind: TopicKind,
    proposal: Proposal | None,
    department: Department,
    title: str,
    question: str,
    background: str,
    opens_at: datetime,
    closes_at: datetime,
    by: Standing,
    at: datetime,
) -> Topic:
    """Put a question to the forum, from a proposal or as the district's own.

    Raises Refused when the person does not lead the place's forum, the period is past or upside
    down, or the proposal is not one that can be talked about here now.
    """
    insist(policy.why_not_moderate(by, place))
    insist(policy.why_not_open(place, department, opens_at=opens_at, closes_at=closes_at, at=at))
    if proposal is not None:
        proposal = held(session, Proposal, proposal.id)
    busy = proposal is not None and queries.is_in_forum(session, proposal.id)
    insist(policy.why_not_from(kind, proposal, place, is_in_forum=busy))
    assert by.person_id is not None  # noqa: S101 - whoever holds a role is somebody
    topic = Topic(
        place=place,
        kind=kind,
        proposal_id=proposal.id if proposal else None,
        department=department,
        title=title,
        question=question,
        background=background,
        opens_at=opens_at,
        closes_at=closes_at,
        opened_by=by.person_id,
        created_at=at,
        for_count=0,
        against_count=0,
        improve_count=0,
    )
    session.add(topic)
    session.flush()
    record(session, facts.TopicOpened(at=at, by=by.person_id, topic_id=topic.id))
    _note(session, topic, TimelineCode.FORUM_OPENED, note=title, by=by, at=at)
    return topic


def conclude_topic(
    session: Session, topic: Topic, *, conclusion: str, by: Standing, at: datetime
) -> None:
    """Sum a closed topic up, once, in Markdown."""
    topic = held(session, Topic, topic.id)
    insist(policy.why_not_conclude(topic, by, at=at))
    topic.conclusion, topic.concluded_at = conclusion, at
    session.flush()
    record(session, facts.TopicConcluded(at=at, by=by.person_id, topic_id=topic.id))
    _note(session, topic, TimelineCode.FORUM_CONCLUDED, note=topic.title, by=by, at=at)


def answer_topic(session: Session, topic: Topic, *, reply: str, by: Standing, at: datetime) -> None:
    """Give the department's answer to a conclusion, once; nothing changes after it."""
    topic = held(session, Topic, topic.id)
    insist(policy.why_not_answer(topic, by, at=at))
    topic.reply, topic.replied_at = reply, at
    session.flush()
    record(session, facts.TopicAnswered(at=at, by=by.person_id, topic_id=topic.id))
    _note(session, topic, TimelineCode.FORUM_ANSWERED, note=topic.title, by=by, at=at)
