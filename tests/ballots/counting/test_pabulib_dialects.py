"""Habits of single cities in Pabulib's files, each told by the file itself."""

from fractions import Fraction

import pytest

from app.ballots.rules.counting.election import Scoring, sum_of_points
from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.formats.pabulib import (
    Oddity,
    Reason,
    count_pabulib,
    difference,
    read_pabulib,
)
from app.ballots.rules.counting.formats.pabulib.comments import threshold_told
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.register import Asked, count_file
from tests.ballots.counting.test_pabulib import note, oddities, pb

MARKED = "project_id;cost;votes;selected\n1;60;3;1\n2;50;2;{second}\n3;40;1;{third}\n"


def test_what_is_left_may_pay_a_part_of_the_next_and_so_end_the_count():
    left = "leftover_budget;Partially fund one more, the one with the highest score\n"
    file = read_pabulib(pb(left, MARKED.format(second=2, third=0), rule="greedy-custom"))
    assert file.published == ("1",)
    count = count_pabulib(file)
    assert count.selected == ("1",)
    assert difference(file, count) is None


@pytest.mark.parametrize(
    "told",
    [
        "Partially fund the first project that does not fit",
        "Partially fund the first project that doesn't fit",
    ],
)
def test_one_that_does_not_fit_ends_the_count_also_where_that_is_said(told):
    left = f"leftover_budget;{told}\n"
    file = read_pabulib(pb(left, MARKED.format(second=2, third=0), rule="greedy-custom"))
    assert count_pabulib(file).selected == ("1",)


def test_what_is_left_may_pay_those_who_still_fit():
    left = "leftover_budget;Fund others that fit, ordered by score\n"
    file = read_pabulib(pb(left, MARKED.format(second=0, third=1), rule="greedy-custom"))
    assert difference(file, count_pabulib(file)) is None
    # The habit belongs to a custom rule; one that says greedy is counted so.
    partly = "leftover_budget;Partially fund one more\n"
    assert count_pabulib(read_pabulib(pb(partly))).selected == ("1", "3")


def test_a_custom_count_that_tells_nothing_of_what_is_left_ends_at_the_first_that_does_not_fit():
    file = read_pabulib(pb("", MARKED.format(second=0, third=0), rule="greedy-custom"))
    assert difference(file, count_pabulib(file)) is None
    assert count_pabulib(file, "greedy").selected == ("1", "3")


# Kleine Wereld in Amsterdam, 2019, cut to two of its six kinds of projects.
KINDS = """budget_per_category;39000,35000
categories;Rats,Green
"""
LEFT = "leftover_budget;Fund additional projects that fit within leftover budget ordered by score\n"
PROJECTS = """project_id;cost;votes;category;selected
37;1000;242;Rats;1
36;35000;151;Rats;1
38;11000;123;Rats;1
49;17500;99;Green;1
51;35000;87;Green;0
48;10000;85;Green;0
66;3500;84;Green;1
67;6500;83;Green;0
"""


def test_kinds_of_projects_spend_budgets_of_their_own_and_then_what_all_of_them_left():
    file = read_pabulib(pb(KINDS + LEFT, PROJECTS, "", rule="greedy-custom", budget="74000"))
    assert file.section_budgets == {"Rats": 39000, "Green": 35000}
    count = count_pabulib(file)
    assert difference(file, count) is None
    # The kinds leave 20,500; of those whom nobody paid yet, 38 and 66 fit.
    rats, green, rest = count.rounds
    assert (rats.section, green.section, rest.section) == ("Rats", "Green", "")
    assert [one.candidate for one in rest.steps] == ["38", "51", "48", "66", "67"]
    assert count.selected == ("37", "36", "49", "38", "66")
    assert count.verdicts["51"].figures["left"] == 9500
    assert count.figures["left"] == 6000


def test_parts_of_a_town_that_leave_something_leave_it_unspent_where_nothing_is_told():
    meta = "budget_per_neighborhood;60,40\nneighborhoods;East, West\n"
    projects = "project_id;cost;votes;neighborhood;selected\n" + "".join(
        f"{row}\n" for row in ("1;50;9;East;1", "2;30;8;East;0", "3;10;7;East;0", "4;30;2;West;1")
    )
    file = read_pabulib(pb(meta, projects, "", rule="greedy-custom"))
    count = count_pabulib(file)
    assert difference(file, count) is None
    assert count.figures["left"] == 20
    # By another rule the whole budget is one.
    assert count_pabulib(file, "greedy").selected == ("1", "2", "3")


