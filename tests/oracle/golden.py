"""Write down what pabutools selects: `.venv-oracle/bin/python -m tests.oracle.golden`.

Everyday tests hold the engine to these answers without having pabutools.
"""

from __future__ import annotations

import json
from pathlib import Path

from pabutools.election import Additive_Cardinal_Sat, Cost_Sat
from pabutools.rules import method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

from tests.oracle.budget_elections import budget_election
from tests.oracle.test_pabutools import (
    approval_profile,
    by_cost_votes_name,
    names,
    point_profile,
    theirs,
)

GOLDEN = Path(__file__).resolve().parents[1] / "ballots" / "golden" / "budget.json"
SEEDS = range(1000, 1040)


def answers(seed: int) -> dict[str, object]:
    """Return what pabutools selects in one election, by approval, completed, and by points."""
    ties = TieBreakingRule(by_cost_votes_name)
    approval, points = budget_election(seed), budget_election(seed, scoring=True)
    instance, projects = theirs(approval)
    profile = approval_profile(approval, instance, projects)
    shares = method_of_equal_shares(instance, profile, sat_class=Cost_Sat, tie_breaking=ties)
    completed = method_of_equal_shares(
        instance, profile, sat_class=Cost_Sat, tie_breaking=ties, voter_budget_increment=1
    )
    instance, projects = theirs(points)
    profile = point_profile(points, instance, projects)
    scored = method_of_equal_shares(
        instance, profile, sat_class=Additive_Cardinal_Sat, tie_breaking=ties
    )
    return {
        "seed": seed,
        "shares": names(shares),
        "completed": sorted(names(completed)),
        "scored": names(scored),
    }


def main() -> None:
    """Write the answers, one election a line."""
    lines = [json.dumps(answers(seed)) for seed in SEEDS]
    GOLDEN.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
