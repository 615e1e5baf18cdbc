"""Opening a topic, speaking in it, changing one's mind, summing up, answering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, func, select, update

from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import Refused, insist
from app.forum import facts, policy, queries
from app.forum.models import (
    Opinion,
    OpinionEndorsement,
    OpinionReply,
    Stance,
    StanceChange,
    Topic,
)
from app.forum.policy import ForumRefusal
from app.forum.rules import OPINIONS_PER_DAY, REPLIES_PER_DAY, day_began
from app.moderation import actions as moderation
from app.moderation.facts import ModerationFact
from app.moderation.models import SubjectKind
from app.proposals import actions as proposals
from app.proposals.models import Proposal, Stage, TimelineCode
from app.residents.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.forum.models import TopicKind
    from app.moderation.models import HideReason
    from app.places.models import Department, Place
    from app.residents.rules import Standing

Row = TypeVar("Row", Topic, Opinion, Proposal)
COUNTED = {
    Stance.FOR: Topic.for_count,
    Stance.AGAINST: Topic.against_count,
    Stance.IMPROVE: Topic.improve_count,
}


# ---------------------------------------------------------------- topics


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
        proposal = _held(session, Proposal, proposal.id)
    busy = proposal is not None and queries.is_in_forum(session, proposal.id)
    insist(policy.why_not_from(kind, proposal, place, is_in_forum=busy))
    assert by.person_id is not None  # noqa: S101 - whoever holds a role is somebody
    topic = Topic(
        place=place,
        kind=kind,
        proposal=proposal,
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
    topic = _held(session, Topic, topic.id)
    insist(policy.why_not_conclude(topic, by, at=at))
    topic.conclusion, topic.concluded_at = conclusion, at
    session.flush()
    record(session, facts.TopicConcluded(at=at, by=by.person_id, topic_id=topic.id))
    _note(session, topic, TimelineCode.FORUM_CONCLUDED, note=topic.title, by=by, at=at)


def answer_topic(session: Session, topic: Topic, *, reply: str, by: Standing, at: datetime) -> None:
    """Give the department's answer to a conclusion, once; nothing changes after it."""
    topic = _held(session, Topic, topic.id)
    insist(policy.why_not_answer(topic, by, at=at))
    topic.reply, topic.replied_at = reply, at
    session.flush()
    record(session, facts.TopicAnswered(at=at, by=by.person_id, topic_id=topic.id))
    _note(session, topic, TimelineCode.FORUM_ANSWERED, note=topic.title, by=by, at=at)


# ---------------------------------------------------------------- opinions


def write_opinion(
    session: Session,
    topic: Topic,
    *,
    stance: Stance,
    text: str,
    reason: str,
    quoted_id: int | None = None,
    home: Place | None,
    by: Standing,
    at: datetime,
) -> Opinion:
    """Say what one thinks of a topic, on one side, perhaps quoting another opinion.

    `reason` is one line, `text` says it at length. Raises Refused with TOO_MANY_OPINIONS after
    the tenth of a day, FOREIGN_QUOTE for an opinion of another topic.
    """
    insist(policy.why_not_speak(topic, by, at=at))
    insist(policy.why_not_from_home(by, home))
    author_id = _in_line(session, by)
    today = queries.opinions_since(session, author_id, day_began(at))
    insist(policy.why_not_write(opinions_today=today), limit=OPINIONS_PER_DAY)
    if quoted_id is not None:
        insist(policy.why_not_quote(topic, session.get(Opinion, quoted_id)))
    opinion = Opinion(
        topic_id=topic.id,
        author_id=author_id,
        home_place_id=home.id if home else None,
        quoted_id=quoted_id,
        stance=stance,
        text=text,
        reason=reason,
        created_at=at,
        endorsement_count=0,
        reply_count=0,
    )
    session.add(opinion)
    session.flush()
    _count(session, topic.id, **{_counter(stance): 1})
    record(
        session,
        facts.OpinionWritten(
            at=at, by=by.person_id, topic_id=topic.id, opinion_id=opinion.id, stance=stance
        ),
    )
    return opinion


