"""Pabulib's files: every kind of vote, dirt, errors that say where, published marks."""

from fractions import Fraction

import pytest

from app.ballots.rules.counting.election import Approval, Ranking, Scoring
from app.ballots.rules.counting.formats.pabulib import (
    Oddity,
    Reason,
    count_pabulib,
    difference,
    read_pabulib,
    reading,
)
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.ties import TieBreak, TieRule

PROJECTS = "project_id;cost;votes;name;selected\n1;60;3;Bench;1\n2;50;2;Tree;0\n3;40;1;Lamp;1\n"
VOTES = "voter_id;vote\na;1,2\nb;1,3\nc;1,2\n"


def pb(meta="", projects=PROJECTS, votes=VOTES, *, rule="greedy", kind="approval", budget="100"):
    head = f"META\nkey;value\nbudget;{budget}\nvote_type;{kind}\nrule;{rule}\n{meta}"
    return f"{head}PROJECTS\n{projects}VOTES\n{votes}"


def oddities(file):
    return {note.oddity for note in file.notes}


def note(file, oddity):
    return next(one for one in file.notes if one.oddity is oddity)


def test_a_clean_file_is_read_without_a_note():
    file = read_pabulib(pb("description;Our street\nnum_votes;3\nnum_projects;3\n"))
    assert file.notes == ()
    assert file.election.title == "Our street"
    assert [(one.id, one.name, one.cost) for one in file.election.candidates] == [
        ("1", "Bench", 60),
        ("2", "Tree", 50),
        ("3", "Lamp", 40),
    ]
    assert file.election.ballots[0] == Approval(("1", "2"))
    assert file.sums == {"1": 3, "2": 2, "3": 1}
    assert file.published == ("1", "3")
    count = count_pabulib(file)
    assert count.selected == ("1", "3")
    assert difference(file, count) is None


# ---------------------------------------------------------------- kinds of votes

POINTS = "project_id;cost;score\n1;60;5\n2;50;3\n"


@pytest.mark.parametrize("kind", ["cumulative", "scoring"])
def test_points_are_summed(kind):
    votes = "voter_id;vote;points\na;1,2;4,0.5\nb;2,1;2.5,1\n"
    file = read_pabulib(pb(projects=POINTS, votes=votes, kind=kind))
    assert file.sums == {"1": 5, "2": 3}
    assert file.valued[0] == Scoring((("1", Fraction(4)), ("2", Fraction(1, 2))))
    assert file.notes == ()


def test_who_is_not_named_gets_the_default_score():
    votes = "voter_id;vote;points\na;1;4\nb;2;-\n".replace("-", "3")
    file = read_pabulib(pb("default_score;1\n", POINTS, votes, kind="scoring"))
    assert file.sums == {"1": 5, "2": 4}
    assert note(file, Oddity.SCORE_DIFFERS).parts == {
        "project": "2",
        "stated": "3",
        "counted": "4",
    }


def test_an_order_of_preference_with_points_counts_them():
    votes = "voter_id;vote;points\na;1,2;4,3\nb;1;1\n"
    file = read_pabulib(pb(projects=POINTS, votes=votes, kind="ordinal"))
    assert file.sums == {"1": 5, "2": 3}
    assert file.election.ballots[0] == Ranking((("1",), ("2",)))


@pytest.mark.parametrize(
    ("scores", "way", "sums"),
    [
        ((6, 2), "max_length", (6, 2)),
        ((3, 1), "vote_length", (3, 1)),
        ((4, 1), "projects", (4, 1)),
        ((2, 0), "projects_less_one", (2, 0)),
        ((None, None), "max_length", (6, 2)),
    ],
)
def test_the_published_score_says_how_an_order_was_valued(scores, way, sums):
    one, two = ("" if score is None else score for score in scores)
    projects = f"project_id;cost;score\n1;60;{one}\n2;50;{two}\n"
    votes = "voter_id;vote\na;1,2\nb;1\n"
    file = read_pabulib(pb("max_length;3\n", projects, votes, kind="ordinal"))
    assert note(file, Oddity.SCORING).parts == {"way": way}
    assert tuple(file.sums.values()) == sums


