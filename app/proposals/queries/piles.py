"""The piles on the clerks' desk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Department, Place
from app.places.queries import within
from app.proposals.models import (
    Proposal,
    ProposalState,
)
from app.proposals.policy import RECEIVERS
from app.proposals.rules import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing
from app.proposals.queries.rows import _at_place, _in_phase


class Pile(StrEnum):
    """What the desk may be asked for."""

    TO_DO = "to_do"
    PRECHECK = "precheck"
    REVIEW = "review"
    OVERDUE = "overdue"
    ENDORSING = "endorsing"
    REPLIED = "replied"


@dataclass(frozen=True)
class DeskLine:
    """A proposal as one row of the desk."""

    id: int
    number: str
    title: str
    state: ProposalState
    place: str
    department: str | None
    published_at: datetime
    closes_at: datetime | None
    reply_due_on: date | None
    endorsement_count: int
    threshold: int | None
    hidden_at: datetime | None


def desk(
    session: Session,
    by: Standing,
    *,
    pile: Pile,
    place: Place | None = None,
    at: datetime,
    page: int = 1,
) -> Page[DeskLine]:
    """Return what this officer works on: the earliest due first, then the longest waiting.

    What is hidden waits behind all that can be done now, for it may be shown again.

    Clerks and operators see the places they hold; a department's people what they must answer.
    """
    statement = (
        select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.state,
            Place.name,
            Department.name,
            Proposal.published_at,
            Proposal.closes_at,
            Proposal.reply_due_on,
            Proposal.endorsement_count,
            Proposal.threshold,
            Proposal.hidden_at,
        )
        .join(Place, Place.id == Proposal.place_id)
        .outerjoin(Department, Department.id == Proposal.department_id)
        .where(
            _in_pile(pile, at),
            _worked_on(by),
            *_at_place(place),
        )
        .order_by(
            Proposal.hidden_at.is_not(None),
            Proposal.reply_due_on.is_(None),
            Proposal.reply_due_on,
            Proposal.published_at,
            Proposal.id,
        )
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    rows: Sequence[Row[*tuple[Any, ...]]] = session.execute(statement).all()
    return page_of([DeskLine(*row) for row in rows], number=page)


def desk_load(session: Session, by: Standing, *, at: datetime) -> tuple[int, int, int]:
    """Return how many wait for this officer's check and for a reply, and how many replies are late.

    Only who receives proposals checks them, but a department's people see theirs before it.
    """
    prechecks, replies, late = session.execute(
        select(
            func.count().filter(_in_phase(Phase.PRECHECK, at), _received(by)),
            func.count().filter(_in_phase(Phase.REVIEW, at)),
            func.count().filter(_in_phase(Phase.OVERDUE, at)),
        )
        .select_from(Proposal)
        .join(Place, Place.id == Proposal.place_id)
        .where(_in_pile(Pile.TO_DO, at), Proposal.hidden_at.is_(None), _worked_on(by))
    ).one()
    return prechecks, replies, late


def _worked_on(by: Standing) -> ColumnElement[bool]:
    return or_(_received(by), Proposal.department_id.in_(by.departments))


def _received(by: Standing) -> ColumnElement[bool]:
    """Return the condition that someone receives and routes the proposals of a place."""
    return within(by.places_with(RECEIVERS))


def _in_pile(pile: Pile, at: datetime) -> ColumnElement[bool]:
    if pile is Pile.TO_DO:
        return Proposal.state.in_([ProposalState.PRECHECK, ProposalState.REVIEW])
    asked = _in_phase(Phase(pile.value), at)
    if pile is Pile.ENDORSING:
        held = and_(
            Proposal.state == ProposalState.ENDORSING, Proposal.closes_at > Proposal.hidden_at
        )
        return or_(asked, held)
    # The clock of what is hidden stands: it is neither late nor gone.
    if pile is Pile.OVERDUE:
        return and_(asked, Proposal.hidden_at.is_(None))
    if pile is Pile.REVIEW:
        return or_(
            asked, and_(Proposal.state == ProposalState.REVIEW, Proposal.hidden_at.is_not(None))
        )
    return asked
