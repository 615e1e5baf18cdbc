"""The calendar and the arithmetic of endorsing, the life line, and text made fit for search."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.core.clock import seoul_day, seoul_midnight
from app.core.korean import initials, jamo
from app.core.working_days import due_day
from app.proposals.models import ProposalState, Stage, TimelineCode, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

SHORTEST_INDEXED = 3
TITLE_LEAST, SENSE_LEAST, BODY_LEAST = 4, 4, 10
NEW_FOR_DAYS = 90
_LEADS = dict(
    zip(map(ord, "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"), range(0x1100, 0x1113), strict=True)
)


@dataclass(frozen=True)
class Terms:
    """The endorsement rule of a place: how many, in how long, and how fast the answer comes.

    20 in 20 days and an answer within 20 days are what 금천1번가 began with in 2019; `policy_id`
    names the version these come from, None where nobody has set one.
    """

    threshold: int = 20
    window_days: int = 20
    counts_opening_day: bool = True
    precheck_required: bool = True
    decision_days: int = 20
    policy_id: int | None = None


class Phase(StrEnum):
    """What a proposal is at a moment; the calendar may be ahead of the stored state."""

    DRAFT = "draft"
    PRECHECK = "precheck"
    UNFIT = "unfit"
    ENDORSING = "endorsing"
    EXPIRED = "expired"
    REVIEW = "review"
    OVERDUE = "overdue"
    REPLIED = "replied"


class Dated(Protocol):
    """The columns by which a proposal's phase is known."""

    @property
    def state(self) -> ProposalState:
        """The stored state."""

    @property
    def closes_at(self) -> datetime | None:
        """When the window ends, once it is open."""

    @property
    def reply_due_on(self) -> date | None:
        """When the answer is due, once the review began."""


def window_closes(opened_at: datetime, days: int, *, counts_opening_day: bool) -> datetime:
    """Return the Seoul midnight at which a window of whole days ends (it is half-open).

    A window of 20 days opened on 2019-12-09 ends when 12-29 begins if the opening day counts,
    when 12-30 begins if not.
    """
    first = seoul_day(opened_at) + timedelta(days=0 if counts_opening_day else 1)
    return seoul_midnight(first + timedelta(days=days))


def reply_due(began_at: datetime, decision_days: int) -> date:
    """Return the day by which the department answers: first day excluded, rolled to a workday."""
    return due_day(seoul_day(began_at), decision_days)


def days_overdue(reply_due_on: date, at: datetime) -> int:
    """Return how many days the answer is late; 0 or less when it is not."""
    return (seoul_day(at) - reply_due_on).days


class Hideable(Protocol):
    """The column by which it is known that a proposal is hidden."""

    @property
    def hidden_at(self) -> datetime | None:
        """When it was hidden, None while it is shown."""


def told_at(proposal: Hideable, at: datetime) -> datetime:
    """Return the moment at which a proposal's terms stand: for a hidden one its clock is held."""
    return proposal.hidden_at or at


def window_given_back(closes_at: datetime, hidden_at: datetime, at: datetime) -> datetime:
    """Return when a window ends whose proposal was hidden: later by just that time.

    One that was over before stays over.
    """
    return closes_at + (at - hidden_at) if closes_at > hidden_at else closes_at


def reply_given_back(reply_due_on: date, hidden_at: datetime, at: datetime) -> date:
    """Return when the answer is due to a proposal that was hidden: later by its whole days.

    A day that had passed before stays, and whatever is less than a day gives nothing.
    """
    days = (at - hidden_at) // timedelta(days=1)
    if days == 0 or days_overdue(reply_due_on, hidden_at) > 0:
        return reply_due_on
    return due_day(reply_due_on, days)


def phase(proposal: Dated, at: datetime) -> Phase:
    """Return what a proposal is now: a window that has run out is over before any job says so."""
    state = proposal.state
    if state is ProposalState.ENDORSING:
        assert proposal.closes_at is not None  # noqa: S101 - a check constraint holds it
        return Phase.ENDORSING if at < proposal.closes_at else Phase.EXPIRED
    if state is ProposalState.REVIEW and proposal.reply_due_on is not None:
        return Phase.OVERDUE if days_overdue(proposal.reply_due_on, at) > 0 else Phase.REVIEW
    return Phase(state.value)


class Published(Protocol):
    """A proposal that stands on the board, as row or as line."""

    @property
    def published_at(self) -> datetime | None:
        """When it was published."""