def test_without_a_longest_order_the_voters_own_counts():
    votes = "voter_id;vote\na;1,2\nb;1\n"
    file = read_pabulib(pb(projects="project_id;cost\n1;60\n2;50\n", votes=votes, kind="ordinal"))
    assert file.sums == {"1": 3, "2": 1}


def test_a_vote_may_have_a_strength():
    votes = "voter_id;vote;vote_strength\na;1;2\nb;2;0,5\nc;2;\n"
    file = read_pabulib(pb(projects="project_id;cost\n1;60\n2;50\n", votes=votes))
    assert file.sums == {"1": 2, "2": Fraction(3, 2)}
    assert [ballot.weight for ballot in file.election.ballots] == [2, Fraction(1, 2), 1]


# ---------------------------------------------------------------- dirt


def test_marks_line_ends_blanks_and_spaces_make_no_difference():
    clean = read_pabulib(pb())
    dirty = "\ufeff" + pb().replace("\n", " \r\n").replace(";", " ; ").replace(
        "VOTES", "\r\nVotes;;"
    )
    file = read_pabulib(dirty)
    assert (file.sums, file.published) == (clean.sums, clean.published)
    assert oddities(file) == {Oddity.BLANK_LINES}
    assert note(file, Oddity.BLANK_LINES).line == 11


def test_headers_are_read_whatever_their_case():
    text = pb().replace("key;value", "Key;Value").replace("project_id;cost", "Project ID;COST")
    file = read_pabulib(text)
    assert file.sums == {"1": 3, "2": 2, "3": 1}
    assert [one.parts["section"] for one in file.notes] == ["META", "PROJECTS"]


def test_missing_headers_are_taken_to_be_the_usual_ones():
    text = pb().replace("key;value\n", "").replace("voter_id;vote\n", "")
    text = text.replace("project_id;cost;votes;name;selected\n", "")
    file = read_pabulib(text)
    assert file.sums == {"1": 3, "2": 2, "3": 1}
    assert len(file.notes) == 4  # three headers, and the mark behind the last usual column
    assert oddities(file) == {Oddity.HEADER_MISSING, Oddity.COLUMN_UNKNOWN}


def test_quotes_hold_semicolons_and_lines_together():
    name = '"A ""long"" name; with\ntwo lines"'
    projects = f'project_id;cost;name;selected\n1;60;{name};1\n2;50;"x;y";0\n'
    file = read_pabulib(pb(projects=projects, votes="voter_id;vote\na;1\n"))
    assert [one.name for one in file.election.candidates] == [
        'A "long" name; with\ntwo lines',
        "x;y",
    ]
    assert file.published == ("1",)
    assert file.notes == ()


@pytest.mark.parametrize("name", ['"Odkupmy" i my', '"unclosed', 'the "end', '"odd" one" more'])
def test_quotes_that_belong_to_a_name_hold_nothing_together(name):
    projects = f'project_id;cost;name\n1;60;{name}\n2;50;"b"\n3;40;c\n'
    file = read_pabulib(pb(projects=projects, votes="voter_id;vote\na;1\n"))
    assert [one.name for one in file.election.candidates] == [name, "b", "c"]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1234,5", "1234.5"),
        ("1 234", "1234"),
        ("1\u00a0234\u00a0567,25", "1234567.25"),
        ("1,234,567", "1234567"),
        ("1,234,567.5", "1234567.5"),
        ("00100", "100"),
    ],
)
def test_amounts_are_read_as_people_write_them(written, amount):
    assert read_pabulib(pb(budget=written)).budget == Fraction(amount)


def test_choices_that_name_nothing_or_twice_are_left_out_and_told():
    votes = "voter_id;vote\na;1,2,\nb;1,1, 3\nc;\nd;9,2\na;9\n"
    file = read_pabulib(pb("num_votes;4\n", votes=votes))
    assert file.sums == {"1": 2, "2": 2, "3": 1}
    assert len(file.valued) == 5
    told = {one.oddity: (one.line, one.times) for one in file.notes}
    assert told == {
        Oddity.NUMBER_OF_VOTES: (6, 1),
        Oddity.EMPTY_CHOICE: (14, 1),
        Oddity.DOUBLE_CHOICE: (15, 1),
        Oddity.EMPTY_BALLOT: (16, 1),
        Oddity.UNKNOWN_PROJECT: (17, 2),
        Oddity.DOUBLE_VOTER: (18, 1),
        Oddity.VOTES_DIFFER: (0, 1),
    }


