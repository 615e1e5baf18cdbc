"""The piles on the clerks' desk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    and_,
    or_,
    select,
)

from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Department, Place
from app.proposals.models import (
    Proposal,
    ProposalState,
)
from app.proposals.rules import Phase
from app.residents.models import Role

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
    places = {grant.place_id for grant in by.grants if grant.role in (Role.CLERK, Role.OPERATOR)}
    departments = {grant.department_id for grant in by.grants if grant.department_id is not None}
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
            or_(
                Proposal.place_id.in_(places),
                Place.parent_id.in_(places),
                Proposal.department_id.in_(departments),
            ),
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


def _in_pile(pile: Pile, at: datetime) -> ColumnElement[bool]:
    if pile is Pile.TO_DO:
        return Proposal.state.in_([ProposalState.PRECHECK, ProposalState.REVIEW])
    asked = _in_phase(Phase(pile.value), at)
    if pile is Pile.ENDORSING:
        held = and_(
            Proposal.state == ProposalState.ENDORSING, Proposal.closes_at > Proposal.hidden_at
        )
        return or_(asked, held)
    return asked
