"""What closes soon, waits for an answer, or is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Select,
    func,
    literal,
    select,
    union_all,
)

from app.places.models import Place
from app.proposals.models import ProposalState
from app.proposals.queries.rows import (
    _LISTED,
    SECTION_SIZE,
    Line,
    _at_place,
    _in_phase,
    _in_reach,
    _line,
    _lines,
    _listed,
    _proposal,
)
from app.proposals.rules import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Sections:
    """The board as it greets: what closes soon, what waits for an answer, what is new here."""

    closing: Sequence[Line]
    waiting: Sequence[Line]
    newest: Sequence[Line]


def _closing(place: Place | None, at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(_proposal.c.id)
        .where(_proposal.c.hidden_at.is_(None), _in_phase(Phase.ENDORSING, at), *_in_reach(place))
        .order_by(_proposal.c.closes_at, _proposal.c.id)
    )


def _waiting(place: Place | None) -> Select[*tuple[Any, ...]]:
    return (
        select(_proposal.c.id)
        .where(
            _proposal.c.hidden_at.is_(None),
            _proposal.c.state == ProposalState.REVIEW,
            *_in_reach(place),
        )
        .order_by(_proposal.c.reply_due_on, _proposal.c.id)
    )


def _newest(place: Place | None) -> Select[*tuple[Any, ...]]:
    return (
        select(_proposal.c.id)
        .where(_LISTED, *_at_place(place))
        .order_by(_proposal.c.published_at.desc(), _proposal.c.id.desc())
    )


def sections(
    session: Session, home: Place | None, *, at: datetime, limit: int = SECTION_SIZE
) -> Sections:
    """Return the three default sections in one statement; only the last looks at home alone."""
    parts = []
    for number, ids in enumerate((_closing(None, at), _waiting(None), _newest(home))):
        numbered = ids.limit(limit).add_columns(literal(number).label("section")).subquery()
        parts.append(select(numbered.c.id, numbered.c.section))
    chosen = union_all(*parts).subquery("chosen")
    rows = session.execute(_lines(chosen, chosen.c.section)).all()
    found: list[list[Line]] = [[], [], []]
    for row in rows:
        found[row.section].append(_line(row))
    return Sections(
        sorted(found[0], key=lambda line: (line.closes_at, line.id)),
        sorted(found[1], key=lambda line: (line.reply_due_on, line.id)),
        sorted(found[2], key=lambda line: (line.published_at, line.id), reverse=True),
    )


def closing_soon(
    session: Session, place: Place | None, *, at: datetime, limit: int = SECTION_SIZE
) -> Sequence[Line]:
    """Return what may still be endorsed, soonest end first; for a dong the district's too."""
    return _listed(session, _closing(place, at), limit)


def awaiting_reply(
    session: Session, place: Place | None, *, limit: int = SECTION_SIZE
) -> Sequence[Line]:
    """Return what waits for a department, longest due first; for a dong the district's too."""
    return _listed(session, _waiting(place), limit)


def newest(session: Session, place: Place | None, *, limit: int = SECTION_SIZE) -> Sequence[Line]:
    """Return what was published last in a place; None or the district means everywhere."""
    return _listed(session, _newest(place), limit)


@dataclass(frozen=True)
class Counts:
    """How many proposals are where, in a year or altogether; hidden ones are not counted."""

    endorsing: int
    waiting: int
    overdue: int
    replied: int


def counts(session: Session, place: Place | None, *, at: datetime) -> Counts:
    """Return how many proposals gather endorsements, wait, wait too long and were answered."""
    scope = [_LISTED, *_at_place(place)]

    def number(condition: ColumnElement[bool]) -> Any:
        return (
            select(func.count()).select_from(_proposal).where(condition, *scope).scalar_subquery()
        )

    row = session.execute(
        select(
            number(_in_phase(Phase.ENDORSING, at)),
            number(_proposal.c.state == ProposalState.REVIEW),
            number(_in_phase(Phase.OVERDUE, at)),
            number(_proposal.c.state == ProposalState.REPLIED),
        )
    ).one()
    return Counts(*row)
