"""Slips of those who typed a `.pb` file: read as meant and told, or refused; never half read."""

from fractions import Fraction
from time import process_time

import pytest

from app.ballots.rules.counting.formats.pabulib import Oddity, read_pabulib, rows
from app.ballots.rules.counting.formats.reading import FormatError
from tests.ballots.counting.test_pabulib import PROJECTS, VOTES, note, oddities, pb

POINTS = "project_id;cost;score\n1;60;5\n2;50;3\n"


def scored(vote, points):
    votes = f"voter_id;vote;points\na;{vote};{points}\n"
    file = read_pabulib(pb(projects=POINTS, votes=votes, kind="cumulative"))
    return dict(file.election.ballots[0].points), Oddity.POINTS_MISSING in oddities(file)


@pytest.mark.parametrize(
    ("vote", "points", "given", "is_told"),
    [
        ("1,2", ",5", {"1": 0, "2": 5}, True),
        ("1,2", "5,", {"1": 5, "2": 0}, True),
        ("1,2", "", {"1": 0, "2": 0}, True),
        ("1,,2", "5,,", {"1": 5, "2": 0}, True),
        ("1,2", "5,,3", {"1": 5, "2": 3}, False),
        ("1,,2", "5,3", {"1": 5, "2": 3}, False),
        ("1,,2", "5,,3", {"1": 5, "2": 3}, False),
        ("1,2,", "5,3", {"1": 5, "2": 3}, False),
    ],
)
def test_empty_points_stay_with_their_choice(vote, points, given, is_told):
    assert scored(vote, points) == (given, is_told)


@pytest.mark.parametrize(
    ("text", "number", "oddity"),
    [
        ("1,000", 1000, Oddity.THOUSANDS),
        ("12,345", 12345, Oddity.THOUSANDS),
        ("1,000.50", Fraction("1000.5"), Oddity.THOUSANDS),
        ("1.000.000,50", Fraction("1000000.5"), Oddity.THOUSANDS),
        ("1.000.000", 1000000, Oddity.THOUSANDS),
        ("1 000,5", Fraction("1000.5"), Oddity.DECIMAL_COMMA),
        ("1000,500", Fraction("1000.5"), Oddity.DECIMAL_COMMA),
        ("0,500", Fraction("0.5"), Oddity.DECIMAL_COMMA),
    ],
)
def test_money_is_read_with_the_marks_of_any_country(text, number, oddity):
    file = read_pabulib(pb(budget=text))
    assert file.budget == number
    assert oddity in oddities(file)