def test_points_and_choices_need_not_be_as_many():
    votes = "voter_id;vote;points\na;1,2;4\nb;1;1,7\n"
    file = read_pabulib(pb(projects=POINTS, votes=votes, kind="scoring"))
    assert file.sums == {"1": 5, "2": 0}
    assert {Oddity.POINTS_MISSING, Oddity.POINTS_TOO_MANY} < oddities(file)


def test_points_stay_with_their_choice_where_another_is_left_out():
    votes = "voter_id;vote;points\na;9,1,1,2;4,3,2,1\n"
    file = read_pabulib(pb(projects=POINTS, votes=votes, kind="scoring"))
    assert file.sums == {"1": 3, "2": 1}


def test_the_ballots_are_counted_where_the_files_own_sums_differ():
    projects = PROJECTS.replace("1;60;3", "1;60;1")
    file = read_pabulib(pb(projects=projects))
    assert file.sums["1"] == 3
    assert note(file, Oddity.VOTES_DIFFER).parts == {
        "project": "1",
        "stated": "1",
        "counted": "3",
    }


def test_without_ballots_the_files_own_sums_are_counted():
    text = pb().partition("VOTES")[0]
    file = read_pabulib(text)
    assert file.sums == {"1": 3, "2": 2, "3": 1}
    assert oddities(file) == {Oddity.VOTES_MISSING}
    assert count_pabulib(file).selected == ("1", "3")
    scored = read_pabulib(text.replace("votes;name", "score;name"))
    assert scored.sums == file.sums
    with pytest.raises(FormatError, match="VOTES"):
        count_pabulib(file, "equalshares")


def test_a_missing_or_unknown_rule_is_greedy_and_told():
    file = read_pabulib(pb().replace("rule;greedy\n", "").replace("vote_type;approval\n", ""))
    assert (file.rule, file.vote_type) == ("greedy", "approval")
    assert oddities(file) == {Oddity.RULE_MISSING, Oddity.VOTE_TYPE_MISSING}
    assert note(file, Oddity.VOTE_TYPE_MISSING).parts == {"told": "approval"}
    votes = "voter_id;vote;points\na;1;1\n"
    file = read_pabulib(pb(votes=votes, rule="unknown").replace("vote_type;approval\n", ""))
    assert (file.rule, file.vote_type) == ("greedy", "scoring")
    assert note(file, Oddity.RULE_UNTOLD).parts == {"rule": "unknown"}
    file = read_pabulib(pb(rule="by lot"))
    assert file.rule == "greedy"
    assert note(file, Oddity.RULE_UNKNOWN).parts == {"rule": "by lot"}


