"""What the acts in a topic share: locks, counters, the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from app.core.database import held
from app.core.refusals import insist
from app.forum import policy
from app.forum.models import (
    Opinion,
    OpinionReply,
    Stance,
    Topic,
)
from app.moderation.models import SubjectKind
from app.proposals import actions as proposals
from app.proposals.models import Stage, TimelineCode
from app.residents.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


COUNTED = {
    Stance.FOR: Topic.for_count,
    Stance.AGAINST: Topic.against_count,
    Stance.IMPROVE: Topic.improve_count,
}


def _hold_sums(session: Session, kind: type[Topic | Opinion], row_id: int) -> None:
    """Hold a row's sums against everyone else's changes, without hindering rows that point to it.

    A statement of its own, because PostgreSQL counts as of the moment a statement begins.
    """
    session.execute(select(kind.id).where(kind.id == row_id).with_for_update(key_share=True))


def _spoken_to(session: Session, opinion_id: int, *, by: Standing, at: datetime) -> Opinion:
    """Return an opinion, locked, of a topic in which the person may take part now."""
    opinion = held(session, Opinion, opinion_id)
    insist(policy.why_not_speak(session.get_one(Topic, opinion.topic_id), by, at=at))
    return opinion


def _in_line(session: Session, by: Standing) -> int:
    """Return the person's id, with their row held: what one writes in a day is counted once.

    Rows that point to the person are not hindered: two who answer each other leave each other a
    notice, and would wait for each other.
    """
    return session.scalars(
        select(Person.id).where(Person.id == by.person_id).with_for_update(key_share=True)
    ).one()


def _counter(stance: Stance) -> str:
    return COUNTED[stance].key


def _count(session: Session, topic_id: int, **added: int) -> None:
    """Add to a topic's counters inside the database, whatever others add meanwhile."""
    session.execute(
        update(Topic)
        .where(Topic.id == topic_id)
        .values({name: getattr(Topic, name) + step for name, step in added.items()})
    )


def _add_endorsements(session: Session, opinion_id: int, step: int) -> int:
    return session.scalars(
        update(Opinion)
        .where(Opinion.id == opinion_id)
        .values(endorsement_count=Opinion.endorsement_count + step)
        .returning(Opinion.endorsement_count)
    ).one()


@dataclass(frozen=True)
class Whereabouts:
    """Where an opinion or a reply stands, for the ledger."""

    kind: SubjectKind
    topic: Topic
    href: str


def _whereabouts(session: Session, subject: Opinion | OpinionReply) -> Whereabouts:
    if isinstance(subject, Opinion):
        topic = session.get_one(Topic, subject.topic_id)
        href = f"/forum/{topic.id}/opinions/{subject.id}"
        return Whereabouts(SubjectKind.OPINION, topic, href)
    opinion = session.get_one(Opinion, subject.opinion_id)
    topic = session.get_one(Topic, opinion.topic_id)
    href = f"/forum/{topic.id}/opinions/{opinion.id}#reply-{subject.id}"
    return Whereabouts(SubjectKind.OPINION_REPLY, topic, href)


def _note(
    session: Session, topic: Topic, code: TimelineCode, *, note: str, by: Standing, at: datetime
) -> None:
    """Tell the proposal a topic came from how far the talk has come."""
    if topic.proposal_id is not None:
        proposals.note_progress(
            session,
            topic.proposal_id,
            stage=Stage.FORUM,
            code=code,
            note=note,
            href=f"/forum/{topic.id}",
            by=by.person_id,
            at=at,
        )