def test_parts_of_a_town_count_by_the_custom_of_its_own_rule_only():
    meta = "budget_per_neighborhood;60,40\nneighborhoods;East, West\n"
    projects = "project_id;cost;votes;neighborhood\n1;50;2;East\n2;30;1;West\n"
    votes = "voter_id;vote\na;1,2\nb;1\n"
    for rule in ("greedy", "greedy-custom"):
        read = read_file("a.pb", pb(meta, projects, votes, rule=rule).encode())
        assert count_file(read, "approval", Asked(seats=1))[0].selected == ("1",)
        rounds = count_file(read, "greedy-custom", Asked())[0].rounds
        parts = ["East", "West"] if rule == "greedy-custom" else [""]
        assert [one.section for one in rounds] == parts


def parts(amounts, costs, budget, meta=""):
    """A file whose sections have these amounts, and one project of each cost."""
    names = ",".join(f"S{number}" for number in range(len(amounts)))
    rows = "".join(f"{n};{cost};9;S{n};1\n" for n, cost in enumerate(costs))
    return read_pabulib(
        pb(
            f"budget_per_category;{','.join(amounts)}\ncategories;{names}\n{meta}",
            f"project_id;cost;votes;category;selected\n{rows}",
            "",
            rule="greedy-custom",
            budget=budget,
        )
    )


@pytest.mark.parametrize(
    ("amounts", "budget", "together"),
    [
        (["3334", "3334", "3333"], "10000", "10001"),
        (["33.34", "33.33", "33.34"], "100", "100.01"),
        (["90610", "57312", "71364", "80715"], "300000", "300001"),
        (["75000.00", "75000.00", "75000.00", "75001.00"], "300000", "300001"),
    ],
)
def test_shares_that_were_each_rounded_are_followed_as_they_stand(amounts, budget, together):
    file = parts(amounts, amounts, budget, LEFT)
    assert note(file, Oddity.SECTION_BUDGETS_ROUNDED).parts == {
        "key": "budget_per_category",
        "together": together,
        "whole": budget,
    }
    count = count_pabulib(file)
    assert set(count.selected) == set(file.published)
    assert difference(file, count) is None
    assert count.figures == {"budget": Fraction(budget), "left": 0}


def test_what_is_left_of_rounded_shares_is_left_of_the_whole():
    file = parts(["3334", "3334", "3333"], ["3334", "3000", "3000"], "10000", LEFT)
    count = count_pabulib(file)
    assert count.figures == {"budget": 10000, "left": 666}


@pytest.mark.parametrize(
    ("amounts", "costs", "budget"),
    [
        (["1"] * 10, ["1"] * 10, "1"),
        (["0.999"] * 10, ["0.999"] * 10, "0"),
        (["15000", *["0"] * 999], ["15000"], "14600"),
        (["1.4", "1.0"], ["1.4", "1"], "1.5"),
        (["60.99", "40.99"], ["60.99", "40.99"], "100"),
        (["60", "41"], ["60", "41"], "100"),
        (["3334", "3334", "3334"], ["3334"] * 3, "10000"),
    ],
)
def test_shares_that_are_more_than_the_whole_by_more_than_rounding_are_not_followed(
    amounts, costs, budget
):
    file = parts(amounts, costs, budget)
    assert file.section_budgets == {}
    assert note(file, Oddity.SECTION_BUDGETS).parts == {"key": "budget_per_category"}
    assert sum(file.election.candidates[int(one)].cost for one in count_pabulib(file).selected) <= (
        Fraction(budget)
    )


def test_shares_that_fit_are_not_called_rounded_and_the_line_that_is_used_is_named():
    assert Oddity.SECTION_BUDGETS_ROUNDED not in oddities(parts(["60", "40"], ["60", "40"], "100"))
    other = "budget_per_neighborhood;1,2,3\n"
    file = parts(["3334", "3334", "3333"], ["1"], "10000", other)
    assert note(file, Oddity.SECTION_BUDGETS).parts == {"key": "budget_per_neighborhood"}
    file = parts(["3334", "3334", "3333"], ["1", "1", "1"], "10000", other)
    assert note(file, Oddity.SECTION_BUDGETS_ROUNDED).parts["key"] == "budget_per_category"


@pytest.mark.parametrize(
    "meta",
    [
        "budget_per_category;60,40\n",
        "budget_per_category;60,42\ncategories;A,B\n",
        "budget_per_category;60,40\ncategories;A\n",
        "budget_per_category;60,50\ncategories;A,B\n",
        "budget_per_category;60,x\ncategories;A,B\n",
        "budget_per_category;60,40\ncategories;A,A\n",
        "budget_per_category;60,40\ncategories;A,C\n",
    ],
)
def test_budgets_that_are_no_plain_shares_of_the_whole_are_told_and_not_followed(meta):
    projects = "project_id;cost;votes;category;selected\n1;50;9;A;1\n2;30;8;B;0\n"
    file = read_pabulib(pb(meta, projects, "", rule="greedy-custom"))
    assert file.section_budgets == {}
    (note,) = [one for one in file.notes if one.oddity is Oddity.SECTION_BUDGETS]
    assert note.parts == {"key": "budget_per_category"}
    count = count_pabulib(file)
    assert count.selected == ("1", "2")
    assert difference(file, count).reasons == (Reason.OWN_LIMITS,)


