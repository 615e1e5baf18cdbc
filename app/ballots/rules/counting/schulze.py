"""슐체 방식: whoever nobody beats over the strongest chain of duels.

Source: M. Schulze, *A new monotonic, clone-independent, reversal symmetric, and
condorcet-consistent single-winner election method*, Social Choice and Welfare 36 (2011). The
strength of a duel is the number of voters on the winning side, among equals the fewer on the other
(winning votes); that of a path is its weakest duel; one candidate beats another whose strongest
path back is weaker.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from app.ballots.rules.counting.outcome import Count, Duel, Round, Step, Tie, Verdict, strength
from app.ballots.rules.counting.places import OPEN, by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.ties import TieBreak

METHOD = "schulze"
Links = dict[tuple[str, str], tuple[Fraction, Fraction]]
_NO_PATH = (Fraction(), Fraction())


def count_schulze(
    candidates: Iterable[Candidate],
    preferences: Mapping[tuple[str, str], Fraction | int],
    places: int = 1,
    *,
    ties: TieBreak = OPEN,
) -> Count:
    """Return who wins the places by the Schulze method, from pairwise sums (see `pairs`).

    The places go level by level: first to whoever nobody beats, then to whoever nobody beats among
    the others. `Step.votes` is how many others a candidate beats. If no voter prefers anybody,
    nobody is selected. Raises KeyError where a sum of a pair on the paper is missing.
    """
    paper = by_id(candidates)
    running = [one.id for one in paper.values() if not one.is_withdrawn]
    sums = {
        (one, other): Fraction(preferences[one, other])
        for one in running
        for other in running
        if one != other
    }
    paths = strongest_paths(running, sums)
    duels = tuple(
        Duel(
            one=one,
            other=other,
            votes=sums[one, other],
            against=sums[other, one],
            path=paths[one, other],
            back=paths[other, one],
        )
        for one, other in combinations(running, 2)
    )
    beaten: dict[str, list[str]] = {one: [] for one in running}
    for duel in duels:
        if duel.lead:
            winner, loser = (duel.one, duel.other)[:: duel.lead]
            beaten[winner].append(loser)
    has_votes = any(sums.values()) or len(running) == 1
    verdicts, selected, tied = (
        _fill(running, beaten, places, paper, ties)
        if has_votes
        else (dict.fromkeys(running, Verdict.NO_VOTES), (), ())
    )
    verdicts |= {one.id: Verdict.WITHDRAWN for one in paper.values() if one.is_withdrawn}
    wins = {one: Fraction(len(beaten.get(one, ()))) for one in paper}
    figures = {"seats": Fraction(places)}
    steps = tuple(
        Step(candidate=one, verdict=verdict, votes=wins[one], figures=figures)
        for one, verdict in verdicts.items()
    )
    standing = tuple(sorted(((one, wins[one]) for one in running), key=lambda entry: -entry[1]))
    return Count(
        method=METHOD,
        selected=tuple(selected),
        rounds=(Round(number=1, standing=standing, steps=steps, duels=duels),),
        ties=tuple(tied),
        figures=figures,
    )


def strongest_paths(candidates: Sequence[str], sums: Mapping[tuple[str, str], Fraction]) -> Links:
    """Return the weakest duel on the strongest path of every pair, two zeros where is none."""
    won = {pair: (votes, sums[pair[::-1]]) for pair, votes in sums.items()}
    duels = sorted({duel for duel in won.values() if duel[0] > duel[1]}, key=_strength)
    # From weakest to strongest, so that paths are compared by place: three loops deep it matters.
    scale = [_NO_PATH, *duels]
    place = {duel: rank for rank, duel in enumerate(scale)}
    paths = [
        [0 if one == other else place.get(won[one, other], 0) for other in candidates]
        for one in candidates
    ]
    for middle, onward in enumerate(paths):
        for own in paths:
            there = own[middle]
            if not there or own is onward:
                continue
            own[:] = [
                max(straight, min(there, on)) for straight, on in zip(own, onward, strict=True)
            ]
    return {
        (one, other): scale[paths[row][column]]
        for row, one in enumerate(candidates)
        for column, other in enumerate(candidates)
        if row != column
    }


def _strength(duel: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    return strength(*duel)


def _fill(
    running: Sequence[str],
    beaten: Mapping[str, Sequence[str]],
    places: int,
    paper: Mapping[str, Candidate],
    ties: TieBreak,
) -> tuple[dict[str, Verdict], Sequence[str], Sequence[Tie]]:
    """Give the places level by level; the last level may hold more than are left."""
    verdicts: dict[str, Verdict] = {}
    selected: list[str] = []
    tied: list[Tie] = []
    left = [*running]
    while left:
        level = [one for one in left if not any(one in beaten[other] for other in left)]
        vacant = places - len(selected)
        if len(level) <= vacant or not vacant:
            verdict = Verdict.SELECTED if vacant else Verdict.NOT_SELECTED
            verdicts |= dict.fromkeys(level, verdict)
            selected += level if vacant else ()
        else:
            settled = ties.settle(level, paper, places=vacant) or ()
            tied.append(
                Tie(
                    candidates=tuple(level),
                    places=vacant,
                    rule=ties.rule,
                    settled=settled,
                    number=ties.number,
                )
            )
            selected += settled[:vacant]
            verdicts |= dict.fromkeys(level, Verdict.NOT_SELECTED if settled else Verdict.TIED)
            verdicts |= dict.fromkeys(settled[:vacant], Verdict.SELECTED)
            places = len(selected)
        left = [one for one in left if one not in level]
    return verdicts, selected, tied
