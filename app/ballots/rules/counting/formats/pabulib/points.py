"""What a place in an order of preference is worth, where a file does not say it in points."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import Scoring, sum_of_points

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate, Ranking

MAX_LENGTH = "max_length"  # the first gets as many points as places were allowed
VOTE_LENGTH = "vote_length"  # as many as this voter filled
PROJECTS = "projects"  # as many as there are projects
PROJECTS_LESS_ONE = "projects_less_one"  # one less, as Borda had it: the last of all gets none


def points_of_rankings(
    rankings: Sequence[Ranking],
    candidates: Sequence[Candidate],
    scoring: tuple[str, Fraction | None],
    rows: Mapping[str, Mapping[str, str]],
) -> tuple[tuple[Scoring, ...], str]:
    """Return orders of preference in points, and the name of the way in which they were valued.

    `scoring` is what the file says: a name (Borda is meant by nearly all) and the longest order
    allowed. Borda is written in several ways; where the file publishes scores, that way is taken
    which comes nearest to them, else the longest order allowed counts, else the voter's own.
    """
    said, longest = scoring
    ways: dict[str, Callable[[int], int]] = {}
    if longest:
        ways[MAX_LENGTH] = lambda _: int(longest)
    ways[VOTE_LENGTH] = lambda length: length
    ways[PROJECTS] = lambda _: len(candidates)
    ways[PROJECTS_LESS_ONE] = lambda _: len(candidates) - 1
    if re.search(r"borda.*(n-1|standard|strict)", said, re.IGNORECASE):
        ways = {PROJECTS_LESS_ONE: ways[PROJECTS_LESS_ONE]}
    published = {
        name: Fraction(fields["score"])
        for name, fields in rows.items()
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", fields.get("score", ""))
    }
    best: tuple[Fraction, str, tuple[Scoring, ...]] | None = None
    for way, first in ways.items():
        valued = tuple(_valued(one, first) for one in rankings)
        sums = sum_of_points(candidates, valued)
        apart = sum((abs(sums[name] - score) for name, score in published.items()), Fraction(0))
        if best is None or apart < best[0]:
            best = apart, way, valued
        if not apart:
            break
    if best is None:
        raise ValueError("there is always a way to value an order")
    return best[2], best[1]


def _valued(ranking: Ranking, first: Callable[[int], int]) -> Scoring:
    """Return an order in points: the first place so many, each further one less, never below 0."""
    names = [name for tier in ranking.tiers for name in tier]
    most = first(len(names))
    return Scoring(
        tuple((name, Fraction(max(0, most - place))) for place, name in enumerate(names)),
        ranking.weight,
    )
