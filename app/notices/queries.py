"""Reading notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.ballots.models import Ballot, Slot, SlotState
from app.forum.models import Opinion, Topic
from app.notices.models import Notice
from app.places.models import Place
from app.proposals.models import Follow, Proposal
from app.residents.models import Account

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def notices_of(
    session: Session, person_id: int, *, limit: int, offset: int = 0
) -> Sequence[Notice]:
    """Return someone's notices, newest first."""
    return session.scalars(
        select(Notice)
        .where(Notice.person_id == person_id)
        .order_by(Notice.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def unread_count(session: Session, person_id: int) -> int:
    """Return how many of someone's notices they have not opened."""
    return (
        session.scalar(
            select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
        )
        or 0
    )


@dataclass(frozen=True)
class Audience:
    """Whom a fact concerns: its subject's title, its page, and the people to tell."""

    title: str
    href: str
    people: frozenset[int]


def concerned_by_proposal(session: Session, proposal_id: int) -> Audience:
    """Return a proposal's author and followers."""
    proposal = session.get_one(Proposal, proposal_id)
    followers = session.scalars(select(Follow.person_id).where(Follow.proposal_id == proposal_id))
    people = frozenset({proposal.author_id, *followers})
    return Audience(proposal.title, f"/proposals/{proposal_id}", people)


def concerned_by_topic(session: Session, topic_id: int) -> Audience:
    """Return everyone who wrote an opinion in a topic."""
    topic = session.get_one(Topic, topic_id)
    authors = session.scalars(
        select(Opinion.author_id).where(Opinion.topic_id == topic_id).distinct()
    )
    return Audience(topic.title, f"/forum/{topic_id}", frozenset(authors))


def author_of_opinion(session: Session, opinion_id: int) -> Audience:
    """Return the author of an opinion."""
    opinion = session.get_one(Opinion, opinion_id)
    topic = session.get_one(Topic, opinion.topic_id)
    href = f"/forum/{topic.id}/opinions/{opinion_id}"
    return Audience(topic.title, href, frozenset({opinion.author_id}))


def on_roll(session: Session, ballot_id: int, *, voted: bool) -> Audience:
    """Return people with an account on a ballot's roll, or those of them who voted."""
    ballot = session.get_one(Ballot, ballot_id)
    statement = (
        select(Slot.person_id)
        .join(Account, Account.person_id == Slot.person_id)
        .where(Slot.ballot_id == ballot_id)
    )
    if voted:
        statement = statement.where(Slot.state != SlotState.UNUSED)
    href = f"/ballots/{ballot_id}/result" if voted else f"/ballots/{ballot_id}"
    return Audience(ballot.title, href, frozenset(session.scalars(statement)))


def verified_person(session: Session, person_id: int, place_id: int) -> Audience:
    """Return the person a clerk verified, with the dong's name."""
    dong = session.get_one(Place, place_id)
    return Audience(dong.name, "/me", frozenset({person_id}))
