"""What each method promises: names and rows do not matter, support helps, copies do not hurt."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.channels import count_channels
from app.ballots.rules.counting.election import Candidate, Ranking
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.stv import count_stv
from app.ballots.rules.counting.terms import Channel
from app.ballots.rules.counting.ties import TieBreak, TieRule
from tests.ballots.counting.elections import paper

F = Fraction
LETTERS = "ABCDE"


@st.composite
def profiles(draw, *, most=5, strict=False, fractions=False):
    """Candidates and ballots, some truncated, some with equals (unless strict)."""
    letters = LETTERS[: draw(st.integers(2, most))]
    weights = st.fractions(F(1, 3), 3, max_denominator=3) if fractions else st.just(F(1))
    ballots = []
    for _ in range(draw(st.integers(1, 9))):
        order = draw(st.permutations(letters))[: draw(st.integers(0, len(letters)))]
        if strict:
            tiers = [(one,) for one in order]
        else:
            tiers = []
            for one in order:
                if tiers and draw(st.booleans()):
                    tiers[-1] = (*tiers[-1], one)
                else:
                    tiers.append((one,))
        ballots.append(Ranking(tuple(tiers), draw(weights)))
    return paper(letters), ballots


rules = st.sampled_from(
    [TieBreak(TieRule.JOINT), TieBreak(TieRule.RUNOFF), TieBreak(TieRule.DRAW, "20211127")]
)


def schulze(candidates, ballots, ties=None):
    sums = sum_of_preferences(candidates, ballots)
    return count_schulze(candidates, sums, 1, ties=ties or TieBreak())


METHODS = {
    "instant runoff": lambda c, b, t: count_instant_runoff(c, b, ties=t),
    "stv": lambda c, b, t: count_stv(c, b, min(2, len(c)), ties=t),
    "schulze": schulze,
}
methods = st.sampled_from(sorted(METHODS)).map(METHODS.__getitem__)


def told(count):
    """What a count decides, without the order of rows."""
    verdicts = {one: step.verdict for one, step in count.verdicts.items()}
    ties = sorted((sorted(tie.candidates), tie.places) for tie in count.ties)
    return set(count.selected), verdicts, ties


@given(methods, profiles(fractions=True), rules, st.randoms(use_true_random=False))
def test_neither_the_order_of_ballots_nor_that_of_rows_matters(method, profile, ties, chance):
    candidates, ballots = profile
    first = told(method(candidates, ballots, ties))
    rows, papers = list(candidates), list(ballots)
    chance.shuffle(rows)
    chance.shuffle(papers)
    assert told(method(rows, papers, ties)) == first


@given(methods, profiles(), st.permutations(LETTERS))
def test_names_do_not_matter(method, profile, names):
    candidates, ballots = profile
    renamed = dict(zip(LETTERS, names, strict=True))
    ties = TieBreak()
    other = method(
        [replace(one, id=renamed[one.id]) for one in candidates],
        [
            replace(b, tiers=tuple(tuple(renamed[one] for one in tier) for tier in b.tiers))
            for b in ballots
        ],
        ties,
    )
    first = method(candidates, ballots, ties)
    assert {renamed[one] for one in first.selected} == set(other.selected)
    assert {renamed[one]: step.verdict for one, step in first.verdicts.items()} == {
        one: step.verdict for one, step in other.verdicts.items()
    }


@given(methods, profiles(), rules, st.integers(2, 5))
def test_a_ballot_of_weight_n_is_n_ballots(method, profile, ties, times):
    candidates, ballots = profile
    heavy = [replace(ballots[0], weight=F(times)), *ballots[1:]]
    many = [ballots[0]] * times + ballots[1:]
    assert told(method(candidates, heavy, ties)) == told(method(candidates, many, ties))


@given(profiles(fractions=True), st.booleans())
def test_no_vote_is_lost_or_made_in_any_round(profile, several):
    candidates, ballots = profile
    seats = min(2, len(candidates)) if several else 1
    count = count_stv(candidates, ballots, seats)
    if not several:
        count = count_instant_runoff(candidates, ballots)
    exhausted = F(0)
    for one in count.rounds:
        assert sum(votes for _, votes in one.standing) + exhausted == count.figures["valid"]
        exhausted += sum(move.votes for move in one.transfers if move.to is None)
        assert all(move.votes > 0 for move in one.transfers)
    assert exhausted == count.figures["exhausted"]
    cast = sum(ballot.weight for ballot in ballots)
    assert count.figures["valid"] + count.figures["unmarked"] == cast


@given(profiles(), st.integers(1, 5))
def test_stv_fills_the_places_unless_a_tie_stops_it(profile, seats):
    candidates, ballots = profile
    ties = TieBreak(TieRule.DRAW, "7")
    count = count_stv(candidates, ballots, seats, ties=ties)
    expected = min(seats, len(candidates)) if count.figures["valid"] else 0
    assert len(set(count.selected)) == len(count.selected) == expected
    assert set(count.verdicts) == {one.id for one in candidates}


@given(profiles(strict=True))
def test_one_seat_by_stv_and_instant_runoff_agree(profile):
    candidates, ballots = profile
    ties = TieBreak(TieRule.DRAW, "7")
    one = count_instant_runoff(candidates, ballots, ties=ties)
    other = count_stv(candidates, ballots, 1, ties=ties)
    assume(not one.ties and not other.ties)
    exhausted = one.figures["exhausted"]
    assume(not exhausted)
    assert one.selected == other.selected


# ---------------------------------------------------------------- what Schulze promises


@given(profiles())
def test_whoever_beats_everybody_wins_by_schulze_and_whoever_loses_to_all_does_not(profile):
    candidates, ballots = profile
    sums = sum_of_preferences(candidates, ballots)
    ids = [one.id for one in candidates]
    winners = [one for one in ids if all(sums[one, o] > sums[o, one] for o in ids if o != one)]
    losers = [one for one in ids if all(sums[one, o] < sums[o, one] for o in ids if o != one)]
    count = schulze(candidates, ballots)
    if winners:
        assert list(count.selected) == winners
    verdicts = {one: step.verdict for one, step in count.verdicts.items()}
    assert all(verdicts[one] is Verdict.NOT_SELECTED for one in losers)


@given(profiles(), st.data())
def test_more_support_never_hurts_in_schulze(profile, data):
    candidates, ballots = profile
    (winner, *more) = schulze(candidates, ballots).selected or (None,)
    assume(winner is not None and not more)
    place = data.draw(st.integers(0, len(ballots) - 1))
    others = tuple(
        rest for tier in ballots[place].tiers if (rest := tuple(o for o in tier if o != winner))
    )
    raised = [*ballots]
    raised[place] = Ranking(((winner,), *others))
    assert schulze(candidates, raised).selected == (winner,)


@given(profiles())
def test_if_all_turn_their_papers_round_the_schulze_winner_loses(profile):
    candidates, ballots = profile
    (winner, *_more) = schulze(candidates, ballots).selected or (None,)
    assume(winner is not None)
    sums = sum_of_preferences(candidates, ballots)
    turned = {(other, one): votes for (one, other), votes in sums.items()}
    assert winner not in count_schulze(candidates, turned).selected


@given(profiles(most=4), st.data())
def test_a_twin_changes_nothing_for_the_others_in_schulze(profile, data):
    candidates, ballots = profile
    twin_of = data.draw(st.sampled_from([one.id for one in candidates]))
    twinned = [
        replace(b, tiers=tuple((*t, "Z") if twin_of in t else t for t in b.tiers)) for b in ballots
    ]
    before = schulze(candidates, ballots)
    after = schulze((*candidates, Candidate(id="Z")), twinned)
    family = {twin_of, "Z"}
    tied = {one for tie in before.ties for one in tie.candidates}
    tied_after = {one for tie in after.ties for one in tie.candidates}
    assert (set(before.selected) | tied) - family == (set(after.selected) | tied_after) - family


# ---------------------------------------------------------------- sums and channels

sums_of_votes = st.lists(st.integers(0, 6), min_size=1, max_size=8)


@given(sums_of_votes, st.integers(0, 8), st.permutations(range(8)))
def test_filling_places_follows_votes_alone(votes, places, order):
    candidates = [Candidate(id=str(number)) for number in range(len(votes))]
    sums = {str(number): sum_of for number, sum_of in enumerate(votes)}
    count = count_approval(candidates, sums, {"": places})
    shuffled = [candidates[number] for number in order if number < len(votes)]
    assert told(count_approval(shuffled, sums, {"": places})) == told(count)
    verdicts = {int(one): step.verdict for one, step in count.verdicts.items()}
    for one, verdict in verdicts.items():
        for other, its in verdicts.items():
            if votes[one] == votes[other]:
                assert verdict is its
            if votes[one] > votes[other] and its is Verdict.SELECTED:
                assert verdict is Verdict.SELECTED
    assert len(count.selected) <= places
    tied = [one for one, verdict in verdicts.items() if verdict is Verdict.TIED]
    if tied:
        assert len(count.selected) < places < len(count.selected) + len(tied)


@given(sums_of_votes, st.integers(1, 8), st.data())
def test_a_further_vote_never_hurts_in_approval(votes, places, data):
    candidates = [Candidate(id=str(number)) for number in range(len(votes))]
    sums = {str(number): sum_of for number, sum_of in enumerate(votes)}
    chosen = count_approval(candidates, sums, {"": places}).selected
    assume(chosen)
    one = data.draw(st.sampled_from(chosen))
    more = {**sums, one: sums[one] + 1}
    assert one in count_approval(candidates, more, {"": places}).selected


@given(
    st.lists(
        st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(any), min_size=1, max_size=4
    ),
    st.data(),
)
def test_scores_of_channels_make_a_hundred(tallies, data):
    cuts = sorted(data.draw(st.integers(0, 100)) for _ in tallies[1:])
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    channels = [
        Channel(id=str(i), weight=F(weight), sums=dict(zip("ABC", tally, strict=True)))
        for i, (weight, tally) in enumerate(zip(weights, tallies, strict=True))
    ]
    count = count_channels(paper("ABC"), channels, {"": 1})
    assert sum(count.votes.values()) == 100
    for candidate, step in count.verdicts.items():
        parts = [value for key, value in step.figures.items() if key.startswith("score:")]
        assert sum(parts) == count.votes[candidate]
