"""What a `.pb` file allows on one ballot: cities count also those that do not keep it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import NONE, ONE, Approval, Scoring
from app.ballots.rules.counting.formats.pabulib.terms import BY_POINTS, VOTE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.ballots.rules.counting.election import Candidate, Ranking

    Ballot = Approval | Scoring | Ranking


def broken_bounds(
    meta_number: Callable[[str], Fraction | None],
    candidates: Mapping[str, Candidate],
    vote_type: str,
) -> Callable[[Ballot], Iterator[tuple[str, Fraction]]]:
    """Return what tells of a ballot which bounds of META it does not keep, by key and limit.

    An empty ballot keeps all of them: it is noted by itself. So does any ballot where projects get
    points by default (`default_score`), as what a voter named can no longer be told.
    """
    if meta_number("default_score"):
        return lambda _ballot: iter(())
    limits = {key: meta_number(key) for key, (_, kinds) in _FIGURES.items() if vote_type in kinds}
    if vote_type == "choose-1":
        limits["max_length"] = ONE
    bounds = [(key, limit, _FIGURES[key][0]) for key, limit in limits.items() if limit is not None]

    def broken(ballot: Ballot) -> Iterator[tuple[str, Fraction]]:
        if not ballot.names:
            return
        for key, limit, figure in bounds:
            found = figure(ballot, candidates)
            if found < limit if key.startswith("min") else found > limit:
                yield key, limit

    return broken


def _length(ballot: Ballot, _candidates: Mapping[str, Candidate]) -> int:
    return len(ballot.names)


def _cost(ballot: Ballot, candidates: Mapping[str, Candidate]) -> Fraction:
    return sum((candidates[one].cost for one in ballot.names), NONE)


def _points(ballot: Ballot) -> list[Fraction]:
    return [given for _, given in ballot.points] if isinstance(ballot, Scoring) else []


_FIGURES: dict[
    str, tuple[Callable[[Ballot, Mapping[str, Candidate]], Fraction | int], tuple[str, ...]]
] = {
    "min_length": (_length, VOTE_TYPES),
    "max_length": (_length, VOTE_TYPES),
    "min_sum_cost": (_cost, ("approval",)),
    "max_sum_cost": (_cost, ("approval",)),
    "min_points": (lambda ballot, _: min(_points(ballot), default=NONE), BY_POINTS),
    "max_points": (lambda ballot, _: max(_points(ballot), default=NONE), BY_POINTS),
    "min_sum_points": (lambda ballot, _: sum(_points(ballot), NONE), BY_POINTS),
    "max_sum_points": (lambda ballot, _: sum(_points(ballot), NONE), BY_POINTS),
}
