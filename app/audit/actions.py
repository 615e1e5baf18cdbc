"""Writing the chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from app.audit.facts import HeadsAnchored
from app.audit.models import AuditRow
from app.audit.queries import heads_root, last_anchor
from app.audit.rules import GENESIS, canonical, row_digest
from app.core.bus import Fact, record
from app.core.clock import seoul_day

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.places.models import Place


def chain_fact(session: Session, fact: Fact) -> None:
    """Add a fact's row to its aggregate's chain, in the fact's own transaction.

    The chain is locked until the commit, so two acts on one aggregate cannot share a number.
    """
    if not fact.audited:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            select(func.pg_advisory_xact_lock(func.hashtext(fact.chain), fact.subject_id))
        )
    head = session.execute(
        select(AuditRow.seq, AuditRow.digest)
        .where(AuditRow.chain == fact.chain, AuditRow.subject_id == fact.subject_id)
        .order_by(AuditRow.seq.desc())
        .limit(1)
    ).first()
    seq, previous = (head.seq + 1, head.digest) if head else (1, GENESIS)
    act, details = type(fact).__name__, canonical(fact.details())
    session.execute(
        insert(AuditRow).values(
            chain=fact.chain,
            subject_id=fact.subject_id,
            seq=seq,
            at=fact.at,
            by=fact.by,
            act=act,
            details=details,
            previous=previous,
            digest=row_digest(
                previous=previous,
                chain=fact.chain,
                subject_id=fact.subject_id,
                seq=seq,
                at=fact.at,
                by=fact.by,
                act=act,
                details=details,
            ),
        )
    )


def anchor_heads(session: Session, district: Place, *, at: datetime) -> bool:
    """Bind the heads of all chains into the district's record, once a Seoul day."""
    last = last_anchor(session, district.id)
    if last is not None and seoul_day(last.at) == seoul_day(at):
        return False
    count, root = heads_root(session)
    if not count:
        return False
    record(
        session,
        HeadsAnchored(at=at, by=None, district_id=district.id, chains=count, root=root.hex()),
    )
    return True
