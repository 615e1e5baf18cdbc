"""What the budget's rules promise whatever the election, and what they do not."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.ballots.rules.counting.election import Approval, Candidate, sum_of_picks
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from app.ballots.rules.counting.outcome import Verdict

ONE = Fraction(1)
NAMES = "abcde"

candidates = st.lists(st.integers(1, 40), min_size=1, max_size=len(NAMES)).map(
    lambda costs: [Candidate(id=n, cost=Fraction(c)) for n, c in zip(NAMES, costs, strict=False)]
)
budgets = st.integers(1, 90).map(Fraction)


@st.composite
def elections(draw):
    paper = draw(candidates)
    names = st.sampled_from([one.id for one in paper])
    picks = st.lists(names, unique=True, max_size=4).map(tuple)
    return paper, draw(st.lists(st.builds(Approval, picks), min_size=1, max_size=10)), draw(budgets)


def greedy(paper, ballots, budget, **how):
    return count_greedy(paper, sum_of_picks(paper, ballots), GreedyRule(budget=budget, **how))


def shares(paper, ballots, budget):
    return count_equal_shares(paper, ballots, SharesRule(budget=budget))


def completed(paper, ballots, budget):
    return count_equal_shares(paper, ballots, SharesRule(budget=budget, add=ONE))


def compared(paper, ballots, budget):
    return count_equal_shares(paper, ballots, SharesRule(budget=budget, add=ONE, compare=True))


def no_skip(paper, ballots, budget):
    return greedy(paper, ballots, budget, skip=False)


rules = st.sampled_from([greedy, no_skip, shares, completed, compared])


@settings(max_examples=40)
@given(elections(), rules)
def test_the_budget_is_never_exceeded_and_everybody_gets_one_verdict(election, rule):
    paper, ballots, budget = election
    count = rule(paper, ballots, budget)
    costs = {one.id: one.cost for one in paper}
    assert sum(costs[name] for name in count.selected) <= budget
    decided = [step.candidate for one in count.rounds for step in one.steps]
    assert sorted(decided) == sorted(costs)
    assert [
        step.candidate
        for one in count.rounds
        for step in one.steps
        if step.verdict is Verdict.SELECTED
    ] == list(count.selected)


@settings(max_examples=40)
@given(elections(), rules, st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_nothing(election, rule, chance):
    paper, ballots, budget = election
    shuffled = list(ballots)
    chance.shuffle(shuffled)
    assert rule(paper, ballots, budget) == rule(paper, shuffled, budget)


@settings(max_examples=40)
@given(elections(), rules)
def test_the_names_of_projects_change_nothing(election, rule):
    paper, ballots, budget = election
    # The order of the paper, which settles ties, stays; the order of the names turns round.
    other = {one.id: f"{99 - number}" for number, one in enumerate(paper)}
    renamed = [replace(one, id=other[one.id]) for one in paper]
    papers = [Approval(tuple(other[name] for name in ballot.picks)) for ballot in ballots]
    count = rule(paper, ballots, budget)
    assert rule(renamed, papers, budget).selected == tuple(other[name] for name in count.selected)


@settings(max_examples=40)
@given(elections(), rules, st.integers(2, 4))
def test_a_ballot_of_weight_n_is_n_ballots(election, rule, times):
    paper, ballots, budget = election
    heavy = [replace(ballots[0], weight=Fraction(times)), *ballots[1:]]
    many = [ballots[0]] * times + ballots[1:]
    if rule is compared or rule is completed:
        # A unit for each voter: both elections have the same number of voters.
        assert rule(paper, heavy, budget).figures["voters"] == len(many)
    assert rule(paper, heavy, budget) == rule(paper, many, budget)


@settings(max_examples=40)
@given(elections(), rules, st.integers(1, 3))
def test_the_unit_of_currency_changes_nothing(election, rule, power):
    paper, ballots, budget = election
    if rule in (completed, compared):
        return  # what is added is a unit of the currency
    factor = Fraction(10) ** -power
    dearer = [replace(one, cost=one.cost * factor) for one in paper]
    assert rule(dearer, ballots, budget * factor).selected == rule(paper, ballots, budget).selected


@settings(max_examples=40)
@given(elections(), st.integers(1, 4))
def test_further_votes_for_a_selected_project_keep_it_selected_where_the_count_stops(
    election, times
):
    paper, ballots, budget = election
    for name in no_skip(paper, ballots, budget).selected:
        more = [*ballots, *[Approval((name,))] * times]
        assert name in no_skip(paper, more, budget).selected


@settings(max_examples=40)
@given(elections(), st.integers(1, 4))
def test_further_votes_for_a_selected_project_keep_it_selected_where_the_count_skips(
    election, times
):
    """Greedy keeps the project itself: it only comes earlier, when more of the budget is left."""
    paper, ballots, budget = election
    for name in greedy(paper, ballots, budget).selected:
        more = [*ballots, *[Approval((name,))] * times]
        assert name in greedy(paper, more, budget).selected


def test_greedy_does_not_promise_that_a_larger_budget_keeps_who_was_selected():
    paper = [Candidate(id=name, cost=Fraction(cost)) for name, cost in (("a", 10), ("b", 6))]
    ballots = [Approval(("a", "b")), Approval(("a",))]
    assert greedy(paper, ballots, Fraction(6)).selected == ("b",)
    assert greedy(paper, ballots, Fraction(10)).selected == ("a",)


def test_greedy_does_not_promise_that_votes_for_one_leave_the_others_alone():
    """Votes for a dear project that passes a cheap one can push out several others."""
    paper = [
        Candidate(id=name, cost=Fraction(cost)) for name, cost in (("a", 5), ("b", 5), ("c", 9))
    ]
    ballots = [Approval(("a", "b"))] * 2 + [Approval(("c",))]
    assert greedy(paper, ballots, Fraction(10)).selected == ("a", "b")
    more = [*ballots, *[Approval(("c",))] * 2]
    assert greedy(paper, more, Fraction(10)).selected == ("c",)


@settings(max_examples=40)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 30))
def test_a_group_that_agrees_can_spend_its_share_with_equal_shares(friends, others, cost):
    """Whoever is a k-th of the voters and agrees on what costs a k-th is never passed over."""
    paper = [
        Candidate(id="theirs", cost=Fraction(cost)),
        *(Candidate(id=f"o{number}", cost=Fraction(7)) for number in range(3)),
    ]
    ballots = [Approval(("theirs",))] * friends + [Approval(("o0", "o1", "o2"))] * others
    budget = Fraction(cost * (friends + others), friends)
    assert "theirs" in shares(paper, ballots, budget).selected
