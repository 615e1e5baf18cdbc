"""Writing, answering, endorsing, changing one's mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update

from app.core.bus import record
from app.core.database import held, insert_once
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
from app.residents.actions import share_standing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.places.models import Place
    from app.residents.rules import Standing
from app.forum.actions.within import (
    _add_endorsements,
    _count,
    _counter,
    _in_line,
    _spoken_to,
)


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
    opinion = held(session, Opinion, opinion.id)
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


def endorse_opinion(session: Session, opinion_id: int, *, person_id: int, at: datetime) -> int:
    """Endorse an opinion, once a person; return the new count.

    Who acts is read with their row shared: nobody endorses while leaving. Raises Refused with
    ALREADY_ENDORSED the second time: the key of the table decides.
    """
    by = share_standing(session, person_id, at=at)
    opinion = _spoken_to(session, opinion_id, by=by, at=at)
    insist(policy.why_not_endorse(opinion, by))
    table: Any = OpinionEndorsement.__table__
    if not insert_once(session, table, opinion_id=opinion_id, person_id=person_id, at=at):
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