def answer_opinion(
    session: Session, opinion: Opinion, *, text: str, home: Place | None, by: Standing, at: datetime
) -> OpinionReply:
    """Reply to an opinion."""
    topic = session.get_one(Topic, opinion.topic_id)
    insist(policy.why_not_speak(topic, by, at=at))
    insist(policy.why_not_from_home(by, home))
    author_id = _in_line(session, by)
    opinion = _held(session, Opinion, opinion.id)
    today = queries.replies_since(session, author_id, day_began(at))
    insist(policy.why_not_reply(opinion, replies_today=today), limit=REPLIES_PER_DAY)
    reply = OpinionReply(
        opinion_id=opinion.id,
        author_id=author_id,
        home_place_id=home.id if home else None,
        text=text,
        created_at=at,
    )
    session.add(reply)
    session.flush()
    session.execute(
        update(Opinion).where(Opinion.id == opinion.id).values(reply_count=Opinion.reply_count + 1)
    )
    record(
        session,
        facts.OpinionAnswered(
            at=at,
            by=by.person_id,
            topic_id=opinion.topic_id,
            opinion_id=opinion.id,
            reply_id=reply.id,
        ),
    )
    return reply


def endorse_opinion(session: Session, opinion_id: int, *, by: Standing, at: datetime) -> int:
    """Endorse an opinion, once a person; return the new count.

    Raises Refused with ALREADY_ENDORSED the second time: the key of the table decides.
    """
    opinion = _spoken_to(session, opinion_id, by=by, at=at)
    insist(policy.why_not_endorse(opinion, by))
    table: Any = OpinionEndorsement.__table__
    if not insert_once(session, table, opinion_id=opinion_id, person_id=by.person_id, at=at):
        raise Refused(ForumRefusal.ALREADY_ENDORSED)
    count = _add_endorsements(session, opinion_id, 1)
    record(
        session,
        facts.OpinionEndorsed(
            at=at, by=by.person_id, topic_id=opinion.topic_id, opinion_id=opinion_id, count=count
        ),
    )
    return count


def withdraw_opinion_endorsement(
    session: Session, opinion_id: int, *, by: Standing, at: datetime
) -> int:
    """Take an endorsement of an opinion back; return the new count."""
    opinion = _spoken_to(session, opinion_id, by=by, at=at)
    gone: Any = session.execute(
        delete(OpinionEndorsement).where(
            OpinionEndorsement.opinion_id == opinion_id,
            OpinionEndorsement.person_id == by.person_id,
        )
    )
    if not gone.rowcount:
        raise Refused(ForumRefusal.NOT_ENDORSED)
    count = _add_endorsements(session, opinion_id, -1)
    record(
        session,
        facts.OpinionEndorsementWithdrawn(
            at=at, by=by.person_id, topic_id=opinion.topic_id, opinion_id=opinion_id, count=count
        ),
    )
    return count


def change_stance(
    session: Session, opinion: Opinion, *, after: Stance, why: str, by: Standing, at: datetime
) -> None:
    """Move one's own opinion to another side and say what moved one.

    Endorsements were given to the earlier stance and end with it, so that nobody's agreement is
    carried to a side they did not choose; the change keeps their number.
    """
    opinion = _spoken_to(session, opinion.id, by=by, at=at)
    insist(policy.why_not_change(opinion, by, after))
    before = opinion.stance
    session.add(
        StanceChange(
            opinion_id=opinion.id,
            before=before,
            after=after,
            why=why,
            endorsements_before=opinion.endorsement_count,
            at=at,
        )
    )
    session.execute(delete(OpinionEndorsement).where(OpinionEndorsement.opinion_id == opinion.id))
    opinion.stance, opinion.endorsement_count = after, 0
    session.flush()
    _count(session, opinion.topic_id, **{_counter(before): -1, _counter(after): 1})
    record(
        session,
        facts.StanceChanged(
            at=at,
            by=by.person_id,
            topic_id=opinion.topic_id,
            opinion_id=opinion.id,
            before=before,
            after=after,
        ),
    )


