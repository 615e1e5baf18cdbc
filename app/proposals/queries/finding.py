"""The board: filters, search, order, pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    Select,
    Text,
    bindparam,
    column,
    func,
    select,
    table,
    text,
    type_coerce,
    union_all,
)

from app.core.clock import seoul_day
from app.core.database import PLANNED_ANEW
from app.core.orm import UtcDateTime
from app.core.paging import PAGE_SIZE, Page, page_of
from app.proposals import rules
from app.proposals.models import Field, ProposalState
from app.proposals.queries.highlights import _newest
from app.proposals.queries.rows import (
    _LISTED,
    COUNT_CAP,
    FOUND_MOST,
    NEWEST_SLICE,
    Line,
    _in_phase_on,
    _line,
    _lines,
    _proposal,
)
from app.proposals.rules import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.places.queries import NamedPlace

SIMILAR_SIZE = 3


class Order(StrEnum):
    """How the board may be ordered."""

    NEWEST = "newest"
    CLOSING = "closing"
    ENDORSED = "endorsed"


@dataclass(frozen=True)
class Filters:
    """What the board is asked for; the address carries it."""

    place: NamedPlace | None = None
    field: Field | None = None
    phase: Phase | None = None
    words: str = ""
    order: Order = Order.NEWEST

    @property
    def is_plain(self) -> bool:
        """Say whether nothing was asked for."""
        return self == Filters()


_SEARCH = table("proposal_search", column("rowid"))


def _order(order: Order) -> tuple[ColumnElement[Any], ...]:
    match order:
        case Order.CLOSING:
            return (_proposal.c.closes_at.asc(), _proposal.c.id.asc())
        case Order.ENDORSED:
            return (_proposal.c.endorsement_count.desc(), _proposal.c.id.desc())
        case _:
            return (_proposal.c.published_at.desc(), _proposal.c.id.desc())


def board(
    session: Session, filters: Filters, *, at: datetime, page: int = 1, size: int = PAGE_SIZE
) -> Page[Line]:
    """Return one page of the board; its total stops counting at COUNT_CAP + 1.

    One statement: the ids of the page come from an index in its order, at most as many as the page
    needs, and the rows are fetched for them.
    """
    skipped = (page - 1) * size
    shape = _Shape(
        filters.place is not None and not filters.place.is_district,
        filters.field is not None,
        filters.phase,
        filters.order,
    )
    within = skipped + FOUND_MOST if shape == _NEWEST_FIRST else None
    found = _found(session, filters.words, within=within)
    rows = session.execute(
        _of_shape(shape, found).execution_options(**PLANNED_ANEW) if found else _statement(shape),
        {
            "place": filters.place.id if filters.place else None,
            "field": filters.field,
            "at": at,
            "today": seoul_day(at),
            "skipped": skipped,
            "taken": size + 1,
            "reach": skipped + size + 1,
        },
    ).all()
    return page_of(
        [_line(row) for row in rows], number=page, size=size, total=rows[0].total if rows else 0
    )


class _Shape(NamedTuple):
    """What decides how the board is asked for; the values themselves are parameters."""

    at_place: bool
    in_field: bool
    phase: Phase | None
    order: Order


_NEWEST_FIRST = _Shape(at_place=False, in_field=False, phase=None, order=Order.NEWEST)
_AT, _TODAY = bindparam("at", type_=UtcDateTime), bindparam("today", type_=Date)
_SKIPPED, _TAKEN, _REACH = (
    bindparam(name, type_=Integer) for name in ("skipped", "taken", "reach")
)


@cache
def _statement(shape: _Shape) -> Select[*tuple[Any, ...]]:
    """Return the statement of a shape without words; there are few, so each is made once."""
    return _of_shape(shape, ())


def _of_shape(shape: _Shape, found: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    order = _order(shape.order)
    branches = [
        select(_proposal.c.id).where(_LISTED, *conditions, *_narrowed(shape, found))
        for conditions in _branches(shape)
    ]
    counted = _joined([one.limit(COUNT_CAP + 1) for one in branches])
    total = select(func.count()).select_from(counted.subquery("counted"))
    if len(branches) == 1:
        ids: Any = branches[0].order_by(*order).offset(_SKIPPED).limit(_TAKEN)
    else:
        ids = _joined([one.order_by(*order).limit(_REACH) for one in branches])
    rows = _lines(ids.subquery("chosen"), total.scalar_subquery().label("total")).order_by(*order)
    return rows.limit(_TAKEN) if len(branches) == 1 else rows.offset(_SKIPPED).limit(_TAKEN)


def _branches(shape: _Shape) -> list[list[ColumnElement[bool]]]:
    """Return the conditions of a phase, each of which an index answers by itself.

    What has expired is what the job wrote down and what it has not come to yet.
    """
    if shape.phase is Phase.EXPIRED:
        late = [_proposal.c.state == ProposalState.ENDORSING, _proposal.c.closes_at <= _AT]
        return [[_proposal.c.state == ProposalState.EXPIRED], late]
    if shape.phase is not None:
        return [[_in_phase_on(shape.phase, _AT, _TODAY)]]
    if shape.order is Order.CLOSING:
        return [[_in_phase_on(Phase.ENDORSING, _AT, _TODAY)]]
    return [[]]


def _joined(branches: Sequence[Select[*tuple[Any, ...]]]) -> Any:
    """Return the branches as one selection of ids."""
    if len(branches) == 1:
        return branches[0]
    parts = [one.subquery() for one in branches]
    return union_all(*(select(part.c.id) for part in parts))


def _narrowed(shape: _Shape, found: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Return the conditions of place, field and words.

    Beside a phase or words, place and field are written so that no index is tried for them: those
    two leave fewer rows to look at.
    """
    is_few = shape.phase is not None or bool(found)
    narrowed: list[ColumnElement[bool]] = []
    if shape.at_place:
        place = _proposal.c.place_id + 0 if is_few else _proposal.c.place_id
        narrowed.append(place == bindparam("place", type_=Integer))
    if shape.in_field:
        field = type_coerce(_proposal.c.field, Text) + "" if is_few else _proposal.c.field
        narrowed.append(field == bindparam("field", type_=field.type))
    return [*narrowed, *found]


