"""The command that counts a file: sentences, JSON, clear errors, no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.ballots import commands
from app.ballots.rules.counting import register

FILE = """META
key;value
description;Our street
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name;selected
1;60;2;Bench;1
2;50;2;Tree;0
3;30;1;Lamp;1
VOTES
voter_id;vote
a;1,2
b;1,2
c;3
"""


@pytest.fixture
def count(app, tmp_path):
    runner = app.test_cli_runner()

    def run(*arguments, text=FILE, name="street.pb"):
        path = tmp_path / name
        path.write_text(text)
        return runner.invoke(commands.ballots, ["count", str(path), *arguments])

    return run


def test_a_count_is_told_in_korean_sentences(count):
    result = count()
    assert result.exit_code == 0
    assert result.output == (
        "Our street\n"
        "세는 규칙: 예산 안에서 득표순 (넘치면 건너뜀)\n"
        "\n예산 안에서 득표순 (넘치면 건너뜀)\n"
        "- ‘Bench’와 ‘Tree’가 똑같이 2표이고, 이 가운데 많아야 1개가 선정됩니다. "
        "미리 정한 대로 먼저 접수된(용지에서 앞선) 쪽이 앞섭니다. 차례는 Bench, Tree입니다.\n"
        "- Bench는 2표이고, 비용 60이 남은 예산 100 안에 들어 선정되었습니다.\n"
        "- Tree는 2표이지만 비용 50에 남은 예산 40이 모자라 선정되지 않았습니다.\n"
        "- Lamp는 1표이고, 비용 30이 남은 예산 40 안에 들어 선정되었습니다.\n"
        "\n선정: [1] Bench, [3] Lamp\n"
        "발표된 선정 결과와 같습니다.\n"
    )


def test_a_count_is_told_in_english(count):
    result = count("--lang", "en", "--rule", "equalshares/add1")
    assert "Counted by: Equal Shares (spending what is left)\n" in result.output
    assert (
        "Round 1\n- Tree is selected: its supporters pay its cost of 50 together, up to 25 each.\n"
        in result.output
    )


def test_the_last_line_is_one_json_object(count):
    result = count("--json", "--ties", "cheaper")
    told = json.loads(result.output.splitlines()[-1])
    assert told["selected"] == ["2", "3"]
    assert told["rule"] == told["method"] == "greedy"
    assert told["published"] == ["1", "3"]
    assert told["differs"] == {
        "only_here": ["2"],
        "only_there": ["1"],
        "reasons": ["tie"],
        "rule": "",
    }
    (tie,) = told["ties"]
    assert tie["settled"] == ["2", "1"]
    assert told["rounds"][0]["steps"][0] == {
        "candidate": "2",
        "verdict": "selected",
        "votes": 2,
        "figures": {"cost": 50, "left": 100},
    }
    assert told["notes"] == []


def test_fractions_stay_exact_in_json(count):
    result = count("--json", "--rule", "equalshares")
    told = json.loads(result.output.splitlines()[-1])
    assert told["figures"]["share"] == "100/3"


def test_an_odd_file_is_counted_and_what_was_mended_is_said(count):
    text = (
        FILE.replace("rule;greedy", "num_votes;9")
        .replace("c;3", "c;3,,7")
        .replace("3;30", "3;30,5")
    )
    result = count("--lang", "en", text=text)
    assert result.exit_code == 0
    assert "No rule is stated; counted by votes (greedy).\n" in result.output
    assert "Line 6: The file states 9 voters, but holds 3 ballots." in result.output
    assert "Line 16: 7 is not among the projects; the choice was left out.\n" in result.output
    assert "Line 11: A comma was read as a decimal point.\n" in result.output


RATED = FILE.replace("vote_type;approval", "vote_type;{kind}").replace(
    "voter_id;vote\na;1,2\nb;1,2\nc;3\n", "{votes}"
)


@pytest.mark.parametrize(
    ("kind", "votes", "said"),
    [
        ("cumulative", "voter_id;vote;points\na;1,2;4,3\n", "Bench는 4점이고, 비용 60이"),
        ("ordinal", "voter_id;vote\na;1,2\n", "Bench는 2점이고, 비용 60이"),
        ("choose-1", "voter_id;vote\na;1\n", "Bench는 1표이고, 비용 60이"),
    ],
)
def test_points_are_not_told_as_votes_where_a_budget_is_spent(count, kind, votes, said):
    assert said in count(text=RATED.format(kind=kind, votes=votes)).stdout


def test_points_are_not_told_as_votes_where_money_is_shared(count):
    votes = "voter_id;vote;points\na;1,2;4,3\n"
    text = RATED.format(kind="cumulative", votes=votes)
    least = text.replace("rule;greedy", "rule;equalshares\nmin_project_score_threshold;4")
    assert "- Tree는 3점으로, 정해진 최소 4점에 미치지 못했습니다." in count(text=least).stdout


def test_points_of_a_document_are_told_as_points_too(count):
    text = """{"format": "madang/election/v1", "budget": 9, "kind": "score",
     "candidates": [{"id": "a", "cost": 1}], "ballots": [{"points": {"a": 3}}]}"""
    assert "- a has 3 points and costs 1," in count("--lang", "en", text=text, name="a.json").stdout


def test_how_orders_were_valued_is_said_in_words(count):
    text = RATED.format(kind="ordinal", votes="voter_id;vote\na;1,2\n")
    said = "순위를 점수로 바꾼 방식: 첫째에 그 표가 적은 수만큼, 다음부터 1점씩 적게."
    assert said in count(text=text).stdout.splitlines()


def test_several_files_are_counted_at_one_start_and_a_bad_one_stops_nobody(app, tmp_path):
    names = ("a.pb", "b.pb", "c.pb")
    texts = (FILE, "hello", FILE.replace("budget;100", "budget;30"))
    for name, text in zip(names, texts, strict=True):
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in names]
    result = app.test_cli_runner().invoke(commands.ballots, ["count", *paths, "--json"])
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith("== ")] == [f"== {path}" for path in paths]
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert [one["file"] for one in told] == paths
    assert [one.get("selected") for one in told] == [["1", "3"], None, ["3"]]
    assert told[1]["error"] == "line 1, column 1: expected a line META"
    assert result.stderr == "b.pb: line 1, column 1: expected a line META\n"


def test_no_title_prints_a_line_of_its_own(count):
    title = r"t\n선정: [b]\n{}\n== 2.json"
    text = '{"format":"madang/election/v1","title":"%s","candidates":[{"id":"a"}],"seats":1}'
    result = count(text=text % title, name="a.json")
    assert result.exit_code == 0
    assert not [
        line for line in result.stdout.splitlines() if line.startswith(("선정: [b]", "{", "=="))
    ]


def test_a_draw_needs_its_number(count):
    assert count("--ties", "draw").exit_code == 2
    for ties in ((), ("--ties", "joint")):
        asked = count(*ties, "--number", "4 8 15 16")
        assert asked.exit_code == 2
        assert "--number is that of a draw" in asked.stderr
    result = count("--ties", "draw", "--number", "4 8 15 16", "--json")
    assert json.loads(result.output.splitlines()[-1])["ties"][0]["number"] == "4 8 15 16"


@pytest.mark.parametrize(
    ("text", "name", "complaint"),
    [
        (FILE.replace("100", "much"), "a.pb", "a.pb: line 4, column 8: expected the budget as a"),
        ("hello", "a.txt", "a.txt: line 1, column 1: expected a file in one of these formats"),
        (FILE.partition("VOTES")[0].replace("greedy", "equalshares"), "a.pb", "a section VOTES"),
    ],
)
def test_a_bad_file_is_answered_in_one_line_and_exit_2(count, text, name, complaint):
    result = count(text=text, name=name)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_file_is_known_by_what_it_holds_where_its_name_says_nothing(count):
    assert "선정: [1] Bench, [3] Lamp" in count(name="street.txt").output


def test_files_from_korean_spreadsheets_are_read(app, tmp_path):
    path = tmp_path / "street.pb"
    path.write_bytes(FILE.replace("Bench", "쉼터").encode("cp949"))
    result = app.test_cli_runner().invoke(commands.ballots, ["count", str(path)])
    assert "쉼터는 2표이고, 비용 60이 남은 예산 100 안에 들어 선정되었습니다." in result.output


@pytest.mark.slow
def test_it_needs_no_database(tmp_path):
    path = tmp_path / "street.pb"
    path.write_text(FILE)
    flask = Path(sys.executable).with_name("flask")
    result = subprocess.run(
        [flask, "--app", "wsgi", "ballots", "count", str(path), "--json"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={
            "INSTANCE_PATH": str(tmp_path / "instance"),
            "DATABASE_URL": "sqlite:////nowhere/at/all.db",
            "PATH": "/usr/bin:/bin",
        },
    )
    assert json.loads(result.stdout.splitlines()[-1])["selected"] == ["1", "3"]


TENNESSEE = """순위,Memphis,Nashville,Chattanooga,Knoxville
42,1,2,3,4
26,4,1,2,3
15,4,3,1,2
17,4,3,2,1
"""
PICKS = "승인,A,B,C\n3,1,1,\n2,,1,1\n1,,,1\n"
POINTS = "점수,A,B\n2,3,1\n1,0,4\n"
ONE_EACH = "승인,A,B\n3,1,\n2,,1\n"
BLT = '4 2\n-3\n3 1 2 0\n2 2 1 0\n1 4 2 0\n0\n"A"\n"B"\n"C"\n"D"\n"Two of three"\n'
SOC = """# FILE NAME: a.soc
# NUMBER ALTERNATIVES: 2
# NUMBER VOTERS: 3
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: A
# ALTERNATIVE NAME 2: B
2: 2,1
1: 1,2
"""
BUDGET = """{"format": "madang/election/v1", "budget": "10", "kind": "approval",
 "candidates": [{"id": "a", "cost": "6"}, {"id": "b", "cost": "5"}, {"id": "c", "cost": "4"}],
 "ballots": [{"picks": ["a", "c"]}, {"picks": ["a"]}, {"picks": ["b"]}]}"""


@pytest.mark.parametrize(
    ("text", "name", "asked", "rule", "selected"),
    [
        (TENNESSEE, "t.csv", [], "irv", ["4"]),
        (TENNESSEE, "t.csv", ["--rule", "instant-runoff"], "irv", ["4"]),
        (TENNESSEE, "t.csv", ["--rule", "schulze"], "schulze", ["2"]),
        (TENNESSEE, "t.csv", ["--rule", "schulze", "--seats", "2"], "schulze", ["2", "3"]),
        (TENNESSEE, "t.csv", ["--rule", "stv", "--seats", "2"], "stv", ["1", "2"]),
        (PICKS, "p.csv", ["--seats", "2"], "approval", ["2"]),
        (PICKS, "p.csv", ["--seats", "2", "--ties", "paper_order"], "approval", ["2", "1"]),
        (POINTS, "s.csv", [], "score", []),
        (POINTS, "s.csv", ["--seats", "2"], "score", ["1", "2"]),
        (ONE_EACH, "o.csv", ["--rule", "plurality"], "single", ["1"]),
        (BLT, "b.blt", [], "stv", ["1", "2"]),
        (SOC, "a.soc", [], "irv", ["2"]),
        (SOC, "without a hint", [], "irv", ["2"]),
        (BUDGET, "b.json", [], "greedy", ["a", "c"]),
        (BUDGET, "b.json", ["--rule", "greedy-no-skip"], "greedy-no-skip", ["a"]),
        (BUDGET, "b.json", ["--rule", "mes"], "equalshares", ["a"]),
    ],
)
def test_every_format_is_counted_by_its_own_rule_or_another(
    count, text, name, asked, rule, selected
):
    result = count(*asked, "--json", text=text, name=name)
    assert result.exit_code == 0, result.output
    told = json.loads(result.output.splitlines()[-1])
    assert (told["rule"], told["selected"]) == (rule, selected)
    assert told["published"] is told["differs"] is None


@pytest.mark.parametrize(
    ("text", "name", "asked", "complaint"),
    [
        (FILE, "a.pb", ["--rule", "irv"], "a.pb: this rule counts rankings"),
        (FILE, "a.pb", ["--seats", "2"], "a.pb: greedy knows no seats"),
        (
            FILE,
            "a.pb",
            ["--rule", "single"],
            "a.pb: line 14, column 1: expected a ballot that picks one, not 2",
        ),
        (TENNESSEE, "t.csv", ["--seats", "2"], "t.csv: instant runoff fills one seat"),
        (BLT, "b.blt", ["--rule", "irv"], "b.blt: instant runoff fills one seat"),
        (TENNESSEE, "t.csv", ["--rule", "greedy"], "t.csv: greedy needs a budget and costs"),
        (PICKS, "p.csv", ["--rule", "score"], "p.csv: this rule counts ballots that give points"),
    ],
)
def test_a_rule_that_does_not_fit_the_file_is_refused_in_one_line(
    count, text, name, asked, complaint
):
    result = count(*asked, text=text, name=name)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_section_keeps_its_name_where_a_candidate_has_the_same_id(count):
    text = """{"format": "madang/election/v1", "sections": [{"id": "1", "name": "Budget"}],
     "candidates": [{"id": "1", "name": "Bench", "section": "1"}], "ballots": [{"picks": ["1"]}]}"""
    lines = count(text=text, name="a.json").output.splitlines()
    assert "Budget" in lines
    assert "선정: [1] Bench" in lines


HEAD = '{"format": "madang/election/v1", "candidates": [{"id": "a"'


def test_a_number_of_thousands_of_digits_before_a_fault_does_not_hide_it(count):
    text = '{"format": "madang/election/v1", "seats": 1, "budget": %s, "extra": 1}' % ("9" * 6000)
    result = count(text=text, name="long.json")
    assert result.exit_code == 2
    assert "expected one of the keys" in result.output


def test_a_name_of_half_a_letter_is_refused_with_its_place(count):
    result = count(text=HEAD + ', "name": "\\ud800"}]}', name="half.json")
    assert result.exit_code == 2
    assert "['candidates'][0]['name']" in result.output


def test_names_cannot_steer_the_terminal(count):
    names = "\x1b]0;pwned\x07,\u202egpj,\x9b31m"
    result = count(text=f"승인,{names}\n1,1,,\n", name="steer.csv")
    assert result.exit_code == 0
    assert not set(result.output) & set("\x1b\x07\x9b\u202e")
    broken = count(text='{"\u202e\x7f": 1}', name="steer.json")
    assert broken.exit_code == 2
    assert not set(broken.output) & set("\x7f\u202e")


def test_a_file_without_end_is_not_read_to_its_end(app):
    result = app.test_cli_runner().invoke(commands.ballots, ["count", "/dev/zero"])
    assert result.exit_code == 2
    assert "at most" in result.output


def test_a_file_that_cannot_be_read_stops_nobody(app, tmp_path):
    path = tmp_path / "street.pb"
    path.write_text(FILE)
    # A file that may be opened and not be read, whoever asks.
    result = app.test_cli_runner().invoke(commands.ballots, ["count", "/proc/self/mem", str(path)])
    assert result.exit_code == 2
    assert result.stderr == "mem: cannot be read: Input/output error\n"
    assert "선정: [1] Bench, [3] Lamp" in result.stdout


def test_duels_of_more_candidates_than_can_be_counted_are_refused(count):
    names = ",".join(f"c{number}" for number in range(301))
    result = count("--rule", "schulze", text=f"순위,{names}\n1,1\n", name="many.csv")
    assert result.exit_code == 2
    assert "at most 300 candidates" in result.output
    assert count("--rule", "irv", text=f"순위,{names}\n1,1\n", name="many.csv").exit_code == 0


def test_as_many_duels_as_can_be_counted_are(count, monkeypatch):
    monkeypatch.setattr(register, "MOST_IN_DUELS", 4)
    assert count("--rule", "schulze", text=TENNESSEE, name="t.csv").exit_code == 0
