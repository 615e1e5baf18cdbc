"""One run of the Method of Equal Shares: every voter holds the same money, supporters pay together.

Money is kept in integers with many guard bits, and with each figure goes the most that rounding
can have moved it. Where two figures stand further apart than that, the integers decide; where they
do not, fractions do, worked out from the payments so far. So every decision is exact, and few are
slow.

How much more money the voters may have before any decision could change is known as well: see
`reach`. As long as every decision stands, money and prices are straight lines of what each voter
begins with. Money that is left never falls with it and prices never rise: the poor bring what they
have, the others pay the rest, so that more from the poor is less from the others. So whoever is not
poor stays so, and whatever can be paid can still be paid; what can change is that the last of the
poor has enough, that something more can be paid, and that another price falls below the least.
"""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from app.ballots.rules.counting.crowd import UNIT, rate_of
from app.ballots.rules.counting.election import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.ballots.rules.counting.crowd import Crowd, Project
    from app.ballots.rules.counting.election import Candidate

SLOPE_BITS = 64  # of how fast money and prices change with what each voter begins with
PENNILESS = 0  # the class of those who have paid all they had


# Supporters of one project who hold the same money and give the same points: the price of a grain
# at which they have nothing left (so that the poorest sort first), their class, the points in
# grains, and their weight in parts. A bare tuple: there are very many.
Lot: TypeAlias = tuple[int, int, int, int]


@dataclass
class Offer:
    """What a project's supporters would pay now: `price` for each point, or all they have.

    The first `poor` of the lots pay all they have. `fall` and `rate_fall` are the most that price
    and rate can fall for each further unit that voters begin with; nothing where nobody is poor.
    """

    project: Project
    lots: list[Lot]
    poor: int
    price: int
    error: int
    fall: int
    rate: int
    rate_error: int
    rate_fall: int
    exact_price: Fraction | None = None  # once it was asked for

    @property
    def least(self) -> int:
        """Return the least that the rate can be."""
        return self.rate - self.rate_error