def _found(session: Session, words: str, *, within: int | None) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that a proposal contains every word; none without words.

    Words of three jamo and more are looked up in the trigram index; SQLite's gives the newest
    `within` where that is enough. Shorter ones have none: where there are only such, the newest
    NEWEST_SLICE proposals are read.
    """
    needles = rules.needles(words)
    if not needles:
        return ()
    indexed = [needle for needle in needles if needle.is_indexed]
    short = [_stands(needle) for needle in needles if not needle.is_indexed]
    if not indexed:
        newest = _newest(None).limit(NEWEST_SLICE).subquery("slice")
        return (
            _among(select(_proposal.c.id).where(_proposal.c.id.in_(select(newest.c.id)), *short)),
        )
    if session.get_bind().dialect.name != "sqlite":
        return [_stands(needle) for needle in needles]
    asked = " AND ".join(
        f'{needle.column} : "{needle.text.replace(chr(34), chr(34) * 2)}"' for needle in indexed
    )
    hits = select(_SEARCH.c.rowid.label("id")).where(
        text("proposal_search MATCH :asked").bindparams(asked=asked)
    )
    if within is not None:
        hits = hits.order_by(_SEARCH.c.rowid.desc()).limit(within)
    if not short:
        return (_among(hits),)
    some = hits.subquery("hits")
    return (_among(select(_proposal.c.id).where(_proposal.c.id.in_(select(some.c.id)), *short)),)


def _among(ids: Select[*tuple[Any, ...]]) -> ColumnElement[bool]:
    """Return the condition of being found; asked in several places it is looked up once."""
    found: ColumnElement[bool] = _proposal.c.id.in_(select(ids.cte("found").c.id))
    return found


def _stands(needle: rules.Needle) -> ColumnElement[bool]:
    """Return the condition that a word stands in its column, whatever signs are in it."""
    stands_in: ColumnElement[str] = _proposal.c[needle.column]
    return stands_in.contains(needle.text, autoescape=True)


def similar(session: Session, title: str, *, but: int, at: datetime) -> Sequence[Line]:
    """Return earlier proposals that share the title's longest words, for whoever writes one."""
    words = sorted({word for word in title.split() if len(word) > 1}, key=len, reverse=True)[:2]
    found: dict[int, Line] = {}
    for word in words:
        page = board(session, Filters(words=word), at=at, size=SIMILAR_SIZE + 1)
        found.update({line.id: line for line in page.items if line.id != but})
    return list(found.values())[:SIMILAR_SIZE]
