"""Reading the sentences to weigh, how they were weighed, and the map drawn of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select

from app.core.paging import PAGE_SIZE, Page, page_of
from app.forum.models import AgreementMap, Claim, ClaimState, Topic, Weighing
from app.forum.rules.attendance import SMALLEST_CELL
from app.forum.rules.turns import Turn, chosen_next
from app.places.models import Place
from app.residents.models import Membership, Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

DESK_LIMIT = 500


@dataclass(frozen=True)
class Progress:
    """How many of a topic's shown sentences someone has weighed."""

    weighed: int
    shown: int


@dataclass(frozen=True)
class OwnAnswer:
    """A sentence that someone weighed, and how."""

    claim_id: int
    text: str
    value: int


def claim(session: Session, topic_id: int, claim_id: int) -> Claim | None:
    """Return a sentence of a topic."""
    return session.scalar(select(Claim).where(Claim.id == claim_id, Claim.topic_id == topic_id))


def claim_texts(session: Session, claim_ids: Sequence[int]) -> dict[int, str]:
    """Return the words of sentences, by id; those that were turned down have none to tell."""
    rows = session.execute(
        select(Claim.id, Claim.text).where(
            Claim.id.in_(claim_ids), Claim.state != ClaimState.REFUSED
        )
    )
    return {row.id: row.text for row in rows}


def claims_for_desk(session: Session, topic_id: int) -> Sequence[Claim]:
    """Return a topic's sentences for its moderators: those that wait first, then the newest."""
    return session.scalars(
        select(Claim)
        .where(Claim.topic_id == topic_id)
        .order_by(case((Claim.state == ClaimState.WAITING, 0), else_=1), Claim.id.desc())
        .limit(DESK_LIMIT)
    ).all()


def claims_to_publish(session: Session, topic_id: int) -> Sequence[Claim]:
    """Return all sentences of a topic that a moderator let through, in their order.

    What waits was not looked at yet, and what was turned down may hurt somebody.
    """
    return session.scalars(
        select(Claim)
        .where(Claim.topic_id == topic_id, Claim.state == ClaimState.SHOWN)
        .order_by(Claim.id)
    ).all()


def claims_since(session: Session, person_id: int, since: datetime) -> int:
    """Return how many sentences someone has added since a moment."""
    return session.scalars(
        select(func.count()).where(Claim.author_id == person_id, Claim.created_at >= since)
    ).one()


def is_claim_known(session: Session, topic_id: int, text: str) -> bool:
    """Say whether a topic already has a sentence in these very words."""
    return bool(
        session.scalar(select(exists().where(Claim.topic_id == topic_id, Claim.text == text)))
    )


def progress(session: Session, topic_id: int, person_id: int | None) -> Progress:
    """Return how far someone has come; sentences hidden since are not counted."""
    row = session.execute(
        select(func.count(Claim.id).label("shown"), func.count(Weighing.claim_id).label("weighed"))
        .select_from(Claim)
        .outerjoin(Weighing, and_(Weighing.claim_id == Claim.id, Weighing.person_id == person_id))
        .where(Claim.topic_id == topic_id, Claim.state == ClaimState.SHOWN)
    ).one()
    return Progress(weighed=row.weighed, shown=row.shown)


def next_claim(session: Session, topic_id: int, person_id: int, *, weighed: int) -> Claim | None:
    """Return the sentence that comes next for someone in a fair order, None after the last."""
    seen = exists().where(Weighing.claim_id == Claim.id, Weighing.person_id == person_id)
    left = session.scalars(
        select(Claim)
        .where(Claim.topic_id == topic_id, Claim.state == ClaimState.SHOWN, ~seen)
        .order_by(Claim.id)
    ).all()
    memory = session.scalar(select(AgreementMap.memory).where(AgreementMap.topic_id == topic_id))
    worth = {int(key): float(value) for key, value in (memory or {}).get("worth", {}).items()}
    turns = [Turn(one.id, one.agree_count, one.disagree_count, one.seen_count) for one in left]
    chosen = chosen_next(turns, worth, person_id=person_id, weighed=weighed)
    return next((one for one in left if one.id == chosen), None)


def own_weighings(session: Session, topic_id: int, person_id: int) -> dict[int, int]:
    """Return how someone weighs a topic's shown sentences."""
    rows = session.execute(
        select(Weighing.claim_id, Weighing.value)
        .join(Claim, Claim.id == Weighing.claim_id)
        .where(
            Weighing.topic_id == topic_id,
            Weighing.person_id == person_id,
            Claim.state == ClaimState.SHOWN,
        )
    )
    return {row.claim_id: row.value for row in rows}


