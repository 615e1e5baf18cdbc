"""The arithmetic: golden figures, ties, commitments, the review's seal."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assemblies.models import QuorumKind, Track
from app.assemblies.rules import quorum_needed
from app.ballots import rules
from app.ballots.models import Option, Outcome
from tests.support.world import START

S, N, T = Outcome.SELECTED, Outcome.NOT_SELECTED, Outcome.TIED
positions = st.sets(st.integers(1, rules.MAX_OPTIONS), max_size=rules.MAX_OPTIONS)


def _choice(picks=(1, 2), *, ballot_id=1, slot_id=2, seed=b"s" * 32):
    return rules.PreparedChoice(
        ballot_id=ballot_id,
        slot_id=slot_id,
        setup_hash=b"h" * 32,
        picks=rules.picks_to_bytes(picks),
        seed=seed,
    )


@pytest.mark.parametrize(
    ("kind", "value", "base", "needed"),
    [
        (QuorumKind.PERMILLE, 5, 24_999, 125),
        (QuorumKind.PERMILLE, 5, 25_000, 125),
        (QuorumKind.PERMILLE, 5, 25_001, 126),
        (QuorumKind.PERMILLE, 10, 25_001, 251),
        (QuorumKind.SEATS, 72, 0, 72),
        (QuorumKind.NONE, 9, 25_000, 0),
    ],
)
def test_quorums_are_rounded_up_in_whole_people(kind, value, base, needed):
    assert quorum_needed(kind, value, base) == needed


@pytest.mark.parametrize(
    ("votes", "seats", "ranks", "outcomes"),
    [
        ([5, 3, 1], 2, [1, 2, 3], [S, S, N]),
        ([5, 5, 1], 2, [1, 1, 3], [S, S, N]),
        ([5, 3, 3, 1], 2, [1, 2, 2, 4], [S, T, T, N]),
        ([3, 3, 3], 2, [1, 1, 1], [T, T, T]),
        ([4, 0, 0], 2, [1, 2, 2], [S, N, N]),
        ([0, 0], 1, [1, 1], [N, N]),
        ([9, 8], 2, [1, 2], [S, S]),
        ([9, 8], 0, [1, 2], [N, N]),
        ([1, 3, 2], 2, [3, 1, 2], [N, S, S]),
    ],
)
def test_ranks_seats_and_ties(votes, seats, ranks, outcomes):
    placings = _place(votes, seats)
    assert [placings[i].rank for i in sorted(placings)] == ranks
    assert [placings[i].outcome for i in sorted(placings)] == outcomes


@given(st.lists(st.integers(0, 6), min_size=1, max_size=12), st.integers(1, 12))
def test_no_seat_is_given_twice_and_nobody_jumps_the_line(votes, seats):
    placings = _place(votes, seats)
    chosen = [p for p in placings.values() if p.outcome is S]
    tied = [p for p in placings.values() if p.outcome is T]
    assert len(chosen) <= seats
    if tied:
        assert len(chosen) < seats < len(chosen) + len(tied)
        assert len({p.votes for p in tied}) == 1
    left = [p.votes for p in placings.values() if p.outcome is N]
    assert all(p.votes > max(left, default=-1) for p in chosen + tied)


def test_each_track_has_its_own_seats_and_no_quorum_selects_nothing():
    tracks = [Track.BUDGET, Track.BUDGET, Track.SUPPORT, Track.SUPPORT]
    placings = _place([9, 8, 2, 1], 1, tracks)
    assert [placings[i].outcome for i in (1, 2, 3, 4)] == [S, N, S, N]
    below = _place([9, 8, 2, 1], 1, tracks, voters=9, needed=10)
    assert {p.outcome for p in below.values()} == {N}
    assert [below[i].rank for i in (1, 2, 3, 4)] == [1, 2, 1, 2]
    at = _place([9, 8, 2, 1], 1, tracks, voters=10, needed=10)
    assert [at[i].outcome for i in (1, 2, 3, 4)] == [S, N, S, N]


def test_papers_are_summed_by_the_numbers_of_their_options():
    candidates = rules.candidates_of(_options([0, 0, 0], [Track.BUDGET] * 3))
    assert rules.sum_papers([(1, 3), (3,), (3, 1)], candidates) == {"1": 2, "2": 0, "3": 3}
    assert (candidates[0].name, candidates[0].section, candidates[1].cost) == (
        "안건 1",
        "budget",
        2,
    )


def _options(votes, tracks):
    return [
        Option(position=number, title=f"안건 {number}", track=track, budget_won=number)
        for number, (_, track) in enumerate(zip(votes, tracks, strict=True), start=1)
    ]


def _place(votes, seats, tracks=None, *, voters=99, needed=0):
    """Where each option lands, as the count of a ballot would write it."""
    tracks = tracks or [Track.BUDGET] * len(votes)
    count = rules.count_paper(
        rules.candidates_of(_options(votes, tracks)),
        {str(number): sum_of for number, sum_of in enumerate(votes, start=1)},
        dict.fromkeys(tracks, seats),
        voters=voters,
        needed=needed,
    )
    return rules.placings(count)


@given(positions)
def test_picks_survive_their_bytes_which_are_always_as_many(picks):
    raw = rules.picks_to_bytes(picks)
    assert len(raw) == rules.PICKS_BYTES
    assert set(rules.picks_from_bytes(raw)) == picks


@given(positions, positions, st.binary(min_size=32, max_size=32))
def test_a_leaf_binds_the_choice(one, other, seed):
    leaves = {_choice(picks, seed=seed).leaf for picks in (one, other)}
    assert len(leaves) == (1 if one == other else 2)


def test_a_leaf_depends_on_ballot_setup_and_seed():
    plain = _choice()
    assert plain.leaf == _choice().leaf
    assert plain.leaf != _choice(ballot_id=2).leaf
    assert plain.leaf != _choice(seed=b"t" * 32).leaf
    assert len(plain.payload) == len(_choice(()).payload)


def test_a_choice_never_shows_itself():
    assert repr(_choice()) == "PreparedChoice(ballot_id=1, slot_id=2)"


def test_the_review_opens_with_its_key_for_fifteen_minutes():
    key, choice = rules.review_key(b"secret"), _choice()
    token = rules.seal_choice(key, choice, at=START)
    assert rules.open_choice(key, token, at=START) == choice
    last = START + timedelta(minutes=15)
    assert rules.open_choice(key, token, at=last - timedelta(seconds=1)) == choice
    assert rules.open_choice(key, token, at=last) is None
    assert rules.open_choice(rules.review_key(b"other"), token, at=START) is None
    assert token != rules.seal_choice(key, choice, at=START)


def test_a_late_review_gives_its_picks_to_its_own_place_on_the_roll_alone():
    key, choice = rules.review_key(b"secret"), _choice((2, 128))
    token = rules.seal_choice(key, choice, at=START)
    own = {"ballot_id": 1, "slot_id": 2, "setup_hash": b"h" * 32}
    assert rules.picks_kept(key, token, **own) == (2, 128)
    for other in ({"ballot_id": 2}, {"slot_id": 3}, {"setup_hash": b"i" * 32}):
        assert rules.picks_kept(key, token, **{**own, **other}) == ()
    assert rules.picks_kept(rules.review_key(b"other"), token, **own) == ()


@given(st.text(max_size=200))
def test_no_text_from_outside_opens(text):
    key = rules.review_key(b"secret")
    assert rules.open_choice(key, text, at=START) is None
    assert rules.picks_kept(key, text, ballot_id=1, slot_id=2, setup_hash=b"h" * 32) == ()
