"""Elections of rankings to compare counts on: made from a seed, the same on every machine."""

from fractions import Fraction
from random import Random

from app.ballots.rules.counting.election import Candidate, Ranking

IDS = "ABCDEFG"


def ranking_election(seed, *, voters=None, ties=False):
    """Candidates and ballots; some ballots are truncated, with ties some name equals."""
    chance = Random(seed)
    ids = IDS[: chance.randint(3, len(IDS))]
    leaning = {one: chance.random() + 0.2 for one in ids}
    ballots = []
    for _ in range(voters or chance.randint(20, 60)):
        order = sorted(ids, key=lambda one: chance.random() ** leaning[one])
        order = order[: chance.randint(1, len(ids))]
        tiers = [[order[0]]]
        for one in order[1:]:
            if ties and chance.random() < 0.25:
                tiers[-1].append(one)
            else:
                tiers.append([one])
        ballots.append(Ranking(tuple(map(tuple, tiers)), Fraction(1)))
    return [Candidate(id=one) for one in ids], ballots
