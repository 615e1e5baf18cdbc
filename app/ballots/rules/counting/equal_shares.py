"""The Method of Equal Shares (Peters, Pierczyński, Skowron): every voter decides on the same money.

A project is selected when its supporters can pay it together, each the same, or all they have.
Next comes whichever asks the smallest share of each supporter for what it brings: per unit of cost
with approvals, per point with points. What remains is spent by adding to everybody's money, one
unit at a time, for as long as the selection stays within the true budget (`add1`). It is the rule
by which Wieliczka, Świecie, Aarau and Assen voted, with the details that they published:

- the first run is made with exactly an equal share of the budget; then the shares are rounded down
  to whole units, and each further run gives every voter one unit more; the first run whose
  selection costs more than the budget ends it, and the one before it counts;
- of projects that ask exactly the same, the cheaper goes first, then the one with more votes, then
  the tie rule decides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from app.ballots.rules.counting.crowd import UNIT, gather
from app.ballots.rules.counting.election import NONE, ONE, Approval, Scoring
from app.ballots.rules.counting.greedy import BY_PAPER, GreedyRule, count_greedy
from app.ballots.rules.counting.outcome import Count, Round, Step, Tie, Verdict
from app.ballots.rules.counting.shares import Run
from app.ballots.rules.counting.ties import TieBreak

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from app.ballots.rules.counting.crowd import Crowd, Project
    from app.ballots.rules.counting.election import Candidate


@dataclass(frozen=True, kw_only=True)
class SharesRule:
    """How the money is shared out.

    `add` is what each further run adds to every voter's money (None: one run, no completion).
    `until_full` ends the adding also when nothing more would fit the budget, as some variants do.
    `compare` lets greedy by votes win where more voters are better off with it. Whoever has less
    than `threshold` votes cannot be selected, and nobody's money goes there.
    """

    budget: Fraction
    add: Fraction | None = None
    until_full: bool = False
    compare: bool = False
    threshold: Fraction = NONE
    ties: TieBreak = BY_PAPER

    def __post_init__(self) -> None:
        """Refuse what would never end. Raises ValueError."""
        if self.budget < 0 or (self.add is not None and self.add <= 0):
            raise ValueError("a budget is not negative, and what is added is more than nothing")


def count_equal_shares(
    candidates: Sequence[Candidate], ballots: Sequence[Approval | Scoring], rule: SharesRule
) -> Count:
    """Select what its supporters can pay with equal shares of the budget.

    Projects that cost nothing and have support come first. Raises KeyError where a ballot names
    somebody who is not on the paper.
    """
    crowd = gather(candidates, ballots)
    eligible = tuple(one for one in crowd.projects if one.votes >= rule.threshold)
    table = _Table(candidates, replace(crowd, projects=eligible), rule)
    run = table.complete() if rule.add is not None else table.run(table.share)
    run, ties = table.with_ties(run)
    count = table.told(run, ties)
    return _compared(candidates, ballots, rule, count) if rule.compare else count


@dataclass
class _Table:
    """One election on the table, to be run again and again with different money."""

    candidates: Sequence[Candidate]
    crowd: Crowd
    rule: SharesRule

    def __post_init__(self) -> None:
        self.paper = {one.id: one for one in self.candidates}
        self.share = self.rule.budget / (self.crowd.voters or ONE)

    def run(
        self, endowment: Fraction, *, is_measured: bool = False, pause: int | None = None
    ) -> Run:
        """Run once with so much money for each voter."""
        limit = self.rule.budget if is_measured else None
        return Run(
            self.crowd,
            endowment,
            self._forcing(),
            limit=limit,
            is_measured=is_measured,
            pause=pause,
        )

    def _forcing(
        self, forced: Mapping[int, Project] | None = None
    ) -> Callable[[list[Project], int], Project]:
        """Return who goes first of equals at a place: whoever is forced there, else by order."""
        forced = forced or {}
        return lambda equal, place: forced[place] if place in forced else self._order(equal)[0]

    def _order(self, equal: Collection[Project]) -> list[Project]:
        """Return those who ask the same in order: cheaper, more votes, then the tie rule."""
        first = _foremost(equal)
        if len(first) == 1:
            return first
        by_name = {one.candidate.id: one for one in first}
        order = self.rule.ties.settle(tuple(by_name), self.paper)
        # An open rule is looked at when the run is over: often the order makes no difference.
        return [by_name[name] for name in order] if order else first

    def complete(self) -> Run:
        """Return the last run of `add1` whose selection stays within the budget."""
        add = self.rule.add or ONE
        most = sum((one.candidate.cost for one in self.crowd.projects), NONE)
        if most <= self.rule.budget:
            # Everything is selected in the end: once the lightest voter could pay for all alone.
            return self.run(max(most * self.crowd.parts, self.share))
        best = self.run(self.share)
        whole = self.share // add * add
        steps, last = 1, 0
        while not (self.rule.until_full and self._is_full(best)):
            run = self.run(whole + steps * add, is_measured=True)
            if run.cost > self.rule.budget:
                last = steps - 1
                break
            best, last = run, steps
            if run.reach is None:  # no more money selects anything else
                break
            # As far as this run reaches, every other one would select the same.
            steps += run.reach // ceil(add * UNIT) + 1
        return self.run(whole + last * add) if last else best

    def _is_full(self, run: Run) -> bool:
        left = self.rule.budget - run.cost
        selected = {offer.project.candidate.id for offer in run.offers}
        return not any(
            one.candidate.cost <= left and one.candidate.id not in selected
            for one in self.crowd.projects
        )

    def with_ties(self, run: Run) -> tuple[Run, list[Tie]]:
        """Return the run with the ties that decide who is selected.

        A tie decides if letting another of the tied go first ends with another selection. A tie
        that decides and that the rule leaves open ends the run at its place.
        """
        ties: list[Tie] = []
        usual = {one.id for one in run.selected}
        walk = self.run(run.endowment, pause=0)  # the same run again, step by step
        for place, equal in run.equals:
            first = _foremost(equal)
            others = [one for one in _entangled(first) if one is not run.offers[place].project]
            if all(one.candidate.id in usual for one in others):
                walk.go_on(place)
                forks = (walk.fork(self._forcing({place: one})) for one in others)
                if not any(self._decides(fork, run, usual) for fork in forks):
                    continue
            names = tuple(one.candidate.id for one in first)
            settled = self.rule.ties.settle(names, self.paper)
            ties.append(
                Tie(
                    candidates=names,
                    places=1,
                    rule=self.rule.ties.rule,
                    settled=settled or (),
                    number=self.rule.ties.number,
                    round=place + 1,
                )
            )
            if settled is None:
                walk.go_on(place)
                return walk, ties
        return run, ties

    def _decides(self, fork: Run, run: Run, usual: Collection[str]) -> bool:
        """Say whether a run that takes another turn where it stands ends with another selection.

        As soon as both have selected the same, at the same prices, and nobody ran out of money,
        everybody holds the same in both, and they go on alike.
        """
        begin = len(fork.offers)
        apart, is_plain = set[str](), True
        while fork.go_on(len(fork.offers) + 1):
            place = len(fork.offers) - 1
            name = fork.offers[place].project.candidate.id
            if name not in usual:
                return True
            theirs = run.offers[place]
            is_plain = is_plain and not fork.offers[place].poor and not theirs.poor
            apart ^= {name} ^ {theirs.project.candidate.id}
            if is_plain and not apart and _prices(fork, begin, place) == _prices(run, begin, place):
                return False
        return len(fork.offers) != len(usual)

    def told(self, run: Run, ties: Sequence[Tie]) -> Count:
        """Return the run as rounds: one for each that is selected, one for all the others."""
        free = [self._step(one) for one in self.candidates if self._is_free(one)]
        paid = [self._paid(run, place) for place in range(len(run.offers))]
        steps = [*free, *paid]
        rounds = [Round(number=number, steps=(step,)) for number, step in enumerate(steps, start=1)]
        others = tuple(self._others(run, ties, {step.candidate for step in steps}))
        if others:
            rounds.append(Round(number=len(rounds) + 1, steps=others))
        return Count(
            method="equalshares" if self.rule.add is None else "equalshares/add1",
            selected=tuple(step.candidate for step in steps),
            rounds=tuple(rounds),
            ties=tuple(replace(tie, round=tie.round + len(free)) for tie in ties),
            votes=self.crowd.votes,
            figures={
                "budget": self.rule.budget,
                "left": self.rule.budget - run.cost,
                "voters": self.crowd.voters,
                "share": self.share,
                "endowment": run.endowment,
            },
        )

    def _is_free(self, one: Candidate) -> bool:
        votes = self.crowd.votes[one.id]
        is_eligible = bool(votes) and votes >= self.rule.threshold
        return not one.cost and is_eligible and not one.is_withdrawn

    def _step(self, one: Candidate, **figures: Fraction) -> Step:
        return Step(
            candidate=one.id,
            verdict=Verdict.SELECTED,
            votes=self.crowd.votes[one.id],
            figures={"cost": one.cost, **figures},
        )

    def _paid(self, run: Run, place: int) -> Step:
        """Return the decision on whoever was selected at a place, with what supporters paid."""
        offer = run.offers[place]
        one = offer.project.candidate
        figures = {"price": run.price(place) * self.crowd.grains}
        if offer.poor:
            emptied = sum(weight for *_, weight in offer.lots[: offer.poor])
            figures["emptied"] = Fraction(emptied, self.crowd.parts)
        return self._step(one, **figures)

    def _others(self, run: Run, ties: Sequence[Tie], selected: set[str]) -> list[Step]:
        votes, projects = self.crowd.votes, {one.candidate.id: one for one in self.crowd.projects}
        open_ties = [tie for tie in ties if not tie.settled]
        tied = {name for tie in open_ties for name in tie.candidates}
        steps = []
        for one in self.candidates:
            if one.id in selected:
                continue
            figures = {"cost": one.cost}
            if one.is_withdrawn:
                verdict = Verdict.WITHDRAWN
            elif votes[one.id] and votes[one.id] < self.rule.threshold:
                verdict = Verdict.BELOW_THRESHOLD
                figures["threshold"] = self.rule.threshold
            elif one.id not in projects:
                verdict = Verdict.NO_VOTES
            elif one.id in tied:
                verdict = Verdict.TIED
            elif open_ties:
                verdict = Verdict.STOPPED
            else:
                verdict = Verdict.UNAFFORDABLE
                figures["money"] = Fraction(run.money_behind(projects[one.id]))
            steps.append(
                Step(candidate=one.id, verdict=verdict, votes=votes[one.id], figures=figures)
            )
        return steps


def _foremost(equal: Collection[Project]) -> list[Project]:
    """Return those of the least cost, and of these the ones with most votes."""
    least = min(one.candidate.cost for one in equal)
    cheap = [one for one in equal if one.candidate.cost == least]
    most = max(one.votes for one in cheap)
    return [one for one in cheap if one.votes == most]


def _prices(run: Run, begin: int, end: int) -> dict[str, Fraction]:
    """Return what was paid for each that was selected at these places."""
    return {run.offers[at].project.candidate.id: run.price(at) for at in range(begin, end + 1)}


def _entangled(equal: Sequence[Project]) -> list[Project]:
    """Return those who share a supporter with another of them.

    All the others are paid at this price before anything else is, whoever goes first: nobody of
    their supporters pays for another of the equal, and no price ever falls below.
    """
    backers = [{voter for each in one.supports for voter in each.voters} for one in equal]
    times = Counter(voter for backing in backers for voter in backing)
    return [
        one
        for one, backing in zip(equal, backers, strict=True)
        if any(times[voter] > 1 for voter in backing)
    ]


def _compared(
    candidates: Sequence[Candidate],
    ballots: Sequence[Approval | Scoring],
    rule: SharesRule,
    shares: Count,
) -> Count:
    """Return greedy by votes where more voters have more of their choice from it, else the shares.

    What a voter has of a selection is the number of projects picked, or the points given to them.
    """
    by_votes = GreedyRule(budget=rule.budget, threshold=rule.threshold, ties=rule.ties)
    greedy = count_greedy(candidates, shares.votes, by_votes)
    first, second = set(shares.selected), set(greedy.selected)
    for_shares = for_greedy = NONE
    for ballot in ballots:
        points = (
            dict.fromkeys(ballot.picks, ONE)
            if isinstance(ballot, Approval)
            else dict(ballot.points)
        )
        of_shares, of_greedy = (
            sum((points[name] for name in points.keys() & chosen), NONE)
            for chosen in (first, second)
        )
        if of_shares > of_greedy:
            for_shares += ballot.weight
        elif of_greedy > of_shares:
            for_greedy += ballot.weight
    winner = greedy if for_greedy > for_shares else shares
    figures = {
        **winner.figures,
        "voters": shares.figures["voters"],
        "for_shares": for_shares,
        "for_greedy": for_greedy,
    }
    return replace(winner, method=f"{shares.method}-comparison", figures=figures)
