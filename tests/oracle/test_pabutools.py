"""Greedy and Equal Shares beside pabutools, on hundreds of random elections."""

from fractions import Fraction

import pytest
from pabutools.election import (
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    Instance,
    Project,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

from app.ballots.rules.counting.election import sum_of_picks, sum_of_points
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from tests.oracle.budget_elections import budget_election

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("default"),
]


def theirs(election):
    """Return an election as pabutools holds it: instance, profile, projects by name."""
    projects = {one.id: Project(one.id, int(one.cost)) for one in election.candidates}
    instance = Instance(projects.values(), budget_limit=int(election.budget))
    return instance, projects


def approval_profile(election, instance, projects):
    return ApprovalProfile(
        [ApprovalBallot([projects[name] for name in one.picks]) for one in election.ballots],
        instance=instance,
    )


def point_profile(election, instance, projects):
    return CardinalProfile(
        [
            CardinalBallot({projects[name]: int(points) for name, points in one.points})
            for one in election.ballots
        ],
        instance=instance,
    )


def by_name(_instance, _profile, project):
    return project.name


def by_votes_then_name(_instance, profile, project):
    return -sum(project in ballot for ballot in profile), project.name


def by_cost_votes_name(_instance, profile, project):
    votes = sum(
        ballot.get(project, 0) if isinstance(ballot, CardinalBallot) else project in ballot
        for ballot in profile
    )
    return project.cost, -votes, project.name


def names(outcome):
    return [project.name for project in outcome]


@pytest.mark.parametrize("seed", range(300))
def test_greedy_by_votes(seed):
    election = budget_election(seed)
    instance, projects = theirs(election)
    # Greedy there goes by satisfaction for cost: with the satisfaction of cost, that is votes.
    outcome = greedy_utilitarian_welfare(
        instance,
        approval_profile(election, instance, projects),
        sat_class=Cost_Sat,
        tie_breaking=TieBreakingRule(by_name),
    )
    sums = sum_of_picks(election.candidates, election.ballots)
    count = count_greedy(election.candidates, sums, GreedyRule(budget=election.budget))
    # Projects without votes can be selected here, as cities do.
    assert [name for name in count.selected if sums[name]] == [
        name for name in names(outcome) if sums[name]
    ]


@pytest.mark.parametrize("seed", range(300))
def test_equal_shares_by_approval(seed):
    election = budget_election(seed)
    instance, projects = theirs(election)
    outcome = method_of_equal_shares(
        instance,
        approval_profile(election, instance, projects),
        sat_class=Cost_Sat,
        tie_breaking=TieBreakingRule(by_cost_votes_name),
    )
    count = count_equal_shares(
        election.candidates, election.ballots, SharesRule(budget=election.budget)
    )
    assert list(count.selected) == names(outcome)


@pytest.mark.parametrize("seed", range(300))
def test_equal_shares_by_points(seed):
    election = budget_election(seed, scoring=True)
    instance, projects = theirs(election)
    outcome = method_of_equal_shares(
        instance,
        point_profile(election, instance, projects),
        sat_class=Additive_Cardinal_Sat,
        tie_breaking=TieBreakingRule(by_cost_votes_name),
    )
    count = count_equal_shares(
        election.candidates, election.ballots, SharesRule(budget=election.budget)
    )
    assert list(count.selected) == names(outcome)
    assert count.votes == sum_of_points(election.candidates, election.ballots)


@pytest.mark.parametrize("seed", range(120))
def test_completion_until_nothing_more_fits(seed):
    """Budgets are whole numbers for each voter: so both add to the same share."""
    election = budget_election(seed)
    instance, projects = theirs(election)
    profile = approval_profile(election, instance, projects)
    outcome = method_of_equal_shares(
        instance,
        profile,
        sat_class=Cost_Sat,
        tie_breaking=TieBreakingRule(by_cost_votes_name),
        voter_budget_increment=1,
    )
    rule = SharesRule(budget=election.budget, add=Fraction(1), until_full=True)
    count = count_equal_shares(election.candidates, election.ballots, rule)
    assert set(count.selected) == set(names(outcome))


def test_the_comparison_sees_differences():
    """A count by another satisfaction differs, so agreement above means something."""
    differing = 0
    for seed in range(60):
        election = budget_election(seed)
        instance, projects = theirs(election)
        outcome = method_of_equal_shares(
            instance,
            approval_profile(election, instance, projects),
            sat_class=Cardinality_Sat,
            tie_breaking=TieBreakingRule(by_cost_votes_name),
        )
        count = count_equal_shares(
            election.candidates, election.ballots, SharesRule(budget=election.budget)
        )
        differing += set(count.selected) != set(names(outcome))
    assert differing > 5
