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
    sums = dict.fromkeys(((one, other) for one in paper for other in paper if one != other), 0)
    same: dict[tuple[tuple[tuple[str, ...], ...], Fraction], int] = {}
    for ballot in ballots:
        key = (ballot.tiers, ballot.weight)
        same[key] = same.get(key, 0) + 1
    pieces: dict[Fraction, dict[tuple[str, str], int]] = {}
    for (tiers, weight), times in same.items():
        own = pieces.setdefault(weight, dict(sums))
        for pair in _preferred(tiers, paper):
            own[pair] += times
    return {
        pair: sum((weight * own[pair] for weight, own in pieces.items()), Fraction())
        for pair in sums
    }


def _preferred(tiers: Sequence[Sequence[str]], paper: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each pair of which a ballot puts the first above the second."""
    below = dict.fromkeys(paper)
    for tier in tiers:
        named = [one for one in dict.fromkeys(tier) if one in below]
        for one in tier:
            if one not in paper:
                raise KeyError(one)
        for one in named:
            del below[one]
        for one in named:
            for other in below:
                yield one, other