@pytest.mark.parametrize(
    ("comment", "least"),
    [
        ("#1: Rules mandate a minimum of 50 votes for funding, so money was left.", 50),
        ("Projects needed at least 30 points to be eligible.", 30),
        ("#1: The minimum number of 20 valid votes decides who is selected.", 20),
        ("#1: A threshold of 5 votes must be met to be implemented.", 5),
        ("Parks etc. need at least 7 votes to be funded.", 7),
        ("To be funded, a project needs a min. of at least 8 votes.", 8),
        ("Voters gave at least 3 votes each.", None),
        ("At least 5 votes for funding in the parks, at least 9 votes for funding roads.", None),
        ("Project 12 was funded with 50 votes.", None),
        ("", None),
    ],
)
def test_a_comment_may_tell_the_threshold(comment, least):
    assert threshold_told(comment) == least


def test_a_threshold_from_a_comment_is_counted_and_noted():
    comment = "comment;#1: A minimum of 2 votes is required for funding.\n"
    file = read_pabulib(pb(comment, MARKED.format(second=0, third=0)))
    assert file.threshold == 2
    assert note(file, Oddity.THRESHOLD_TOLD).parts == {"least": "2"}
    assert difference(file, count_pabulib(file)) is None


@pytest.mark.parametrize("rule", ["equalshares", "equalshares/add1", "equalshares-comparison"])
def test_equal_shares_heed_the_least_votes_and_leave_the_money_to_others(rule):
    votes = "voter_id;vote\na;1,2\nb;1,2\nc;1,3\n"
    projects = "project_id;cost;votes\n1;60;3\n2;30;2\n3;10;1\n"
    least = "min_project_score_threshold;3\n"
    assert "3" in count_pabulib(read_pabulib(pb("", projects, votes, rule=rule))).selected
    count = count_pabulib(read_pabulib(pb(least, projects, votes, rule=rule)))
    assert count.selected == ("1",)
    for name in "23":
        assert count.verdicts[name].verdict is Verdict.BELOW_THRESHOLD
        assert count.verdicts[name].figures["threshold"] == 3


def test_budgets_of_parts_which_the_rule_does_not_know_are_told():
    file = read_pabulib(pb(KINDS, PROJECTS, "", rule="greedy", budget="74000"))
    assert note(file, Oddity.SECTION_BUDGETS_UNUSED).parts == {
        "key": "budget_per_category",
        "rule": "greedy",
    }


def test_a_published_selection_that_costs_more_than_the_budget_is_called_so():
    # So it was in Assen in 2025: one project more was paid than the budget had money for.
    file = read_pabulib(pb("", MARKED.format(second=1, third=0), rule="equalshares/add1"))
    apart = difference(file, count_pabulib(file))
    assert apart.only_there == ("2",)
    assert apart.reasons == (Reason.OVER_BUDGET,)


def test_the_key_outweighs_the_comment():
    meta = "min_project_score_threshold;1\ncomment;#1: A minimum of 2 votes for funding.\n"
    file = read_pabulib(pb(meta))
    assert file.threshold == 1
    assert Oddity.THRESHOLD_TOLD not in oddities(file)


def test_a_line_of_meta_may_be_written_with_a_colon():
    text = pb("x;y\n", rule="greedy-no-skip").replace("rule;greedy-no-skip", "rule: greedy-no-skip")
    file = read_pabulib(text)
    assert file.rule == "greedy-no-skip"
    assert file.notes == ()


def test_an_exclusive_rule_that_names_nobody_explains_a_difference():
    file = read_pabulib(pb("", MARKED.format(second=0, third=0), rule="greedy-exclusive"))
    assert Reason.EXCLUSIVE in difference(file, count_pabulib(file)).reasons


def test_projects_withdrawn_do_not_end_a_count_that_ends_at_the_first_misfit():
    projects = "project_id;cost;selected\n1;999999999;0\n2;50;1\n3;60;0\n4;10;0\n"
    votes = "voter_id;vote\na;1,2,3,4\nb;1,2,3\nc;1,2\nd;1\n"
    file = read_pabulib(pb("", projects, votes, rule="greedy-no-skip"))
    count = count_pabulib(file)
    assert count.selected == ("2",)
    assert difference(file, count) is None


def test_points_of_every_weight_add_up_exactly():
    papers = read_pabulib(pb()).election.candidates
    ballots = [
        Scoring((("1", Fraction(2)), ("2", Fraction(1, 2)))),
        Scoring((("1", Fraction(1, 3)), ("2", Fraction(3)))),
        Scoring((("1", Fraction(5)),), Fraction(1, 2)),
    ]
    assert sum_of_points(papers, ballots) == {
        "1": Fraction(29, 6),
        "2": Fraction(7, 2),
        "3": 0,
    }