class Run:
    """One run with so much money for each voter.

    `settle` says who goes first of those who stand exactly equal, at which place. A run whose
    selection costs more than `limit` ends there. `is_measured` asks for `reach`: how much more
    money each voter may have, in guarded units, with the same selection; None where no more changes
    it. A run pauses before the place `pause`, counted from 0.
    """

    def __init__(
        self,
        crowd: Crowd,
        endowment: Fraction,
        settle: Callable[[list[Project], int], Project],
        *,
        limit: Fraction | None = None,
        is_measured: bool = False,
        pause: int | None = None,
    ) -> None:
        money, kinds = int(endowment * UNIT), range(1, len(crowd.weights))
        self.crowd = crowd
        self.endowment = endowment
        self.settle = settle
        self.limit = limit
        self.is_measured = is_measured
        self.reach: int | None = None
        self.offers: list[Offer] = []  # the selected, in order
        self.equals: list[tuple[int, list[Project]]] = []  # who stood exactly equal, at which place
        self.cost = NONE
        self._kinds = list(crowd.classes)  # the class of each voter
        # Of each class: the weight of a voter, the money, and how wrong that can be.
        self._weights = list(crowd.weights)
        self._money = [0, *(money for _ in kinds)]
        self._errors = [0, *(1 for _ in kinds)]
        self._slopes = [0, *(1 << SLOPE_BITS for _ in kinds)]  # at most: they are rounded up
        # Where it came from: its class before, the place and the points of the payment.
        self._origins = [(PENNILESS, 0, 0) for _ in crowd.weights]
        # The last offer for each that remains, and of which classes its supporters were.
        self._known: dict[int, tuple[list[tuple[int, ...]], Offer]] = {}
        self._paid = [0] * len(crowd.classes)  # how many were selected when each voter paid last
        self._highest = [0]  # the highest rate so far, by how many were selected
        # Of each that remains: the least that its rate can be, how wrong it is, how fast it falls.
        self._remaining = [(one.rate, 1, place, 0) for place, one in enumerate(crowd.projects)]
        heapify(self._remaining)
        self.go_on(pause)

    def go_on(self, pause: int | None = None) -> bool:
        """Select until a place, or to the end; say whether the place was reached."""
        while len(self.offers) != pause and (self.limit is None or self.cost <= self.limit):
            offer = self._cheapest()
            if offer is None:
                return False
            self._pay(offer)
        return len(self.offers) == pause

    def fork(self, settle: Callable[[list[Project], int], Project]) -> Run:
        """Return a second run that stands where this one does, and goes on by another settling."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, (list, dict)):
                setattr(other, name, value.copy())
        other.settle = settle
        return other

    @property
    def selected(self) -> list[Candidate]:
        """Return who is selected, in order."""
        return [offer.project.candidate for offer in self.offers]

    def _cheapest(self) -> Offer | None:
        """Return the offer with the least price per use, and take its project from the remaining.

        A rate never falls during a run, so an old one that is too high already needs no new offer.
        Whoever cannot be paid any more is taken out too.
        """
        remaining, offers = self._remaining, dict[int, Offer]()
        bound: int | None = None
        while remaining and (bound is None or remaining[0][0] <= bound):
            rate, _, number, fall = heappop(remaining)
            offer = self._offer(number, rate, fall)
            if offer is not None:
                offers[number] = offer
                highest = offer.rate + offer.rate_error
                bound = highest if bound is None else min(bound, highest)
        if bound is None:
            return None
        level = {number: one for number, one in offers.items() if one.least <= bound}
        chosen = next(iter(level)) if len(level) == 1 else self._first_of(level)
        first = offers.pop(chosen)
        del self._known[chosen]
        for number, one in offers.items():
            heappush(remaining, (one.least, one.rate_error, number, one.rate_fall))
        self._highest.append(max(self._highest[-1], first.rate + first.rate_error))
        return first

    def _first_of(self, level: dict[int, Offer]) -> int:
        """Return the least of nearly equal offers, settled where they are exactly equal."""
        exact = {
            number: self._price_of(level[number]) / level[number].project.usefulness
            for number in sorted(level)
        }
        least = min(exact.values())
        equal = {number: level[number].project for number in exact if exact[number] == least}
        if len(equal) == 1:
            return next(iter(equal))
        self.equals.append((len(self.offers), list(equal.values())))
        first = self.settle(list(equal.values()), len(self.offers))
        return next(number for number, one in equal.items() if one is first)

    def _offer(self, number: int, rate: int, fall: int) -> Offer | None:
        """Return what a project's supporters would pay now, None if they cannot.

        `rate` and `fall` are those known so far. They must not come below the rate of any project
        that took money from these supporters since; in which order others went is all the same.
        """
        project = self.crowd.projects[number]
        classes = [support.classes(self._kinds) for support in project.supports]
        before = self._known.get(number)
        if before and before[0] == classes:
            return before[1]
        if fall and self.is_measured:
            last = max(max(support.classes(self._paid)) for support in project.supports)
            self._measure(rate - self._highest[last], fall)
        offer = self._new_offer(project, classes)
        if offer is None:
            self._known.pop(number, None)
        else:
            self._known[number] = classes, offer
        return offer

    def _lots(
        self, project: Project, classes: Sequence[tuple[int, ...]]
    ) -> tuple[list[Lot], int, int, int]:
        """Return the supporters who have money left, how much, and how wrong that can be.

        Both for all of them together; the last figure is the largest error of one of them.
        """
        money, errors, weights = self._money, self._errors, self._weights
        lots, held, error, worst = [], 0, 1, 0
        for support, kinds in zip(project.supports, classes, strict=True):
            points = support.points
            for kind, count in Counter(kinds).items():
                if kind:
                    weight, mine, doubt = count * weights[kind], money[kind], errors[kind]
                    lots.append((mine // points, kind, points, weight))
                    held += weight * mine
                    error += weight * doubt
                    worst = max(worst, doubt)
        return lots, held, error, worst

    def _new_offer(self, project: Project, classes: Sequence[tuple[int, ...]]) -> Offer | None:
        lots, held, error, worst = self._lots(project, classes)
        if held + error < project.cost:
            if self.is_measured:
                self._measure(project.cost - held - error, self._rise(lots))
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
        fall = 0
        if poor and self.is_measured:
            fall = self._rise(lots[:poor]) // mass + 1
            # Whoever has least need not be the last who has enough: money may grow faster there.
            for depth, kind, points, _ in lots[:poor]:
                self._measure(price - depth - doubt, fall + self._slopes[kind] // points + 1)
        return self._made(project, lots, poor, price, price_error, fall)

    def _rise(self, lots: Iterable[Lot]) -> int:
        """Return how fast the money of these grows at most, with what each voter begins with."""
        slopes = self._slopes
        return sum(weight * slopes[kind] for _, kind, _, weight in lots)

    def _made(
        self, project: Project, lots: list[Lot], poor: int, price: int, error: int, fall: int = 0
    ) -> Offer:
        useful = project.usefulness
        rate, rate_error = (rate_of(figure, useful) for figure in (price, error))
        rate_fall = rate_of(fall, useful) + 1 if fall else 0
        return Offer(project, lots, poor, price, error, fall, rate, rate_error + 2, rate_fall)

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
        return self._price_of(self.offers[number])

    def _price_of(self, offer: Offer) -> Fraction:
        if offer.exact_price is None:
            offer.exact_price = self._exact_price(offer)
        return offer.exact_price

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
            self._slopes.append(self._slopes[kind] + points * offer.fall)
            self._weights.append(self._weights[kind])
            self._origins.append((kind, number, points))
        kinds, paid = self._kinds, self._paid
        for support in offer.project.supports:
            move = moves[support.points]
            for voter, kind in zip(support.voters, support.classes(kinds), strict=True):
                if kind:
                    kinds[voter] = move[kind]
                    paid[voter] = number + 1

    def _measure(self, gap: int, speed: int) -> None:
        """Keep how much more money the voters may have before this gap could close.

        A gap that does not close at any speed may be none: what is equal then stays equal.
        """
        if not speed:
            return
        reach = max((gap - 1 << SLOPE_BITS) // speed, 0)
        if self.reach is None or reach < self.reach:
            self.reach = reach

    def money_behind(self, project: Project) -> int:
        """Return what a project's supporters hold together at the end, in whole units."""
        held = sum(
            self._weights[kind] * self._money[kind]
            for support in project.supports
            for kind in support.classes(self._kinds)
        )
        return held // (UNIT * self.crowd.parts)
