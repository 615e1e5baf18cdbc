"""Filling places from sums: most votes first, a tie for the last place as its rule says."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.outcome import Step, Tie, Verdict
from app.ballots.rules.counting.ties import TieBreak

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate

OPEN = TieBreak()


@dataclass(frozen=True, kw_only=True)
class Filling:
    """How places were filled: who got one, every decision, and the tie for the last, if any."""

    standing: tuple[tuple[str, Fraction], ...]
    selected: tuple[str, ...]
    steps: tuple[Step, ...]
    ties: tuple[Tie, ...]


def by_id(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """Return the candidates by their ids, in the order of the paper.

    Raises ValueError where two share an id.
    """
    paper: dict[str, Candidate] = {}
    for one in candidates:
        if one.id in paper:
            raise ValueError(f"two candidates are called {one.id!r}")
        paper[one.id] = one
    return paper


def exact(
    candidates: Mapping[str, Candidate], sums: Mapping[str, Fraction | int]
) -> dict[str, Fraction]:
    """Return everybody's sum as a fraction, in the order of the paper.

    Raises KeyError where a sum belongs to nobody on the paper, ValueError where one is negative.
    """
    for one, votes in sums.items():
        if one not in candidates:
            raise KeyError(one)
        if votes < 0:
            raise ValueError(f"{one!r} has less than no votes")
    return {one: Fraction(sums.get(one, 0)) for one in candidates}


def fill_places(
    sums: Mapping[str, Fraction],
    places: int,
    candidates: Mapping[str, Candidate],
    ties: TieBreak = OPEN,
    *,
    number: int = 1,
) -> Filling:
    """Give the places to those with the most votes; `number` is the round it happens in.

    Whoever nobody chose gets none, even if places stay empty. Where more candidates share the
    last place than places are left, the rule settles it or all of them stay TIED.
    """
    contenders = [one for one in sums if not candidates[one].is_withdrawn]
    standing = sorted(contenders, key=lambda one: -sums[one])
    steps: list[Step] = []
    tied: list[Tie] = []
    selected: list[str] = []
    figures = {"seats": Fraction(places)}

    def decide(group: Sequence[str], verdict: Verdict) -> None:
        steps.extend(
            Step(candidate=one, verdict=verdict, votes=sums[one], figures=figures) for one in group
        )

    left = places
    for group in _levels(standing, sums):
        if not sums[group[0]]:
            decide(group, Verdict.NO_VOTES)
        elif len(group) <= left:
            selected += group
            decide(group, Verdict.SELECTED)
            left -= len(group)
        elif not left:
            decide(group, Verdict.NOT_SELECTED)
        else:
            settled = ties.settle(group, candidates, places=left) or ()
            tied.append(
                Tie(
                    candidates=tuple(group),
                    places=left,
                    rule=ties.rule,
                    settled=settled,
                    number=ties.number,
                    round=number,
                )
            )
            selected += settled[:left]
            decide(settled[:left], Verdict.SELECTED)
            decide(settled[left:], Verdict.NOT_SELECTED)
            decide(() if settled else group, Verdict.TIED)
            left = 0
    decide([one for one in sums if candidates[one].is_withdrawn], Verdict.WITHDRAWN)
    return Filling(
        standing=tuple((one, sums[one]) for one in standing),
        selected=tuple(selected),
        steps=tuple(steps),
        ties=tuple(tied),
    )


def refuse_all(sums: Mapping[str, Fraction], verdict: Verdict, **figures: Fraction) -> Filling:
    """Return a filling in which nobody gets a place, for one reason that holds for all."""
    standing = sorted(sums, key=lambda one: -sums[one])
    return Filling(
        standing=tuple((one, sums[one]) for one in standing),
        selected=(),
        steps=tuple(
            Step(candidate=one, verdict=verdict, votes=sums[one], figures=figures)
            for one in standing
        ),
        ties=(),
    )


def _levels(standing: Sequence[str], sums: Mapping[str, Fraction]) -> list[list[str]]:
    """Return the candidates in groups of equal votes, most votes first."""
    levels: dict[Fraction, list[str]] = {}
    for one in standing:
        levels.setdefault(sums[one], []).append(one)
    return list(levels.values())
