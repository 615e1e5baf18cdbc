"""Writing the chains."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select

from app.audit.facts import HeadsAnchored
from app.audit.models import AuditRow
from app.audit.queries import head
from app.audit.rules import ANCHORS, GENESIS, canonical, row_digest
from app.core.bus import Fact, record
from app.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.audit.queries import Head

SALT_SIZE = 16
_ADD = insert(AuditRow.__table__)  # type: ignore[arg-type] # it is a table
_LOCK_CHAIN = select(
    func.pg_advisory_xact_lock(func.hashtext(bindparam("chain")), bindparam("subject"))
)


def chain_facts(session: Session, facts: Sequence[Fact]) -> None:
    """Add a write's acts to their aggregates' chains, as the last thing before it commits.

    Each chain is locked until the commit, so that two acts on one aggregate never share a number:
    by its aggregate's row where the facts promise that it is held, else by a lock of its own. Those
    are taken in one order and after all others of the write: whoever waits here is waited for by
    nobody it waits for, even when a write tells of several aggregates.
    """
    chains: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.audited:
            chains[fact.chain, fact.subject_id].append(fact)
    if session.get_bind().dialect.name == "postgresql":
        unheld = (key for key, acts in chains.items() if not acts[0].held)
        for chain, subject_id in sorted(unheld):
            session.execute(_LOCK_CHAIN, {"chain": chain, "subject": subject_id})
    rows = [
        row
        for (chain, subject_id), acts in sorted(chains.items(), key=lambda item: item[0])
        for row in _continued(session, chain, subject_id, acts)
    ]
    if rows:
        session.connection().execute(_ADD, rows)


def _continued(
    session: Session, chain: str, subject_id: int, acts: Sequence[Fact]
) -> list[dict[str, Any]]:
    """Return the rows that carry a locked chain on from its head."""
    seq, previous = head(session, chain, subject_id) or (0, GENESIS)
    rows = []
    for fact in acts:
        seq += 1
        row: dict[str, Any] = {
            "chain": chain,
            "subject_id": subject_id,
            "seq": seq,
            "at": fact.at,
            "by": fact.by,
            "act": type(fact).__name__,
            "details": canonical(fact.details()),
            "previous": previous,
            "salt": secrets.token_bytes(SALT_SIZE),
        }
        previous = row_digest(**row)
        rows.append({**row, "digest": previous})
    return rows


def anchor_heads(
    session: Session, district_id: int, heads: tuple[Head, ...], *, after: int, at: datetime
) -> bool:
    """Bind heads into a district's record, unless another anchor follows number `after` already.

    They have to be of committed rows, so they are read before this write begins. From then on not
    even the newest row of a chain can be taken away unnoticed.
    """
    session.execute(select(Place.id).where(Place.id == district_id).with_for_update(key_share=True))
    last = head(session, ANCHORS, district_id)
    if (last[0] if last else 0) != after:
        return False
    record(session, HeadsAnchored(at=at, by=None, district_id=district_id, heads=heads))
    return True
