"""점수 투표: everybody gives each candidate 0 to k points; the most points win."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.places import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.outcome import Count
    from app.ballots.rules.counting.ties import TieBreak

METHOD = "score"


def count_scores(
    candidates: Iterable[Candidate],
    sums: Mapping[str, Fraction | int],
    places: Mapping[str, int],
    *,
    ties: TieBreak = OPEN,
    voters: int | None = None,
    needed: int = 0,
) -> Count:
    """Return who is selected, section by section, from the points of each candidate.

    Points are summed, not averaged: whoever says nothing of a candidate gives 0, so that a few
    friends cannot carry what the others do not know. Arguments as for approval.
    """
    return count_approval(
        candidates, sums, places, ties=ties, voters=voters, needed=needed, method=METHOD
    )
