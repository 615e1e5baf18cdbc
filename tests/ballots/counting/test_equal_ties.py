"""Equal Shares where projects ask exactly the same: what is a tie, and what becomes of it."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.ballots.rules.counting.election import Approval, Candidate, Scoring
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.ties import TieBreak, TieRule
from tests.ballots.counting.slow_shares import (
    ONE,
    approvals,
    deciding,
    paper,
    priced,
    share,
    shares,
    weights,
)


@st.composite
def level_elections(draw):
    """Few prices and few kinds of papers, so that much is equal, and most voters are poor soon."""
    names = "abcdef"[: draw(st.integers(2, 6))]
    prices = st.sampled_from([Fraction(2), Fraction(4), Fraction(4), Fraction(6)])
    candidates = [Candidate(id=name, cost=draw(prices)) for name in names]
    picks = st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=4)
    kinds = draw(st.lists(picks, min_size=1, max_size=5))
    by_points = draw(st.booleans())
    ballots = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=8)):
        weight = draw(weights)
        if by_points:
            points = st.sampled_from([ONE, ONE, Fraction(2)])
            ballots.append(Scoring(tuple((name, draw(points)) for name in kind), weight))
        else:
            ballots.append(Approval(tuple(kind), weight))
    budget = draw(st.sampled_from([6, 7, 8, 10, 12, 14, 16, 20]))
    return candidates, ballots, Fraction(budget)


@settings(max_examples=150)
@given(level_elections())
def test_a_tie_is_told_where_another_turn_ends_with_another_selection(election):
    candidates, ballots, budget = election
    count = shares(candidates, ballots, budget)
    usual, ties = deciding(candidates, ballots, share(ballots, budget))
    assert priced(count) == [(one.id, price) for one, price in usual]
    assert {tie.round - 1: list(tie.candidates) for tie in count.ties} == ties


@settings(max_examples=100)
@given(level_elections())
def test_an_open_rule_ends_the_run_at_the_first_tie_that_decides(election):
    candidates, ballots, budget = election
    count = shares(candidates, ballots, budget, ties=TieBreak(TieRule.JOINT))
    usual, ties = deciding(candidates, ballots, share(ballots, budget))
    place = min(ties, default=len(usual))
    assert priced(count) == [(one.id, price) for one, price in usual[:place]]
    verdicts = {name: step.verdict for name, step in count.verdicts.items()}
    assert [name for name in verdicts if verdicts[name] is Verdict.TIED] == ties.get(place, [])
    assert bool(count.ties) is bool(ties)
    assert all(tie.settled == () for tie in count.ties)


def test_of_equal_prices_the_cheaper_goes_first_then_the_one_with_more_votes():
    # Shares per unit of cost: 1/2 each of a and b; b is cheaper.
    candidates = paper(a=10, b=8)
    count = shares(candidates, approvals(("ab", 2)), 10)
    assert count.selected == ("b",)
    assert count.ties == ()


def test_exactly_equal_projects_are_a_tie_where_it_decides():
    candidates = paper(a=8, b=8)
    count = shares(candidates, approvals(("ab", 2)), 10)
    assert count.selected == ("a",)
    (tie,) = count.ties
    assert (tie.candidates, tie.settled, tie.round) == (("a", "b"), ("a", "b"), 1)
    assert tie.places == 1
    reverse = shares(candidates[::-1], approvals(("ab", 2)), 10)
    assert reverse.selected == ("b",)


def test_parts_of_voters_who_hold_exactly_the_cost_pay_all_they_have():
    halves = [Approval(("a",), Fraction(3, 2)), Approval(("b",), Fraction(3, 2))]
    count = shares(paper(a=Fraction(9, 2), b=5), halves, 9)
    assert count.selected == ("a",)
    assert count.verdicts["a"].figures["price"] == 3
    assert count.verdicts["b"].figures["money"] == 4


def test_supporters_of_unequal_means_who_hold_exactly_the_cost_are_not_lost_to_rounding():
    # A third has no end in any integer: what they hold is a little less there than what it costs.
    voters = [Approval(("a", "b")), Approval(("a",)), Approval(("b",))]
    count = shares(paper(a=2, b=Fraction(17, 3)), voters, 10)
    assert count.selected == ("a", "b")
    assert count.verdicts["b"].figures["price"] == Fraction(10, 3)
    assert count.verdicts["b"].figures["emptied"] == 2


def test_a_cost_beyond_what_is_held_by_less_than_integers_show_is_not_paid():
    dear = Fraction(10, 3) + Fraction(1, 10**39)
    voters = [Approval(("a",)), Approval(()), Approval(())]
    assert shares(paper(a=dear), voters, 10).selected == ()
    assert shares(paper(a=Fraction(10, 3)), voters, 10).selected == ("a",)


def test_prices_that_integers_cannot_tell_apart_are_no_tie():
    dearer = paper(b=1 + Fraction(1, 10**39), a=1)
    voters = [Scoring((("a", ONE), ("b", ONE)))] * 3
    count = shares(dearer, voters, 10, ties=TieBreak(TieRule.JOINT))
    assert count.selected == ("a", "b")
    assert count.ties == ()


def test_a_tie_behind_what_is_free_names_the_round_it_happened_in():
    candidates = [Candidate(id="free"), *paper(a=8, b=8)]
    count = shares(candidates, [*approvals(("ab", 2)), Approval(("free",))], 15)
    assert count.selected == ("free", "a")
    (tie,) = count.ties
    assert (tie.candidates, tie.round) == (("a", "b"), 2)
    assert count.rounds[tie.round - 1].steps[0].candidate == "a"


def test_exactly_equal_projects_are_no_tie_where_both_are_selected():
    count = shares(paper(a=4, b=4), approvals(("a", 1), ("b", 1)), 10)
    assert count.selected == ("a", "b")
    assert count.ties == ()


def test_a_rule_settles_who_goes_first():
    candidates, ballots = paper(a=8, b=8), approvals(("ab", 2))
    draws = {
        shares(candidates, ballots, 10, ties=TieBreak(TieRule.DRAW, str(number))).selected
        for number in range(20)
    }
    assert draws == {("a",), ("b",)}


def test_an_open_tie_ends_the_run_at_its_place():
    candidates = paper(c=2, a=8, b=8, d=9)
    ballots = approvals(("cabd", 2))
    count = shares(candidates, ballots, 12, ties=TieBreak(TieRule.JOINT))
    assert count.selected == ("c",)
    assert [count.verdicts[name].verdict for name in "abd"] == [
        Verdict.TIED,
        Verdict.TIED,
        Verdict.STOPPED,
    ]
    assert count.ties[0].settled == ()
    assert count.ties[0].round == 2


def test_an_open_rule_leaves_nothing_open_where_the_order_makes_no_difference():
    candidates, ballots = paper(a=4, b=4), approvals(("a", 1), ("b", 1))
    count = shares(candidates, ballots, 10, ties=TieBreak(TieRule.JOINT))
    assert count.selected == ("a", "b")
    assert count.ties == ()