def test_three_digits_behind_a_comma_are_a_fraction_of_a_vote():
    votes = "voter_id;vote;vote_strength\na;1;1,333\n"
    assert read_pabulib(pb(votes=votes)).sums["1"] == Fraction("1.333")


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        (pb() + "VOTES\nvoter_id;vote\nd;2\n", 16, 1, "a line VOTES once"),
        (pb("budget;999\n"), 6, 1, "budget once"),
        (pb("default_score;0\ndefault_score;9\n"), 7, 1, "default_score once"),
        (pb("scoring_fn;Borda\nscoring_fn;Other\n"), 7, 1, "scoring_fn once"),
        (
            pb("budget_per_category;[A: 60]\nbudget_per_category;[A: 50]\n"),
            7,
            1,
            "budget_per_category once",
        ),
        (pb(projects=PROJECTS.replace("votes", "cost")), 7, 17, "a column cost once"),
        (pb(votes="voter_id;vote;vote_strength\na;1;0\n"), 13, 5, "more than 0"),
        (
            pb(votes="voter_id;vote;points\na;1;-1\n", kind="scoring"),
            13,
            5,
            "points as numbers, none below 0",
        ),
    ],
)
def test_what_would_be_half_read_is_refused_with_its_place(text, line, column, expected):
    with pytest.raises(FormatError) as caught:
        read_pabulib(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert expected in caught.value.expected


def test_a_second_value_of_what_decides_nothing_is_told():
    file = read_pabulib(pb("unit;Here\nunit;There\n"))
    assert file.meta["unit"] == "There"
    assert note(file, Oddity.KEY_TWICE).line == 7
    assert read_pabulib(pb("unit;Here\nunit;Here\nbudget;100\n")).notes == ()


def test_voters_without_a_number_are_not_taken_for_one():
    file = read_pabulib(pb(votes="voter_id;vote\n;1,2\n;1,3\n;1,2\n"))
    assert len(file.election.ballots) == 3
    assert file.notes == ()


def test_numbers_that_decide_nothing_may_be_none():
    file = read_pabulib(pb("num_votes;many\nmax_length;few\n"))
    assert note(file, Oddity.NUMBER_OF_VOTES).parts == {"stated": "many", "counted": "3"}


ENDLESS = "9" * 5_000


@pytest.mark.parametrize(
    "text",
    [
        pb(f"max_length;{ENDLESS}\n"),
        pb(f"comment;To be funded at least {ENDLESS} votes are needed.\n"),
        pb(projects=f"project_id;cost;votes\n1;60;{ENDLESS}\n2;50;2\n3;30;1\n"),
        pb(f"neighborhoods;East\nbudget_per_neighborhood;{ENDLESS}\n", rule="greedy-custom"),
    ],
)
def test_what_is_longer_than_anybody_counts_is_no_number(text):
    assert read_pabulib(text).election.budget == 100


@pytest.mark.parametrize(
    ("rule", "kind"), [("greedy_no_skip", "choose 1"), ("Greedy No-Skip", "Choose1")]
)
def test_words_of_the_format_are_known_however_they_are_joined(rule, kind):
    file = read_pabulib(pb(votes="voter_id;vote\na;1\n", rule=rule, kind=kind))
    assert (file.rule, file.vote_type) == ("greedy-no-skip", "choose-1")


@pytest.mark.parametrize(
    ("meta", "kind", "votes", "parts", "line", "times"),
    [
        ("max_length;1\n", "approval", VOTES, ("max_length", "1"), 14, 3),
        ("min_length;2\n", "approval", "voter_id;vote\na;1\nb;\n", ("min_length", "2"), 14, 1),
        ("max_sum_cost;100\n", "approval", VOTES, ("max_sum_cost", "100"), 14, 2),
        ("max_sum_cost;100,0\n", "approval", VOTES, ("max_sum_cost", "100"), 14, 2),
        ("", "choose-1", VOTES, ("max_length", "1"), 13, 3),
        (
            "max_points;4\nmax_sum_points;9\n",
            "cumulative",
            "voter_id;vote;points\na;1,2;4,5\n",
            ("max_points", "4"),
            15,
            1,
        ),
        (
            "max_sum_points;5\n",
            "cumulative",
            "voter_id;vote;points\na;1,2;4,5\n",
            ("max_sum_points", "5"),
            14,
            1,
        ),
    ],
)
def test_ballots_that_do_not_keep_their_bounds_are_counted_and_told(
    meta, kind, votes, parts, line, times
):
    file = read_pabulib(pb(meta, votes=votes, kind=kind))
    told = note(file, Oddity.BOUNDS)
    assert (told.parts["key"], told.parts["limit"]) == parts
    assert (told.line, told.times) == (line, times)
    assert sum(Oddity.BOUNDS is one.oddity for one in file.notes) == 1


def test_ballots_within_their_bounds_are_no_note():
    meta = "min_length;1\nmax_length;2\nmin_sum_cost;1\nmax_sum_cost;110\n"
    assert read_pabulib(pb(meta)).notes == ()
    points = "default_score;1\nmin_points;1\nmax_points;5\nmax_length;1\n"
    votes = "voter_id;vote;points\na;1;5\n"
    file = read_pabulib(pb(points, votes=votes, kind="scoring"))
    assert Oddity.BOUNDS not in oddities(file)


def test_a_ballot_of_very_many_picks_is_read_in_one_pass():
    names = [str(number) for number in range(5_000)]
    projects = "project_id;cost\n" + "".join(f"{name};1\n" for name in names)
    picks = ",".join([*names, *["4999"] * 50_000])
    begin = process_time()
    file = read_pabulib(pb(projects=projects, votes=f"voter_id;vote\na;{picks}\n"))
    assert process_time() - begin < 2
    assert note(file, Oddity.DOUBLE_CHOICE).times == 50_000


@pytest.mark.parametrize("row", ['"a"' + ";b" * 600_000, '"a";' * 400_000, 'a"b' + ";" * 600_000])
def test_a_row_of_very_many_fields_is_parted_in_one_pass(row):
    begin = process_time()
    (only,) = rows.read_sections(f"META\n{row}\n")[0]["META"].rows
    assert process_time() - begin < 5
    assert len(only.fields) == row.count(";") + 1


def test_more_lines_than_can_be_counted_are_refused_before_anything_is_read_of_them(monkeypatch):
    monkeypatch.setattr(rows, "MOST_LINES", 13)
    with pytest.raises(FormatError, match="line 14, column 1: expected at most 13 lines"):
        read_pabulib(f"META\n{pb()}")


@pytest.mark.parametrize(
    ("line", "fields", "columns"),
    [
        ('"a";b', ("a", "b"), (1, 5)),
        ('  "a" ;\t"b"', ("a", "b"), (3, 9)),
        ('x;"";y', ("x", "", "y"), (1, 3, 6)),
        ('"";""', ("", ""), (1, 4)),
        ('"a""b";c', ('a"b', "c"), (1, 8)),
        ('"""a""";"b"', ('"a"', "b"), (1, 9)),
        ('""""', ('"',), (1,)),
        ('"a"b;c', ('"a"b', "c"), (1, 6)),
        ('"a;b', ('"a', "b"), (1, 4)),
        ('a";b', ('a"', "b"), (1, 4)),
        ('"Xa" ;" b "', ("Xa", "b"), (1, 7)),
        ('"a;";', ("a;", ""), (1, 6)),
        (';"a"', ("", "a"), (1, 2)),
    ],
)
def test_a_row_with_quotes_is_parted_at_the_semicolons_outside_of_them(line, fields, columns):
    (row,) = rows.read_sections(f"META\n{line}\n")[0]["META"].rows
    assert row.fields == fields
    assert tuple(row.column(place) for place in range(len(fields))) == columns
    assert row.column(len(fields)) == columns[-1]


MESSY = """\
META
Key;value
description: Our town
unit;Here
unit;There
unit;Nowhere
budget;1 000,5
num_projects;4
num_votes;9
vote_type;cumulative
rule;by lot
max_length;1
min_project_score_threshold;
comment;To be funded, a project needs at least 2 votes.

PROJECTS
project_id;COST;votes;score;selected
1;60;7;9;yes
2;50;1;5;1;more
3;1,5
VOTES
Voter_id;vote;points
a;1,2,,1;5,3,,2
b;1,9;5
b;;

c;2;1,2
"""
BARE = """\
META
budget;100
PROJECTS
1;60;2;Bench
VOTES
a;1
"""


def test_all_that_was_odd_is_told_once_with_its_line_and_how_often():
    file = read_pabulib(MESSY)
    assert [(one.line, one.oddity, one.times, one.parts) for one in file.notes] == [
        (0, Oddity.SCORE_DIFFERS, 2, {"project": "1", "stated": "9", "counted": "10"}),
        (0, Oddity.VOTES_DIFFER, 2, {"project": "1", "stated": "7", "counted": "2"}),
        (2, Oddity.HEADER_MENDED, 1, {"section": "META"}),
        (5, Oddity.KEY_TWICE, 2, {"key": "unit"}),
        (7, Oddity.DECIMAL_COMMA, 2, {}),
        (7, Oddity.THOUSANDS, 1, {}),
        (8, Oddity.NUMBER_OF_PROJECTS, 1, {"stated": "4", "counted": "3"}),
        (9, Oddity.NUMBER_OF_VOTES, 1, {"stated": "9", "counted": "4"}),
        (11, Oddity.RULE_UNKNOWN, 1, {"rule": "by lot"}),
        (14, Oddity.THRESHOLD_TOLD, 1, {"least": "2"}),
        (15, Oddity.BLANK_LINES, 2, {}),
        (17, Oddity.HEADER_MENDED, 1, {"section": "PROJECTS"}),
        (18, Oddity.MARK_UNKNOWN, 1, {"mark": "yes"}),
        (19, Oddity.COLUMN_UNKNOWN, 1, {"section": "PROJECTS"}),
        (20, Oddity.FIELD_MISSING, 1, {"section": "PROJECTS"}),
        (22, Oddity.HEADER_MENDED, 1, {"section": "VOTES"}),
        (23, Oddity.BOUNDS, 1, {"key": "max_length", "limit": "1"}),
        (23, Oddity.DOUBLE_CHOICE, 1, {}),
        (23, Oddity.EMPTY_CHOICE, 1, {}),
        (24, Oddity.POINTS_MISSING, 1, {}),
        (24, Oddity.UNKNOWN_PROJECT, 1, {"project": "9"}),
        (25, Oddity.DOUBLE_VOTER, 1, {"voter": "b"}),
        (25, Oddity.EMPTY_BALLOT, 1, {}),
        (27, Oddity.POINTS_TOO_MANY, 1, {}),
    ]
    assert (file.rule, file.threshold, file.budget) == ("greedy", 2, Fraction("1000.5"))
    assert (file.election.title, file.meta["unit"]) == ("Our town", "Nowhere")
    assert (file.sums, file.marks) == ({"1": 10, "2": 4, "3": 0}, {"2": 1})


def test_what_a_bare_file_leaves_out_is_told_and_the_usual_taken():
    file = read_pabulib(BARE)
    assert [(one.line, one.oddity, one.times, one.parts) for one in file.notes] == [
        (0, Oddity.RULE_MISSING, 1, {}),
        (0, Oddity.VOTE_TYPE_MISSING, 1, {"told": "approval"}),
        (0, Oddity.VOTES_DIFFER, 1, {"project": "1", "stated": "2", "counted": "1"}),
        (1, Oddity.HEADER_MISSING, 1, {"section": "META"}),
        (3, Oddity.HEADER_MISSING, 1, {"section": "PROJECTS"}),
        (5, Oddity.HEADER_MISSING, 1, {"section": "VOTES"}),
    ]
    assert file.election.title == ""


def test_a_pair_of_meta_with_a_colon_ends_its_key_at_the_first():
    file = read_pabulib(pb("comment: from 10:00 to 12:00\n"))
    assert file.meta["comment"] == "from 10:00 to 12:00"


def test_budgets_that_are_not_followed_are_told_where_they_stand():
    told = "neighborhoods;East\nbudget_per_neighborhood;many\n"
    unread = note(read_pabulib(pb(told, rule="greedy-custom")), Oddity.SECTION_BUDGETS)
    assert (unread.line, unread.parts) == (7, {"key": "budget_per_neighborhood"})
    unused = note(read_pabulib(pb(told)), Oddity.SECTION_BUDGETS_UNUSED)
    assert (unused.line, unused.parts["rule"]) == (7, "greedy")


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("approval", {"1": 9, "2": 4}),
        ("cumulative", {"1": 5, "2": 8}),
        ("scoring", {"1": 5, "2": 8}),
    ],
)
def test_of_two_sums_the_votes_count_where_ballots_pick_and_else_the_score(kind, counted):
    both = "project_id;cost;votes;score\n1;60;9;5\n2;50;4;8\n"
    assert read_pabulib(pb(projects=both, kind=kind).partition("VOTES")[0]).sums == counted
    for only in ("votes", "score"):
        one = f"project_id;cost;{only}\n1;60;9\n2;50;4\n"
        told = read_pabulib(pb(projects=one, kind=kind).partition("VOTES")[0])
        assert told.sums == {"1": 9, "2": 4}
