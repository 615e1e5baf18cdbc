"""Greedy by votes: what fits, what is passed over, what stops, and when a tie matters."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ballots.rules.counting.election import NONE, Candidate
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.ties import TieBreak, TieRule, draw_ticket


def paper(*costs, rivals=()):
    rivals = dict(rivals)
    return [
        Candidate(id=name, cost=Fraction(cost), rivals=rivals.get(name, "")) for name, cost in costs
    ]


def votes(**sums):
    return {name: Fraction(number) for name, number in sums.items()}


def verdicts(count):
    return {name: step.verdict for name, step in count.verdicts.items()}


PAPER = TieBreak(TieRule.PAPER_ORDER)
V13 = paper(("a", 600), ("b", 500), ("c", 300), ("d", 100))
V13_VOTES = votes(a=40, b=30, c=20, d=10)


def test_what_does_not_fit_is_passed_over_and_the_log_says_why():
    count = count_greedy(V13, V13_VOTES, GreedyRule(budget=Fraction(1000)))
    assert count.selected == ("a", "c", "d")
    assert verdicts(count)["b"] is Verdict.TOO_COSTLY
    assert count.verdicts["b"].figures == {"cost": 500, "left": 400}
    assert count.verdicts["c"].figures == {"cost": 300, "left": 400}
    assert count.figures == {"budget": 1000, "left": 0}
    assert count.rounds[0].standing == (("a", 40), ("b", 30), ("c", 20), ("d", 10))
    assert count.method == "greedy"


def test_without_skipping_the_count_stops_at_the_first_that_does_not_fit():
    count = count_greedy(V13, V13_VOTES, GreedyRule(budget=Fraction(1000), skip=False))
    assert count.selected == ("a",)
    assert verdicts(count) == {
        "a": Verdict.SELECTED,
        "b": Verdict.TOO_COSTLY,
        "c": Verdict.STOPPED,
        "d": Verdict.STOPPED,
    }
    assert count.method == "greedy-no-skip"
    assert count.figures["left"] == 400


def test_the_last_unit_of_the_budget_can_be_spent():
    rule = GreedyRule(budget=Fraction("1.1"))
    assert count_greedy(paper(("a", "1.1")), votes(a=1), rule).selected == ("a",)
    rule = GreedyRule(budget=Fraction("1.09"))
    assert count_greedy(paper(("a", "1.1")), votes(a=1), rule).selected == ()


def test_who_has_exactly_the_threshold_can_be_selected():
    rule = GreedyRule(budget=Fraction(9), threshold=Fraction(5))
    count = count_greedy(paper(("a", 1), ("b", 1)), votes(a=5, b=4), rule)
    assert count.selected == ("a",)
    assert verdicts(count)["b"] is Verdict.BELOW_THRESHOLD
    assert count.verdicts["b"].figures["threshold"] == 5
    assert "threshold" not in count.verdicts["a"].figures


def test_a_project_without_votes_can_be_selected_where_no_threshold_forbids_it():
    count = count_greedy(paper(("a", 1)), votes(a=0), GreedyRule(budget=Fraction(1)))
    assert count.selected == ("a",)


def test_at_most_one_of_an_exclusive_group_is_selected():
    candidates = paper(("a", 1), ("b", 1), ("c", 1), rivals={"a": "x", "c": "x"})
    count = count_greedy(candidates, votes(a=3, b=2, c=1), GreedyRule(budget=Fraction(9)))
    assert count.selected == ("a", "b")
    assert verdicts(count)["c"] is Verdict.RIVAL_SELECTED


def test_a_rival_is_passed_over_even_where_the_count_does_not_skip():
    candidates = paper(("a", 1), ("b", 9), ("c", 1), rivals={"a": "x", "b": "x"})
    rule = GreedyRule(budget=Fraction(2), skip=False)
    assert count_greedy(candidates, votes(a=3, b=2, c=1), rule).selected == ("a", "c")


@pytest.mark.parametrize("skip", [True, False])
def test_who_is_withdrawn_is_never_selected_and_stops_nothing(skip):
    gone = Candidate(id="gone", cost=Fraction(999_999_999), is_withdrawn=True)
    candidates = [gone, *paper(("a", 1))]
    rule = GreedyRule(budget=Fraction(1), skip=skip)
    count = count_greedy(candidates, votes(gone=9, a=1), rule)
    assert count.selected == ("a",)
    assert verdicts(count)["gone"] is Verdict.WITHDRAWN


def test_the_last_project_is_paid_where_four_fifths_of_its_cost_are_left():
    candidates = paper(("a", 60), ("b", 50), ("c", 1))
    rule = GreedyRule(budget=Fraction(100), skip=False, enough=Fraction(4, 5))
    count = count_greedy(candidates, votes(a=3, b=2, c=1), rule)
    assert count.selected == ("a", "b")
    assert verdicts(count)["c"] is Verdict.STOPPED
    assert count.figures["left"] == 0
    less = GreedyRule(budget=Fraction(99), skip=False, enough=Fraction(4, 5))
    count = count_greedy(candidates, votes(a=3, b=2, c=1), less)
    assert count.selected == ("a",)
    assert verdicts(count) == {
        "a": Verdict.SELECTED,
        "b": Verdict.TOO_COSTLY,
        "c": Verdict.STOPPED,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget": Fraction(-1)},
        {"budget": Fraction(1), "enough": Fraction(0), "skip": False},
        {"budget": Fraction(1), "enough": Fraction(2), "skip": False},
        {"budget": Fraction(1), "enough": Fraction(4, 5)},
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^(a budget is not|a share that is enough)"):
        GreedyRule(**wrong)


def test_a_budget_of_nothing_still_pays_what_is_free():
    rule = GreedyRule(budget=Fraction(0))
    assert count_greedy(paper(("a", 0), ("b", 1)), votes(a=1, b=2), rule).selected == ("a",)


# ---------------------------------------------------------------- ties


def test_a_tie_for_the_last_of_the_budget_is_told_with_how_it_was_settled():
    candidates = paper(("a", 5), ("b", 4), ("c", 4))
    count = count_greedy(candidates, votes(a=1, b=1, c=1), GreedyRule(budget=Fraction(8)))
    assert count.selected == ("a",)
    (tie,) = count.ties
    assert (tie.candidates, tie.settled) == (("a", "b", "c"), ("a", "b", "c"))
    assert tie.places == 2  # b and c would fit together
    assert tie.rule is TieRule.PAPER_ORDER


def test_a_tie_that_changes_nothing_is_not_told():
    count = count_greedy(paper(("a", 5), ("b", 4)), votes(a=1, b=1), GreedyRule(budget=Fraction(9)))
    assert count.ties == ()
    assert count.selected == ("a", "b")


def test_who_cannot_be_paid_anyhow_is_no_part_of_a_tie():
    candidates = paper(("dear", 9), ("a", 5), ("b", 4))
    count = count_greedy(candidates, votes(dear=1, a=1, b=1), GreedyRule(budget=Fraction(6)))
    assert count.ties[0].candidates == ("a", "b")
    assert verdicts(count)["dear"] is Verdict.TOO_COSTLY


def test_the_cheapest_goes_first_though_the_others_cost_the_same():
    rule = GreedyRule(budget=Fraction(5), ties=TieBreak(TieRule.CHEAPER))
    sums = votes(a=3, b=3, c=3)
    count = count_greedy(paper(("a", 4), ("b", 1), ("c", 4)), sums, rule)
    assert count.selected == ("b",)
    assert [(tie.candidates, tie.settled) for tie in count.ties] == [(("a", "c"), ())]
    assert verdicts(count)["a"] is Verdict.TIED
    count = count_greedy(paper(("a", 2), ("b", 1), ("c", 2)), sums, rule)
    assert count.selected == ("b", "a", "c")
    assert count.ties == ()


def test_the_cheaper_goes_first_where_the_assembly_said_so():
    rule = GreedyRule(budget=Fraction(6), ties=TieBreak(TieRule.CHEAPER))
    count = count_greedy(paper(("a", 5), ("b", 4)), votes(a=1, b=1), rule)
    assert count.selected == ("b",)
    assert count.ties[0].settled == ("b", "a")


def test_a_public_draw_settles_by_its_number():
    rule = GreedyRule(budget=Fraction(5), ties=TieBreak(TieRule.DRAW, "2026-11-25 4 8 15"))
    count = count_greedy(paper(("a", 5), ("b", 5)), votes(a=1, b=1), rule)
    first = min("ab", key=lambda one: draw_ticket("2026-11-25 4 8 15", one))
    assert count.selected == (first,)
    assert count.ties[0].number == "2026-11-25 4 8 15"


def test_an_open_tie_ends_the_count_where_it_stands():
    candidates = paper(("first", 1), ("a", 5), ("b", 5), ("dear", 99), ("later", 1))
    rule = GreedyRule(budget=Fraction(7), ties=TieBreak(TieRule.JOINT))
    count = count_greedy(candidates, votes(first=3, a=2, b=2, dear=2, later=1), rule)
    assert count.selected == ("first",)
    assert verdicts(count) == {
        "first": Verdict.SELECTED,
        "a": Verdict.TIED,
        "b": Verdict.TIED,
        "dear": Verdict.STOPPED,
        "later": Verdict.STOPPED,
    }
    assert count.ties[0].settled == ()
    assert count.open_ties == count.ties
    assert count.figures["left"] == 6


def test_rivals_with_equal_votes_are_tied_though_both_would_fit():
    candidates = paper(("a", 1), ("b", 1), rivals={"a": "x", "b": "x"})
    count = count_greedy(candidates, votes(a=1, b=1), GreedyRule(budget=Fraction(9)))
    assert count.selected == ("a",)
    assert count.ties[0].places == 1


tied_papers = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 2), st.sampled_from(["", "", "g", "h"])),
    min_size=1,
    max_size=4,
)


@given(tied_papers, st.integers(0, 12), st.booleans())
def test_a_tie_is_told_exactly_where_the_order_decides_who_is_selected(rows, budget, skip):
    candidates = [
        Candidate(id=str(number), cost=Fraction(cost), rivals=rivals)
        for number, (cost, _, rivals) in enumerate(rows)
    ]
    sums = {str(number): Fraction(level) for number, (_, level, _) in enumerate(rows)}
    rule = GreedyRule(budget=Fraction(budget), skip=skip)
    outcomes = {
        frozenset(count_greedy(order, sums, rule).selected) for order in permutations(candidates)
    }
    count = count_greedy(candidates, sums, rule)
    assert bool(count.ties) == (len(outcomes) > 1)


def sectioned(*projects):
    return [
        Candidate(id=name, cost=Fraction(cost), section=section, rivals=rivals)
        for name, cost, section, rivals in projects
    ]


PARTS = sectioned(("a", 60, "x", ""), ("b", 50, "y", ""), ("c", 30, "x", ""), ("d", 40, "y", ""))
SHARES = {"x": Fraction(80), "y": Fraction(60)}


def test_sections_with_budgets_are_counted_each_by_itself():
    sums = votes(a=9, b=8, c=7, d=6)
    count = count_greedy(PARTS, sums, GreedyRule(budget=Fraction(140), sections=SHARES))
    assert count.selected == ("a", "b")
    assert [(one.number, one.section) for one in count.rounds] == [(1, "x"), (2, "y")]
    assert count.rounds[0].standing == (("a", 9), ("c", 7))
    assert count.verdicts["c"].figures == {"cost": 30, "left": 20}
    assert count.figures == {"budget": 140, "left": 30}
    filled = GreedyRule(budget=Fraction(140), sections=SHARES, spends_rest=True, skip=False)
    count = count_greedy(PARTS, sums, filled)
    assert count.selected == ("a", "b", "c")
    assert [one.number for one in count.rounds] == [1, 2, 3]
    assert count.rounds[2].standing == (("c", 7), ("d", 6))
    assert count.figures["left"] == 0
    assert count.method == "greedy-no-skip"


def test_an_open_tie_in_a_section_leaves_the_rest_unspent_and_names_its_round():
    sums = votes(a=9, b=5, c=7, d=5)
    joint = TieBreak(TieRule.JOINT)
    rule = GreedyRule(budget=Fraction(140), sections=SHARES, spends_rest=True, ties=joint)
    count = count_greedy(PARTS, sums, rule)
    assert count.selected == ("a",)
    (tie,) = count.ties
    assert (tie.candidates, tie.round) == (("b", "d"), 2)
    assert len(count.rounds) == 2
    told = [tie.round for tie in count_greedy(PARTS, sums, replace(rule, ties=PAPER)).ties]
    assert told == [2]


def test_rivals_shut_each_other_out_across_sections():
    paper = sectioned(("a", 10, "x", "g"), ("b", 10, "y", "g"))
    rule = GreedyRule(budget=Fraction(140), sections=SHARES, spends_rest=True)
    count = count_greedy(paper, votes(a=1, b=2), rule)
    assert count.selected == ("a",)
    assert verdicts(count)["b"] is Verdict.RIVAL_SELECTED


def test_budgets_of_sections_fit_the_whole_and_every_candidate_has_one():
    with pytest.raises(ValueError, match="more than the budget"):
        GreedyRule(budget=Fraction(139), sections=SHARES)
    with pytest.raises(ValueError, match="not negative"):
        GreedyRule(budget=Fraction(139), sections={"x": Fraction(-1)})
    rule = GreedyRule(budget=NONE, sections={"x": NONE})
    with pytest.raises(KeyError):
        count_greedy(PARTS, votes(a=1, b=1, c=1, d=1), rule)
