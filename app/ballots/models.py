"""Ballots, options, the roll's slots, sealed envelopes and counted results."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assemblies.models import QuorumKind, Track
from app.core.orm import Base, Won, code_column
from app.moderation.models import HideReason
from app.places.models import Department, Place
from app.proposals.models import why_hidden
from app.residents.rules import AgeMode


class BallotState(StrEnum):
    """How far a ballot has come; each step is an act, none is undone."""

    DRAFT = "draft"
    FROZEN = "frozen"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    CERTIFIED = "certified"


# Between its two dates a ballot in one of these states takes votes, opened by a job or not yet.
TAKES_VOTES = (BallotState.FROZEN, BallotState.OPEN)


class SlotState(StrEnum):
    """Whether a place on the roll has been used, and how."""

    UNUSED = "unused"
    ONLINE = "online"


class Outcome(StrEnum):
    """What the count says of an option: 선정, 미선정, or tied for the last place."""

    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    TIED = "tied"


class Ballot(Base):
    """A ballot (투표) of a place, perhaps of one of its assemblies.

    The paper may change only while it is a draft; from freezing on, its hash and the roll stand.
    `base_date` says who is a resident, and cannot lie after the freezing; `ages_on` is the day on
    which ages are counted, the assembly's as a rule, which its notice has named. `took_part` is how
    many checked in at its assembly or voted, each once, when it closed; None without one.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("min_picks >= 1 AND max_picks >= min_picks", name="pick_limits"),
        CheckConstraint("cast_count >= 0 AND cast_count <= roll_count", name="turnout_within_roll"),
        CheckConstraint(
            "state = 'draft' OR (setup_hash IS NOT NULL AND tally_public IS NOT NULL"
            " AND frozen_at IS NOT NULL AND quorum_needed IS NOT NULL)",
            name="frozen_has_setup",
        ),
        CheckConstraint(
            "state NOT IN ('draft', 'frozen') OR cast_count = 0", name="nothing_cast_before_opening"
        ),
        CheckConstraint(
            "(state IN ('counted', 'certified')) = (counted_at IS NOT NULL)",
            name="counted_has_time",
        ),
        CheckConstraint(
            "(state = 'certified') = (certified_at IS NOT NULL AND certified_by IS NOT NULL)",
            name="certified_has_name",
        ),
        CheckConstraint("took_part IS NULL OR took_part >= cast_count", name="voters_took_part"),
        CheckConstraint(
            "closed_because IS NULL OR (closed_at IS NOT NULL AND closed_at < closes_at)",
            name="reason_of_closing_early",
        ),
        Index("ix_ballot_state_closes_at", "state", "closes_at"),
        Index("ix_ballot_place_id", "place_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey("assembly.id"), index=True)
    title: Mapped[str]
    explanation: Mapped[str]
    state: Mapped[BallotState] = mapped_column(code_column(BallotState))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    min_picks: Mapped[int]
    max_picks: Mapped[int]
    base_date: Mapped[date]
    ages_on: Mapped[date | None]
    min_age: Mapped[int]
    age_mode: Mapped[AgeMode] = mapped_column(code_column(AgeMode))
    quorum_kind: Mapped[QuorumKind] = mapped_column(code_column(QuorumKind))
    quorum_value: Mapped[int]
    quorum_needed: Mapped[int | None]
    drawn_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    setup_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    tally_public: Mapped[bytes | None] = mapped_column(LargeBinary)
    roll_count: Mapped[int] = mapped_column(default=0)
    cast_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    certified_at: Mapped[datetime | None]
    certified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    took_part: Mapped[int | None]

    @property
    def quorum_count(self) -> int:
        """Return how many people count for the quorum: whoever voted or was at its assembly."""
        return self.cast_count if self.took_part is None else self.took_part

    @property
    def is_quorate(self) -> bool | None:
        """Say whether enough people took part; None while more may, and without a quorum."""
        if not self.quorum_needed:
            return None
        if self.quorum_count >= self.quorum_needed:
            return True
        return None if self.state in TAKES_VOTES else False

    @property
    def age_day(self) -> date:
        """Return the day on which ages are counted: the base date where no other is named."""
        return self.ages_on or self.base_date

    @property
    def ends_at(self) -> datetime:
        """Return when voting ends or has ended: sooner than planned where it was closed early."""
        return min(self.closed_at or self.closes_at, self.closes_at)

    @property
    def is_closed_early(self) -> bool:
        """Say whether an assembly closed it before the time that its paper names."""
        return self.ends_at < self.closes_at

    place: Mapped[Place] = relationship()
    options: Mapped[list[Option]] = relationship(order_by="Option.position")
    seats: Mapped[list[TrackSeats]] = relationship(order_by="TrackSeats.track")


class DiscardedBallot(Base):
    """The number of a draft that was thrown away, so that no other ballot ever has it."""

    __tablename__ = "discarded_ballot"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)


class BallotEditor(Base):
    """Someone who had a hand in a ballot's paper; whoever did cannot certify its count."""

    __tablename__ = "ballot_editor"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class TrackSeats(Base):
    """How many options of a track are to be selected."""

    __tablename__ = "track_seats"
    __table_args__ = (CheckConstraint("seats >= 1", name="seats_positive"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    track: Mapped[Track] = mapped_column(code_column(Track), primary_key=True)
    seats: Mapped[int]


class Option(Base):
    """One thing that can be chosen; its votes are written once, at the count."""

    __tablename__ = "ballot_option"
    __table_args__ = (
        UniqueConstraint("ballot_id", "position"),
        CheckConstraint("votes IS NULL OR votes >= 0", name="votes_not_negative"),
        CheckConstraint(
            "(votes IS NULL) = (rank IS NULL) AND (votes IS NULL) = (outcome IS NULL)",
            name="counted_whole",
        ),
        CheckConstraint("budget_won >= 0", name="budget_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    agenda_item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    position: Mapped[int]
    track: Mapped[Track] = mapped_column(code_column(Track))
    title: Mapped[str]
    sense: Mapped[str]
    budget_won: Mapped[Won]
    votes: Mapped[int | None]
    rank: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(code_column(Outcome))
    hidden_reason: Mapped[HideReason | None] = why_hidden(proposal_id)

    department: Mapped[Department | None] = relationship()


class Slot(Base):
    """One person's place on a ballot's roll; used at most once, whatever the channel."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("ballot_id", "person_id"),
        CheckConstraint("(state = 'unused') = (used_at IS NULL)", name="used_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    state: Mapped[SlotState] = mapped_column(code_column(SlotState), default=SlotState.UNUSED)
    used_at: Mapped[datetime | None]


class Envelope(Base):
    """A choice sealed to the ballot's tally key; it carries no time, address or channel.

    `leaf` is the public commitment that the receipt signs; the choice itself and what opens the
    commitment are inside `sealed`, which the database cannot read.
    """

    __tablename__ = "envelope"
    __table_args__ = (UniqueConstraint("slot_id"), UniqueConstraint("leaf"))

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
