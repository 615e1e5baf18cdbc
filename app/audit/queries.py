"""Reading the chains."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Text,
    TypeDecorator,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
)

from app.assemblies.models import Assembly
from app.audit.models import AuditRow
from app.audit.rules import ANCHORS, first_broken
from app.ballots.models import Ballot, DiscardedBallot
from app.commitments.models import Commitment
from app.core.own_rows import OwnRows
from app.core.vault import digest
from app.forum.models import Topic
from app.places.models import Department, Place
from app.proposals.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Dialect, Select
    from sqlalchemy.orm import Session

BATCH = 1000
# The chains about what belongs to a place, by the rows that say to which.
PLACED: dict[str, Any] = {
    "proposal": Proposal,
    "topic": Topic,
    "assembly": Assembly,
    "ballot": Ballot,
    "commitment": Commitment,
}
# No write takes longer from the time that its acts bear to its commit.
LONGEST_WRITE = timedelta(hours=1)
# Chain, subject, number of the last row, its digest in hex.
Head = tuple[str, int, int, str]


def chain_rows(
    session: Session, chain: str, subject_id: int, *, limit: int, offset: int = 0
) -> Sequence[AuditRow]:
    """Return a part of one chain, the newest row first."""
    return session.scalars(
        select(AuditRow)
        .where(AuditRow.chain == chain, AuditRow.subject_id == subject_id)
        .order_by(AuditRow.seq.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def latest_rows(
    session: Session,
    *,
    chains: Sequence[str],
    of: Collection[int] | None = None,
    limit: int,
    offset: int = 0,
) -> Sequence[AuditRow]:
    """Return the newest rows of some kinds of chains, where `of` names places of these alone."""
    return session.scalars(
        select(AuditRow)
        .where(AuditRow.chain.in_(chains), true() if of is None else _speaks_of(of))
        .order_by(AuditRow.at.desc(), AuditRow.chain, AuditRow.subject_id, AuditRow.seq.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def speaks_of(session: Session, chain: str, subject_id: int, places: Collection[int]) -> bool:
    """Say whether a chain is about something that belongs to one of these places."""
    row = select(AuditRow.seq).where(
        AuditRow.chain == chain, AuditRow.subject_id == subject_id, _speaks_of(places)
    )
    return session.execute(row.limit(1)).first() is not None


def _speaks_of(places: Collection[int]) -> ColumnElement[bool]:
    belonging = (
        and_(
            AuditRow.chain == chain,
            AuditRow.subject_id.in_(select(kind.id).where(kind.place_id.in_(places))),
        )
        for chain, kind in PLACED.items()
    )
    gone = select(DiscardedBallot.id).where(DiscardedBallot.place_id.in_(places))
    return or_(
        and_(AuditRow.chain == "place", AuditRow.subject_id.in_(places)),
        and_(AuditRow.chain == "ballot", AuditRow.subject_id.in_(gone)),
        *belonging,
    )


@dataclass(frozen=True)
class Names:
    """What the places and departments of some rows are called, by their ids."""

    places: Mapping[int, str]
    departments: Mapping[int, str]

    def of(self, field: str, value: object) -> str | None:
        """Return the name that a field's value stands for, None where it stands for none."""
        named = {"place_id": self.places, "department_id": self.departments}.get(field, {})
        return named.get(value) if isinstance(value, int) else None


def names_in(session: Session, rows: Sequence[AuditRow], **also: int) -> Names:
    """Return the names of the places and departments that rows speak of, and of some `also`."""
    spoken_of: dict[str, set[int]] = {"place_id": set(), "department_id": set()}
    for said in (also, *({f"{row.chain}_id": row.subject_id, **row.said} for row in rows)):
        for field, ids in spoken_of.items():
            if isinstance(said.get(field), int):
                ids.add(said[field])
    return Names(
        places=_names(session, Place, spoken_of["place_id"]),
        departments=_names(session, Department, spoken_of["department_id"]),
    )