# ---------------------------------------------------------------- moderation


def hide_statement(
    session: Session,
    subject: Opinion | OpinionReply,
    *,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Show the reason in place of an opinion or a reply; the line goes into the public ledger."""
    where = _whereabouts(session, subject)
    moderation.hide(
        session,
        subject,
        kind=where.kind,
        subject_id=subject.id,
        place=where.topic.place,
        container_id=where.topic.id,
        reason=reason,
        note=note,
        by=by,
        at=at,
    )


def restore_statement(
    session: Session, subject: Opinion | OpinionReply, *, note: str, by: Standing, at: datetime
) -> None:
    """Show a hidden opinion or reply again."""
    where = _whereabouts(session, subject)
    moderation.restore(
        session,
        subject,
        kind=where.kind,
        subject_id=subject.id,
        place=where.topic.place,
        container_id=where.topic.id,
        note=note,
        by=by,
        at=at,
    )


def report_statement(
    session: Session,
    subject: Opinion | OpinionReply,
    *,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Ask the moderators to look at an opinion or a reply."""
    where = _whereabouts(session, subject)
    moderation.report(
        session,
        kind=where.kind,
        subject_id=subject.id,
        place=where.topic.place,
        container_id=where.topic.id,
        reason=reason,
        note=note,
        href=where.href,
        by=by,
        at=at,
    )


def recount_what_readers_see(session: Session, fact: ModerationFact) -> None:
    """Count a topic's sides, or an opinion's replies, anew after something was hidden or shown.

    The row that keeps the sums is held before the counting begins: whoever adds to it meanwhile
    has been counted, or adds afterwards.
    """
    if fact.subject_kind == SubjectKind.OPINION:
        _hold_sums(session, Topic, fact.container_id)
        seen = {
            _counter(stance): select(func.count())
            .where(
                Opinion.topic_id == fact.container_id,
                Opinion.stance == stance,
                Opinion.hidden_at.is_(None),
            )
            .scalar_subquery()
            for stance in Stance
        }
        session.flush()
        session.execute(update(Topic).where(Topic.id == fact.container_id).values(**seen))
    elif fact.subject_kind == SubjectKind.OPINION_REPLY:
        reply = session.get_one(OpinionReply, fact.moderated_id)
        _hold_sums(session, Opinion, reply.opinion_id)
        session.flush()
        shown = (
            select(func.count())
            .where(OpinionReply.opinion_id == Opinion.id, OpinionReply.hidden_at.is_(None))
            .correlate(Opinion)
            .scalar_subquery()
        )
        session.execute(
            update(Opinion)
            .where(Opinion.id == reply.opinion_id)
            .values(reply_count=shown)
            .execution_options(synchronize_session=False)
        )


# ---------------------------------------------------------------- within


def _held(session: Session, kind: type[Row], row_id: int) -> Row:
    """Return a row as it is now, locked until the write ends."""
    return session.scalars(
        select(kind)
        .where(kind.id == row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _hold_sums(session: Session, kind: type[Topic | Opinion], row_id: int) -> None:
    """Hold a row's sums against everyone else's changes, without hindering rows that point to it.

    A statement of its own, because PostgreSQL counts as of the moment a statement begins.
    """
    session.execute(select(kind.id).where(kind.id == row_id).with_for_update(key_share=True))


def _spoken_to(session: Session, opinion_id: int, *, by: Standing, at: datetime) -> Opinion:
    """Return an opinion, locked, of a topic in which the person may take part now."""
    opinion = _held(session, Opinion, opinion_id)
    insist(policy.why_not_speak(session.get_one(Topic, opinion.topic_id), by, at=at))
    return opinion


def _in_line(session: Session, by: Standing) -> int:
    """Return the person's id, with their row locked: what one writes in a day is counted once."""
    return session.scalars(
        select(Person.id).where(Person.id == by.person_id).with_for_update()
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
