"""Notices waiting to be read and to be delivered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base
from app.core.vault import SealedText


class Fate(StrEnum):
    """What became of a notice that was claimed for mailing; never stored."""

    SENT = "sent"
    UNWANTED = "unwanted"
    REFUSED = "refused"
    REFUSED_FOR_NOW = "refused_for_now"
    NO_SERVER = "no_server"
    NOT_TRIED = "not_tried"


class Notice(Base):
    """One person's notice: shown on their page, and mailed once if they agreed to mail.

    One with an `address` is a letter alone, to an address that is the person's no more, and is
    gone once it is sent or given up. One with a `mac` is about the account and goes to the address
    of this keyed digest or to none: letters to one address are counted by it.
    """

    __tablename__ = "notice_outbox"
    __table_args__ = (
        Index("ix_notice_outbox_person_id_id", "person_id", "id"),
        Index("ix_notice_outbox_due", "due_at"),
        Index("ix_notice_outbox_href", "href"),
        Index(
            "ix_notice_outbox_mac",
            "mac",
            "created_at",
            sqlite_where=text("mac IS NOT NULL"),
            postgresql_where=text("mac IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    href: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(SealedText)
    mac: Mapped[bytes | None]
