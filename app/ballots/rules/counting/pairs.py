"""Everybody against everybody: how many voters prefer one candidate to another.

These sums are all that a pairwise method needs, so ballots need not be kept whole for it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.ballots.rules.counting.election import Candidate, Ranking

Preferences = dict[tuple[str, str], Fraction]


def sum_of_preferences(candidates: Iterable[Candidate], ballots: Iterable[Ranking]) -> Preferences:
    """Return how many voters put the first of each pair above the second.

    Whoever is not named stands below all who are, equal with the others that are not named;
    between equals nobody is preferred. If a ballot names somebody twice, the better place holds.
    Raises KeyError where a ballot names somebody who is not on the paper.
    """
    paper = [one.id for one in candidates]
    same: dict[Fraction, dict[tuple[tuple[str, ...], ...], int]] = {}
    for ballot in ballots:
        alike = same.setdefault(ballot.weight, {})
        alike[ballot.tiers] = alike.get(ballot.tiers, 0) + 1
    sums = dict.fromkeys(
        ((one, other) for one in paper for other in paper if one != other), Fraction()
    )
    for weight, orders in same.items():
        own: dict[tuple[str, str], int] = {}
        for tiers, times in orders.items():
            for pair in _preferred(tiers, paper):
                own[pair] = own.get(pair, 0) + times
        for pair, times in own.items():
            sums[pair] += weight * times
    return sums


def _preferred(tiers: Sequence[Sequence[str]], paper: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each pair of which a ballot puts the first above the second."""
    below = dict.fromkeys(paper)
    known = frozenset(paper)
    for tier in tiers:
        named = [one for one in dict.fromkeys(tier) if one in below]
        for one in tier:
            if one not in known:
                raise KeyError(one)
        for one in named:
            del below[one]
        for one in named:
            for other in below:
                yield one, other
