"""What a commitment's dates say of it today: kept, on its way, late, silent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.clock import seoul_day, seoul_midnight
from app.core.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from app.assemblies.models import Track
    from app.commitments.models import Commitment, Milestone

SILENT_AFTER_DAYS = 30
WHOLE = 100


class Progress(StrEnum):
    """How a commitment stands on a day; computed, never stored."""

    KEPT = "kept"
    LATE = "late"
    DELAYED = "delayed"
    ON_WAY = "on_way"


@dataclass(frozen=True)
class Tally:
    """How many commitments there are and how many of them were kept."""

    count: int = 0
    kept: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return both counts together."""
        return Tally(self.count + other.count, self.kept + other.kept)

    @property
    def share(self) -> str:
        """Return the kept share in per cent, rounded half up to a whole number."""
        return percent(self.kept, self.count, 0)


@dataclass(frozen=True)
class DongLine:
    """One dong's commitments of a year, by track."""

    place_id: int
    name: str
    slug: str
    by_track: Mapping[Track, Tally]

    @property
    def whole(self) -> Tally:
        """Return all tracks together."""
        return total(self.by_track.values())


def total(tallies: Iterable[Tally]) -> Tally:
    """Return several tallies together."""
    return sum(tallies, start=Tally())


def progress_of(commitment: Commitment, *, today: date) -> Progress:
    """Return how a commitment stands on a Seoul day; its due day itself is still in time."""
    if commitment.done_at is not None:
        return Progress.KEPT
    if commitment.due_on < today:
        return Progress.LATE
    return Progress.DELAYED if commitment.delayed_because is not None else Progress.ON_WAY


def open_steps(commitment: Commitment, done: Collection[str] = ()) -> list[Milestone]:
    """Return the steps that stay open once those of some names are done as well."""
    return [
        step for step in commitment.milestones if step.done_on is None and step.name not in done
    ]


def is_late(step: Milestone, *, today: date) -> bool:
    """Say whether a step should have been done by now; its due day itself is still in time."""
    return step.done_on is None and step.due_on < today


def missed_steps(
    steps: Iterable[Milestone], planned: Mapping[str, date], *, today: date
) -> list[Milestone]:
    """Return the late steps whose day a plan would change, or that it would leave out."""
    return [
        step
        for step in steps
        if is_late(step, today=today) and planned.get(step.name) != step.due_on
    ]


def steps_beyond(commitment: Commitment, planned: Mapping[str, date]) -> list[str]:
    """Return the names of planned steps after the commitment's day; days that stand may stay."""
    standing = {(step.name, step.due_on) for step in commitment.milestones}
    return [
        name
        for name, due_on in planned.items()
        if due_on > commitment.due_on and (name, due_on) not in standing
    ]


def day_number(day: date) -> int:
    """Return a day as a number a record can carry: 20210731."""
    return int(f"{day:%Y%m%d}")


def mark_of(steps: Iterable[Milestone]) -> str:
    """Return by what somebody who saw these steps proves it: names, days, which are done."""
    told = [(step.name, step.due_on.isoformat(), step.done_on is None) for step in steps]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def silent_days(commitment: Commitment, *, at: datetime) -> int | None:
    """Return for how many days nothing was heard, if that is thirty or more and it is not kept."""
    if commitment.done_at is not None:
        return None
    heard = seoul_day(commitment.last_reported_at or commitment.created_at)
    days = (seoul_day(at) - heard).days
    return days if days >= SILENT_AFTER_DAYS else None


def silent_since(at: datetime) -> datetime:
    """Return the moment before which the last report must lie for a commitment to be silent."""
    return seoul_midnight(seoul_day(at) - timedelta(days=SILENT_AFTER_DAYS - 1))
