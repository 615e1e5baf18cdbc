"""What whoever leaves takes along, so that nobody counts twice as another person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.core.bus import record
from app.forum import facts
from app.forum.actions.claims import COUNTER, _counting
from app.forum.actions.within import _add_endorsements
from app.forum.models import Claim, Opinion, OpinionEndorsement, Topic, Weighing

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.residents.facts import PersonWithdrew


def take_back_in_open_talks(session: Session, left: PersonWithdrew) -> None:
    """Take back the endorsements and weighings of someone who leaves, where the talk goes on.

    What was said stays, under no name; what a talk that is over has counted stands. Opinions, then
    sentences are held, each in the order of their ids, and their counts follow.
    """
    _take_back_endorsements(session, left)
    _take_back_weighings(session, left)


def _goes_on(left: PersonWithdrew) -> tuple[ColumnElement[bool], ...]:
    return Topic.opens_at <= left.at, Topic.closes_at > left.at


def _take_back_endorsements(session: Session, left: PersonWithdrew) -> None:
    rows = session.execute(
        select(Opinion.id, Opinion.topic_id)
        .join(OpinionEndorsement, OpinionEndorsement.opinion_id == Opinion.id)
        .join(Topic, Topic.id == Opinion.topic_id)
        .where(OpinionEndorsement.person_id == left.person_id, *_goes_on(left))
        .order_by(Opinion.id)
        .with_for_update(of=Opinion)
    ).all()
    for opinion_id, topic_id in rows:
        session.execute(
            delete(OpinionEndorsement).where(
                OpinionEndorsement.opinion_id == opinion_id,
                OpinionEndorsement.person_id == left.person_id,
            )
        )
        count = _add_endorsements(session, opinion_id, -1)
        record(
            session,
            facts.OpinionEndorsementWithdrawn(
                at=left.at, by=left.by, topic_id=topic_id, opinion_id=opinion_id, count=count
            ),
        )


def _take_back_weighings(session: Session, left: PersonWithdrew) -> None:
    claims = session.scalars(
        select(Claim.id)
        .join(Weighing, Weighing.claim_id == Claim.id)
        .join(Topic, Topic.id == Claim.topic_id)
        .where(Weighing.person_id == left.person_id, *_goes_on(left))
        .order_by(Claim.id)
        .with_for_update(of=Claim)
    ).all()
    taken = session.execute(
        delete(Weighing)
        .where(Weighing.person_id == left.person_id, Weighing.claim_id.in_(claims))
        .returning(Weighing.claim_id, Weighing.value)
    ).all()
    for claim_id, value in sorted(map(tuple, taken)):
        less = _counting(((COUNTER[value], -1),))
        session.connection().execute(less, {"claim": claim_id})
