"""Assemblies, their rules, agenda, running order and attendance."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, Won, code_column
from app.moderation.models import HideReason
from app.places.models import Department, Place
from app.proposals.models import why_hidden
from app.residents.rules import AgeMode


class AssemblyState(StrEnum):
    """How far an assembly has come; it never goes back."""

    DRAFT = "draft"
    NOTICED = "noticed"
    OPEN = "open"
    CLOSED = "closed"


class QuorumKind(StrEnum):
    """From what a quorum is computed; rules differ by place and year."""

    PERMILLE = "permille"
    SEATS = "seats"
    NONE = "none"


class Track(StrEnum):
    """The funding line of an agenda item or option; winners are taken per track."""

    SUPPORT = "support"
    BUDGET = "budget"
    GOVERNANCE = "governance"


class StageKind(StrEnum):
    """The kinds of steps in an assembly's running order."""

    PRELUDE = "prelude"
    OPENING = "opening"
    REPORT = "report"
    PLAN = "plan"
    PRESENTATION = "presentation"
    DISCUSSION = "discussion"
    VOTE = "vote"
    COUNT = "count"
    CEREMONY = "ceremony"
    CLOSING = "closing"


class AssemblyRules(Base):
    """A version of a place's assembly rules (운영세칙); an assembly keeps the one at its notice."""

    __tablename__ = "assembly_rules"
    __table_args__ = (
        UniqueConstraint("place_id", "version"),
        CheckConstraint("notice_days >= 0 AND min_age >= 0 AND quorum_value >= 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    version: Mapped[int]
    notice_days: Mapped[int]
    quorum_kind: Mapped[QuorumKind] = mapped_column(code_column(QuorumKind))
    quorum_value: Mapped[int]
    min_age: Mapped[int]
    age_mode: Mapped[AgeMode] = mapped_column(code_column(AgeMode))
    effective_from: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Assembly(Base):
    """A resident assembly of a dong or of the district.

    One that is called off (취소) stays in the state it had come to; of a draft that was thrown away
    nobody hears.
    """

    __tablename__ = "assembly"
    __table_args__ = (
        CheckConstraint("ends_at > held_at", name="ends_after_start"),
        CheckConstraint(
            "called_off_at IS NULL OR state IN ('draft', 'noticed')", name="called_off_unopened"
        ),
        CheckConstraint(
            "(called_off_at IS NULL) = (called_off_because IS NULL)", name="called_off_with_reason"
        ),
        Index("ix_assembly_held_at", "held_at"),
        Index("ix_assembly_place_id_held_at", "place_id", "held_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    title: Mapped[str]
    notice_text: Mapped[str]
    venue: Mapped[str]
    held_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[AssemblyState] = mapped_column(code_column(AssemblyState))
    called_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    noticed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    called_off_because: Mapped[str | None]
    minutes: Mapped[str | None]

    rules_id: Mapped[int | None] = mapped_column(ForeignKey("assembly_rules.id"))
    notice_days: Mapped[int | None]
    quorum_kind: Mapped[QuorumKind | None] = mapped_column(code_column(QuorumKind))
    quorum_value: Mapped[int | None]
    quorum_base: Mapped[int | None]
    quorum_needed: Mapped[int | None]
    min_age: Mapped[int | None]
    age_mode: Mapped[AgeMode | None] = mapped_column(code_column(AgeMode))
    attendance_count: Mapped[int] = mapped_column(default=0)

    place: Mapped[Place] = relationship()
    stages: Mapped[list[RunningStage]] = relationship(order_by="RunningStage.position")
    items: Mapped[list[AgendaItem]] = relationship(order_by="AgendaItem.position")

    @property
    def is_called_off(self) -> bool:
        """Say whether it will not be held."""
        return self.called_off_at is not None


class NoticeCorrection(Base):
    """One correction (정정 공고) of a notice: when, why, and what stood there before."""

    __tablename__ = "notice_correction"
    __table_args__ = (
        CheckConstraint("number > 0", name="numbered"),
        CheckConstraint("ends_before > held_before", name="ended_after_start"),
    )

    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str]
    held_before: Mapped[datetime]
    ends_before: Mapped[datetime]
    venue_before: Mapped[str]
    text_before: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class MinutesCorrection(Base):
    """One correction (정정) of published minutes: when, why, and what stood there before.

    What stood there is for the desk: it may hold the very name that had to go.
    """

    __tablename__ = "minutes_correction"
    __table_args__ = (CheckConstraint("number > 0", name="numbered"),)

    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str]
    minutes_before: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class AgendaItem(Base):
    """An item (안건) before an assembly, perhaps from an adopted proposal."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("assembly_id", "position"),
        UniqueConstraint("assembly_id", "proposal_id"),
        CheckConstraint("budget_won >= 0", name="budget_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    position: Mapped[int]
    title: Mapped[str]
    sense: Mapped[str]
    body: Mapped[str]
    track: Mapped[Track] = mapped_column(code_column(Track))
    budget_won: Mapped[Won]
    created_at: Mapped[datetime]
    hidden_reason: Mapped[HideReason | None] = why_hidden(proposal_id)

    department: Mapped[Department | None] = relationship()


class RunningStage(Base):
    """One step of the running order (식순) that the chair moves through."""

    __tablename__ = "running_stage"
    __table_args__ = (
        UniqueConstraint("assembly_id", "position"),
        CheckConstraint("planned_minutes > 0", name="minutes_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"))
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(code_column(StageKind))
    title: Mapped[str]
    planned_minutes: Mapped[int]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Attendance(Base):
    """One person's check-in at an assembly; the key allows one."""

    __tablename__ = "attendance"

    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime]
