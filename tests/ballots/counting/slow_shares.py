"""Equal Shares as it is defined, step by step in plain fractions, and small elections for it."""

from fractions import Fraction

from hypothesis import strategies as st

from app.ballots.rules.counting.election import Approval, Candidate, Scoring
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.outcome import Verdict

ONE = Fraction(1)


def paper(**costs):
    return [Candidate(id=name, cost=Fraction(cost)) for name, cost in costs.items()]


def approvals(*papers):
    """Each paper is the picks, a letter each, and how many voters cast it."""
    return [Approval(tuple(picks)) for picks, times in papers for _ in range(times)]


def shares(candidates, ballots, budget, **how):
    return count_equal_shares(candidates, ballots, SharesRule(budget=Fraction(budget), **how))


def points_of(ballot):
    if isinstance(ballot, Approval):
        return dict.fromkeys(ballot.picks, ONE)
    return {name: points for name, points in ballot.points if points > 0}


def slow_run(candidates, ballots, endowment, turns=None, equals=None):
    """Return who is selected at which price, in fractions alone.

    `turns` says whose turn it is at a place, where somebody else stands first by default. Of each
    place where several stand equal in all but their place on the paper, `equals` takes the names.
    """
    money = [endowment] * len(ballots)
    by_cost = all(isinstance(ballot, Approval) for ballot in ballots)
    supporters = {
        one.id: [
            (voter, points_of(ballot)[one.id])
            for voter, ballot in enumerate(ballots)
            if one.id in points_of(ballot)
        ]
        for one in candidates
    }

    def price(one):
        left, mass, asked = one.cost, Fraction(0), Fraction(0)
        if sum(ballots[voter].weight * money[voter] for voter, _ in supporters[one.id]) < left:
            return None
        mass = sum(ballots[voter].weight * points for voter, points in supporters[one.id])
        for voter, points in sorted(supporters[one.id], key=lambda each: money[each[0]] / each[1]):
            asked = left / mass
            if money[voter] >= asked * points:
                break
            left -= ballots[voter].weight * money[voter]
            mass -= ballots[voter].weight * points
        return asked

    votes = {
        name: sum(ballots[voter].weight * points for voter, points in each)
        for name, each in supporters.items()
    }
    remaining = [one for one in candidates if one.cost and supporters[one.id]]
    selected = []
    while True:
        asked = {one.id: price(one) for one in remaining}
        able = [one for one in remaining if asked[one.id] is not None]
        if not able:
            return selected
        rank = {
            one.id: (asked[one.id] / (one.cost if by_cost else 1), one.cost, -votes[one.id])
            for one in able
        }
        level = [one for one in able if rank[one.id] == min(rank.values())]
        if equals is not None and len(level) > 1:
            equals[len(selected)] = [one.id for one in level]
        turn = (turns or {}).get(len(selected))
        first = next((one for one in level if one.id == turn), level[0])
        for voter, points in supporters[first.id]:
            money[voter] -= min(money[voter], asked[first.id] * points)
        remaining.remove(first)
        selected.append((first, asked[first.id]))


def share(ballots, budget):
    """Return what each voter begins with."""
    return budget / sum(ballot.weight for ballot in ballots)


def slow_count(candidates, ballots, budget, add, *, until_full=False):
    """Return the run that counts with completion, step by step as it is defined."""
    first = share(ballots, budget)
    best = slow_run(candidates, ballots, first)
    supported = {
        one for one in candidates if one.cost and any(one.id in points_of(each) for each in ballots)
    }
    whole, steps = first // add * add, 0
    while rest := supported - {one for one, _ in best}:
        left = budget - sum(one.cost for one, _ in best)
        if until_full and all(one.cost > left for one in rest):
            break
        steps += 1
        run = slow_run(candidates, ballots, whole + steps * add)
        if sum(one.cost for one, _ in run) > budget:
            break
        best = run
    return best


def deciding(candidates, ballots, endowment):
    """Return the usual run, and of each place who is tied there so that it decides, as defined."""
    equals = {}
    usual = slow_run(candidates, ballots, endowment, equals=equals)

    def ends_otherwise(place, name):
        other = slow_run(candidates, ballots, endowment, turns={place: name})
        return {one.id for one, _ in other} != {one.id for one, _ in usual}

    ties = {
        place: names
        for place, names in equals.items()
        if any(ends_otherwise(place, name) for name in names[1:])
    }
    return usual, ties


costs = st.fractions(min_value=Fraction(1, 2), max_value=60, max_denominator=2)
weights = st.sampled_from([ONE, ONE, ONE, Fraction(2), Fraction(1, 2)])


@st.composite
def elections(draw):
    candidates = [
        Candidate(id=str(number), cost=cost)
        for number, cost in enumerate(draw(st.lists(costs, min_size=1, max_size=6)))
    ]
    names = st.sampled_from([one.id for one in candidates])
    picks = st.lists(names, unique=True, max_size=4)
    if draw(st.booleans()):
        points = st.fractions(min_value=0, max_value=4, max_denominator=3)
        ballot = st.builds(
            Scoring,
            st.dictionaries(names, points, max_size=4).map(lambda each: tuple(each.items())),
            weights,
        )
    else:
        ballot = st.builds(lambda named, weight: Approval(tuple(named), weight), picks, weights)
    ballots = draw(st.lists(ballot, min_size=1, max_size=9))
    budget = draw(st.fractions(min_value=1, max_value=150, max_denominator=3))
    return candidates, ballots, budget


def priced(count):
    return [
        (step.candidate, step.figures["price"])
        for one in count.rounds
        for step in one.steps
        if step.verdict is Verdict.SELECTED
    ]