def test_an_unreadable_mark_is_told():
    file = read_pabulib(
        pb(projects=PROJECTS.replace("Lamp;1", "Lamp;yes").replace("Tree;0", "Tree;"))
    )
    assert file.marks == {"1": 1}
    assert note(file, Oddity.MARK_UNKNOWN).line == 10


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "META"),
        ("PROJECTS\nproject_id;cost\n1;2\n", 1, 1, "META"),
        ("META\nkey;value\nbudget;1\n", 4, 1, "PROJECTS"),
        (pb().replace("budget;100\n", ""), 5, 1, "budget"),
        (pb(budget="many"), 3, 8, "budget"),
        (pb(budget="-5"), 3, 8, "budget"),
        (pb(budget="1e9"), 3, 8, "budget"),
        (pb(budget="9" * 41), 3, 8, "budget"),
        (pb(kind="thumbs"), 4, 11, "approval, choose-1"),
        (pb("min_project_score_threshold;x\n"), 6, 29, "min_project_score_threshold"),
        (pb(projects=PROJECTS.replace("2;50", "2; fifty")), 9, 4, "cost"),
        (pb(projects=PROJECTS.replace("2;50", "1;50")), 9, 1, "twice, not 1"),
        (pb(projects=PROJECTS.replace("2;50", ";50")), 9, 1, "project_id"),
        (pb(projects="project_id;cost\n"), 7, 1, "project"),
        (pb(projects="project_id;price\n1;5\n"), 7, 1, "a column cost"),
        (pb(projects="name;price\n1;5\n"), 7, 1, "project_id and cost"),
        (pb(votes="voter_id;choice\na;1\n"), 12, 1, "a column vote"),
        (pb(kind="cumulative"), 12, 1, "points"),
        (pb(votes="voter_id;vote;points\na;1;x\n", kind="scoring"), 13, 5, "points"),
        (pb(votes="voter_id;vote;vote_strength\na;1;x\n"), 13, 5, "strength"),
    ],
)
def test_an_error_says_line_column_and_what_was_expected(text, line, column, expected):
    with pytest.raises(FormatError) as caught:
        read_pabulib(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert expected in caught.value.expected


# ---------------------------------------------------------------- rules and published marks


def test_each_rule_of_the_format_counts_in_its_own_way():
    file = read_pabulib(pb("min_project_score_threshold;2\n"))
    assert count_pabulib(file).selected == ("1",)
    assert count_pabulib(file, "greedy-no-skip").selected == ("1",)
    bare = read_pabulib(pb())
    assert count_pabulib(bare, "greedy-no-skip").selected == ("1",)
    assert count_pabulib(bare, "equalshares").selected == ("1",)
    assert count_pabulib(bare, "equalshares/add1").selected == ("1",)
    assert count_pabulib(bare, "equalshares/add1").method == "equalshares/add1"
    assert count_pabulib(bare, "equalshares-comparison").method == "equalshares-comparison"
    with pytest.raises(ValueError, match="not a rule"):
        count_pabulib(bare, "dictator")


def test_a_threshold_that_is_missing_is_told():
    file = read_pabulib(pb(rule="greedy-threshold"))
    assert oddities(file) == {Oddity.THRESHOLD_MISSING}
    assert count_pabulib(file).selected == ("1", "3")


def test_a_cost_of_nines_marks_a_withdrawn_project():
    projects = PROJECTS.replace("1;60", "1;999999999")
    file = read_pabulib(pb(projects=projects, rule="greedy-no-skip"))
    count = count_pabulib(file)
    assert count.selected == ("2", "3")
    assert count.verdicts["1"].verdict is Verdict.WITHDRAWN


def test_the_comment_says_which_projects_shut_each_other_out():
    comment = (
        "comment;#1: Projects 1 and 3 were treated by the city as mutually exclusive; they lie "
        "in one place.\n"
    )
    file = read_pabulib(pb(comment, rule="greedy-exclusive", budget="1000"))
    assert note(file, Oddity.EXCLUSIVE).parts == {"projects": "1, 3"}
    count = count_pabulib(file)
    assert count.selected == ("1", "2")
    assert count.verdicts["3"].verdict is Verdict.RIVAL_SELECTED
    # A rule that does not ask for it leaves the comment alone.
    assert count_pabulib(read_pabulib(pb(comment, budget="1000"))).selected == ("1", "2", "3")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("MOST_BALLOTS", "at most 3 ballots"), ("MOST_CANDIDATES", "at most 3 projects")],
)
def test_more_than_anybody_counts_is_refused(monkeypatch, limit, expected):
    monkeypatch.setattr(reading, limit, 3)
    assert read_pabulib(pb()).election.candidates[2].id == "3"
    monkeypatch.setattr(reading, limit, 2)
    with pytest.raises(FormatError, match=expected.replace("3", "2")):
        read_pabulib(pb())


def test_a_column_behind_quotes_is_told_where_it_begins():
    with pytest.raises(FormatError) as caught:
        read_pabulib(pb(projects='project_id;name;cost\n1;"Bench; green";much\n'))
    assert caught.value.column == 18


