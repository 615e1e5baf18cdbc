"""Write down what pyrankvote and schulze-condorcet say: `python -m tests.oracle.golden_rankings`.

Everyday tests hold the engine to these answers without having either. pyrankvote draws lots in
ties, so its answers are asked only where our count has none.
"""

import json
from pathlib import Path

from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.stv import count_stv
from tests.oracle import rankings
from tests.oracle.ranking_elections import ranking_election

GOLDEN = Path(__file__).resolve().parents[1] / "ballots" / "golden" / "rankings.json"
SEEDS = range(120)
VOTERS = 400


def answers(seed):
    """The answers to the elections of one seed."""
    told = {"seed": seed, "schulze": rankings.schulze(*ranking_election(seed, ties=True))[0]}
    candidates, ballots = ranking_election(seed)
    if not count_instant_runoff(candidates, ballots).ties:
        told["instant_runoff"] = rankings.instant_runoff(candidates, ballots)
    candidates, ballots = ranking_election(seed, voters=VOTERS)
    seats = 1 + seed % 3
    if seats < len(candidates) and not count_stv(candidates, ballots, seats).ties:
        told["stv"] = rankings.stv(candidates, ballots, seats)
    return told


def main():
    """Write the answers, one seed a line."""
    lines = [json.dumps(answers(seed)) for seed in SEEDS]
    GOLDEN.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
