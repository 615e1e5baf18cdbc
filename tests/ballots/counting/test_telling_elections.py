"""Small elections, each of which tells some slip in Equal Shares from the rule."""

from fractions import Fraction
from pathlib import Path

import pytest

from app.ballots.rules.counting.election import Approval, Scoring
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.ties import TieBreak, TieRule
from tests.ballots.counting.slow_shares import (
    deciding,
    paper,
    priced,
    share,
    shares,
    slow_count,
)

TELLING = Path(__file__).with_name("telling.txt").read_text().splitlines()


def told(line):
    """Return an election from `BUDGET +ADD | a:COST … | ab c=POINTS,d=POINTS WEIGHT*c …`."""
    money, costs_told, papers = line.split(" | ")
    budget, add = map(Fraction, money.split(" +"))
    candidates = paper(**dict(one.split(":") for one in costs_told.split()))
    ballots = [_ballot(*one.rpartition("*")[::2]) for one in papers.split()]
    return candidates, ballots, budget, add


def _ballot(weight, choices):
    weight = Fraction(weight or 1)
    if "=" not in choices:
        return Approval(tuple(choices), weight)
    points = (one.split("=") for one in choices.split(","))
    return Scoring(tuple((name, Fraction(given)) for name, given in points), weight)


@pytest.fixture(params=[line for line in TELLING if not line.startswith("#")])
def election(request):
    return told(request.param)


def test_selections_prices_and_ties_are_those_of_the_definition(election):
    candidates, ballots, budget, _ = election
    usual, ties = deciding(candidates, ballots, share(ballots, budget))
    count = shares(candidates, ballots, budget)
    assert priced(count) == [(one.id, price) for one, price in usual]
    assert {tie.round - 1: list(tie.candidates) for tie in count.ties} == ties


def test_an_open_tie_ends_them_where_the_definition_does(election):
    candidates, ballots, budget, _ = election
    usual, ties = deciding(candidates, ballots, share(ballots, budget))
    place = min(ties, default=len(usual))
    count = shares(candidates, ballots, budget, ties=TieBreak(TieRule.JOINT))
    assert priced(count) == [(one.id, price) for one, price in usual[:place]]
    tied = [one for one, step in count.verdicts.items() if step.verdict is Verdict.TIED]
    assert tied == ties.get(place, [])


@pytest.mark.parametrize("until_full", [False, True])
def test_completion_ends_where_the_definition_does(election, until_full):
    candidates, ballots, budget, add = election
    count = shares(candidates, ballots, budget, add=add, until_full=until_full)
    best = slow_count(candidates, ballots, budget, add, until_full=until_full)
    assert set(count.selected) == {one.id for one, _ in best}
    if Verdict.UNAFFORDABLE in {step.verdict for step in count.verdicts.values()}:
        assert priced(count) == [(one.id, price) for one, price in best]
