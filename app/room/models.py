"""The room of an assembly, its numbered events, messages, questions and floor requests."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, code_column
from app.moderation.models import Hideable, SubjectKind
from app.places.models import Place
from app.residents.models import Person

TALK = text("kind IN ('message', 'announce', 'stage', 'opened', 'closed')")


class EventKind(StrEnum):
    """What may happen in a room; docs/live-events.md says what each one carries."""

    OPENED = "opened"
    CLOSED = "closed"
    STAGE = "stage"
    CHECK_IN = "check_in"
    MESSAGE = "message"
    MESSAGE_HIDDEN = "message_hidden"
    MESSAGE_SHOWN = "message_shown"
    QUESTION = "question"
    QUESTION_UPVOTES = "question_upvotes"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_HIDDEN = "question_hidden"
    QUESTION_SHOWN = "question_shown"
    FLOOR = "floor"
    ANNOUNCE = "announce"
    BALLOT = "ballot"
    TURNOUT = "turnout"


class FloorState(StrEnum):
    """How far a floor request has come."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Room(Base):
    """The live side of an assembly; `last_seq` numbers its events without gaps."""

    __tablename__ = "room"

    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"), primary_key=True)
    last_seq: Mapped[int] = mapped_column(default=0)


class LiveEvent(Base):
    """One numbered thing that happened in a room, written with its cause.

    `about_id` is the message or question whose text the payload repeats: when that is hidden, the
    text is left out of the event from then on. A queue names its requests itself.
    """

    __tablename__ = "live_event"
    __table_args__ = (
        Index("ix_live_event_talk", "assembly_id", "seq", sqlite_where=TALK, postgresql_where=TALK),
    )

    assembly_id: Mapped[int] = mapped_column(ForeignKey("room.assembly_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(code_column(EventKind))
    about_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class Message(Hideable, Base):
    """A message of the live discussion. `nonce` makes a retried send one message."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("assembly_id", "author_id", "nonce"),
        Index("ix_message_assembly_id_id", "assembly_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    nonce: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]

    author: Mapped[Person] = relationship()
    home: Mapped[Place] = relationship()


class Question(Hideable, Base):
    """A question to the assembly; others raise it by an upvote each."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("assembly_id", "author_id", "nonce"),
        Index("ix_question_assembly_id_upvotes", "assembly_id", "upvotes"),
        CheckConstraint("upvotes >= 0", name="upvotes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    nonce: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    upvotes: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship()
    home: Mapped[Place] = relationship()


class QuestionUpvote(Base):
    """One person's upvote of a question; the key allows one."""

    __tablename__ = "question_upvote"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


class FloorRequest(Hideable, Base):
    """Someone asks to speak; at most one request a person waits or speaks.

    What is hidden of it is its topic: who stands in line goes on standing there.
    """

    __tablename__ = "floor_request"
    __table_args__ = (
        Index(
            "uq_floor_request_current",
            "assembly_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'speaking')"),
            postgresql_where=text("state IN ('waiting', 'speaking')"),
        ),
        Index(
            "uq_floor_request_speaking",
            "assembly_id",
            unique=True,
            sqlite_where=text("state = 'speaking'"),
            postgresql_where=text("state = 'speaking'"),
        ),
        CheckConstraint("minutes >= 1 AND minutes <= 10", name="minutes_within"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assembly.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    topic: Mapped[str]
    minutes: Mapped[int]
    state: Mapped[FloorState] = mapped_column(code_column(FloorState))
    at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    home: Mapped[Place] = relationship()


Said = Message | Question | FloorRequest
# What is said in a room and may be hidden there, by what moderation calls it.
SAID: dict[SubjectKind, type[Said]] = {
    SubjectKind.MESSAGE: Message,
    SubjectKind.QUESTION: Question,
    SubjectKind.FLOOR_REQUEST: FloorRequest,
}


def kind_of(said: Said) -> SubjectKind:
    """Return what moderation calls something that was said."""
    return next(kind for kind, table in SAID.items() if isinstance(said, table))
