"""Adding a sentence, letting it be weighed, weighing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select, update

from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import insist
from app.forum import facts, policy, queries
from app.forum.actions.within import _in_line
from app.forum.models import Claim, ClaimState, Topic, Weighing
from app.forum.rules import CLAIMS_PER_DAY, day_began

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

COUNTER = {1: "agree_count", -1: "disagree_count", 0: "unsure_count"}


def add_claim(session: Session, topic: Topic, *, text: str, by: Standing, at: datetime) -> Claim:
    """Add a sentence to weigh; a moderator's own is shown at once, others wait for one.

    Raises Refused with TOO_MANY_CLAIMS after the fifth of a day, CLAIM_KNOWN for the very words
    of another.
    """
    leads = policy.may_moderate(by, topic.place)
    insist(policy.why_not_begin(topic, at=at) if leads else policy.why_not_speak(topic, by, at=at))
    author_id = _in_line(session, by)
    today = 0 if leads else queries.claims_since(session, author_id, day_began(at))
    insist(
        policy.why_not_add_claim(
            claims_today=today, is_known=queries.is_claim_known(session, topic.id, text)
        ),
        limit=CLAIMS_PER_DAY,
    )
    claim = Claim(
        topic_id=topic.id,
        author_id=author_id,
        text=text,
        state=ClaimState.SHOWN if leads else ClaimState.WAITING,
        created_at=at,
        decided_at=at if leads else None,
        decided_by=author_id if leads else None,
        agree_count=0,
        disagree_count=0,
        unsure_count=0,
    )
    session.add(claim)
    session.flush()
    record(
        session,
        facts.ClaimAdded(at=at, by=by.person_id, topic_id=topic.id, claim_id=claim.id),
    )
    return claim


def decide_claim(
    session: Session, claim_id: int, *, state: ClaimState, by: Standing, at: datetime
) -> None:
    """Let a sentence be weighed, or turn it down; what was weighed of it stays and moves nobody."""
    claim = session.scalars(_locked(claim_id)).one()
    topic = session.get_one(Topic, claim.topic_id)
    insist(policy.why_not_decide_claim(topic, claim, by, state, at=at))
    claim.state, claim.decided_at, claim.decided_by = state, at, by.person_id
    session.flush()
    record(
        session,
        facts.ClaimDecided(
            at=at, by=by.person_id, topic_id=topic.id, claim_id=claim_id, state=state
        ),
    )


def weigh_claim(
    session: Session, topic: Topic, claim_id: int, *, value: int, by: Standing, at: datetime
) -> None:
    """Weigh a sentence of a topic: 1 agree, −1 disagree, 0 unsure; again replaces what was.

    The sentence's row is held while its counts follow. No fact is recorded: how a person weighs
    is nobody else's, and a chained row would keep it beside their name for good.
    """
    insist(policy.why_not_speak(topic, by, at=at))
    claim = session.scalars(_locked(claim_id)).one_or_none()
    insist(policy.why_not_weigh(topic, claim))
    assert claim is not None  # noqa: S101 - the policy has seen it
    row = {"claim_id": claim_id, "person_id": by.person_id}
    table: Any = Weighing.__table__
    steps = {COUNTER[value]: 1}
    if not insert_once(session, table, **row, topic_id=topic.id, value=value, at=at):
        mine = (Weighing.claim_id == claim_id, Weighing.person_id == by.person_id)
        before = session.scalars(select(Weighing.value).where(*mine)).one()
        session.execute(update(Weighing).where(*mine).values(value=value, at=at))
        steps = {} if before == value else steps | {COUNTER[before]: -1}
    if steps:
        session.execute(
            update(Claim)
            .where(Claim.id == claim_id)
            .values({name: getattr(Claim, name) + step for name, step in steps.items()})
            .execution_options(synchronize_session=False)
        )


def _locked(claim_id: int) -> Select[Claim]:
    """Return what reads a sentence as it is now, locked until the write ends."""
    return (
        select(Claim)
        .where(Claim.id == claim_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
