"""Commitments, their milestones and progress reports."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assemblies.models import Track
from app.ballots.models import Option
from app.core.orm import Base, Won, code_column
from app.moderation.models import HideReason
from app.places.models import Department, Place
from app.proposals.models import why_hidden


class Commitment(Base):
    """A promise (약속) that residents decided on and a department answers for."""

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("option_id"),
        CheckConstraint("budget_won >= 0", name="budget_not_negative"),
        CheckConstraint("spent_won >= 0", name="spent_not_negative"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_within"),
        CheckConstraint("(percent = 100) = (done_at IS NOT NULL)", name="done_is_whole"),
        Index("ix_commitment_place_id_year", "place_id", "year"),
        Index("ix_commitment_last_reported_at", "last_reported_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    option_id: Mapped[int] = mapped_column(ForeignKey("ballot_option.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    track: Mapped[Track] = mapped_column(code_column(Track))
    year: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    budget_won: Mapped[Won]
    spent_won: Mapped[Won] = mapped_column(default=0)
    percent: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_on: Mapped[date]
    delayed_because: Mapped[str | None]
    last_reported_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    hidden_reason: Mapped[HideReason | None] = why_hidden(proposal_id)

    place: Mapped[Place] = relationship()
    department: Mapped[Department] = relationship()
    option: Mapped[Option] = relationship()
    milestones: Mapped[list[Milestone]] = relationship(order_by="Milestone.position")
    reports: Mapped[list[ProgressReport]] = relationship(
        order_by="ProgressReport.at, ProgressReport.id"
    )


class Milestone(Base):
    """A dated step on the way to keeping a commitment."""

    __tablename__ = "commitment_milestone"
    __table_args__ = (UniqueConstraint("commitment_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    position: Mapped[int]
    name: Mapped[str]
    due_on: Mapped[date]
    done_on: Mapped[date | None]


class ProgressReport(Base):
    """What the department says was done (이행 보고): public, dated, never edited.

    `due_on` is the new date when the report is a delay, whose reason is the text: of the
    commitment, or of the step that `step` names, due on `step_was_due` until then. A step that
    was left out has no new date.
    """

    __tablename__ = "progress_report"
    __table_args__ = (
        Index("ix_progress_report_commitment_id_at", "commitment_id", "at"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_within"),
        CheckConstraint("spent_won >= 0", name="spent_not_negative"),
        CheckConstraint("(step IS NULL) = (step_was_due IS NULL)", name="step_has_its_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    text: Mapped[str]
    percent: Mapped[int]
    spent_won: Mapped[Won]
    due_on: Mapped[date | None]
    step: Mapped[str | None]
    step_was_due: Mapped[date | None]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
