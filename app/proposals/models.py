"""Proposals, their endorsements, replies and timelines."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    case,
    event,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from app.core.orm import Base, code_column
from app.moderation.models import Hideable, HideReason, ModerationAct, SubjectKind
from app.places.models import Department, Place
from app.residents.models import Person, Role

if TYPE_CHECKING:
    from sqlalchemy.orm import MappedSQLExpression


class Field(StrEnum):
    """The field of life a proposal is about."""

    WELFARE = "welfare"
    ENVIRONMENT = "environment"
    SAFETY = "safety"
    TRANSPORT = "transport"
    CULTURE = "culture"
    EDUCATION = "education"
    ECONOMY = "economy"
    HEALTH = "health"
    SELFGOV = "selfgov"
    YOUTH = "youth"


class ProposalState(StrEnum):
    """How far a proposal has come by itself; later stages stand in its timeline."""

    DRAFT = "draft"
    PRECHECK = "precheck"
    UNFIT = "unfit"
    ENDORSING = "endorsing"
    EXPIRED = "expired"
    REVIEW = "review"
    REPLIED = "replied"


class Verdict(StrEnum):
    """The department's verdict (채택 / 부분채택 / 불채택)."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    REJECTED = "rejected"


class Stage(StrEnum):
    """The seven stages of the life line, in order."""

    PROPOSAL = "proposal"
    ENDORSEMENT = "endorsement"
    REVIEW = "review"
    FORUM = "forum"
    ASSEMBLY = "assembly"
    EXECUTION = "execution"
    RESULT = "result"


class TimelineCode(StrEnum):
    """What a line of a proposal's timeline says; `words` has the sentences."""

    PUBLISHED = "published"
    PRECHECK_PASSED = "precheck_passed"
    PRECHECK_FAILED = "precheck_failed"
    THRESHOLD_REACHED = "threshold_reached"
    WINDOW_MISSED = "window_missed"
    DEPARTMENT_ASSIGNED = "department_assigned"
    REPLIED = "replied"
    FORUM_OPENED = "forum_opened"
    FORUM_CONCLUDED = "forum_concluded"
    FORUM_ANSWERED = "forum_answered"
    ON_AGENDA = "on_agenda"
    CALLED_OFF = "called_off"
    ON_BALLOT = "on_ballot"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    TIED = "tied"
    COMMITMENT_MADE = "commitment_made"
    PROGRESS_REPORTED = "progress_reported"
    COMMITMENT_DELAYED = "commitment_delayed"
    COMMITMENT_KEPT = "commitment_kept"
    HIDDEN = "hidden"
    RESTORED = "restored"


_LISTED = text("published_at IS NOT NULL AND hidden_at IS NULL")


def _listing(name: str, *columns: str) -> Index:
    """Return an index over what the board lists: published and not hidden."""
    return Index(name, *columns, sqlite_where=_LISTED, postgresql_where=_LISTED)


