"""Habits of single cities in Pabulib's files, each told by the file itself."""

from fractions import Fraction

import pytest

from app.ballots.rules.counting.election import Scoring, sum_of_points
from app.ballots.rules.counting.formats.pabulib import (
    Oddity,
    Reason,
    count_pabulib,
    difference,
    read_pabulib,
)
from app.ballots.rules.counting.formats.pabulib.terms import threshold_told
from tests.ballots.counting.test_pabulib import note, oddities, pb

MARKED = "project_id;cost;votes;selected\n1;60;3;1\n2;50;2;{second}\n3;40;1;{third}\n"


def test_what_is_left_may_pay_a_part_of_the_next_and_so_end_the_count():
    left = "leftover_budget;Partially fund one more, the one with the highest score\n"
    file = read_pabulib(pb(left, MARKED.format(second=2, third=0), rule="greedy-custom"))
    assert file.published == ("1",)
    count = count_pabulib(file)
    assert count.selected == ("1",)
    assert difference(file, count) is None


def test_what_is_left_may_pay_those_who_still_fit():
    left = "leftover_budget;Fund others that fit, ordered by score\n"
    file = read_pabulib(pb(left, MARKED.format(second=0, third=1), rule="greedy-custom"))
    assert difference(file, count_pabulib(file)) is None
    # The habit belongs to a custom rule; one that says greedy is counted so.
    partly = "leftover_budget;Partially fund one more\n"
    assert count_pabulib(read_pabulib(pb(partly))).selected == ("1", "3")


@pytest.mark.parametrize(
    ("comment", "least"),
    [
        ("#1: Rules mandate a minimum of 50 votes for funding, so money was left.", 50),
        ("Projects needed at least 30 points to be eligible.", 30),
        ("#1: The minimum number of 20 valid votes decides who is selected.", 20),
        ("#1: A threshold of 5 votes must be met to be implemented.", 5),
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
