"""Bringing in a conversation that was held elsewhere, as a topic of the forum."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from app.core.plaintext import tidy
from app.core.refusals import InvalidText, insist
from app.forum import policy
from app.forum.models import Claim, ClaimState, Topic, Weighing
from app.residents import actions as residents

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.forum.rules.exchange import Conversation, Remark
    from app.residents.rules import Standing

ROWS_AT_ONCE = 5_000
_weighing: Any = Weighing.__table__  # rows go into the table itself: no object for each
NAMELESS = "가져온 참여자"
WORDLESS = "글 없는 문장"


def import_conversation(
    session: Session, topic: Topic, talk: Conversation, *, by: Standing, at: datetime
) -> int:
    """Put a published conversation's statements and votes into a topic; return how many votes.

    Each participant becomes a person without a name, an account or a place: they count in the
    map, and nowhere else. Statements moderated out elsewhere stay out, those that describe who
    weighs are marked so; one whose words no file holds stands by its number. Raises ImportedText
    for words that may not be stored.
    """
    insist(policy.why_not_moderate(by, topic.place))
    claims = {
        one.id: _claim(topic, one, is_of_oneself=one.id in talk.of_oneself, by=by, at=at)
        for one in talk.remarks
    }
    ids = residents.add_people(session, len(talk.people), name=NAMELESS, at=at)
    people = dict(zip(talk.people, ids, strict=True))
    session.add_all(claims.values())
    session.flush()
    counts = {one: [0, 0, 0] for one in claims}
    for (_, remark), value in talk.votes.items():
        counts[remark][value] += 1
    for one, (unsure, agreed, disagreed) in counts.items():
        claims[one].unsure_count, claims[one].agree_count = unsure, agreed
        claims[one].disagree_count = disagreed
    session.flush()
    rows = (
        {
            "claim_id": claims[remark].id,
            "person_id": people[person],
            "topic_id": topic.id,
            "value": value,
            "at": at,
        }
        for (person, remark), value in talk.votes.items()
    )
    while part := list(islice(rows, ROWS_AT_ONCE)):
        session.execute(insert(_weighing), part)
    return len(talk.votes)


class ImportedText(ValueError):
    """Words that may not be stored here: where they stand, and why."""

    def __init__(self, where: str, code: str) -> None:
        what = {"resident_number": "what looks like a resident number"}
        super().__init__(f"{where} holds {what.get(code, 'control characters')}")


def _stored(remark: Remark) -> str:
    try:
        return tidy(remark.text) or f"{WORDLESS} {remark.id}"
    except InvalidText as invalid:
        raise ImportedText(f"statement {remark.id}", invalid.code) from invalid


def _claim(
    topic: Topic, remark: Remark, *, is_of_oneself: bool, by: Standing, at: datetime
) -> Claim:
    assert by.person_id is not None  # noqa: S101 - whoever holds a role is somebody
    return Claim(
        topic_id=topic.id,
        author_id=by.person_id,
        text=_stored(remark),
        state=ClaimState.SHOWN if remark.shown else ClaimState.REFUSED,
        created_at=at,
        decided_at=at,
        decided_by=by.person_id,
        agree_count=0,
        disagree_count=0,
        unsure_count=0,
        is_of_oneself=is_of_oneself,
    )