def own_answer(session: Session, claim_id: int, person_id: int | None) -> int | None:
    """Return how someone weighs one sentence, None before they do."""
    return session.scalar(
        select(Weighing.value).where(Weighing.claim_id == claim_id, Weighing.person_id == person_id)
    )


def own_answers(
    session: Session, topic_id: int, person_id: int | None, *, number: int = 1
) -> Page[OwnAnswer]:
    """Return one page of a topic's shown sentences that someone weighed, the last weighed first."""
    rows = session.execute(
        select(Claim.id, Claim.text, Weighing.value)
        .join(Weighing, Weighing.claim_id == Claim.id)
        .where(
            Weighing.topic_id == topic_id,
            Weighing.person_id == person_id,
            Claim.state == ClaimState.SHOWN,
        )
        .order_by(Weighing.at.desc(), Claim.id.desc())
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    return page_of([OwnAnswer(*row) for row in rows], number=number)


def claims_that_draw(session: Session, topic_id: int) -> frozenset[int]:
    """Return the sentences that the map is drawn from: shown, and not of oneself."""
    return frozenset(
        session.scalars(
            select(Claim.id).where(
                Claim.topic_id == topic_id,
                Claim.state == ClaimState.SHOWN,
                Claim.is_of_oneself.is_(False),
            )
        )
    )


def votes_of(session: Session, topic_id: int, *, until: datetime) -> Sequence[Any]:
    """Return a topic's weighings as (person, sentence, value).

    What is weighed after `until`, also anew, is left to the next drawing, which counts it as new.
    What was weighed before and reaches the database later counts no one as new: the drawing after
    the topic's end has it.
    """
    return session.execute(
        select(Weighing.person_id, Weighing.claim_id, Weighing.value)
        .where(Weighing.topic_id == topic_id, Weighing.at <= until)
        .order_by(Weighing.person_id, Weighing.claim_id)
    ).all()


def agreement_map(session: Session, topic_id: int) -> AgreementMap | None:
    """Return the newest map of a topic."""
    return session.get(AgreementMap, topic_id)


def topics_to_draw(session: Session, *, limit: int, most: int, at: datetime) -> Sequence[int]:
    """Return the topics whose map is older than what was weighed or decided, the oldest first.

    While a topic is open five people must have weighed since the last drawing: two drawings with
    one person between them would tell how that one weighs. So a moderator's decision is drawn at
    once only where nobody has weighed since, else with the next five. What is left is drawn after
    the topic's end.
    `most` is the number of weighings above which a topic is left to the command.
    """
    size = (
        select(
            func.coalesce(
                func.sum(Claim.agree_count + Claim.disagree_count + Claim.unsure_count), 0
            )
        )
        .where(Claim.topic_id == Topic.id)
        .scalar_subquery()
    )
    drawn = AgreementMap.drawn_at
    since = (
        select(func.count(func.distinct(Weighing.person_id)))
        .where(Weighing.topic_id == Topic.id, or_(drawn.is_(None), Weighing.at > drawn))
        .scalar_subquery()
    )
    newer = or_(
        and_(
            Topic.closes_at <= at,
            or_(AgreementMap.topic_id.is_(None), AgreementMap.weighings != size, since > 0),
        ),
        since >= SMALLEST_CELL,
        and_(since == 0, exists().where(Claim.topic_id == Topic.id, Claim.decided_at > drawn)),
    )
    return session.scalars(
        select(Topic.id)
        .outerjoin(AgreementMap, AgreementMap.topic_id == Topic.id)
        .where(newer, size > 0, size <= most)
        .order_by(drawn, Topic.id)
        .limit(limit)
    ).all()


def participation(session: Session, topic_id: int, *, on: date) -> Sequence[Any]:
    """Return everybody who weighs a topic's sentences as (person, dong on that day, birth date).

    Somebody of two dongs comes twice; somebody without a membership comes with None.
    """
    in_force = and_(
        Membership.person_id == Person.id,
        Membership.since <= on,
        or_(Membership.until.is_(None), Membership.until > on),
    )
    weighing = select(Weighing.person_id).where(Weighing.topic_id == topic_id).distinct().subquery()
    return session.execute(
        select(Person.id, Place.name, Person.birth_date)
        .join(weighing, weighing.c.person_id == Person.id)
        .outerjoin(Membership, in_force)
        .outerjoin(Place, Place.id == Membership.place_id)
        .order_by(Person.id)
    ).all()
