"""The piles of ballots on the counting table: who has which papers, and at what value.

A paper lies with the first candidate on it who is still in the count. Where several stand on one
tier, it is torn into equal parts, one for each of them still in the count; each part goes on alone,
first to the others of its tier ("split"; compare Delemazure and Peters, *Generalizing Instant
Runoff Voting to Allow Indifferences*, 2024; Hill, *Difficulties with equality of preference*,
Voting matters 13, 2001). A paper that names nobody else is exhausted.

Papers of one value lie together, so that a value is multiplied once and papers are only counted.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.outcome import Round, Step, Transfer, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate, Ranking

Tiers = tuple[tuple[str, ...], ...]
Parcels = dict[Fraction, list[Tiers]]


class Piles:
    """All papers of a count, lying with the candidates that are still in it."""

    def __init__(self, candidates: Iterable[Candidate], ballots: Iterable[Ranking]) -> None:
        """Deal every paper to its first candidate. Raises KeyError for an unknown candidate."""
        paper = list(candidates)
        self._known = {one.id for one in paper}
        self._gone = {(one.id,) for one in paper if one.is_withdrawn}
        self._piles: dict[str, Parcels] = {one.id: {} for one in paper if not one.is_withdrawn}
        self.exhausted = Fraction()
        for value, papers in _by_weight(ballots).items():
            dealt, lost = self._deal(value, papers)
            self._lay(dealt)
            self.exhausted += lost

    @property
    def continuing(self) -> list[str]:
        """Return who is still in the count, in the order of the paper."""
        return list(self._piles)

    def votes(self, candidate: str) -> Fraction:
        """Return what a pile is worth."""
        return _worth(self._piles[candidate])

    def clear(self, candidates: Sequence[str]) -> dict[str, Parcels]:
        """Take candidates out of the count and return their piles, whose papers lie nowhere now."""
        taken = {one: self._piles.pop(one) for one in candidates}
        self._gone |= {(one,) for one in candidates}
        return taken

    def pass_on(
        self, taken: dict[str, Parcels], ratio: Fraction = Fraction(1)
    ) -> tuple[Transfer, ...]:
        """Deal piles that were taken to whoever is still in the count, at a ratio of their value.

        Returns what moved, by origin; what moved to nobody is exhausted.
        """
        transfers = []
        for origin, parcels in taken.items():
            moved: dict[str, Fraction] = {}
            lost = Fraction()
            for value, papers in parcels.items():
                dealt, nowhere = self._deal(value * ratio, papers)
                for one, new in dealt.items():
                    moved[one] = moved.get(one, Fraction()) + _worth(new)
                self._lay(dealt)
                lost += nowhere
            self.exhausted += lost
            transfers += [Transfer(origin, one, moved[one]) for one in self._piles if one in moved]
            if lost:
                transfers.append(Transfer(origin, None, lost))
        return tuple(transfers)

    def _lay(self, dealt: dict[str, Parcels]) -> None:
        for one, parcels in dealt.items():
            pile = self._piles[one]
            for value, papers in parcels.items():
                if value in pile:
                    pile[value] += papers
                else:
                    pile[value] = papers

    def _deal(
        self, value: Fraction, papers: Iterable[Tiers]
    ) -> tuple[dict[str, Parcels], Fraction]:
        """Return where papers of one value go, and what is exhausted.

        This loop sees every paper of a large count, so it looks tiers up whole: a tier of one
        candidate is its own key.
        """
        whole: dict[tuple[str, ...], list[Tiers]] = {(one,): [] for one in self._piles}
        torn: dict[str, Parcels] = {}
        find, gone, lost = whole.get, self._gone, 0
        for tiers in papers:
            for tier in tiers:
                if tier in gone:
                    continue
                pile = find(tier)
                if pile is not None:
                    pile.append(tiers)
                    break
                if equals := self._still_in(tier):
                    if len(equals) == 1:
                        whole[equals[0],].append(tiers)
                    else:
                        self._tear(torn, value / len(equals), tiers, tier, equals)
                    break
            else:
                lost += 1
        dealt: dict[str, Parcels] = {one[0]: {value: new} for one, new in whole.items() if new}
        for one, parcels in torn.items():
            dealt.setdefault(one, {}).update(parcels)
        return dealt, value * lost

    def _still_in(self, tier: tuple[str, ...]) -> list[str]:
        if unknown := set(tier) - self._known:
            raise KeyError(min(unknown))
        return [one for one in dict.fromkeys(tier) if one in self._piles]

    @staticmethod
    def _tear(
        torn: dict[str, Parcels],
        value: Fraction,
        tiers: Tiers,
        tier: tuple[str, ...],
        equals: Sequence[str],
    ) -> None:
        """Tear a paper into equal parts; each goes to one of its tier, then to the others."""
        after = tiers[tiers.index(tier) + 1 :]
        for one in equals:
            others = tuple(other for other in equals if other != one)
            torn.setdefault(one, {}).setdefault(value, []).append(((one,), others, *after))


def round_of(
    number: int,
    candidates: Iterable[Candidate],
    standing: Mapping[str, Fraction],
    verdicts: Mapping[str, Verdict],
    *,
    figures: Mapping[str, Fraction],
    transfers: tuple[Transfer, ...] = (),
) -> Round:
    """Write a round down; the first one also says who was withdrawn before it."""
    steps = [
        Step(candidate=one, verdict=verdict, votes=standing[one], figures=figures)
        for one, verdict in verdicts.items()
    ]
    if number == 1:
        steps += [
            Step(candidate=one.id, verdict=Verdict.WITHDRAWN, votes=Fraction())
            for one in candidates
            if one.is_withdrawn
        ]
    return Round(
        number=number,
        standing=tuple(sorted(standing.items(), key=lambda entry: -entry[1])),
        steps=tuple(steps),
        transfers=transfers,
    )


def _worth(parcels: Parcels) -> Fraction:
    return sum((value * len(papers) for value, papers in parcels.items()), Fraction())


def _by_weight(ballots: Iterable[Ranking]) -> Parcels:
    """Return the papers by their weight. Ballots mostly share one weight object: look at it once.

    Raises ValueError for a weight that is not positive.
    """
    parcels: Parcels = {}
    last: Fraction | None = None
    papers: list[Tiers] = []
    for ballot in ballots:
        weight = ballot.weight
        if weight is not last:
            if weight <= 0:
                raise ValueError("a ballot weighs more than nothing")
            last, papers = weight, parcels.setdefault(Fraction(weight), [])
        papers.append(ballot.tiers)
    return parcels