def test_marks_of_inches_do_not_shift_the_lines_that_are_told():
    text = pb(projects='project_id;cost;name\n1;60;5" nails\n2;much;6" nails\n')
    with pytest.raises(FormatError) as caught:
        read_pabulib(text)
    assert caught.value.line == text.split("\n").index('2;much;6" nails') + 1
    assert caught.value.column == 3
    text = text.replace("60", "many")
    with pytest.raises(FormatError) as caught:
        read_pabulib(text)
    assert caught.value.line == text.split("\n").index('1;many;5" nails') + 1


def test_poznan_pays_the_last_project_of_which_four_fifths_are_left():
    projects = "project_id;cost;votes;selected\n1;60;3;1\n2;50;2;2\n3;40;1;0\n"
    file = read_pabulib(pb("unit;Poznań\n", projects, rule="greedy-custom"))
    count = count_pabulib(file)
    assert count.selected == ("1", "2")
    assert difference(file, count) is None
    elsewhere = read_pabulib(pb("unit;Łódź\n", projects, rule="greedy-custom"))
    assert count_pabulib(elsewhere).selected == ("1",)


@pytest.mark.parametrize("rule", ["unknown", "Unknown", "by lot", ""])
def test_a_difference_where_no_rule_is_told_says_so(rule):
    projects = "project_id;cost;votes;selected\n1;60;3;0\n2;50;2;1\n3;40;1;1\n"
    file = read_pabulib(pb("", projects, rule=rule))
    assert difference(file, count_pabulib(file)).reasons == (Reason.RULE_UNTOLD,)


@pytest.mark.parametrize(
    ("meta", "marks", "reasons"),
    [
        ("", (0, 1, 1), (Reason.UNEXPLAINED,)),
        ("comment;#1: See the minutes.\n", (0, 1, 1), (Reason.COMMENT,)),
        ("", (1, 1, 1), (Reason.OVER_BUDGET,)),
        ("comment;#1: See the minutes.\n", (1, 1, 1), (Reason.OVER_BUDGET, Reason.COMMENT)),
        ("fully_funded;1\n", (1, 1, 1), (Reason.FULLY_FUNDED, Reason.OVER_BUDGET)),
        ("", (1, 0, 2), (Reason.SPECIAL_MARKS, Reason.OTHER_RULE)),
        ("", (1, 0, 0), (Reason.OTHER_RULE,)),
        (
            "comment;#1: Two are mutually exclusive.\n",
            (0, 1, 1),
            (Reason.EXCLUSIVE,),
        ),
        ("budget_per_category;50,50\n", (0, 1, 1), (Reason.OWN_LIMITS,)),
    ],
)
def test_a_difference_comes_with_the_likely_reasons(meta, marks, reasons):
    projects = "project_id;cost;votes;selected\n" + "".join(
        f"{row};{mark}\n" for row, mark in zip(("1;60;3", "2;50;2", "3;40;1"), marks, strict=True)
    )
    file = read_pabulib(pb(meta, projects))
    apart = difference(file, count_pabulib(file))
    assert apart is not None
    assert apart.reasons == reasons
    assert set(apart.only_here) == {"1", "3"} - set(file.published)
    assert set(apart.only_there) == set(file.published) - {"1", "3"}
    assert apart.rule == ("greedy-no-skip" if Reason.OTHER_RULE in reasons else "")


def test_a_difference_may_come_from_a_tie_or_from_the_files_own_sums():
    tied = "project_id;cost;selected\n1;60;0\n2;60;1\n"
    file = read_pabulib(pb(projects=tied, votes="voter_id;vote\na;1,2\n"))
    count = count_pabulib(file)
    assert difference(file, count).reasons == (Reason.TIE,)
    assert count_pabulib(file, ties=TieBreak(TieRule.JOINT)).selected == ()
    sums = "project_id;cost;votes;selected\n1;60;1;0\n2;60;2;1\n"
    file = read_pabulib(pb(projects=sums, votes="voter_id;vote\na;1\n"))
    assert difference(file, count_pabulib(file)).reasons == (Reason.SUMS,)
