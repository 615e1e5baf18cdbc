"""Equal Shares of pabutools on the same papers; runs in its own environment, prints seconds."""

from __future__ import annotations

import statistics

from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import method_of_equal_shares

from bench.count import ROUNDS, budget_papers, seconds


def main() -> None:
    """Count several times and print the median, the papers already in its own shape."""
    costs, picks, budget = budget_papers()
    projects = [Project(f"p{number:02}", cost) for number, cost in enumerate(costs)]
    instance = Instance(projects, budget_limit=budget)
    ballots = [ApprovalBallot([projects[number] for number in one]) for one in picks]
    profile = ApprovalProfile(ballots, instance=instance)
    took = [
        seconds(lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat))
        for _ in range(ROUNDS)
    ]
    print(statistics.median(took))


if __name__ == "__main__":
    main()
