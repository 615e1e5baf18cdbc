"""The audit chains."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.append_only import make_append_only
from app.core.orm import Base


class AuditRow(Base):
    """One act: who, when, what, to which aggregate; linked to the row before it by hash.

    `chain` and `subject_id` name the aggregate; `seq` counts its rows without gaps from 1. The
    `salt` is for whoever checks the chain and no reader: with it in the digest nobody finds who
    acted by trying every number. Rows of before have none.
    """

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_at", "at"),)

    chain: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[int | None]
    act: Mapped[str]
    details: Mapped[str]
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)

    @cached_property
    def said(self) -> dict[str, Any]:
        """Return the fields of the row's fact; read once, for a row never changes."""
        found: dict[str, Any] = json.loads(self.details)
        return found


make_append_only(AuditRow.__table__)  # type: ignore[arg-type]
