"""Bringing in a conversation that was held elsewhere, as a topic of the forum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from app.core.refusals import insist
from app.forum import policy
from app.forum.models import Claim, ClaimState, Topic, Weighing
from app.residents import actions as residents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.forum.rules.exchange import Conversation, Remark
    from app.residents.rules import Standing

ROWS_AT_ONCE = 5_000
NAMELESS = "가져온 참여자"


def import_conversation(
    session: Session, topic: Topic, talk: Conversation, *, by: Standing, at: datetime
) -> int:
    """Put a published conversation's statements and votes into a topic; return how many votes.

    Each participant becomes a person without a name, an account or a place: they count in the
    map, and nowhere else. Statements moderated out elsewhere stay out, those that describe who
    weighs are marked so.
    """
    insist(policy.why_not_moderate(by, topic.place))
    claims = {
        one.id: _claim(topic, one, is_of_oneself=one.id in talk.of_oneself, by=by, at=at)
        for one in talk.remarks
    }
    people = {one: residents.add_person(session, name=NAMELESS, at=at) for one in talk.people}
    session.add_all(claims.values())
    session.flush()
    counts = {one: [0, 0, 0] for one in claims}
    rows: list[dict[str, Any]] = []
    for (person, remark), value in talk.votes.items():
        counts[remark][value] += 1
        rows.append(
            {
                "claim_id": claims[remark].id,
                "person_id": people[person].id,
                "topic_id": topic.id,
                "value": value,
                "at": at,
            }
        )
    for one, (unsure, agreed, disagreed) in counts.items():
        claims[one].unsure_count, claims[one].agree_count = unsure, agreed
        claims[one].disagree_count = disagreed
    session.flush()
    for part in _parts(rows):
        session.execute(insert(Weighing), part)
    return len(rows)


def _claim(
    topic: Topic, remark: Remark, *, is_of_oneself: bool, by: Standing, at: datetime
) -> Claim:
    assert by.person_id is not None  # noqa: S101 - whoever holds a role is somebody
    return Claim(
        topic_id=topic.id,
        author_id=by.person_id,
        text=remark.text,
        state=ClaimState.SHOWN if remark.shown else ClaimState.REFUSED,
        created_at=at,
        decided_at=at,
        decided_by=by.person_id,
        agree_count=0,
        disagree_count=0,
        unsure_count=0,
        is_of_oneself=is_of_oneself,
    )


def _parts(rows: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    return [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]
