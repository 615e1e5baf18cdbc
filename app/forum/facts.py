"""What happens in the forum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class TopicFact(Fact):
    """Something happened in a topic."""

    chain: ClassVar[str] = "topic"
    topic_id: int


@dataclass(frozen=True, kw_only=True)
class TopicOpened(TopicFact):
    """A moderator opened a topic."""


@dataclass(frozen=True, kw_only=True)
class OpinionWritten(TopicFact):
    """Someone wrote an opinion."""

    opinion_id: int
    stance: str


@dataclass(frozen=True, kw_only=True)
class OpinionAnswered(TopicFact):
    """Someone replied to an opinion."""

    opinion_id: int
    reply_id: int


@dataclass(frozen=True, kw_only=True)
class OpinionEndorsed(TopicFact):
    """Someone endorsed an opinion; `count` is the new total."""

    opinion_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class OpinionEndorsementWithdrawn(TopicFact):
    """Someone took the endorsement of an opinion back."""

    opinion_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class StanceChanged(TopicFact):
    """Someone changed their mind."""

    opinion_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class TopicConcluded(TopicFact):
    """The moderator summed the topic up."""


@dataclass(frozen=True, kw_only=True)
class TopicAnswered(TopicFact):
    """The department answered the topic's conclusion."""


@dataclass(frozen=True, kw_only=True)
class ClaimAdded(TopicFact):
    """Someone added a sentence to weigh."""

    claim_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimDecided(TopicFact):
    """A moderator decided whether a sentence is shown to be weighed."""

    claim_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ClaimMarked(TopicFact):
    """A moderator said whether a sentence is of oneself: who weighs, not what they think."""

    claim_id: int
    is_of_oneself: bool