Latest = TypeVar("Latest", bound=Published)


def newest_of(latest: Sequence[Latest], *, at: datetime) -> tuple[Sequence[Latest], bool]:
    """Return what is new among the latest proposals, and that it is; else the latest as they are.

    New is what was published within NEW_FOR_DAYS days.
    """
    since = at - timedelta(days=NEW_FOR_DAYS)
    new = [one for one in latest if one.published_at is not None and one.published_at > since]
    return (new, True) if new else (latest, False)


# ---------------------------------------------------------------- the life line


@dataclass(frozen=True)
class Passage:
    """One line of a timeline, as far as the life line needs it."""

    stage: Stage
    code: TimelineCode
    at: datetime


@dataclass(frozen=True)
class LifeLine:
    """Where an item stands: the stages it has passed with their days, the stage it is in, why."""

    now: Stage
    phase: Phase
    days: dict[Stage, date] = field(default_factory=dict)
    closes_at: datetime | None = None
    reply_due_on: date | None = None
    days_late: int = 0
    verdict: Verdict | None = None
    last: Passage | None = None


_OWN = {
    Phase.DRAFT: Stage.PROPOSAL,
    Phase.PRECHECK: Stage.PROPOSAL,
    Phase.UNFIT: Stage.PROPOSAL,
    Phase.ENDORSING: Stage.ENDORSEMENT,
    Phase.EXPIRED: Stage.ENDORSEMENT,
    Phase.REVIEW: Stage.REVIEW,
    Phase.OVERDUE: Stage.REVIEW,
    Phase.REPLIED: Stage.REVIEW,
}
_ORDER = list(Stage)
# What ends a later stage: the day beside it is this one's, whatever else happened in it.
_ENDS = frozenset(
    {
        TimelineCode.FORUM_CONCLUDED,
        TimelineCode.SELECTED,
        TimelineCode.NOT_SELECTED,
        TimelineCode.TIED,
        TimelineCode.COMMITMENT_MADE,
        TimelineCode.COMMITMENT_KEPT,
    }
)


def life_line(
    state: Phase,
    *,
    published_at: datetime | None,
    review_began_at: datetime | None,
    replied_at: datetime | None,
    closes_at: datetime | None,
    reply_due_on: date | None,
    verdict: Verdict | None,
    passages: Sequence[Passage],
    at: datetime,
) -> LifeLine:
    """Return where a proposal stands, later stages taken from its timeline (oldest first)."""
    days: dict[Stage, date] = {}
    for stage, moment in (
        (Stage.PROPOSAL, published_at),
        (Stage.ENDORSEMENT, review_began_at),
        (Stage.REVIEW, replied_at),
    ):
        if moment is not None:
            days[stage] = seoul_day(moment)
    later = [line for line in passages if _ORDER.index(line.stage) > _ORDER.index(Stage.REVIEW)]
    for line in (*later, *(line for line in later if line.code in _ENDS)):
        days[line.stage] = seoul_day(line.at)
    last = max(later, key=lambda line: (_ORDER.index(line.stage), line.at), default=None)
    return LifeLine(
        now=last.stage if last else _OWN[state],
        phase=state,
        days=days,
        closes_at=closes_at,
        reply_due_on=reply_due_on,
        days_late=days_overdue(reply_due_on, at) if reply_due_on else 0,
        verdict=verdict,
        last=last,
    )


# ---------------------------------------------------------------- search


@dataclass(frozen=True)
class Needle:
    """One word to look for: in which column, and how it stands there."""

    column: str
    text: str

    @property
    def is_indexed(self) -> bool:
        """Say whether the word is long enough for the trigram index."""
        return len(self.text) >= SHORTEST_INDEXED


def search_text(*parts: str) -> tuple[str, str]:
    """Return texts for search: without spaces as jamo, and as initial consonants (초성)."""
    bare = ["".join(part.split()) for part in parts]
    return "\n".join(jamo(part) for part in bare), "\n".join(initials(part) for part in bare)


def needles(query: str) -> list[Needle]:
    """Return what to look for: every word must be found; ㄱㅇ looks through initial consonants.

    A consonant after a syllable (공ㅇ) is one that is just being typed: it begins the next.
    """
    found = []
    for word in unicodedata.normalize("NFC", query).lower().split():
        if re.fullmatch("[ㄱ-ㅎ]+", word):
            found.append(Needle("search_initials", word))
        else:
            found.append(Needle("search_jamo", jamo(word).translate(_LEADS)))
    return found
