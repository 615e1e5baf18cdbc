"""Greedy by votes within a budget: whoever has more votes is paid first (V13, B10).

A project that does not fit what is left is passed over, and the count goes on (`skip`), or the
count stops there. Sums of votes are enough; no ballot is needed. Sections of the paper may have
budgets of their own: each is then counted by itself.

Further votes for a selected project keep it selected. Not promised, as nowhere with this rule: that
they leave the others alone (a dear project that rises can push out several cheap ones), that a
larger budget keeps who was selected, or that each group of voters gets its share (`equal_shares`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import NONE, ONE, Candidate
from app.ballots.rules.counting.outcome import Count, Round, Step, Tie, Verdict
from app.ballots.rules.counting.ties import TieBreak, TieRule
from app.ballots.rules.counting.unfit import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BY_PAPER = TieBreak(TieRule.PAPER_ORDER)


@dataclass(frozen=True, kw_only=True)
class GreedyRule:
    """How the budget is spent.

    `threshold` is the least sum of votes that can be selected. `enough` is the share of its cost
    that suffices for the first project that does not fit; with less than all of it, that project is
    the last one selected (Poznań pays it from elsewhere where 4/5 are left). It needs `skip` off.
    `sections` are the shares of the budget that the sections spend, each by itself; `spends_rest`
    then spends what they left on whatever fits, whichever section it is of. Shares that were
    `rounded` may together be a little more than the budget.
    """

    budget: Fraction
    skip: bool = True
    threshold: Fraction = NONE
    enough: Fraction = ONE
    ties: TieBreak = BY_PAPER
    sections: Mapping[str, Fraction] = field(default_factory=dict)
    spends_rest: bool = False
    rounded: bool = False

    def __post_init__(self) -> None:
        """Refuse a rule that contradicts itself. Raises ValueError."""
        if min(self.budget, *self.sections.values(), NONE) < 0:
            raise ValueError("a budget is not negative")
        if sum(self.sections.values()) > self.budget and not self.rounded:
            raise Unfit("the sections spend more than the budget")
        if not 0 < self.enough <= 1 or (self.enough < 1 and self.skip):
            raise ValueError("a share that is enough lies in (0, 1] and ends the count")


@dataclass
class _Purse:
    """What a greedy count has spent so far, and why it went as it did."""

    rule: GreedyRule
    left: Fraction
    candidates: Sequence[Candidate]
    rivals: set[str]  # groups of which one is selected, in whichever section
    number: int
    section: str = ""
    stopped: bool = False
    stuck: bool = False
    selected: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    @property
    def spent(self) -> Fraction:
        """Return what was spent of the purse."""
        return self.rule.budget - self.left

    def told(self, votes: Mapping[str, Fraction]) -> Round:
        """Return the round in which the purse was spent."""
        standing = sorted(
            ((one.id, votes[one.id]) for one in self.candidates), key=lambda item: -item[1]
        )
        return Round(
            number=self.number,
            section=self.section,
            standing=tuple(standing),
            steps=tuple(self.steps),
        )

    def spend(self, votes: Mapping[str, Fraction]) -> None:
        """Decide on the candidates by their votes, most first."""
        paper = {one.id: one for one in self.candidates}
        for level, sum_of_votes in _levels(self.candidates, votes):
            standing = []
            for one in level:
                if one.is_withdrawn:
                    self.note(one, Verdict.WITHDRAWN, sum_of_votes, self.left)
                elif sum_of_votes < self.rule.threshold:
                    self.note(one, Verdict.BELOW_THRESHOLD, sum_of_votes, self.left)
                else:
                    standing.append(one)
            for part in self.rule.ties.parts(standing):
                for one in _in_order(part, self, paper, sum_of_votes):
                    self.decide(one, sum_of_votes)

    def pays(self, one: Candidate) -> bool:
        """Say whether a candidate would be selected if its turn came now."""
        return one.rivals not in self.rivals and one.cost * self.rule.enough <= self.left

    def decide(self, one: Candidate, votes: Fraction) -> None:
        """Select a candidate whose turn has come, or say why not."""
        left, verdict = self.left, self._verdict(one)
        if verdict is Verdict.SELECTED:
            self.selected.append(one.id)
            self.left = max(NONE, left - one.cost)
            if one.rivals:
                self.rivals.add(one.rivals)
        # Whoever does not fit whole is the last, be it paid or not.
        if verdict in (Verdict.SELECTED, Verdict.TOO_COSTLY) and one.cost > left:
            self.stopped = not self.rule.skip
        self.note(one, verdict, votes, left)

    def _verdict(self, one: Candidate) -> Verdict:
        if self.stuck or self.stopped:
            return Verdict.STOPPED
        if one.rivals in self.rivals:
            return Verdict.RIVAL_SELECTED
        return Verdict.SELECTED if self.pays(one) else Verdict.TOO_COSTLY

    def note(self, one: Candidate, verdict: Verdict, votes: Fraction, left: Fraction) -> None:
        """Write down a decision with the figures that it rests on."""
        figures = {"cost": one.cost, "left": left}
        if verdict is Verdict.BELOW_THRESHOLD:
            figures["threshold"] = self.rule.threshold
        self.steps.append(Step(candidate=one.id, verdict=verdict, votes=votes, figures=figures))


def count_greedy(
    candidates: Sequence[Candidate], votes: Mapping[str, Fraction], rule: GreedyRule
) -> Count:
    """Spend a budget on candidates by their votes, most first.

    `votes` are sums of picks or points. Candidates without votes can be selected unless the
    threshold says otherwise, as published counts do. An open tie ends the count where it stands:
    that of its section, and what the sections left is not spent then. Raises KeyError where
    sections have budgets and a candidate stands in another.
    """
    budgets = rule.sections or {"": rule.budget}
    parts: dict[str, list[Candidate]] = {section: [] for section in budgets}
    for one in candidates:
        parts[one.section if rule.sections else ""].append(one)
    rivals: set[str] = set()
    purses = []
    for number, (section, part) in enumerate(parts.items(), start=1):
        own = replace(rule, budget=budgets[section], sections={})
        purses.append(_Purse(own, own.budget, part, rivals, number, section))
        purses[-1].spend(votes)
    selected = [one for purse in purses for one in purse.selected]
    ties = [tie for purse in purses for tie in purse.ties]
    left = max(NONE, rule.budget - sum(purse.spent for purse in purses))
    if rule.spends_rest and all(tie.settled for tie in ties):
        rest = replace(rule, budget=left, sections={}, skip=True, enough=ONE)
        chosen = set(selected)
        others = [one for one in candidates if one.id not in chosen]
        purses.append(_Purse(rest, left, others, rivals, len(purses) + 1))
        purses[-1].spend(votes)
        selected += purses[-1].selected
        ties += purses[-1].ties
        left = purses[-1].left
    return Count(
        method="greedy" if rule.skip else "greedy-no-skip",
        selected=tuple(selected),
        rounds=tuple(purse.told(votes) for purse in purses),
        ties=tuple(ties),
        votes=votes,
        figures={"budget": rule.budget, "left": left},
    )


def _levels(
    candidates: Iterable[Candidate], votes: Mapping[str, Fraction]
) -> Iterator[tuple[list[Candidate], Fraction]]:
    """Yield those with equal votes together, most votes first, each level in paper order."""
    levels: dict[Fraction, list[Candidate]] = {}
    for one in candidates:
        levels.setdefault(votes[one.id], []).append(one)
    for sum_of_votes in sorted(levels, reverse=True):
        yield levels[sum_of_votes], sum_of_votes


def _in_order(
    level: Sequence[Candidate], purse: _Purse, paper: Mapping[str, Candidate], votes: Fraction
) -> Sequence[Candidate]:
    """Return those with equal votes in the order in which they take their turns.

    Their tie is noted where the order decides who is selected. Where the rule leaves it open,
    nobody of them is selected here, and the count is stuck.
    """
    tied = _tied(level, purse)
    if not tied:
        return level
    names = tuple(one.id for one in tied)
    settled = purse.rule.ties.settle(names, paper)
    purse.ties.append(
        Tie(
            candidates=names,
            places=_most_that_fit(tied, purse),
            rule=purse.rule.ties.rule,
            settled=settled or (),
            number=purse.rule.ties.number,
            round=purse.number,
        )
    )
    others = [one for one in level if one.id not in names]
    if settled is None:
        for one in tied:
            purse.note(one, Verdict.TIED, votes, purse.left)
        purse.stuck = True
        return others
    return [paper[name] for name in settled] + others


def _tied(level: Sequence[Candidate], purse: _Purse) -> Sequence[Candidate]:
    """Return those of equal votes among whom the order decides; nobody if it decides nothing.

    Exact where all of a cost is needed. With a share that is enough, a tie may be told although
    both orders lead to the same selection.
    """
    if len(level) < 2 or purse.stopped or purse.stuck:  # noqa: PLR2004 - a tie is between two
        return ()
    able = [one for one in level if purse.pays(one)]
    if not able:
        return ()
    groups = [one.rivals for one in able if one.rivals]
    together = sum((one.cost for one in able), NONE) <= purse.left and len(groups) == len(
        set(groups)
    )
    if purse.rule.skip:
        return () if together else able
    blocked = [one for one in level if one.rivals in purse.rivals]
    if together and len(able) + len(blocked) == len(level):
        return ()
    return [one for one in level if one not in blocked]


def _most_that_fit(tied: Sequence[Candidate], purse: _Purse) -> int:
    """Return how many of the tied could be paid at most: the cheapest first, one of a group."""
    left, places, rivals = purse.left, 0, set(purse.rivals)
    for one in sorted(tied, key=lambda each: each.cost):
        if one.cost <= left and one.rivals not in rivals:
            left -= one.cost
            places += 1
            if one.rivals:
                rivals.add(one.rivals)
    return places
