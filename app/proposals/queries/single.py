"""One proposal: its page, its road, what ties a reader to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    bindparam,
    exists,
    select,
)
from sqlalchemy.orm import joinedload

from app.places.models import Place
from app.proposals import rules
from app.proposals.models import (
    Endorsement,
    Follow,
    Proposal,
    Reply,
    TimelineEntry,
)
from app.proposals.rules import LifeLine, Passage
from app.residents.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


# Statements that every visit asks are made once; making one costs as much as running it.
_PAGE = (
    select(Proposal)
    .where(Proposal.id == bindparam("proposal"))
    .options(
        joinedload(Proposal.place).joinedload(Place.parent),
        joinedload(Proposal.home_place),
        joinedload(Proposal.author).load_only(Person.masked_name),
        joinedload(Proposal.department),
        joinedload(Proposal.reply).joinedload(Reply.department),
    )
)
_TIMELINE = (
    select(TimelineEntry)
    .where(TimelineEntry.proposal_id == bindparam("proposal"))
    .order_by(TimelineEntry.at, TimelineEntry.id)
)
_endorsed: Any = Endorsement.__table__
_followed: Any = Follow.__table__
_TIES: Any = select(
    *(
        exists().where(
            table.c.proposal_id == bindparam("proposal"), table.c.person_id == bindparam("person")
        )
        for table in (_endorsed, _followed)
    )
)


def proposal(session: Session, proposal_id: int) -> Proposal | None:
    """Return a proposal with everything its page names, in one statement."""
    return session.scalar(_PAGE, {"proposal": proposal_id})


def timeline(session: Session, proposal_id: int) -> Sequence[TimelineEntry]:
    """Return the way a proposal has come, oldest first."""
    return session.scalars(_TIMELINE, {"proposal": proposal_id}).all()


@dataclass(frozen=True)
class Ties:
    """What binds one visitor to a proposal."""

    endorsed: bool = False
    follows: bool = False


def ties(session: Session, proposal_id: int, person_id: int | None) -> Ties:
    """Return whether a person endorsed and follows a proposal."""
    if person_id is None:
        return Ties()
    endorsed, follows = session.execute(_TIES, {"proposal": proposal_id, "person": person_id}).one()
    return Ties(endorsed, follows)


def life_line(session: Session, proposal_id: int, *, at: datetime) -> LifeLine | None:
    """Return where a published proposal stands on the life line, in one statement."""
    rows = session.execute(
        select(
            Proposal.state,
            Proposal.published_at,
            Proposal.review_began_at,
            Proposal.closes_at,
            Proposal.reply_due_on,
            Reply.at.label("replied_at"),
            Reply.verdict,
            TimelineEntry.stage,
            TimelineEntry.code,
            TimelineEntry.at,
        )
        .outerjoin(Reply, Reply.proposal_id == Proposal.id)
        .outerjoin(TimelineEntry, TimelineEntry.proposal_id == Proposal.id)
        .where(Proposal.id == proposal_id, Proposal.published_at.is_not(None))
        .order_by(TimelineEntry.at, TimelineEntry.id)
    ).all()
    if not rows:
        return None
    first = rows[0]
    return rules.life_line(
        rules.phase(first, at),
        published_at=first.published_at,
        review_began_at=first.review_began_at,
        replied_at=first.replied_at,
        closes_at=first.closes_at,
        reply_due_on=first.reply_due_on,
        verdict=first.verdict,
        passages=[Passage(row.stage, row.code, row.at) for row in rows if row.stage is not None],
        at=at,
    )


def life_line_of(of: Proposal, entries: Sequence[TimelineEntry], *, at: datetime) -> LifeLine:
    """Return where a proposal stands, from rows already read."""
    return rules.life_line(
        rules.phase(of, at),
        published_at=of.published_at,
        review_began_at=of.review_began_at,
        replied_at=of.reply.at if of.reply else None,
        closes_at=of.closes_at,
        reply_due_on=of.reply_due_on,
        verdict=of.reply.verdict if of.reply else None,
        passages=[Passage(entry.stage, entry.code, entry.at) for entry in entries],
        at=at,
    )
