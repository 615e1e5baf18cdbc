"""What other people's counts said, kept in golden/rankings.json; and STV counted a slow way."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.stv import count_stv
from tests.ballots.counting.test_properties import profiles
from tests.oracle.ranking_elections import ranking_election

GOLDEN = json.loads(
    (Path(__file__).resolve().parents[1] / "golden" / "rankings.json").read_text(encoding="utf-8")
)
# pyrankvote does not round its quota and moves all surpluses of a round at once.
OTHER_DETAILS = {34}


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda one: str(one["seed"]))
def test_the_engine_says_what_others_said(golden):
    seed = golden["seed"]
    if "instant_runoff" in golden:
        count = count_instant_runoff(*ranking_election(seed))
        assert count.selected == (golden["instant_runoff"],)
    if "stv" in golden and seed not in OTHER_DETAILS:
        count = count_stv(*ranking_election(seed, voters=400), 1 + seed % 3)
        assert sorted(count.selected) == golden["stv"]
    candidates, ballots = ranking_election(seed, ties=True)
    count = count_schulze(candidates, sum_of_preferences(candidates, ballots))
    assert sorted(count.selected or count.ties[0].candidates) == golden["schulze"]


def _dealt(papers, hopeful):
    """Every paper laid to whoever it names first; equals on a tier share it."""
    piles = {one: [] for one in hopeful}
    for tiers, value in papers:
        for place, tier in enumerate(tiers):
            there = [one for one in tier if one in hopeful]
            for one in there:
                others = [other for other in there if other != one]
                part = [[one], others, *tiers[place + 1 :]]
                piles[one].append((part, value / len(there)))
            if there:
                break
    return piles


def _sum(pile):
    return sum((value for _, value in pile), Fraction())


def slow_stv(ids, ballots, seats):
    """Winners by STV, all papers dealt anew in every round; None where two stand equal."""
    hopeful, elected, waiting = set(ids), set(), {}
    piles = _dealt([(ballot.tiers, ballot.weight) for ballot in ballots], hopeful)
    quota = int(sum(map(_sum, piles.values())) / (seats + 1)) + 1
    while True:
        if len(hopeful) <= seats - len(elected):
            return elected | hopeful
        for one in [one for one in hopeful if _sum(piles[one]) >= quota]:
            hopeful.discard(one)
            elected.add(one)
            waiting[one] = piles.pop(one)
        waiting = {one: pile for one, pile in waiting.items() if _sum(pile) > quota}
        if len(elected) == seats:
            return elected
        if len(hopeful) <= seats - len(elected):
            continue
        moving = waiting or {one: piles[one] for one in hopeful}
        edge = (max if waiting else min)(map(_sum, moving.values()))
        leaving = [one for one, pile in moving.items() if _sum(pile) == edge]
        if len(leaving) > 1:
            return None
        (one,) = leaving
        ratio = (edge - quota) / edge if waiting else 1
        moved = [(tiers, value * ratio) for tiers, value in moving[one]]
        waiting.pop(one, None)
        hopeful.discard(one)
        piles.pop(one, None)
        piles = _dealt([*moved, *(paper for pile in piles.values() for paper in pile)], hopeful)


@given(profiles(fractions=True), st.integers(1, 3))
def test_stv_says_what_a_slow_count_of_every_paper_says(profile, seats):
    candidates, ballots = profile
    expected = slow_stv([one.id for one in candidates], ballots, seats)
    assume(expected is not None)
    count = count_stv(candidates, ballots, seats)
    assume(count.figures["valid"])
    assert set(count.selected) == expected
