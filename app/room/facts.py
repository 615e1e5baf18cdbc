"""What happens in a live room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class RoomFact(Fact):
    """Something happened in an assembly's room."""

    chain: ClassVar[str] = "assembly"
    assembly_id: int


@dataclass(frozen=True, kw_only=True)
class LiveEventAppended(RoomFact):
    """A numbered event was written; sockets deliver it after the commit. Not an act of its own."""

    audited: ClassVar[bool] = False
    seq: int
    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MessagePosted(RoomFact):
    """Someone wrote in the discussion."""

    audited: ClassVar[bool] = False
    message_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(RoomFact):
    """Someone asked a question."""

    question_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionUpvoted(RoomFact):
    """A question rose or fell; `upvotes` is the new total."""

    audited: ClassVar[bool] = False
    question_id: int
    upvotes: int


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(RoomFact):
    """The chair answered a question or marked it answered."""

    question_id: int


@dataclass(frozen=True, kw_only=True)
class FloorRequested(RoomFact):
    """Someone asked to speak."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class FloorMoved(RoomFact):
    """A floor request was called, ended or withdrawn."""

    request_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class Announced(RoomFact):
    """The chair announced something to the room; `seq` is its live event."""

    seq: int
