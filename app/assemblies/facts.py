"""What happens to assemblies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class AssemblyFact(Fact):
    """Something happened to an assembly."""

    chain: ClassVar[str] = "assembly"
    assembly_id: int


@dataclass(frozen=True, kw_only=True)
class AssemblyDrafted(AssemblyFact):
    """A clerk began to prepare an assembly."""


@dataclass(frozen=True, kw_only=True)
class AssemblyRevised(AssemblyFact):
    """A clerk changed a draft's title, place, times or notice text."""


@dataclass(frozen=True, kw_only=True)
class RunningOrderSet(AssemblyFact):
    """A clerk set a draft's running order; `stages` is how many steps it has."""

    stages: int


@dataclass(frozen=True, kw_only=True)
class AgendaItemRemoved(AssemblyFact):
    """An item was taken off a draft's agenda."""

    item_id: int


@dataclass(frozen=True, kw_only=True)
class AgendaItemAdded(AssemblyFact):
    """An item was put on the agenda."""

    item_id: int


@dataclass(frozen=True, kw_only=True)
class AssemblyNoticed(AssemblyFact):
    """The notice (공고) was published; rules and agenda stand from now on."""


@dataclass(frozen=True, kw_only=True)
class NoticeCorrected(AssemblyFact):
    """A published notice was given other times, another place or another text.

    `digest` is the SHA-256 of what stood there, what stands there now and why, in hex.
    """

    number: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class AssemblyDiscarded(AssemblyFact):
    """A draft was thrown away before anybody else knew of it."""


@dataclass(frozen=True, kw_only=True)
class AssemblyCalledOff(AssemblyFact):
    """An announced assembly will not be held; `digest` is the SHA-256 of the reason, in hex."""

    digest: str


@dataclass(frozen=True, kw_only=True)
class AssemblyOpened(AssemblyFact):
    """The chair opened the assembly."""


@dataclass(frozen=True, kw_only=True)
class StageMoved(AssemblyFact):
    """The chair moved the running order on."""

    stage_id: int


@dataclass(frozen=True, kw_only=True)
class CheckedIn(AssemblyFact):
    """Someone checked in; `count` is the new attendance."""

    count: int


@dataclass(frozen=True, kw_only=True)
class AttendanceTakenBack(AssemblyFact):
    """Someone who had checked in left the site; `count` is the new attendance."""

    count: int


@dataclass(frozen=True, kw_only=True)
class AssemblyClosed(AssemblyFact):
    """The chair closed the assembly."""


@dataclass(frozen=True, kw_only=True)
class MinutesPublished(AssemblyFact):
    """The minutes were published; `digest` is the SHA-256 of their text, in hex."""

    digest: str


@dataclass(frozen=True, kw_only=True)
class MinutesCorrected(AssemblyFact):
    """Published minutes were corrected; `digest` is the SHA-256 of the new text, in hex."""

    number: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class AssemblyRulesSet(Fact):
    """An operator set a new version of a place's assembly rules."""

    chain: ClassVar[str] = "place"
    place_id: int
    version: int
