"""One run of the Method of Equal Shares: every voter holds the same money, supporters pay together.

Money is kept in integers with many guard bits, and with each figure goes the most that rounding
can have moved it. Where two figures stand further apart than that, the integers decide; where they
do not, fractions do, worked out from the payments so far. So every decision is exact, and few are
slow.

The same bounds tell how far the voters' money may change before any decision could: see `reach`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from app.ballots.rules.counting.election import NONE, ONE, Approval, Candidate, Scoring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

GUARD_BITS = 128
UNIT = 1 << GUARD_BITS  # one unit of currency
PENNILESS = 0  # the class of those who have paid all they had


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
                rate=_rate(cost // mass, usefulness),
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


def _rate(price: int, usefulness: Fraction) -> int:
    """Return a price per point as price per use, rounded down, with some guard bits more."""
    return (price << 64) * usefulness.denominator // usefulness.numerator


# Supporters of one project who hold the same money and give the same points: the price of a grain
# at which they have nothing left (so that the poorest sort first), their class, the points in
# grains, and their weight in parts. A bare tuple: there are very many.
Lot: TypeAlias = tuple[int, int, int, int]


@dataclass
class Offer:
    """What a project's supporters would pay now: `price` for each point, or all they have.

    The first `poor` of the lots pay all they have.
    """

    project: Project
    lots: list[Lot]
    poor: int
    price: int
    error: int
    rate: int
    rate_error: int


class Run:
    """One run with so much money for each voter.

    `settle` says who goes first of those who stand exactly equal, at which place; None ends the
    run. A run whose selection costs more than `limit` ends there. `is_measured` asks for `reach`:
    how much more or less money each voter may have, in guarded units, with the same selection.
    """

    def __init__(
        self,
        crowd: Crowd,
        endowment: Fraction,
        settle: Callable[[list[Project], int], Project | None],
        *,
        limit: Fraction | None = None,
        is_measured: bool = False,
    ) -> None:
        money, kinds = int(endowment * UNIT), range(1, len(crowd.weights))
        self.crowd = crowd
        self.endowment = endowment
        self.settle = settle
        self.is_measured = is_measured
        self.reach = money
        self.offers: list[Offer] = []  # the selected, in order
        self.equals: list[tuple[int, list[Project]]] = []  # who stood exactly equal, at which place
        self.cost = NONE
        self._kinds = list(crowd.classes)  # the class of each voter
        # Of each class: the weight of a voter, the money, and how wrong that can be.
        self._weights = list(crowd.weights)
        self._money = [0, *(money for _ in kinds)]
        self._errors = [0, *(1 for _ in kinds)]
        # Where it came from: its class before, the place and the points of the payment.
        self._origins = [(PENNILESS, 0, 0) for _ in crowd.weights]
        self._prices: dict[int, Fraction] = {}
        remaining = {number: (one.rate, 1) for number, one in enumerate(crowd.projects)}
        while remaining and (limit is None or self.cost <= limit):
            offer = self._cheapest(remaining)
            if offer is None:
                break
            self._pay(offer)

    @property
    def selected(self) -> list[Candidate]:
        """Return who is selected, in order."""
        return [offer.project.candidate for offer in self.offers]

    def _cheapest(self, remaining: dict[int, tuple[int, int]]) -> Offer | None:
        """Return the offer with the least price per use, and take its project from the remaining.

        Of each remaining project stands the least that its rate can be, and how wrong that is. A
        rate never falls during a run, so an old one that is too high already needs no new offer.
        Whoever cannot be paid any more is taken out too.
        """
        offers: dict[int, Offer] = {}
        bound: int | None = None
        for number in sorted(remaining, key=remaining.__getitem__):
            if bound is not None and remaining[number][0] > bound:
                break
            offer = self._offer(self.crowd.projects[number])
            if offer is None:
                del remaining[number]
                continue
            offers[number] = offer
            remaining[number] = offer.rate - offer.rate_error, offer.rate_error
            highest = offer.rate + offer.rate_error
            bound = highest if bound is None else min(bound, highest)
        if bound is None:
            return None
        level = {
            number: offer
            for number, offer in offers.items()
            if offer.rate - offer.rate_error <= bound
        }
        chosen = next(iter(level)) if len(level) == 1 else self._first_of(level)
        if chosen is None:
            return None
        first = offers[chosen]
        del remaining[chosen]
        if self.is_measured:
            for rate, error in remaining.values():
                self._measure(rate - first.rate, error + first.rate_error)
        return first

    def _first_of(self, level: dict[int, Offer]) -> int | None:
        """Return the least of nearly equal offers, settled where they are exactly equal."""
        exact = {
            number: self._exact_price(offer) / offer.project.usefulness
            for number, offer in level.items()
        }
        least = min(exact.values())
        equal = {number: level[number].project for number in exact if exact[number] == least}
        if len(equal) == 1:
            return next(iter(equal))
        self.equals.append((len(self.offers), list(equal.values())))
        first = self.settle(list(equal.values()), len(self.offers))
        return next((number for number, one in equal.items() if one is first), None)

    def _lots(self, project: Project) -> tuple[list[Lot], int, int, int]:
        """Return the supporters who have money left, how much, and how wrong that can be.

        Both for all of them together; the last figure is the largest error of one of them.
        """
        money, errors, weights = self._money, self._errors, self._weights
        lots, held, error, worst = [], 0, 1, 0
        for support in project.supports:
            points = support.points
            for kind, count in Counter(support.classes(self._kinds)).items():
                if kind:
                    weight, mine, doubt = count * weights[kind], money[kind], errors[kind]
                    lots.append((mine // points, kind, points, weight))
                    held += weight * mine
                    error += weight * doubt
                    worst = max(worst, doubt)
        return lots, held, error, worst

    def _offer(self, project: Project) -> Offer | None:
        """Return what the supporters would pay now, None if they cannot."""
        lots, held, error, worst = self._lots(project)
        if held + error < project.cost:
            if self.is_measured:
                self._measure(project.cost - held, error)
            return None
        lots.sort()
        if held - error <= project.cost:
            return self._exact_offer(project, lots)
        mass = sum(points * weight for _, _, points, weight in lots)
        left, error_of_poor, poor = project.cost, 1, 0
        price = left // mass
        while lots[poor][0] < price:
            _, kind, points, weight = lots[poor]
            left -= weight * self._money[kind]
            error_of_poor += weight * self._errors[kind]
            mass -= weight * points
            poor += 1
            price = left // mass
        price_error = error_of_poor // mass + 2
        gap = lots[poor][0] - price
        if poor:
            gap = min(gap, price - lots[poor - 1][0])
        doubt = worst + price_error + 1
        if gap <= doubt:
            return self._exact_offer(project, lots)
        if self.is_measured:
            self._measure(gap, doubt)
            self._measure(held - project.cost, error)
        return self._made(project, lots, poor, price, price_error)

    def _made(self, project: Project, lots: list[Lot], poor: int, price: int, error: int) -> Offer:
        rate, rate_error = (_rate(figure, project.usefulness) for figure in (price, error))
        return Offer(project, lots, poor, price, error, rate, rate_error + 2)

    def _exact_offer(self, project: Project, lots: list[Lot]) -> Offer | None:
        """Return the offer worked out in fractions, where integers leave doubt."""
        self.reach = 0
        cost = project.candidate.cost * self.crowd.parts
        if self._exact_money(lots) < cost:
            return None
        depths = {lot: self._exact_money([(0, lot[1], 0, 1)]) / lot[2] for lot in lots}
        lots = sorted(lots, key=depths.__getitem__)
        mass, price, poor = sum(points * weight for _, _, points, weight in lots), NONE, 0
        for lot in lots:
            _, _, points, weight = lot
            price = cost / mass
            if depths[lot] > price:
                break
            cost -= weight * points * depths[lot]
            mass -= weight * points
            poor += 1
        return self._made(project, lots, poor, int(price * UNIT), 2)

    def _exact_price(self, offer: Offer) -> Fraction:
        """Return the price of a grain of points in currency: what the richest pay for one."""
        lots, poor = offer.lots, offer.poor
        if poor == len(lots):
            return max(self._exact_money([(0, kind, 0, 1)]) / points for _, kind, points, _ in lots)
        cost = offer.project.candidate.cost * self.crowd.parts - self._exact_money(lots[:poor])
        return cost / sum(points * weight for _, _, points, weight in lots[poor:])

    def _exact_money(self, lots: Iterable[Lot]) -> Fraction:
        """Return what these hold together, worked out from the payments so far."""
        voters, paid = 0, Counter[int]()
        for _, kind, _, weight in lots:
            voters += weight
            while kind >= len(self.crowd.weights):
                kind, place, points = self._origins[kind]  # noqa: PLW2901 - up the family tree
                paid[place] += points * weight
        # Integers are added up first: fractions of many payments are slow.
        return voters * self.endowment - sum(
            (grains * self.price(place) for place, grains in paid.items()), NONE
        )

    def price(self, number: int) -> Fraction:
        """Return the exact price of a grain of points of the project selected at this place."""
        price = self._prices.get(number)
        if price is None:
            price = self._prices[number] = self._exact_price(self.offers[number])
        return price

    def _pay(self, offer: Offer) -> None:
        """Take the money from the supporters and put them into their new classes."""
        number = len(self.offers)
        self.offers.append(offer)
        self.cost += offer.project.candidate.cost
        moves: dict[int, dict[int, int]] = {one.points: {} for one in offer.project.supports}
        for _, kind, points, _ in offer.lots[: offer.poor]:
            moves[points][kind] = PENNILESS
        for _, kind, points, _ in offer.lots[offer.poor :]:
            moves[points][kind] = len(self._money)
            self._money.append(self._money[kind] - points * offer.price)
            self._errors.append(self._errors[kind] + points * offer.error)
            self._weights.append(self._weights[kind])
            self._origins.append((kind, number, points))
        kinds = self._kinds
        for support in offer.project.supports:
            move = moves[support.points] | {PENNILESS: PENNILESS}
            for voter, kind in zip(support.voters, support.classes(kinds), strict=True):
                kinds[voter] = move[kind]

    def _measure(self, gap: int, doubt: int) -> None:
        """Keep how much further the voters' money may move before this decision could change."""
        self.reach = min(self.reach, gap // doubt - 1)

    def money_behind(self, project: Project) -> int:
        """Return what a project's supporters hold together at the end, in whole units."""
        held = sum(
            self._weights[kind] * self._money[kind]
            for support in project.supports
            for kind in support.classes(self._kinds)
        )
        return held // (UNIT * self.crowd.parts)
