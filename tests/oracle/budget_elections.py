"""Random budget elections, the same for every run: tiny ones full of ties, and whole districts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

from app.ballots.rules.counting.election import Approval, Candidate, Scoring


@dataclass(frozen=True)
class BudgetElection:
    """Candidates are named in paper order (p00, p01 …), so that order of names is paper order."""

    seed: int
    candidates: tuple[Candidate, ...]
    ballots: tuple[Approval | Scoring, ...]
    budget: Fraction


def budget_election(seed: int, *, scoring: bool = False) -> BudgetElection:
    """Return one election; the budget is a whole number for each voter."""
    chance = random.Random(seed)
    many = chance.choice((3, 6, 12, 25))
    voters = chance.choice((4, 9, 30, 120))
    dearest = chance.choice((6, 50, 5000))
    candidates = tuple(
        Candidate(id=f"p{number:02}", cost=Fraction(chance.randint(1, dearest)))
        for number in range(many)
    )
    liked = [chance.random() for _ in candidates]

    def picks() -> list[str]:
        return [
            one.id
            for one, love in zip(candidates, liked, strict=True)
            if chance.random() < love * 0.6
        ]

    ballots: list[Approval | Scoring] = []
    for _ in range(voters):
        if scoring:
            points = tuple((name, Fraction(chance.randint(1, 5))) for name in picks())
            ballots.append(Scoring(points))
        else:
            ballots.append(Approval(tuple(picks())))
    total = int(sum(one.cost for one in candidates))
    budget = chance.randint(1, max(1, total * 2 // (3 * voters))) * voters
    return BudgetElection(seed, candidates, tuple(ballots), Fraction(budget))
