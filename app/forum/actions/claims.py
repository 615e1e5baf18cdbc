"""Adding a sentence, letting it be weighed, weighing it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Update, bindparam, select, update

from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import insist
from app.forum import facts, policy, queries
from app.forum.actions.within import _hold_sums, _in_line
from app.forum.models import Claim, ClaimState, Topic, Weighing
from app.forum.rules import CLAIMS_PER_DAY, day_began
from app.residents.actions import share_standing

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
    _hold_sums(session, Topic, topic.id)  # the same words sent twice at once are looked up in turn
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
    claim = session.scalars(_LOCKED, {"claim": claim_id}).one()
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


def mark_claim(
    session: Session, claim_id: int, *, is_of_oneself: bool, by: Standing, at: datetime
) -> None:
    """Say whether a sentence is of oneself; it is weighed either way, and a new map is due."""
    claim = session.scalars(_LOCKED, {"claim": claim_id}).one()
    topic = session.get_one(Topic, claim.topic_id)
    insist(policy.why_not_mark_claim(topic, claim, by, is_of_oneself=is_of_oneself, at=at))
    claim.is_of_oneself = is_of_oneself
    if claim.state is not ClaimState.WAITING:
        claim.decided_at, claim.decided_by = at, by.person_id
    session.flush()
    record(
        session,
        facts.ClaimMarked(
            at=at,
            by=by.person_id,
            topic_id=topic.id,
            claim_id=claim_id,
            is_of_oneself=is_of_oneself,
        ),
    )


def weigh_claim(
    session: Session, topic: Topic, claim_id: int, *, value: int, person_id: int, at: datetime
) -> None:
    """Weigh a sentence of a topic: 1 agree, −1 disagree, 0 unsure; again replaces what was.

    Who acts is read with their row shared, so that nobody weighs while leaving; then the
    sentence's row is held while its counts follow. No fact is recorded: how a person weighs
    is nobody else's, and a chained row would keep it beside their name for good.
    """
    by = share_standing(session, person_id, at=at)
    insist(policy.why_not_speak(topic, by, at=at))
    claim = session.scalars(_LOCKED, {"claim": claim_id}).one_or_none()
    insist(policy.why_not_weigh(topic, claim))
    assert claim is not None  # noqa: S101 - the policy has seen it
    row = {"claim_id": claim_id, "person_id": person_id}
    steps = {COUNTER[value]: 1}
    if not insert_once(session, _weighing, **row, topic_id=topic.id, value=value, at=at):
        mine = (Weighing.claim_id == claim_id, Weighing.person_id == person_id)
        before = session.scalars(select(Weighing.value).where(*mine)).one()
        session.execute(update(Weighing).where(*mine).values(value=value, at=at))
        steps = {} if before == value else steps | {COUNTER[before]: -1}
    if steps:
        session.connection().execute(_counting(tuple(steps.items())), {"claim": claim_id})


_claim: Any = Claim.__table__
_weighing: Any = Weighing.__table__
# A sentence as it is now, its row held until the write ends.
_LOCKED = (
    select(Claim)
    .where(Claim.id == bindparam("claim"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


@cache
def _counting(steps: tuple[tuple[str, int], ...]) -> Update:
    """Return what moves a sentence's counts; there are nine such statements."""
    moved = {name: _claim.c[name] + step for name, step in steps}
    counting: Update = update(_claim).where(_claim.c.id == bindparam("claim")).values(moved)
    return counting
