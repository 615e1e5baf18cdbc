"""What whoever leaves takes along, so that nobody counts twice as another person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from app.core.bus import record
from app.forum import facts
from app.forum.actions.claims import COUNTER
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
    topics = {row.id: row.topic_id for row in rows}
    # What was taken back while these were waited for counts no more already.
    taken = session.scalars(
        delete(OpinionEndorsement)
        .where(
            OpinionEndorsement.person_id == left.person_id,
            OpinionEndorsement.opinion_id.in_(topics),
        )
        .returning(OpinionEndorsement.opinion_id)
    ).all()
    if not taken:
        return
    counts = session.execute(
        update(_opinion)
        .where(_opinion.c.id.in_(taken))
        .values(endorsement_count=_opinion.c.endorsement_count - 1)
        .returning(_opinion.c.id, _opinion.c.endorsement_count)
    ).all()
    for opinion_id, count in sorted(map(tuple, counts)):
        record(
            session,
            facts.OpinionEndorsementWithdrawn(
                at=left.at,
                by=left.by,
                topic_id=topics[opinion_id],
                opinion_id=opinion_id,
                count=count,
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
    for value, name in COUNTER.items():
        ids = [claim_id for claim_id, weighed in taken if weighed == value]
        if ids:
            less = {name: _claim.c[name] - 1}
            session.execute(update(_claim).where(_claim.c.id.in_(ids)).values(less))


_opinion: Any = Opinion.__table__
_claim: Any = Claim.__table__
