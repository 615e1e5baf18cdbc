"""What a file says and a rule passes over is told, and the outcome held against nothing."""

import json

import pytest

from app.ballots import commands
from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.register import Asked, count_file
from tests.ballots.counting.test_pabulib import pb

RIVALS = "comment;#1: Projects 1 and 2 are mutually exclusive.\n"
UNNAMED = "comment;#1: It happens that projects are mutually exclusive.\n"
LEFT = "leftover_budget;Fund those that fit\n"
LEFT_SAID = "how leftover money is spent (leftover_budget)"
PARTS = "neighborhoods;East,West\nbudget_per_neighborhood;60,40\n"
IN_PARTS = "project_id;cost;votes;neighborhood\n1;60;2;East\n2;40;1;West\n"
SUMS_ONLY = pb(votes="").partition("VOTES")[0]


@pytest.fixture
def count(app, tmp_path):
    def run(text, *arguments, name="a.pb"):
        path = tmp_path / name
        path.write_text(text)
        return app.test_cli_runner().invoke(commands.ballots, ["count", str(path), *arguments])

    return run


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        (pb(), "approval", "the budget (100) and the costs"),
        (
            pb("min_project_score_threshold;1200\n"),
            "approval",
            "the budget (100) and the costs, the minimum of votes (1,200)",
        ),
        (pb(RIVALS, rule="greedy-exclusive"), "equalshares", "what cannot be selected together"),
        (pb(UNNAMED), "greedy", "what cannot be selected together"),
        (
            pb(PARTS + LEFT, IN_PARTS, "", rule="greedy-custom"),
            "greedy",
            f"the budgets of neighbourhoods or categories, {LEFT_SAID}",
        ),
        (
            pb("unit;Poznań\n", rule="greedy-custom"),
            "greedy",
            "that four fifths of a cost are enough",
        ),
    ],
)
def test_what_the_named_rule_passes_over_is_told_in_a_sentence(count, text, rule, said):
    result = count(text, "--rule", rule, "--lang", "en")
    assert result.exit_code == 0
    passes_over = f"The rule {rule} passes over this part of the file"
    assert result.stderr == f"a.pb: {passes_over}: {said}.\n"
    assert "passes over" not in result.stdout


def test_it_is_told_in_korean_and_to_programs(count):
    result = count(pb(), "--rule", "approval", "--json")
    assert result.stderr == (
        "a.pb: approval 규칙은 파일에 적힌 것 가운데 이것을 보지 않고 셉니다: 예산(100)과 비용.\n"
    )
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["unheeded"] == [{"term": "budget", "figure": 100}]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (pb("min_project_score_threshold;1\n"), "equalshares"),
        (pb(RIVALS, rule="greedy-exclusive"), "greedy"),
        (pb(PARTS + LEFT, IN_PARTS, "", rule="greedy-custom"), "greedy-custom"),
    ],
)
def test_what_is_heeded_is_not_complained_of(count, text, rule):
    result = count(text, "--rule", rule, "--json")
    assert result.stderr == ""
    assert json.loads(result.stdout.splitlines()[-1])["unheeded"] == []


def test_a_budget_beside_a_count_by_votes_is_told_of_any_file(count):
    text = """{"format": "madang/election/v1", "budget": "1/3", "rule": "approval",
     "candidates": [{"id": "a", "cost": 2}], "ballots": [{"picks": ["a"]}]}"""
    assert "예산(⅓)과 비용" in count(text, name="a.json").stderr


def test_rivals_of_a_document_are_heeded_or_refused(count):
    text = """{"format": "madang/election/v1", "budget": 9, "candidates": [
     {"id": "a", "rivals": "x", "cost": 1}, {"id": "b", "rivals": "x", "cost": 1}],
     "ballots": [{"picks": ["a", "b"]}]}"""
    assert count(text, "--rule", "greedy", name="a.json").exit_code == 0
    result = count(text, "--rule", "equalshares", name="a.json")
    assert result.exit_code == 2
    assert result.stderr == "a.json: equalshares does not count rivals\n"


def test_a_count_without_the_budget_is_not_held_against_what_was_published(count):
    result = count(pb(), "--rule", "approval", "--json", "--lang", "en")
    assert "published" not in "".join(result.stdout.splitlines()[:-1])
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["selected"] == ["1"]
    assert told["published"] is told["differs"] is None
    assert "It comes out as published." in count(pb(), "--lang", "en").stdout


def counted(text, rule, kind="approval"):
    text = text.replace("vote_type;approval", f"vote_type;{kind}")
    return count_file(read_file("a.pb", text.encode()), rule, Asked())[0]


def test_sums_without_ballots_are_counted_by_every_rule_that_needs_no_more():
    assert counted(SUMS_ONLY, "approval").votes == {"1": 3, "2": 2, "3": 1}
    assert counted(SUMS_ONLY, "approval").selected == ("1",)
    assert counted(SUMS_ONLY, "single", "choose-1").selected == ("1",)
    points = SUMS_ONLY.replace(";votes;", ";score;")
    assert counted(points, "score", "cumulative").votes == {"1": 3, "2": 2, "3": 1}


@pytest.mark.parametrize(
    ("rule", "kind", "complaint"),
    [
        ("irv", "ordinal", "a section VOTES"),
        ("schulze", "approval", "a section VOTES"),
        ("single", "approval", "sums of choose-1, not approval"),
        ("approval", "cumulative", "sums of approval or choose-1, not cumulative"),
        ("score", "approval", "sums of cumulative or scoring, not approval"),
    ],
)
def test_sums_are_refused_where_they_say_too_little(rule, kind, complaint):
    with pytest.raises(ValueError, match=complaint):
        counted(SUMS_ONLY, rule, kind)


def test_a_question_is_not_answered_by_sums():
    projects = "project_id;cost;votes\nyes;1;3\nno;1;2\n"
    with pytest.raises(ValueError, match="a section VOTES"):
        counted(pb(projects=projects).partition("VOTES")[0], "yes_no", "choose-1")


def test_by_custom_a_document_stops_too_where_one_does_not_fit():
    text = """{"format": "madang/election/v1", "budget": 10, "candidates": [
     {"id": "a", "cost": 6}, {"id": "b", "cost": 5}, {"id": "c", "cost": 4}],
     "ballots": [{"picks": ["a", "b", "c"]}, {"picks": ["a", "b"]}, {"picks": ["a"]}]}"""
    read = read_file("a.json", text.encode())
    assert count_file(read, "greedy-custom", Asked())[0].selected == ("a",)
    assert count_file(read, "greedy", Asked())[0].selected == ("a", "c")