class EndorsementPolicy(Base):
    """A version of the endorsement rule; the one in force is copied onto a proposal."""

    __tablename__ = "endorsement_policy"
    __table_args__ = (
        UniqueConstraint("place_id", "version"),
        CheckConstraint(
            "threshold >= 1 AND window_days >= 1 AND decision_days >= 1", name="positive"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    version: Mapped[int]
    threshold: Mapped[int]
    window_days: Mapped[int]
    counts_opening_day: Mapped[bool]
    precheck_required: Mapped[bool]
    decision_days: Mapped[int]
    effective_from: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Proposal(Hideable, Base):
    """A resident's proposal for a dong or for the whole district.

    The endorsement rule stands on the row from the moment the window opens, so that a later
    change of policy leaves it alone.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("endorsement_count >= 0", name="count_not_negative"),
        CheckConstraint(
            "state NOT IN ('endorsing', 'expired') OR (opens_at IS NOT NULL"
            " AND closes_at IS NOT NULL AND threshold IS NOT NULL)",
            name="window_is_frozen",
        ),
        CheckConstraint("state = 'draft' OR number IS NOT NULL", name="published_has_number"),
        CheckConstraint("state = 'draft' OR NOT is_field_open", name="published_has_field"),
        _listing("ix_proposal_published_at", "published_at"),
        _listing("ix_proposal_place_id_published_at", "place_id", "published_at"),
        _listing("ix_proposal_field_published_at", "field", "published_at"),
        _listing("ix_proposal_state_published_at", "state", "published_at"),
        _listing("ix_proposal_endorsement_count", "endorsement_count"),
        _listing("ix_proposal_place_id_endorsement_count", "place_id", "endorsement_count"),
        Index("ix_proposal_state_closes_at", "state", "closes_at"),
        Index("ix_proposal_state_reply_due_on", "state", "reply_due_on"),
        Index(
            "ix_proposal_search_jamo",
            "search_jamo",
            postgresql_using="gin",
            postgresql_ops={"search_jamo": "gin_trgm_ops"},
        ).ddl_if(dialect="postgresql"),
        Index(
            "ix_proposal_search_initials",
            "search_initials",
            postgresql_using="gin",
            postgresql_ops={"search_initials": "gin_trgm_ops"},
        ).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    home_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    field: Mapped[Field] = mapped_column(code_column(Field))
    # While its writer has chosen no field, the one of a draft says nothing.
    is_field_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    title: Mapped[str]
    sense: Mapped[str]
    body: Mapped[str]
    state: Mapped[ProposalState] = mapped_column(code_column(ProposalState))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    policy_id: Mapped[int | None] = mapped_column(ForeignKey("endorsement_policy.id"))
    threshold: Mapped[int | None]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    decision_days: Mapped[int | None]
    endorsement_count: Mapped[int] = mapped_column(default=0)

    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    review_began_at: Mapped[datetime | None]
    reply_due_on: Mapped[date | None]

    # Both stand without spaces and are empty on a draft; `rules.search_text` makes them.
    search_jamo: Mapped[str] = mapped_column(default="")
    search_initials: Mapped[str] = mapped_column(default="")

    place: Mapped[Place] = relationship(foreign_keys=[place_id])
    home_place: Mapped[Place | None] = relationship(foreign_keys=[home_place_id])
    author: Mapped[Person] = relationship()
    department: Mapped[Department | None] = relationship()
    reply: Mapped[Reply | None] = relationship(back_populates="proposal")

    @property
    def chosen_field(self) -> Field | None:
        """Return the field of life its writer chose; None on a draft where it is open."""
        return None if self.is_field_open else self.field

    def choose_field(self, field: Field | None) -> None:
        """Write the field of life down, or that it is open still."""
        self.field, self.is_field_open = field or next(iter(Field)), field is None


def why_hidden(proposal_id: Mapped[int | None]) -> MappedSQLExpression[HideReason | None]:
    """Map why the proposal behind a row is hidden; None if it is not."""
    reason = select(Proposal.hidden_reason).where(Proposal.id == proposal_id)
    return column_property(reason.correlate_except(Proposal).scalar_subquery())


class Endorsement(Base):
    """One person's 공감 for a proposal; the key allows one."""

    __tablename__ = "endorsement"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class Follow(Base):
    """Someone wants to hear what becomes of a proposal."""

    __tablename__ = "follow"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class Reply(Base):
    """The department's answer: a verdict, its reason, and when it will be done."""

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    verdict: Mapped[Verdict] = mapped_column(code_column(Verdict))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    reason: Mapped[str]
    planned_on: Mapped[date | None]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    proposal: Mapped[Proposal] = relationship(back_populates="reply")
    department: Mapped[Department] = relationship()


def _moderated_as(
    proposal_id: Mapped[int], code: Mapped[TimelineCode], at: Mapped[datetime]
) -> MappedSQLExpression[Role | None]:
    """Map in which trust a proposal was hidden or shown again, as the public ledger tells it."""
    act = case((code == TimelineCode.HIDDEN, "hide"), (code == TimelineCode.RESTORED, "restore"))
    line = (
        select(ModerationAct.by_role)
        .where(
            ModerationAct.subject_kind == SubjectKind.PROPOSAL,
            ModerationAct.subject_id == proposal_id,
            ModerationAct.act == act,
            ModerationAct.at == at,
        )
        .order_by(ModerationAct.id.desc())
        .limit(1)
    )
    return column_property(line.correlate_except(ModerationAct).scalar_subquery())


class TimelineEntry(Base):
    """One dated line of a proposal's public timeline, told by whichever domain it happened in.

    `code` names the sentence, `note` is public free text (a reason), `href` leads to the record.
    """

    __tablename__ = "timeline_entry"
    __table_args__ = (Index("ix_timeline_entry_proposal_id_at", "proposal_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    stage: Mapped[Stage] = mapped_column(code_column(Stage))
    code: Mapped[TimelineCode] = mapped_column(code_column(TimelineCode))
    note: Mapped[str] = mapped_column(default="")
    href: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column()
    by_role: Mapped[Role | None] = _moderated_as(proposal_id, code, at)


SEARCH_ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS proposal_search USING fts5(
        search_jamo, search_initials, content='proposal', content_rowid='id', tokenize='trigram'
    )
    """,
    """
    CREATE TRIGGER IF NOT EXISTS proposal_search_insert AFTER INSERT ON proposal BEGIN
        INSERT INTO proposal_search (rowid, search_jamo, search_initials)
        VALUES (new.id, new.search_jamo, new.search_initials);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS proposal_search_delete AFTER DELETE ON proposal BEGIN
        INSERT INTO proposal_search (proposal_search, rowid, search_jamo, search_initials)
        VALUES ('delete', old.id, old.search_jamo, old.search_initials);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS proposal_search_update
    AFTER UPDATE OF search_jamo, search_initials ON proposal BEGIN
        INSERT INTO proposal_search (proposal_search, rowid, search_jamo, search_initials)
        VALUES ('delete', old.id, old.search_jamo, old.search_initials);
        INSERT INTO proposal_search (rowid, search_jamo, search_initials)
        VALUES (new.id, new.search_jamo, new.search_initials);
    END
    """,
)
SEARCH_OFF_SQLITE = ("DROP TABLE IF EXISTS proposal_search",)
SEARCH_ON_POSTGRESQL = ("CREATE EXTENSION IF NOT EXISTS pg_trgm",)


def _run(statement: str, moment: str, dialect: str) -> None:
    """Run a statement of one database when the table of proposals is made or dropped."""
    ddl = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
    event.listen(Proposal.__table__, moment, ddl)


for _statement in SEARCH_ON_SQLITE:
    _run(_statement, "after_create", "sqlite")
for _statement in SEARCH_OFF_SQLITE:
    _run(_statement, "before_drop", "sqlite")
for _statement in SEARCH_ON_POSTGRESQL:
    _run(_statement, "before_create", "postgresql")
