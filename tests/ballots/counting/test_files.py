"""Which format a file has, which rule it asks for, and where each of its ballots stands."""

import json

import pytest

from app.ballots.rules.counting.files import read_file, write_file
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.places import OPEN
from app.ballots.rules.counting.ties import TieBreak, TieRule
from tests.ballots.counting.test_pabulib import pb

SOC = """\
# FILE NAME: a.soc
# NUMBER ALTERNATIVES: 2
# ALTERNATIVE NAME 1: A
# ALTERNATIVE NAME 2: B
2: 1,2
"""
TABLE = "승인,가,나\n2,1,\n"
JSON = json.dumps(
    {
        "format": "madang/election/v1",
        "candidates": [{"id": "a"}, {"id": "b"}],
        "ballots": [{"picks": ["a"]}],
    }
)
BLT = '2 1\n3 1 0\n0\n"A"\n"B"\n""\n'


@pytest.mark.parametrize("before", ["", "\ufeff", "\n\n", " \t\r\n"])
@pytest.mark.parametrize(
    ("text", "rule", "name"),
    [
        (pb(), "greedy", "Bench"),
        (pb().lower(), "greedy", "bench"),
        (SOC, "irv", "A"),
        (SOC.replace("FILE NAME", "title"), "irv", "A"),
        (TABLE, "approval", "가"),
        ("APPROVAL,A,B\n1,1,\n", "approval", "A"),
        (JSON, "approval", ""),
    ],
)
def test_without_an_ending_a_file_is_known_by_its_beginning(before, text, rule, name):
    file = read_file("no ending", (before + text).encode())
    assert (file.rule, file.election.candidates[0].name) == (rule, name)


@pytest.mark.parametrize(
    "text", [BLT, f"# of 2021\n{BLT}", "# Minutes\n", "", "a META b", "x 승인,가\n"]
)
def test_what_begins_like_no_format_is_refused_with_all_of_them(text):
    with pytest.raises(FormatError) as caught:
        read_file("no ending", text.encode())
    formats = "Pabulib .pb, PrefLib, BLT, CSV, JSON"
    assert caught.value.expected == f"a file in one of these formats: {formats}"


@pytest.mark.parametrize("text", [SOC, "2\n1,A\n2,B\n2,2,1\n2,1,2\n"])
def test_preflib_of_either_style_may_begin_with_blank_lines(text):
    election = read_file("a.soc", text.encode()).election
    assert read_file("a.soc", f"\n \t\n{text}".encode()).election == election


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("a.blt", BLT, "irv"),
        ("a.blt", BLT.replace("2 1", "2 2", 1), "stv"),
        ("a.csv", "점수,가,나\n1,5,\n", "score"),
        ("a.csv", "경로,비중,가\n회의,100,5\n", "weighted_channels"),
        ("a.csv", "승인,가\n", "approval"),
        ("a.json", JSON.replace('"ballots"', '"budget": 5, "ballots"'), "greedy"),
        ("a.json", JSON.replace('"ballots"', '"rule": "single", "ballots"'), "single"),
    ],
)
def test_a_file_that_names_no_rule_is_counted_by_what_it_holds(name, text, rule):
    file = read_file(name, text.encode())
    assert (file.rule, file.ties) == (rule, OPEN)


def test_a_file_says_how_ties_are_settled():
    file = read_file("a.json", JSON.replace('"ballots"', '"ties": "cheaper", "ballots"').encode())
    assert file.ties == TieBreak(TieRule.CHEAPER)
    assert '"ties": "cheaper"' in write_file("b.json", file)
    assert '"ties"' not in write_file("b.json", read_file("a.json", JSON.encode()))


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.csv", "승인,가,나\n2,1,\n\n1,,1\n", (4, 1)),
        ("a.json", JSON.replace('[{"picks"', '[{"picks": []},\n {"picks"'), (2, 2)),
        ("a.pb", pb(), (14, 1)),
        ("a.blt", BLT, (1, 1)),
        ("a.soc", SOC, (1, 1)),
    ],
)
def test_a_file_says_where_its_second_ballot_stands(name, text, place):
    assert read_file(name, text.encode()).place_of(1) == place


def test_a_citys_own_words_and_sums_stay_in_its_file_and_others_are_told_theirs():
    city = pb("unit;Springfield\n", projects="project_id;cost;votes\n1;60;9\n2;50;4\n", votes="")
    text = write_file("b.pb", read_file("a.pb", city.partition("VOTES")[0].encode()))
    assert "unit;Springfield" in text
    assert "\n1;60;9;" in text
    own = JSON.replace('"ballots"', '"ties": "paper_order", "budget": 5, "ballots"')
    told = write_file("b.pb", read_file("a.json", own.encode()))
    assert "rule;greedy" in told
    assert "\na;0;1;" in told
    orders = own.replace('[{"picks": ["a"]}]', '[{"tiers": [["b"], ["a"]]}], "kind": "ranking"')
    assert "\nb;0;1;" in write_file("b.pb", read_file("a.json", orders.encode()))
