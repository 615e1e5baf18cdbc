"""Proposals as rows of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Select,
    and_,
    or_,
    select,
)

from app.core.clock import seoul_day
from app.places.models import Place
from app.proposals.models import (
    Field,
    Proposal,
    ProposalState,
    Reply,
)
from app.proposals.rules import Phase
from app.residents.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session

    from app.proposals.models import Verdict


COUNT_CAP = 200


LAST_PAGE = 5000


NEWEST_SLICE = 2000


FOUND_MOST = 2000


SECTION_SIZE = 4


@dataclass(frozen=True)
class Line:
    """A proposal as one row of a list; places are named by whoever shows it."""

    id: int
    title: str
    sense: str
    field: Field
    state: ProposalState
    place_id: int
    home_place_id: int | None
    masked_name: str
    published_at: datetime
    threshold: int | None
    endorsement_count: int
    closes_at: datetime | None
    review_began_at: datetime | None
    reply_due_on: date | None
    verdict: Verdict | None


_COLUMNS = (
    Proposal.id,
    Proposal.title,
    Proposal.sense,
    Proposal.field,
    Proposal.state,
    Proposal.place_id,
    Proposal.home_place_id,
    Person.masked_name,
    Proposal.published_at,
    Proposal.threshold,
    Proposal.endorsement_count,
    Proposal.closes_at,
    Proposal.review_began_at,
    Proposal.reply_due_on,
    Reply.verdict,
)


_WIDTH = len(_COLUMNS)


_LISTED = and_(Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))


def _lines(ids: Any, *extra: Any) -> Select[*tuple[Any, ...]]:
    """Return the rows of the proposals whose ids a subquery names."""
    statement: Select[*tuple[Any, ...]] = select(*_COLUMNS, *extra)
    return (
        statement.join(ids, ids.c.id == Proposal.id)
        .join(Person, Person.id == Proposal.author_id)
        .outerjoin(Reply, Reply.proposal_id == Proposal.id)
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(*row[:_WIDTH])


def _in_phase(phase: Phase, at: datetime) -> ColumnElement[bool]:
    """Return the condition for a phase, the calendar ahead of the stored state included."""
    today = seoul_day(at)
    match phase:
        case Phase.ENDORSING:
            return and_(Proposal.state == ProposalState.ENDORSING, Proposal.closes_at > at)
        case Phase.EXPIRED:
            return or_(
                Proposal.state == ProposalState.EXPIRED,
                and_(Proposal.state == ProposalState.ENDORSING, Proposal.closes_at <= at),
            )
        case Phase.OVERDUE:
            return and_(Proposal.state == ProposalState.REVIEW, Proposal.reply_due_on < today)
        case _:
            return Proposal.state == ProposalState(phase.value)


def _at_place(place: Place | None) -> list[ColumnElement[bool]]:
    """Return the condition for a place; the district stands for everything in it."""
    if place is None or place.is_district:
        return []
    return [Proposal.place_id == place.id]


def _in_reach(place: Place | None) -> list[ColumnElement[bool]]:
    """Return the condition for what concerns a dong: its own and the whole district's."""
    if place is None or place.is_district:
        return []
    return [Proposal.place_id.in_([place.id, place.parent_id])]


def _listed(session: Session, ids: Select[*tuple[Any, ...]], limit: int) -> Sequence[Line]:
    """Return rows in the order in which their ids are asked for."""
    chosen = ids.limit(limit).subquery("chosen")
    statement = _lines(chosen).order_by(*_re_anchored(ids))
    return [_line(row) for row in session.execute(statement)]


def _re_anchored(ids: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    return tuple(ids._order_by_clauses)  # noqa: SLF001 - the order the ids were asked in


def lines_of(session: Session, proposal_ids: Sequence[int]) -> dict[int, Line]:
    """Return published, visible proposals by id, for pages that refer to them."""
    ids = select(Proposal.id).where(_LISTED, Proposal.id.in_(proposal_ids)).subquery("chosen")
    return {line.id: line for line in map(_line, session.execute(_lines(ids)))}
