"""What moderators do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class ModerationFact(Fact):
    """Something was moderated; `container_id` is what it stands in (a topic, an assembly)."""

    chain: ClassVar[str] = "place"
    place_id: int
    subject_kind: str
    moderated_id: int
    container_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContentHidden(ModerationFact):
    """A moderator hid something."""


@dataclass(frozen=True, kw_only=True)
class ContentRestored(ModerationFact):
    """A moderator showed something again."""


@dataclass(frozen=True, kw_only=True)
class ContentReported(ModerationFact):
    """A reader asked a moderator to look."""


@dataclass(frozen=True, kw_only=True)
class ReportsSettled(Fact):
    """A moderator looked at what was reported and left it standing."""

    chain: ClassVar[str] = "place"
    place_id: int
    subject_kind: str
    moderated_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class ReportsReopened(Fact):
    """A moderator put what had been left standing back among what waits to be looked at."""

    chain: ClassVar[str] = "place"
    place_id: int
    subject_kind: str
    moderated_id: int
    count: int
