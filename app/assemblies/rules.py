"""Notice periods, quorums and running orders: calendar and whole-number arithmetic, pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from app.assemblies.models import AssemblyState, QuorumKind, StageKind, Track
from app.core.clock import seoul_day
from app.core.numbers import ceil_div
from app.core.refusals import BirthDay
from app.residents.rules import AgeMode, cut_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.assemblies.models import (
        AgendaItem,
        Assembly,
        AssemblyRules,
        NoticeCorrection,
        RunningStage,
    )
    from app.places.models import Place

DOORS_OPEN_BEFORE = timedelta(minutes=30)
# An assembly may run long; whatever is open longer after its end was forgotten to be closed.
RUNS_ON_AT_MOST = timedelta(hours=6)
_DEFAULTS = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class PlannedStage:
    """One step of a running order as it is planned; minutes are whole and positive."""

    kind: StageKind
    title: str
    minutes: int


@dataclass(frozen=True)
class Rules:
    """The assembly rules that hold for a place; `rules_id` is None for the defaults."""

    notice_days: int
    quorum_kind: QuorumKind
    quorum_value: int
    min_age: int
    age_mode: AgeMode
    rules_id: int | None = None
    version: int | None = None

    @classmethod
    def of(cls, row: AssemblyRules) -> Rules:
        """Return the rules that a stored version states."""
        return cls(
            notice_days=row.notice_days,
            quorum_kind=row.quorum_kind,
            quorum_value=row.quorum_value,
            min_age=row.min_age,
            age_mode=row.age_mode,
            rules_id=row.id,
            version=row.version,
        )


DEFAULT_RULES = Rules(
    notice_days=_DEFAULTS["rules"]["notice_days"],
    quorum_kind=QuorumKind(_DEFAULTS["rules"]["quorum_kind"]),
    quorum_value=_DEFAULTS["rules"]["quorum_value"],
    min_age=_DEFAULTS["rules"]["min_age"],
    age_mode=AgeMode(_DEFAULTS["rules"]["age_mode"]),
)
CUSTOMARY_ORDER = tuple(
    PlannedStage(StageKind(stage["kind"]), stage["title"], stage["minutes"])
    for stage in _DEFAULTS["stage"]
)


def rules_among(versions: Sequence[AssemblyRules], place: Place) -> Rules:
    """Return the newest of a place's versions, or of its district's, or the defaults."""
    for place_id in (place.id, place.parent_id):
        own = [row for row in versions if row.place_id == place_id]
        if own:
            return Rules.of(max(own, key=lambda row: row.version))
    return DEFAULT_RULES


def latest_notice_day(held_at: datetime, notice_days: int) -> date:
    """Return the last Seoul day on which the notice may be published.

    For an assembly on 2021-05-24 and 30 days it is 2021-04-24.
    """
    return seoul_day(held_at) - timedelta(days=notice_days)


def earliest_day(assembly: Assembly, held_at: datetime, *, at: datetime) -> date:
    """Return the first Seoul day on which a correction may have an announced assembly held.

    Brought forward to another day, or on its own day, it keeps the whole notice period from the
    correction on; put off after its own time has passed, it leaves the day to whoever reads of it.
    """
    today, planned = seoul_day(at), seoul_day(assembly.held_at)
    if seoul_day(held_at) < planned or (held_at < assembly.held_at and planned == today):
        return after_notice(assembly, today)
    by_notice = after_notice(assembly, seoul_day(assembly.noticed_at or assembly.created_at))
    return max(by_notice, today + timedelta(days=1)) if assembly.held_at <= at else by_notice


def after_notice(assembly: Assembly, day: date) -> date:
    """Return the first day after a whole notice period that begins on a day."""
    return day + timedelta(days=assembly.notice_days or 0)


def quorum_needed(kind: QuorumKind, value: int, base: int) -> int:
    """Return how many must take part, rounded up in whole numbers.

    PERMILLE: `value` per mille of `base` residents (5 means 0.5 %). SEATS: `value` is already
    seats times their multiple. NONE: nobody must.
    """
    if kind is QuorumKind.PERMILLE:
        return ceil_div(base * value, 1000)
    return value if kind is QuorumKind.SEATS else 0


def latest_birth(held_at: datetime, rules: Rules) -> date:
    """Return the latest birth date of those old enough on the day of the assembly."""
    return cut_off(seoul_day(held_at), rules.min_age, rules.age_mode)


def frozen_rules(assembly: Assembly) -> Rules | None:
    """Return the rules that stand on an assembly since its notice; None for a draft."""
    if (
        assembly.notice_days is None
        or assembly.quorum_kind is None
        or assembly.quorum_value is None
        or assembly.min_age is None
        or assembly.age_mode is None
    ):
        return None
    return Rules(
        notice_days=assembly.notice_days,
        quorum_kind=assembly.quorum_kind,
        quorum_value=assembly.quorum_value,
        min_age=assembly.min_age,
        age_mode=assembly.age_mode,
        rules_id=assembly.rules_id,
    )


def check_in_details(assembly: Assembly) -> dict[str, object]:
    """Return what a refused check-in tells: of which place, and born by which day."""
    rules = frozen_rules(assembly)
    birth = BirthDay(latest_birth(assembly.held_at, rules)) if rules else None
    return {"place": assembly.place.name, "birth": birth}


def current_stage(assembly: Assembly) -> RunningStage | None:
    """Return the step the assembly is at."""
    return next(
        (one for one in assembly.stages if one.started_at is not None and one.ended_at is None),
        None,
    )


def doors_open(assembly: Assembly, *, at: datetime) -> bool:
    """Say whether the half hour before the assembly has begun."""
    return at >= assembly.held_at - DOORS_OPEN_BEFORE


def is_left_open(assembly: Assembly, *, at: datetime) -> bool:
    """Say whether an assembly was opened, is long over by its own times, and nobody closed it."""
    return assembly.state is AssemblyState.OPEN and at >= assembly.ends_at + RUNS_ON_AT_MOST


def is_ahead(assembly: Assembly, *, at: datetime) -> bool:
    """Say whether an assembly is still to come or going on."""
    if assembly.is_called_off:
        return False
    if assembly.state is AssemblyState.OPEN:
        return not is_left_open(assembly, at=at)
    return assembly.state is AssemblyState.NOTICED and assembly.ends_at > at


@dataclass(frozen=True)
class Change:
    """What a correction changed of a notice, and what stood there after it."""

    correction: NoticeCorrection
    held_at: datetime
    ends_at: datetime
    venue: str
    notice_text: str

    @property
    def is_moved(self) -> bool:
        """Say whether the times changed."""
        before = (self.correction.held_before, self.correction.ends_before)
        return before != (self.held_at, self.ends_at)

    @property
    def is_elsewhere(self) -> bool:
        """Say whether the place changed."""
        return self.correction.venue_before != self.venue

    @property
    def is_reworded(self) -> bool:
        """Say whether the text changed."""
        return self.correction.text_before != self.notice_text


def changes(assembly: Assembly, corrections: Sequence[NoticeCorrection]) -> list[Change]:
    """Return what each correction of a notice changed; both are the newest first."""
    after = (assembly.held_at, assembly.ends_at, assembly.venue, assembly.notice_text)
    found = []
    for one in corrections:
        found.append(Change(one, *after))
        after = (one.held_before, one.ends_before, one.venue_before, one.text_before)
    return found


def by_track(items: Sequence[AgendaItem]) -> list[tuple[Track, list[AgendaItem]]]:
    """Return agenda items under their tracks, both in their own order."""
    order = list(Track)
    ordered = sorted(items, key=lambda item: (order.index(item.track), item.position))
    return [(track, list(group)) for track, group in groupby(ordered, key=lambda one: one.track)]


def names_hidden(minutes: str, items: Sequence[AgendaItem]) -> bool:
    """Say whether minutes name an item whose proposal is hidden, however they are spaced."""
    said = "".join(minutes.split())
    return any(item.hidden_reason and "".join(item.title.split()) in said for item in items)
