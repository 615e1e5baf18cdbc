"""What is counted: candidates and ballots, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NONE, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Something that can be chosen: a person, a project, an answer.

    The order in which candidates are given is the order of the paper. `cost` is in the budget's
    unit; of candidates with the same non-empty `rivals` a budget rule selects at most one.
    Whoever is withdrawn still stands on the paper; votes for them count for nobody.
    """

    id: str
    name: str = ""
    section: str = ""
    cost: Fraction = NONE
    rivals: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Approval:
    """A ballot that picks candidates; `weight` tells how many voters cast this very ballot."""

    picks: tuple[str, ...]
    weight: Fraction = ONE

    @property
    def names(self) -> tuple[str, ...]:
        """Return whom the ballot names."""
        return self.picks


@dataclass(frozen=True)
class Scoring:
    """A ballot that gives points to candidates; whoever is not named gets none."""

    points: tuple[tuple[str, Fraction], ...]
    weight: Fraction = ONE

    @property
    def names(self) -> tuple[str, ...]:
        """Return whom the ballot names, whatever it gives them."""
        return tuple(name for name, _ in self.points)


@dataclass(frozen=True)
class Ranking:
    """A ballot that orders candidates, best first; those in one tier stand equal."""

    tiers: tuple[tuple[str, ...], ...]
    weight: Fraction = ONE

    @property
    def names(self) -> tuple[str, ...]:
        """Return whom the ballot names, best first."""
        return tuple(name for tier in self.tiers for name in tier)


@dataclass(frozen=True, kw_only=True)
class Election:
    """A paper with its ballots, as files hold them; all ballots are of one kind."""

    candidates: tuple[Candidate, ...]
    ballots: tuple[Approval | Scoring | Ranking, ...] = ()
    seats: int = 1
    title: str = ""
    budget: Fraction | None = None
    terms: Terms = field(default_factory=Terms)

    @property
    def names(self) -> dict[str, str]:
        """Return the names of candidates by id, which stands for none."""
        return {one.id: one.name or one.id for one in self.candidates}

    @property
    def parts(self) -> dict[str, str]:
        """Return the names of sections and channels, whose ids may be those of candidates too."""
        names = {one.id: one.name or one.id for one in self.terms.sections}
        return names | {one.id: one.name or one.id for one in self.terms.channels}


def sum_of_picks(
    candidates: Iterable[Candidate], ballots: Iterable[Approval]
) -> dict[str, Fraction]:
    """Return how many voters picked each candidate, in the order of the paper.

    Raises KeyError where a ballot picks somebody who is not on the paper.
    """
    sums = dict.fromkeys((one.id for one in candidates), NONE)
    # Whole votes are added as integers first: a million fractions would be slow.
    for weight, picks in _by_weight(ballots).items():
        for candidate, count in picks.items():
            sums[candidate] += weight * count
    return sums


def _by_weight(ballots: Iterable[Approval]) -> Mapping[Fraction, Counter[str]]:
    ones: Counter[str] = Counter()
    counters: dict[Fraction, Counter[str]] = {}
    for ballot in ballots:
        # The hash of a fraction is slow, and nearly all ballots weigh one.
        if ballot.weight is ONE:
            ones.update(ballot.picks)
            continue
        counter = counters.get(ballot.weight)
        if counter is None:
            counter = counters[ballot.weight] = Counter()
        counter.update(ballot.picks)
    counters.setdefault(ONE, Counter()).update(ones)
    return counters


def sum_of_points(
    candidates: Iterable[Candidate], ballots: Iterable[Scoring]
) -> dict[str, Fraction]:
    """Return the points of each candidate, in the order of the paper.

    Raises KeyError where a ballot names somebody who is not on the paper.
    """
    sums = dict.fromkeys((one.id for one in candidates), NONE)
    whole = dict.fromkeys(sums, 0)
    for ballot in ballots:
        is_one = ballot.weight is ONE
        for candidate, points in ballot.points:
            # Whole points are added as integers first: a million fractions would be slow.
            if is_one and points.denominator == 1:
                whole[candidate] += points.numerator
            else:
                sums[candidate] += points * ballot.weight
    return {candidate: points + whole[candidate] for candidate, points in sums.items()}
