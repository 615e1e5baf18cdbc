"""Who stands behind what: voters and projects, laid out for many runs of Equal Shares."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import itemgetter
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import ONE, Approval, Candidate, Scoring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

GUARD_BITS = 128
UNIT = 1 << GUARD_BITS  # one unit of currency


@dataclass(frozen=True)
class Support:
    """Those who give a project the same points, and how to look their classes up at once."""

    points: int
    voters: tuple[int, ...]
    classes: Callable[[Sequence[int]], tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project as a run sees it; `usefulness` divides the price per point.

    With approvals a voter's use of a project is its cost, so that of two projects the one with the
    smaller share per unit of cost goes first; with points it is the points alone.
    """

    candidate: Candidate
    supports: tuple[Support, ...]
    votes: Fraction
    cost: int  # scaled, as money is
    usefulness: Fraction
    rate: int  # scaled price per use if nobody runs out of money: never more than the true one


@dataclass(frozen=True)
class Crowd:
    """The voters and the projects that they support, ready for many runs.

    Voters and points are counted in whole parts: `parts` of a voter, `grains` of a point.
    """

    projects: tuple[Project, ...]
    votes: Mapping[str, Fraction]  # the sums of everybody on the paper
    voters: Fraction
    parts: int
    grains: int
    weights: tuple[int, ...]  # of each class at the beginning; the penniless are the first
    classes: tuple[int, ...]  # of each voter at the beginning


def gather(candidates: Iterable[Candidate], ballots: Sequence[Approval | Scoring]) -> Crowd:
    """Lay ballots out by project. Raises KeyError where one names somebody off the paper.

    Those who are withdrawn, cost nothing or have no support take no part in a run.
    """
    paper = {one.id: one for one in candidates}
    votes: dict[str, dict[Fraction | int, list[int]]] = {name: {} for name in paper}
    for voter, ballot in enumerate(ballots):
        if isinstance(ballot, Approval):
            for name in ballot.picks:
                votes[name].setdefault(1, []).append(voter)
        else:
            for name, points in ballot.points:
                if points > 0:
                    votes[name].setdefault(points, []).append(voter)
    parts, weights = _weights(ballots)
    grains = lcm(*{Fraction(points).denominator for one in votes.values() for points in one})
    kinds = {weight: number for number, weight in enumerate(dict.fromkeys(weights), start=1)}
    by_cost = not any(isinstance(ballot, Scoring) for ballot in ballots)
    sums: dict[str, Fraction] = {}
    projects = []
    for name, by_points in votes.items():
        one = paper[name]
        supports = tuple(
            Support(int(points * grains), tuple(voters), _look_up(voters))
            for points, voters in by_points.items()
        )
        mass = sum(each.points * sum(map(weights.__getitem__, each.voters)) for each in supports)
        sums[name] = Fraction(mass, parts * grains)
        if one.is_withdrawn or not one.cost or not mass:
            continue
        cost = int(one.cost * parts * UNIT)
        usefulness = one.cost if by_cost else Fraction(1)
        projects.append(
            Project(
                candidate=one,
                supports=supports,
                votes=sums[name],
                cost=cost,
                usefulness=usefulness,
                rate=rate_of(cost // mass, usefulness),
            )
        )
    return Crowd(
        projects=tuple(projects),
        votes=sums,
        voters=Fraction(sum(weights), parts),
        parts=parts,
        grains=grains,
        weights=(0, *kinds),
        classes=tuple(map(kinds.__getitem__, weights)),
    )


def _weights(ballots: Sequence[Approval | Scoring]) -> tuple[int, list[int]]:
    """Return into how many parts a voter is cut, and the weight of each ballot in parts."""
    # The hash of a fraction is slow, and nearly all ballots weigh one.
    unusual = {ballot.weight for ballot in ballots if ballot.weight is not ONE}
    parts = lcm(*(weight.denominator for weight in unusual))
    scaled = {weight: int(weight * parts) for weight in unusual}
    return parts, [parts if ballot.weight is ONE else scaled[ballot.weight] for ballot in ballots]


def _look_up(voters: Sequence[int]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """Return what reads these places out of a sequence at once."""
    if len(voters) == 1:
        (voter,) = voters
        return lambda classes: (classes[voter],)
    return itemgetter(*voters)


def rate_of(price: int, usefulness: Fraction) -> int:
    """Return a price per point as price per use, rounded down, with some guard bits more."""
    return (price << 64) * usefulness.denominator // usefulness.numerator
