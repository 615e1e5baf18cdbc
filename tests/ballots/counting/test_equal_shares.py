"""Equal Shares: exact beside a slow count in plain fractions, completion, ties, comparison."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ballots.rules.counting.election import Approval, Candidate, Scoring
from app.ballots.rules.counting.equal_shares import SharesRule
from app.ballots.rules.counting.outcome import Verdict
from tests.ballots.counting.slow_shares import (
    ONE,
    approvals,
    elections,
    paper,
    priced,
    share,
    shares,
    slow_count,
    slow_run,
)


@settings(max_examples=60)
@given(elections())
def test_selections_and_prices_are_those_of_a_count_in_plain_fractions(election):
    candidates, ballots, budget = election
    count = shares(candidates, ballots, budget)
    assert priced(count) == [
        (one.id, price) for one, price in slow_run(candidates, ballots, share(ballots, budget))
    ]


@settings(max_examples=30)
@given(elections(), st.sampled_from([ONE, Fraction(1, 7), Fraction(3)]))
def test_completion_is_that_of_a_count_step_by_step(election, add):
    candidates, ballots, budget = election
    count = shares(candidates, ballots, budget, add=add)
    assert set(count.selected) == {
        one.id for one, _ in slow_count(candidates, ballots, budget, add)
    }


# ---------------------------------------------------------------- by hand


def test_a_minority_gets_its_share_which_greedy_would_not_give():
    candidates = paper(a=30, b=30, c=30)
    ballots = approvals(("ab", 6), ("c", 4))
    count = shares(candidates, ballots, 75)
    # 7.5 each: six pay 5 for a; b would need 15 more of them; four pay 7.5 for c.
    assert count.selected == ("a", "c")
    assert count.figures["share"] == Fraction(15, 2)
    assert count.figures["left"] == 15
    assert count.figures["voters"] == 10
    assert priced(count) == [("a", 5), ("c", Fraction(15, 2))]
    last = count.verdicts["b"]
    assert last.verdict is Verdict.UNAFFORDABLE
    assert last.figures == {"cost": 30, "money": 15}
    assert count.method == "equalshares"


def test_who_has_less_than_the_price_pays_all_and_the_others_the_rest():
    candidates = paper(a=8, b=14)
    ballots = approvals(("a", 3), ("ab", 1), ("b", 2))
    count = shares(candidates, ballots, 36)
    # 6 each: a takes 2 of four; b takes the last 4 of one of them, and 5 each of the others.
    assert priced(count) == [("a", 2), ("b", 5)]
    assert count.verdicts["b"].figures["emptied"] == 1
    assert "emptied" not in count.verdicts["a"].figures


def test_add1_raises_everybody_by_whole_units_and_keeps_the_last_that_fits():
    candidates = paper(a=9, b=9, c=9)
    ballots = approvals(("a", 2), ("b", 1), ("c", 1))
    # 5.5 each: only a. From 6 each to 8 nothing more; with 9 each all three: 27 > 22.
    count = shares(candidates, ballots, 22, add=ONE)
    assert count.selected == ("a",)
    assert count.figures["endowment"] == 8
    assert count.method == "equalshares/add1"


def test_add1_adds_what_the_rest_of_the_budget_allows():
    candidates = paper(a=9, b=9, c=12)
    ballots = approvals(("a", 2), ("b", 1), ("c", 1))
    count = shares(candidates, ballots, 22, add=ONE)
    assert count.selected == ("a", "b")
    assert count.figures["endowment"] == 11


def test_add1_may_end_once_nothing_more_would_fit():
    candidates = paper(a=9, b=9, c=12)
    ballots = approvals(("a", 2), ("b", 1), ("c", 1))
    count = shares(candidates, ballots, 22, add=ONE, until_full=True)
    assert count.selected == ("a", "b")
    assert count.figures["endowment"] == 9


def test_add1_keeps_the_first_run_where_the_first_unit_is_too_much():
    count = shares(paper(a=11, b=12), approvals(("a", 2), ("b", 2)), 22, add=ONE)
    assert count.selected == ("a",)
    assert count.figures["endowment"] == Fraction(11, 2)


def test_add1_is_not_begun_where_the_first_run_leaves_room_for_nothing():
    count = shares(paper(a=9, b=99), approvals(("ab", 1)), 10, add=ONE, until_full=True)
    assert count.selected == ("a",)
    assert count.figures["endowment"] == 10


def test_add1_selects_everything_where_the_budget_pays_for_all():
    candidates = paper(a=9, b=9)
    ballots = [Approval(("a",), Fraction(1, 4)), Approval(("b",))]
    count = shares(candidates, ballots, 18, add=ONE)
    assert [len(one.steps) for one in count.rounds] == [1, 1]
    assert set(count.selected) == {"a", "b"}


def test_millions_of_units_are_added_without_as_many_runs():
    candidates = paper(a=9_000_000, b=9_000_000, c=30_000_000)
    ballots = approvals(("a", 2), ("b", 1), ("c", 1))
    count = shares(candidates, ballots, 22_000_000, add=ONE)
    assert count.selected == ("a", "b")
    assert count.figures["endowment"] == 29_999_999


def test_points_are_what_a_project_is_worth_to_a_voter():
    candidates = paper(a=10, b=10)
    ballots = [
        Scoring((("a", Fraction(3)), ("b", Fraction(1)))),
        Scoring((("b", Fraction(1)), ("a", Fraction(0)))),
    ]
    count = shares(candidates, ballots, 20)
    # a asks 10 of the first alone, 10/3 a point; b asks 5 a point of both, but one has nothing.
    assert count.selected == ("a", "b")
    assert priced(count) == [("a", Fraction(10, 3)), ("b", Fraction(10))]


def test_weights_count_as_so_many_voters():
    candidates = paper(a=12, b=12)
    twice = [Approval(("a",), Fraction(2)), Approval(("b",), ONE)]
    apart = [Approval(("a",)), Approval(("a",)), Approval(("b",))]
    assert shares(candidates, twice, 18) == shares(candidates, apart, 18)
    assert shares(candidates, twice, 18).selected == ("a",)


def test_what_is_free_comes_first_and_takes_nothing():
    candidates = [*paper(a=6), Candidate(id="free"), Candidate(id="unloved")]
    count = shares(candidates, [Approval(("free", "a")), Approval(("a",))], 12)
    assert count.selected == ("free", "a")
    assert count.verdicts["unloved"].verdict is Verdict.NO_VOTES
    assert [one.number for one in count.rounds] == [1, 2, 3]


def test_who_is_withdrawn_is_not_selected_whatever_the_support():
    candidates = [Candidate(id="a", cost=ONE, is_withdrawn=True)]
    count = shares(candidates, approvals(("a", 3)), 30, add=ONE)
    assert count.selected == ()
    assert count.verdicts["a"].verdict is Verdict.WITHDRAWN


def test_without_voters_nothing_is_selected():
    count = shares(paper(a=5), [], 10, add=ONE)
    assert count.selected == ()
    assert count.verdicts["a"].verdict is Verdict.NO_VOTES


def test_an_empty_ballot_is_a_voter_whose_money_nobody_gets():
    candidates = paper(a=6)
    assert shares(candidates, approvals(("a", 1)), 6).selected == ("a",)
    assert shares(candidates, approvals(("a", 1), ("", 1)), 6).selected == ()


def test_a_budget_of_nothing_selects_what_is_free():
    candidates = [*paper(a=1), Candidate(id="free")]
    count = shares(candidates, [*approvals(("a", 1)), Approval(("free",))], 0)
    assert count.selected == ("free",)


@pytest.mark.parametrize("wrong", [{"budget": Fraction(-1)}, {"budget": ONE, "add": Fraction(0)}])
def test_a_rule_that_would_never_end_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^a budget is not negative, and what is added is more"):
        SharesRule(**wrong)


def test_a_ballot_that_names_nobody_known_is_refused():
    with pytest.raises(KeyError):
        shares(paper(a=6), approvals(("x", 1)), 6)


# ---------------------------------------------------------------- comparison


def test_greedy_wins_the_comparison_where_more_voters_are_better_off():
    candidates = paper(a=50, b=50, c=10)
    ballots = approvals(("ab", 6), ("c", 1), ("a", 1))
    count = shares(candidates, ballots, 100, compare=True)
    assert count.method == "equalshares-comparison"
    assert count.selected == ("a", "b")
    assert (count.figures["for_shares"], count.figures["for_greedy"]) == (1, 6)


def test_shares_stay_where_greedy_has_no_more_friends():
    candidates = paper(a=50, b=50, c=10)
    ballots = approvals(("ab", 6), ("c", 6))
    count = shares(candidates, ballots, 100, compare=True, add=ONE)
    assert count.method == "equalshares/add1-comparison"
    assert count.figures["for_greedy"] <= count.figures["for_shares"]
    assert set(count.selected) == {"a", "c"}


def test_points_are_compared_as_points():
    candidates = paper(a=50, b=50, c=10)
    ballots = [Scoring((("a", ONE), ("b", Fraction(2))))] * 6 + [Scoring((("c", ONE),))]
    count = shares(candidates, ballots, 100, compare=True)
    assert count.selected == ("b", "a")
    assert (count.figures["for_shares"], count.figures["for_greedy"]) == (1, 6)