def _names(session: Session, kind: type[Place | Department], ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(kind.id, kind.name).where(kind.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _in_order(
    session: Session, chain: str | None = None, subject_id: int | None = None
) -> Iterator[AuditRow]:
    """Read all chains, or one, from their first rows, a batch at a time."""
    key = (AuditRow.chain, AuditRow.subject_id, AuditRow.seq)
    statement = select(AuditRow).order_by(*key).limit(BATCH)
    if chain is not None:
        statement = statement.where(AuditRow.chain == chain, AuditRow.subject_id == subject_id)
    rows = session.scalars(statement).all()
    while rows:
        yield from rows
        last = rows[-1]
        after = tuple_(*key) > tuple_(last.chain, last.subject_id, last.seq)
        rows = session.scalars(statement.where(after)).all()


def misfit(session: Session, chain: str, subject_id: int) -> int | None:
    """Return the number of the first row of one chain that does not fit, None if all do."""
    return first_broken(_in_order(session, chain, subject_id))


def broken_chains(session: Session) -> list[tuple[str, int, int]]:
    """Return (chain, subject, row number) of the first misfit of every chain that has one."""
    broken = []
    for (chain, subject_id), rows in groupby(
        _in_order(session), lambda row: (row.chain, row.subject_id)
    ):
        number = first_broken(rows)
        if number is not None:
            broken.append((chain, subject_id, number))
    return broken


_row: Any = AuditRow.__table__
_HEAD = (
    select(_row.c.seq, _row.c.digest)
    .where(_row.c.chain == bindparam("chain"), _row.c.subject_id == bindparam("subject"))
    .order_by(_row.c.seq.desc())
    .limit(1)
)


def head(session: Session, chain: str, subject_id: int) -> tuple[int, bytes] | None:
    """Return the number and digest of a chain's last row, None if it has none."""
    asked = {"chain": chain, "subject": subject_id}
    found = session.connection().execute(_HEAD, asked).first()
    return None if found is None else (found.seq, found.digest)


def heads(session: Session) -> list[Head]:
    """Return the last row of every chain but the anchors' own."""
    last = (
        select(AuditRow.chain, AuditRow.subject_id, func.max(AuditRow.seq).label("seq"))
        .where(AuditRow.chain != ANCHORS)
        .group_by(AuditRow.chain, AuditRow.subject_id)
        .subquery()
    )
    rows = session.execute(
        select(AuditRow.chain, AuditRow.subject_id, AuditRow.seq, AuditRow.digest)
        .join(
            last,
            (AuditRow.chain == last.c.chain)
            & (AuditRow.subject_id == last.c.subject_id)
            & (AuditRow.seq == last.c.seq),
        )
        .order_by(AuditRow.chain, AuditRow.subject_id)
    ).all()
    return [(row.chain, row.subject_id, row.seq, row.digest.hex()) for row in rows]


def heads_root(session: Session) -> tuple[int, bytes]:
    """Return how many chains there are and one digest over all their heads, to be noted down."""
    found = heads(session)
    parts = (
        part
        for chain, subject_id, seq, last in found
        for part in (chain, subject_id, seq, bytes.fromhex(last))
    )
    return len(found), digest(b"madang/heads/v1", *parts)


class LastAnchor(NamedTuple):
    """The number and the time of a district's newest anchor."""

    seq: int
    at: datetime


def last_anchor(session: Session, district_id: int) -> LastAnchor | None:
    """Return number and time of a district's newest anchor, None before the first."""
    found = session.execute(
        select(AuditRow.seq, AuditRow.at)
        .where(AuditRow.chain == ANCHORS, AuditRow.subject_id == district_id)
        .order_by(AuditRow.seq.desc())
        .limit(1)
    ).first()
    return None if found is None else LastAnchor(*found)


def _anchors(district_id: int) -> Select[AuditRow]:
    return select(AuditRow).where(AuditRow.chain == ANCHORS, AuditRow.subject_id == district_id)


# Neither grouped nor ordered: for that SQLite would walk over the whole record in its own order.
_SINCE = select(_row.c.chain, _row.c.subject_id, _row.c.seq).where(
    _row.c.at >= bindparam("since"), _row.c.chain != ANCHORS
)


def moved_heads(session: Session, district_id: int, last: LastAnchor | None) -> tuple[Head, ...]:
    """Return the heads of the chains that grew since a district's last anchor, all if it has none.

    Told by their times, which the acts had before they were committed: whatever was on its way
    while the anchor was written is looked at again, and no head is read that it, or the anchor
    shortly before it, binds already.
    """
    if last is None:
        return tuple(heads(session))
    since = session.execute(_SINCE, {"since": last.at - LONGEST_WRITE}).all()
    if not since:
        return ()
    newest = session.scalars(_anchors(district_id).order_by(AuditRow.seq.desc()).limit(2)).all()
    bound = bound_rows(reversed(newest))
    moved = {
        (chain, subject_id)
        for chain, subject_id, seq in since
        if seq > bound.get((chain, subject_id), (0, ""))[0]
    }
    found = ((key, head(session, *key)) for key in sorted(moved))
    return tuple((*key, end[0], end[1].hex()) for key, end in found if end is not None)


def bound_rows(anchors: Iterable[AuditRow]) -> dict[tuple[str, int], tuple[int, str]]:
    """Return number and digest of the last row of every chain that anchors in order bind."""
    known: dict[tuple[str, int], tuple[int, str]] = {}
    for anchor in anchors:
        for chain, subject_id, seq, anchored in anchor.said["heads"]:
            known[chain, subject_id] = (seq, anchored)
    return known


def lost_heads(session: Session) -> list[tuple[str, int, int]]:
    """Return (chain, subject, row number) of every anchored row that is gone or another now."""
    districts = session.scalars(
        select(AuditRow.subject_id).where(AuditRow.chain == ANCHORS).distinct()
    ).all()
    lost = set()
    for district_id in districts:
        anchors = session.scalars(_anchors(district_id).order_by(AuditRow.seq))
        for (chain, subject_id), (seq, anchored) in bound_rows(anchors).items():
            row = session.get(AuditRow, (chain, subject_id, seq))
            if row is None or row.digest.hex() != anchored:
                lost.add((chain, subject_id, seq))
    return sorted(lost)


# ------------------------------------------------------------------ what is one's own
class _Said(TypeDecorator[dict[str, Any]]):
    """The fields of a row's fact, read from the very text that its digest covers."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any]:
        """Give back what the text says."""
        del dialect
        said: dict[str, Any] = json.loads(value or "{}")
        # That somebody else has the same name and birth date is not told to either.
        said.pop("same_identity_checked", None)
        return said


# What happened to one's own record, looks at it among it: when and for which task, not by whom.
OWN = {
    "record": OwnRows(
        AuditRow.subject_id,
        {
            "at": AuditRow.at,
            "number": AuditRow.seq,
            "act": AuditRow.act,
            "details": type_coerce(AuditRow.details, _Said()),
            "by_oneself": func.coalesce(AuditRow.by == AuditRow.subject_id, false()),
        },
        only=AuditRow.chain == "person",
    ),
}
