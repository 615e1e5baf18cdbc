"""What a count says: who is selected, round by round and why, and how ties were settled.

All of it is data; the sentences for it stand in `words`. Figures are exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.ballots.rules.counting.ties import TieRule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction


class Verdict(StrEnum):
    """Why a candidate is in or out, at the moment when it was decided."""

    SELECTED = "selected"
    NOT_SELECTED = "not_selected"  # the places were taken by others
    TIED = "tied"  # equal for the last place, and the rule leaves it open
    ELIMINATED = "eliminated"  # last of a round
    NO_VOTES = "no_votes"
    NO_QUORUM = "no_quorum"
    NO_MAJORITY = "no_majority"
    BELOW_THRESHOLD = "below_threshold"
    TOO_COSTLY = "too_costly"  # does not fit what is left
    STOPPED = "stopped"  # the count had stopped at somebody who did not fit
    RIVAL_SELECTED = "rival_selected"  # one of its exclusive group is in
    WITHDRAWN = "withdrawn"
    UNAFFORDABLE = "unaffordable"  # its supporters cannot pay it together


@dataclass(frozen=True, kw_only=True)
class Step:
    """One decision on one candidate, with the figures that it rests on.

    `figures` are named by the method: `cost` and `left` (budget before the decision), `threshold`,
    `price` (each supporter's), `seats`, `base`, `quota` …
    """

    candidate: str
    verdict: Verdict
    votes: Fraction
    figures: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Transfer:
    """Votes that moved in a round; to nobody (None) where no further choice was named."""

    origin: str
    to: str | None
    votes: Fraction


def strength(votes: Fraction, against: Fraction) -> tuple[Fraction, Fraction]:
    """Return how strong a won duel is: more votes first, then fewer against (winning votes)."""
    return votes, -against


@dataclass(frozen=True, kw_only=True)
class Duel:
    """Two candidates against each other: how many prefer either, and the strongest path each way.

    `path` is the weakest duel, votes and votes against, on the strongest path from `one` to
    `other`, `back` that on the way back; two zeros where there is no path.
    """

    one: str
    other: str
    votes: Fraction
    against: Fraction
    path: tuple[Fraction, Fraction]
    back: tuple[Fraction, Fraction]

    @property
    def lead(self) -> int:
        """Return 1 where `one` beats `other` by the strongest paths, -1 if the other does, or 0."""
        ahead, behind = strength(*self.path), strength(*self.back)
        return (ahead > behind) - (ahead < behind)


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round: how everybody stood, what was decided, and which votes moved then.

    Where sections are counted one by one, each is a round that names its `section`.
    """

    number: int
    section: str = ""
    standing: tuple[tuple[str, Fraction], ...] = ()
    steps: tuple[Step, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    duels: tuple[Duel, ...] = ()


class TieKind(StrEnum):
    """What candidates stood equal for."""

    SELECTION = "selection"  # the last place
    ELIMINATION = "elimination"  # who leaves the count
    SURPLUS = "surplus"  # whose surplus moves first


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Candidates that stood equal where it mattered, and how that was settled.

    `settled` is their order of precedence, empty where the rule leaves the tie open; the first
    `places` of them get what the tie was for, except that the last is eliminated.
    `earlier` is the round whose standing settled it before any rule was asked, else 0.
    `number` is the published number of a public draw.
    """

    candidates: tuple[str, ...]
    places: int
    rule: TieRule
    settled: tuple[str, ...] = ()
    number: str = ""
    kind: TieKind = TieKind.SELECTION
    round: int = 1
    earlier: int = 0


@dataclass(frozen=True, kw_only=True)
class Count:
    """The outcome of a count. `selected` stands in the order of selection.

    `figures` hold for the whole count: `voters`, `needed` (the quorum), `quota`, `seats` …
    """

    method: str
    selected: tuple[str, ...]
    rounds: tuple[Round, ...] = ()
    ties: tuple[Tie, ...] = ()
    votes: Mapping[str, Fraction] = field(default_factory=dict)
    figures: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def verdicts(self) -> dict[str, Step]:
        """Return the last decision on each candidate."""
        return {step.candidate: step for one in self.rounds for step in one.steps}

    @property
    def open_ties(self) -> tuple[Tie, ...]:
        """Return the ties that leave the outcome open; equal surpluses just move together."""
        return tuple(
            tie for tie in self.ties if not tie.settled and tie.kind is not TieKind.SURPLUS
        )
