"""What pabutools selects in forty elections, as `tests.oracle.golden` wrote it down."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from tests.oracle.budget_elections import budget_election

GOLDEN = json.loads((Path(__file__).resolve().parents[1] / "golden" / "budget.json").read_text())


def shares(election, **how):
    rule = SharesRule(budget=election.budget, **how)
    return list(count_equal_shares(election.candidates, election.ballots, rule).selected)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: str(golden["seed"]))
def test_equal_shares_select_what_another_count_selects(golden):
    election = budget_election(golden["seed"])
    assert shares(election) == golden["shares"]
    completed = shares(election, add=Fraction(1), until_full=True)
    assert sorted(completed) == golden["completed"]
    assert shares(budget_election(golden["seed"], scoring=True)) == golden["scored"]
