"""What was hidden or reported, by whom and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, code_column
from app.residents.models import Role


class HideReason(StrEnum):
    """Why something may be hidden; shown in its place."""

    ADVERTISING = "advertising"
    INSULT = "insult"
    PERSONAL_DATA = "personal_data"
    OFF_TOPIC = "off_topic"
    UNLAWFUL = "unlawful"
    REPEATED = "repeated"


class SubjectKind(StrEnum):
    """What kind of thing can be hidden or reported."""

    PROPOSAL = "proposal"
    OPINION = "opinion"
    OPINION_REPLY = "opinion_reply"
    MESSAGE = "message"
    QUESTION = "question"
    FLOOR_REQUEST = "floor_request"


class Hideable:
    """The two columns of anything a moderator may hide; the text stays for appeals."""

    hidden_at: Mapped[datetime | None] = mapped_column(default=None)
    hidden_reason: Mapped[HideReason | None] = mapped_column(code_column(HideReason), default=None)

    @property
    def is_hidden(self) -> bool:
        """Say whether readers see the reason instead of the text."""
        return self.hidden_at is not None


class ModerationAct(Base):
    """One line of the public ledger: something was hidden or shown again.

    `by_role` is the trust in which it was done; the ledger shows it instead of a name.
    """

    __tablename__ = "moderation_act"
    __table_args__ = (
        Index("ix_moderation_act_subject", "subject_kind", "subject_id"),
        Index("ix_moderation_act_at", "at"),
        CheckConstraint("act IN ('hide', 'restore')", name="act"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(code_column(SubjectKind))
    subject_id: Mapped[int]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    act: Mapped[str]
    reason: Mapped[HideReason] = mapped_column(code_column(HideReason))
    note: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_role: Mapped[Role] = mapped_column(code_column(Role))
    at: Mapped[datetime]


class Report(Base):
    """A reader's request that a moderator look at something; one each.

    A settled one ended in hiding, or was dismissed: the thing was left standing.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "person_id"),
        Index("ix_report_settled_at_at", "settled_at", "at"),
        Index("ix_report_is_dismissed_settled_at", "is_dismissed", "settled_at"),
        CheckConstraint("settled_at IS NOT NULL OR NOT is_dismissed", name="dismissed_is_settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(code_column(SubjectKind))
    subject_id: Mapped[int]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[HideReason] = mapped_column(code_column(HideReason))
    note: Mapped[str]
    href: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    is_dismissed: Mapped[bool] = mapped_column(default=False, server_default=false())
