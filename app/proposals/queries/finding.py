"""The board: filters, search, order, pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Select,
    Text,
    column,
    func,
    select,
    table,
    text,
    type_coerce,
    union_all,
)

from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Department, Place
from app.proposals import rules
from app.proposals.models import (
    Field,
    Proposal,
    ProposalState,
)
from app.proposals.rules import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement
    from sqlalchemy.orm import Session

from app.proposals.queries.highlights import _newest
from app.proposals.queries.rows import (
    _LISTED,
    COUNT_CAP,
    FOUND_MOST,
    LAST_PAGE,
    NEWEST_SLICE,
    Line,
    _in_phase,
    _line,
    _lines,
)

SIMILAR_SIZE = 3


class Order(StrEnum):
    """How the board may be ordered."""

    NEWEST = "newest"
    CLOSING = "closing"
    ENDORSED = "endorsed"


@dataclass(frozen=True)
class Filters:
    """What the board is asked for; the address carries it."""

    place: Place | None = None
    field: Field | None = None
    phase: Phase | None = None
    words: str = ""
    order: Order = Order.NEWEST

    @property
    def is_plain(self) -> bool:
        """Say whether nothing was asked for."""
        return self == Filters()


_SEARCH = table("proposal_search", column("rowid"))


def department(session: Session, department_id: int) -> Department:
    """Return a department that is known to stand."""
    return session.get_one(Department, department_id)


def _order(order: Order) -> tuple[ColumnElement[Any], ...]:
    match order:
        case Order.CLOSING:
            return (Proposal.closes_at.asc(), Proposal.id.asc())
        case Order.ENDORSED:
            return (Proposal.endorsement_count.desc(), Proposal.id.desc())
        case _:
            return (Proposal.published_at.desc(), Proposal.id.desc())


def board(
    session: Session, filters: Filters, *, at: datetime, page: int = 1, size: int = PAGE_SIZE
) -> Page[Line]:
    """Return one page of the board; its total stops counting at COUNT_CAP + 1.

    One statement: the ids of the page come from an index in its order, at most as many as the page
    needs, and the rows are fetched for them.
    """
    page = min(max(page, 1), LAST_PAGE)
    skipped, order = (page - 1) * size, _order(filters.order)
    found = _found(session, filters.words)
    branches = [
        select(Proposal.id).where(_LISTED, *conditions, *_narrowed(filters, found))
        for conditions in _branches(filters, at)
    ]
    counted = _joined([one.limit(COUNT_CAP + 1) for one in branches])
    total = select(func.count()).select_from(counted.subquery("counted"))
    if len(branches) == 1:
        ids, left = branches[0].order_by(*order).offset(skipped).limit(size + 1), 0
    else:
        ids = _joined([one.order_by(*order).limit(skipped + size + 1) for one in branches])
        left = skipped
    rows = session.execute(
        _lines(ids.subquery("chosen"), total.scalar_subquery().label("total"))
        .order_by(*order)
        .offset(left)
        .limit(size + 1)
    ).all()
    return page_of(
        [_line(row) for row in rows], number=page, size=size, total=rows[0].total if rows else 0
    )


def _branches(filters: Filters, at: datetime) -> list[list[ColumnElement[bool]]]:
    """Return the conditions of a phase, each of which an index answers by itself.

    What has expired is what the job wrote down and what it has not come to yet.
    """
    if filters.phase is Phase.EXPIRED:
        late = [Proposal.state == ProposalState.ENDORSING, Proposal.closes_at <= at]
        return [[Proposal.state == ProposalState.EXPIRED], late]
    if filters.phase is not None:
        return [[_in_phase(filters.phase, at)]]
    return [[_in_phase(Phase.ENDORSING, at)]] if filters.order is Order.CLOSING else [[]]


def _joined(branches: Sequence[Select[*tuple[Any, ...]]]) -> Any:
    """Return the branches as one selection of ids."""
    if len(branches) == 1:
        return branches[0]
    parts = [one.subquery() for one in branches]
    return union_all(*(select(part.c.id) for part in parts))


def _narrowed(filters: Filters, found: CTE | None) -> list[ColumnElement[bool]]:
    """Return the conditions of place, field and words.

    Beside a phase or words, place and field are written so that no index is tried for them: those
    two leave fewer rows to look at.
    """
    is_few = filters.phase is not None or found is not None
    narrowed: list[ColumnElement[bool]] = []
    if filters.place is not None and not filters.place.is_district:
        place = Proposal.place_id + 0 if is_few else Proposal.place_id
        narrowed.append(place == filters.place.id)
    if filters.field is not None:
        field = type_coerce(Proposal.field, Text) + "" if is_few else Proposal.field
        narrowed.append(field == filters.field)
    if found is not None:
        narrowed.append(Proposal.id.in_(select(found.c.id)))
    return narrowed


def _found(session: Session, words: str) -> CTE | None:
    """Return the newest FOUND_MOST proposals that contain every word; None without words.

    Words of three jamo and more are looked up in the trigram index. Shorter ones have none: where
    there are only such, the newest NEWEST_SLICE proposals are read.
    """
    needles = rules.needles(words)
    if not needles:
        return None
    indexed = [needle for needle in needles if needle.is_indexed]
    short = [_stands(needle) for needle in needles if not needle.is_indexed]
    if not indexed:
        newest = _newest(None).limit(NEWEST_SLICE).subquery("slice")
        return select(Proposal.id).where(Proposal.id.in_(select(newest.c.id)), *short).cte("found")
    if session.get_bind().dialect.name != "sqlite":
        every = [_stands(needle) for needle in needles]
        return _newest(None).where(*every).limit(FOUND_MOST).cte("found")
    asked = " AND ".join(
        f'{needle.column} : "{needle.text.replace(chr(34), chr(34) * 2)}"' for needle in indexed
    )
    hits = (
        select(_SEARCH.c.rowid.label("id"))
        .where(text("proposal_search MATCH :asked").bindparams(asked=asked))
        .order_by(_SEARCH.c.rowid.desc())
        .limit(FOUND_MOST)
    )
    if not short:
        return hits.cte("found")
    within = hits.subquery("hits")
    return select(Proposal.id).where(Proposal.id.in_(select(within.c.id)), *short).cte("found")


def _stands(needle: rules.Needle) -> ColumnElement[bool]:
    """Return the condition that a word stands in its column, whatever signs are in it."""
    stands_in: ColumnElement[str] = getattr(Proposal, needle.column)
    return stands_in.contains(needle.text, autoescape=True)


def similar(session: Session, title: str, *, but: int, at: datetime) -> Sequence[Line]:
    """Return earlier proposals that share the title's longest words, for whoever writes one."""
    words = sorted({word for word in title.split() if len(word) > 1}, key=len, reverse=True)[:2]
    found: dict[int, Line] = {}
    for word in words:
        page = board(session, Filters(words=word), at=at, size=SIMILAR_SIZE + 1)
        found.update({line.id: line for line in page.items if line.id != but})
    return list(found.values())[:SIMILAR_SIZE]
