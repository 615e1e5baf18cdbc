"""The command that counts a file: sentences, JSON, clear errors, no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.ballots import commands

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
        "세는 규칙: greedy\n"
        "예산 100, 남은 예산 10\n"
        "- [1] Bench: 선정되었습니다. (득표 2, 비용 60, 남은 예산 100)\n"
        "- [2] Tree: 비용이 남은 예산보다 커서 선정되지 않았습니다. "
        "(득표 2, 비용 50, 남은 예산 40)\n"
        "- [3] Lamp: 선정되었습니다. (득표 1, 비용 30, 남은 예산 40)\n"
        "동점: [1] Bench, [2] Tree. 정한 순서(먼저 적힌 순서): [1] Bench, [2] Tree.\n"
        "선정: 1, 3\n"
        "발표된 선정 결과와 같습니다.\n"
    )


def test_a_count_is_told_in_english(count):
    result = count("--lang", "en", "--rule", "equalshares/add1")
    assert "Counted by: equalshares/add1\n" in result.output
    assert "Round 1\n- [2] Tree: selected." in result.output
    assert "paid by each supporter 25" in result.output


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
    assert "No rule is stated; counted greedily by votes.\n" in result.output
    assert "Line 6: 9 votes are stated, but there are 3 ballots." in result.output
    assert "Line 16: 7 is not among the projects; the choice was left out.\n" in result.output
    assert "Line 11: A comma was read as a decimal point.\n" in result.output


def test_a_draw_needs_its_number(count):
    assert count("--ties", "draw").exit_code == 2
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
    assert "선정: 1, 3" in count(name="street.txt").output


def test_files_from_korean_spreadsheets_are_read(app, tmp_path):
    path = tmp_path / "street.pb"
    path.write_bytes(FILE.replace("Bench", "쉼터").encode("cp949"))
    result = app.test_cli_runner().invoke(commands.ballots, ["count", str(path)])
    assert "[1] 쉼터: 선정" in result.output


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
