"""Forum topics, opinions, replies and endorsements; claims, how they are weighed, the map."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, code_column
from app.moderation.models import Hideable
from app.places.models import Department, Place
from app.residents.models import Person


class TopicKind(StrEnum):
    """Where a topic comes from: a proposal, or a question the district asks."""

    PROPOSAL = "proposal"
    QUESTION = "question"


class Stance(StrEnum):
    """Where an opinion stands: 찬성, 반대, or 보완."""

    FOR = "for"
    AGAINST = "against"
    IMPROVE = "improve"


SIDES = (Stance.FOR, Stance.IMPROVE, Stance.AGAINST)  # as readers see them, from left to right


class Topic(Base):
    """A question put to the forum for a time, with background to read first.

    The counts are of the opinions readers can see, one for each side.
    """

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("(kind = 'proposal') = (proposal_id IS NOT NULL)", name="kind_has_source"),
        CheckConstraint(
            "for_count >= 0 AND against_count >= 0 AND improve_count >= 0",
            name="counts_not_negative",
        ),
        CheckConstraint(
            "replied_at IS NULL OR concluded_at IS NOT NULL", name="answer_follows_conclusion"
        ),
        Index("ix_topic_closes_at", "closes_at"),
        Index("ix_topic_place_id_closes_at", "place_id", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[TopicKind] = mapped_column(code_column(TopicKind))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    title: Mapped[str]
    question: Mapped[str]
    background: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    for_count: Mapped[int] = mapped_column(default=0)
    against_count: Mapped[int] = mapped_column(default=0)
    improve_count: Mapped[int] = mapped_column(default=0)
    conclusion: Mapped[str | None]
    concluded_at: Mapped[datetime | None]
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]

    place: Mapped[Place] = relationship()
    department: Mapped[Department] = relationship()

    @property
    def opinion_count(self) -> int:
        """Return how many opinions readers can see."""
        return self.for_count + self.against_count + self.improve_count

    def count_of(self, stance: Stance) -> int:
        """Return how many opinions readers can see on one side."""
        counts = {
            Stance.FOR: self.for_count,
            Stance.AGAINST: self.against_count,
            Stance.IMPROVE: self.improve_count,
        }
        return counts[stance]


class Opinion(Hideable, Base):
    """One resident's opinion on a topic, on one side: the reason in a line, then the text."""

    __tablename__ = "opinion"
    __table_args__ = (
        Index("ix_opinion_topic_id_stance_count", "topic_id", "stance", "endorsement_count", "id"),
        Index("ix_opinion_topic_id_stance_id", "topic_id", "stance", "id"),
        Index("ix_opinion_author_id_created_at", "author_id", "created_at"),
        CheckConstraint("endorsement_count >= 0", name="count_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    quoted_id: Mapped[int | None] = mapped_column(ForeignKey("opinion.id"))
    stance: Mapped[Stance] = mapped_column(code_column(Stance))
    text: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    endorsement_count: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)

    topic: Mapped[Topic] = relationship()
    author: Mapped[Person] = relationship()
    home_place: Mapped[Place | None] = relationship()
    changes: Mapped[list[StanceChange]] = relationship(order_by="StanceChange.id")


class OpinionReply(Hideable, Base):
    """An answer to an opinion."""

    __tablename__ = "opinion_reply"
    __table_args__ = (
        Index("ix_opinion_reply_opinion_id_id", "opinion_id", "id"),
        Index("ix_opinion_reply_author_id_created_at", "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    text: Mapped[str]
    created_at: Mapped[datetime]

    author: Mapped[Person] = relationship()
    home_place: Mapped[Place | None] = relationship()


class OpinionEndorsement(Base):
    """One person's 공감 for an opinion; the key allows one."""

    __tablename__ = "opinion_endorsement"

    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class StanceChange(Base):
    """Someone changed their mind on a topic: from one stance to another, and what moved them.

    Endorsements were given to the earlier stance: they end with it, and only their number stays.
    """

    __tablename__ = "stance_change"
    __table_args__ = (Index("ix_stance_change_opinion_id_id", "opinion_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    before: Mapped[Stance] = mapped_column(code_column(Stance, "stance_before"))
    after: Mapped[Stance] = mapped_column(code_column(Stance, "stance_after"))
    why: Mapped[str]
    endorsements_before: Mapped[int]
    at: Mapped[datetime]


class ClaimState(StrEnum):
    """Whether a claim waits for a moderator, is shown to be weighed, or was turned down."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"


class Claim(Base):
    """One sentence that residents weigh, with how many agreed, disagreed and were unsure.

    One that is of oneself ("I live in Doksan") says who weighs: it is weighed, and draws nothing.
    """

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_topic_id_state_id", "topic_id", "state", "id"),
        Index("ix_claim_author_id_created_at", "author_id", "created_at"),
        CheckConstraint(
            "agree_count >= 0 AND disagree_count >= 0 AND unsure_count >= 0",
            name="counts_not_negative",
        ),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_or_waiting"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_someone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    state: Mapped[ClaimState] = mapped_column(code_column(ClaimState))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agree_count: Mapped[int] = mapped_column(default=0)
    disagree_count: Mapped[int] = mapped_column(default=0)
    unsure_count: Mapped[int] = mapped_column(default=0)
    is_of_oneself: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def seen_count(self) -> int:
        """Return how many people weighed it."""
        return self.agree_count + self.disagree_count + self.unsure_count


class Weighing(Base):
    """How one person weighs one claim: 1 agree, −1 disagree, 0 unsure; the key allows one."""

    __tablename__ = "weighing"
    __table_args__ = (
        Index("ix_weighing_topic_id_person_id", "topic_id", "person_id"),
        Index("ix_weighing_topic_id_at", "topic_id", "at"),
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    value: Mapped[int]
    at: Mapped[datetime]


class AgreementMap(Base):
    """The newest map of a topic, as a page shows it: groups and counts, nobody's name or place.

    `picture` is what readers see; `memory` is what the next drawing starts from.
    """

    __tablename__ = "agreement_map"
    __table_args__ = (CheckConstraint("people >= 0 AND weighings >= 0", name="not_negative"),)

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    drawn_at: Mapped[datetime]
    people: Mapped[int]
    weighings: Mapped[int]
    picture: Mapped[dict[str, Any]] = mapped_column(JSON)
    memory: Mapped[dict[str, Any]] = mapped_column(JSON)
