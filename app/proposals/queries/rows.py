"""Proposals as rows of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

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


NEWEST_SLICE = 2000


# How many hits SQLite's index gives for the newest ones of a search: hidden ones are among them.
FOUND_MOST = 2000


SECTION_SIZE = 4


class Line(NamedTuple):
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


# Rows are read from the tables themselves: that is cheaper than through the mapped classes.
_proposal: Any = Proposal.__table__
_author: Any = Person.__table__
_reply: Any = Reply.__table__
_COLUMNS = (
    _proposal.c.id,
    _proposal.c.title,
    _proposal.c.sense,
    _proposal.c.field,
    _proposal.c.state,
    _proposal.c.place_id,
    _proposal.c.home_place_id,
    _author.c.masked_name,
    _proposal.c.published_at,
    _proposal.c.threshold,
    _proposal.c.endorsement_count,
    _proposal.c.closes_at,
    _proposal.c.review_began_at,
    _proposal.c.reply_due_on,
    _reply.c.verdict,
)


_WIDTH = len(_COLUMNS)


_LISTED = and_(_proposal.c.published_at.is_not(None), _proposal.c.hidden_at.is_(None))


def _lines(ids: Any, *extra: Any) -> Select[*tuple[Any, ...]]:
    """Return the rows of the proposals whose ids a subquery names."""
    return select(*_COLUMNS, *extra).select_from(
        _proposal.join(ids, ids.c.id == _proposal.c.id)
        .join(_author, _author.c.id == _proposal.c.author_id)
        .outerjoin(_reply, _reply.c.proposal_id == _proposal.c.id)
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(*row[:_WIDTH])


def _in_phase(phase: Phase, at: datetime) -> ColumnElement[bool]:
    """Return the condition for a phase, the calendar ahead of the stored state included."""
    return _in_phase_on(phase, at, seoul_day(at))


def _in_phase_on(phase: Phase, at: Any, today: Any) -> ColumnElement[bool]:
    """Return the same for a moment and its Seoul day, as values or as parameters."""
    match phase:
        case Phase.ENDORSING:
            return and_(_proposal.c.state == ProposalState.ENDORSING, _proposal.c.closes_at > at)
        case Phase.EXPIRED:
            return or_(
                _proposal.c.state == ProposalState.EXPIRED,
                and_(_proposal.c.state == ProposalState.ENDORSING, _proposal.c.closes_at <= at),
            )
        case Phase.OVERDUE:
            return and_(_proposal.c.state == ProposalState.REVIEW, _proposal.c.reply_due_on < today)
        case _:
            return and_(_proposal.c.state == ProposalState(phase.value))


def _at_place(place: Place | None) -> list[ColumnElement[bool]]:
    """Return the condition for a place; the district stands for everything in it."""
    if place is None or place.is_district:
        return []
    return [_proposal.c.place_id == place.id]


def _in_reach(place: Place | None) -> list[ColumnElement[bool]]:
    """Return the condition for what concerns a dong: its own and the whole district's."""
    if place is None or place.is_district:
        return []
    return [_proposal.c.place_id.in_([place.id, place.parent_id])]


def _listed(session: Session, ids: Select[*tuple[Any, ...]], limit: int) -> Sequence[Line]:
    """Return rows in the order in which their ids are asked for."""
    chosen = ids.limit(limit).subquery("chosen")
    statement = _lines(chosen).order_by(*_re_anchored(ids))
    return [_line(row) for row in session.execute(statement)]


def _re_anchored(ids: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    return tuple(ids._order_by_clauses)  # noqa: SLF001 - the order the ids were asked in


def lines_of(session: Session, proposal_ids: Sequence[int]) -> dict[int, Line]:
    """Return published, visible proposals by id, for pages that refer to them."""
    ids = select(_proposal.c.id).where(_LISTED, _proposal.c.id.in_(proposal_ids)).subquery("chosen")
    return {line.id: line for line in map(_line, session.execute(_lines(ids)))}
