"""Instant runoff, STV and Schulze against pyrankvote and schulze-condorcet."""

import pytest

pytest.importorskip("pyrankvote")
pytest.importorskip("schulze_condorcet")

from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.stv import count_stv
from tests.oracle import rankings
from tests.oracle.ranking_elections import ranking_election

pytestmark = pytest.mark.oracle
SEEDS = range(1000, 1300)


def test_instant_runoff_agrees_with_pyrankvote_wherever_there_is_no_tie():
    compared = 0
    for seed in SEEDS:
        candidates, ballots = ranking_election(seed)
        count = count_instant_runoff(candidates, ballots)
        if not count.ties:
            assert count.selected == (rankings.instant_runoff(candidates, ballots),), seed
            compared += 1
    assert compared > len(SEEDS) // 2


def test_stv_agrees_with_pyrankvote_but_for_details_of_the_rule():
    # Its quota is votes / (seats + 1), unrounded, and it moves all surpluses of a round at once.
    same = compared = 0
    for seed in SEEDS:
        candidates, ballots = ranking_election(seed, voters=400)
        seats = 1 + seed % 3
        count = count_stv(candidates, ballots, seats) if seats < len(candidates) else None
        if count is not None and not count.ties:
            compared += 1
            same += sorted(count.selected) == rankings.stv(candidates, ballots, seats)
    assert compared > len(SEEDS) // 2
    assert same >= compared * 0.97


def test_schulze_agrees_with_schulze_condorcet_on_who_wins():
    for seed in SEEDS:
        candidates, ballots = ranking_election(seed, ties=True)
        count = count_schulze(candidates, sum_of_preferences(candidates, ballots))
        first = count.selected or count.ties[0].candidates
        assert sorted(first) == rankings.schulze(candidates, ballots)[0], seed
