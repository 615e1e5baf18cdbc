"""Reading the chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.audit.models import AuditRow
from app.audit.rules import first_broken
from app.core.vault import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def chain_rows(session: Session, chain: str, subject_id: int) -> Sequence[AuditRow]:
    """Return one chain from its first row."""
    return session.scalars(
        select(AuditRow)
        .where(AuditRow.chain == chain, AuditRow.subject_id == subject_id)
        .order_by(AuditRow.seq)
    ).all()


def latest_rows(
    session: Session, *, chain: str | None = None, limit: int, offset: int = 0
) -> Sequence[AuditRow]:
    """Return the newest rows of all chains or of one kind of chain."""
    statement = select(AuditRow).order_by(
        AuditRow.at.desc(), AuditRow.chain, AuditRow.subject_id, AuditRow.seq.desc()
    )
    if chain:
        statement = statement.where(AuditRow.chain == chain)
    return session.scalars(statement.limit(limit).offset(offset)).all()


def broken_chains(session: Session) -> list[tuple[str, int, int]]:
    """Return (chain, subject, row number) of the first misfit of every chain that has one."""
    broken = []
    subjects = session.execute(
        select(AuditRow.chain, AuditRow.subject_id).distinct().order_by("chain", "subject_id")
    ).all()
    for chain, subject_id in subjects:
        misfit = first_broken(chain_rows(session, chain, subject_id))
        if misfit is not None:
            broken.append((chain, subject_id, misfit))
    return broken


def heads_root(session: Session) -> tuple[int, bytes]:
    """Return how many chains there are and one digest over all their heads, in order."""
    last = (
        select(AuditRow.chain, AuditRow.subject_id, func.max(AuditRow.seq).label("seq"))
        .group_by(AuditRow.chain, AuditRow.subject_id)
        .subquery()
    )
    heads = session.execute(
        select(AuditRow.chain, AuditRow.subject_id, AuditRow.seq, AuditRow.digest)
        .join(
            last,
            (AuditRow.chain == last.c.chain)
            & (AuditRow.subject_id == last.c.subject_id)
            & (AuditRow.seq == last.c.seq),
        )
        .where(AuditRow.chain != "district")
        .order_by(AuditRow.chain, AuditRow.subject_id)
    ).all()
    parts = [part for row in heads for part in row]
    return len(heads), digest(b"madang/heads/v1", *parts)


def last_anchor(session: Session, district_id: int) -> AuditRow | None:
    """Return the newest row of the district's record."""
    return session.scalar(
        select(AuditRow)
        .where(AuditRow.chain == "district", AuditRow.subject_id == district_id)
        .order_by(AuditRow.seq.desc())
        .limit(1)
    )
