"""How a file says that it is to be counted: parts of the paper, channels, quorum, majority."""

import json
from fractions import Fraction

import pytest

from app.ballots import commands
from app.ballots.rules.counting.election import Approval, Candidate, Election
from app.ballots.rules.counting.files import read_file, write_file
from app.ballots.rules.counting.formats import document, table
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.majority import Base, Majority
from app.ballots.rules.counting.papers import Bounds, PaperRule
from app.ballots.rules.counting.register import Asked, count_file
from app.ballots.rules.counting.terms import Channel, Section, Terms
from app.ballots.rules.counting.ties import TieRule
from app.ballots.rules.counting.unfit import Unfit

F = Fraction
PAPER = (
    Candidate(id="a", name="Bench", section="x", cost=F(60)),
    Candidate(id="b", name="Tree", section="x", cost=F(30)),
    Candidate(id="c", name="Fair", section="y", cost=F(40)),
)
EVERYTHING = Terms(
    rule="approval",
    sections=(
        Section(id="x", name="Works", seats=2, budget=F(80)),
        Section(id="y", budget=F("20.5")),
    ),
    channels=(Channel(id="hall", name="Hall", weight=F(100), sums={"a": F(3), "b": F(1, 2)}),),
    paper=PaperRule(total=Bounds(1, 3), sections={"y": Bounds(0, 1)}, most_points=5),
    majority=Majority(share=F(2, 3), strictly=False, base=Base.ROLL),
    voters=0,
    roll=0,
    needed=4,
    ties=TieRule.CHEAPER,
)


@pytest.mark.parametrize("terms", [Terms(), EVERYTHING], ids=["nothing", "everything"])
def test_a_document_keeps_its_terms(terms):
    ballots = (Approval(("a", "c"), F(2)),)
    election = Election(candidates=PAPER, ballots=ballots, budget=F(101), terms=terms)
    assert document.read(document.write(election)) == election


def test_a_table_of_channels_keeps_its_sums():
    text = "경로,비중,=쉼터,놀이터\n시민,45,1000,\n위원,55,1/2,3\n"
    election = table.read(text)
    assert [(one.id, one.weight, one.sums) for one in election.terms.channels] == [
        ("시민", 45, {"1": 1000, "2": 0}),
        ("위원", 55, {"1": F(1, 2), "2": 3}),
    ]
    assert election.names == {"1": "=쉼터", "2": "놀이터"}
    assert election.parts == {"시민": "시민", "위원": "위원"}
    assert table.read(table.write(election)) == election
    assert read_file("no hint", text.encode()).rule == "weighted_channels"
    assert table.read("channel,weight,A\nonline,100,1\n").terms.channels[0].id == "online"


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("경로,비중\n", 1, 3, "a column for each of 1 to 10000 candidates"),
        ("경로,비중,A,A\n", 1, 4, "a candidate who has no column yet"),
        ("경로,비중,A\n,45,1\n", 2, 1, "a name of 1 to 1000 characters"),
        ("경로,비중,A\nx,much,1\n", 2, 2, "the channel's weight in percent"),
        ("경로,비중,A\nx,,1\n", 2, 2, "the channel's weight in percent"),
        ("경로,비중,A,B\nx,45,1,many\n", 2, 4, "a sum of votes, or nothing"),
        ("경로,비중,A\nx,45,1,1\n", 2, 4, "no cell without a candidate above it"),
    ],
)
def test_a_bad_table_of_channels_says_where(text, line, column, expected):
    with pytest.raises(FormatError) as caught:
        table.read(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.expected == expected


def of(**more):
    candidates = [{"id": "a", "section": "x"}, {"id": "b", "section": "y"}]
    return {"format": "madang/election/v1", "candidates": candidates, **more}


SECTIONS = [{"id": "x", "picks": {"most": 1}}, {"id": "y"}]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"rule": 3}, "a text of at most 1000 characters (['rule'])"),
        ({"sections": [{"id": "x"}]}, "the id of one of the sections as its section"),
        ({"sections": [{"id": "x"}, {"id": "x"}]}, "an \"id\" that no other has (['sections'][1])"),
        ({"sections": [{"name": "x"}]}, "an \"id\" that no other has (['sections'][0])"),
        ({"sections": [{"id": "x", "seats": 0}, {"id": "y"}]}, "a whole number from 1"),
        ({"sections": [{"id": "x", "money": 0}, {"id": "y"}]}, "one of the keys budget, id, name"),
        ({"picks": {"least": 3, "most": 2}}, "a whole number from 3 (['picks']['most'])"),
        ({"picks": {"least": 3}}, "a whole number from 3 (['picks']['most'])"),
        ({"picks": 2}, "an object (['picks'])"),
        ({"most_points": 0}, "a whole number from 1 (['most_points'])"),
        ({"voters": -1}, "a whole number from 0 (['voters'])"),
        ({"channels": [{"id": "x", "votes": {}}]}, "a number such as 3, 2.50 or 1/3"),
        ({"channels": [{"id": "x", "weight": 1, "votes": {"z": 1}}]}, "a candidate's id"),
        ({"channels": [{"id": "x", "weight": 1}]}, "an object (['channels'][0]['votes'])"),
        ({"majority": {"share": "3/2"}}, "a share of more than 0 and at most 1"),
        ({"majority": {"share": "0"}}, "a share of more than 0 and at most 1"),
        (
            {"sections": [{"id": "x"}, {"id": "y"}],
             "channels": [{"id": "x", "weight": 100, "votes": {}}]},
            "an id that no section has (['channels'][0]['id'])",
        ),
        ({"ties": "draw"}, "one of joint, runoff, cheaper, paper_order (['ties'])"),
        ({"majority": {"of": "all"}}, "one of participants, votes, roll (['majority']['of'])"),
        ({"majority": {"strictly": 1}}, "true or false (['majority']['strictly'])"),
        (
            {"picks": {"most": 1}, "ballots": [{"picks": []}, {"picks": ["a", "b"]}]},
            "0 to 1 picks in all, not 2 (['ballots'][1])",
        ),
        (
            {"sections": [SECTIONS[0], {"id": "y", "picks": {"least": 1, "most": 1}}],
             "ballots": [{"picks": ["a"]}]},
            "1 to 1 picks in section y, not 0 (['ballots'][0])",
        ),
        (
            {"kind": "score", "most_points": 5, "ballots": [{"points": {"a": 6}}]},
            "whole points from 0 to 5 for a (['ballots'][0])",
        ),
    ],
)  # fmt: skip
def test_bad_terms_are_refused_with_their_place(more, expected):
    with pytest.raises(FormatError) as caught:
        document.read(json.dumps(of(**more)))
    assert expected in caught.value.expected


ONE = {"id": "x", "weight": 1, "votes": {}}
NUMBER = "a number such as 3, 2.50 or 1/3"


@pytest.mark.parametrize(
    ("part", "value", "path", "expected"),
    [
        ("sections", [{"id": "x", "name": 3}], [0, "name"], "a text of at most 1000 characters"),
        ("sections", [{"id": "x", "seats": []}], [0, "seats"], "a whole number from 1"),
        ("sections", [{"id": "x", "budget": []}], [0, "budget"], NUMBER),
        (
            "sections",
            [{"id": "x", "picks": {"least": -1}}],
            [0, "picks", "least"],
            "a whole number from 0",
        ),
        ("picks", {"odd": 1}, ["odd"], "one of the keys least, most"),
        ("channels", [ONE | {"name": 3}], [0, "name"], "a text of at most 1000 characters"),
        ("channels", [ONE | {"weight": []}], [0, "weight"], NUMBER),
        ("channels", [ONE | {"votes": {"z": 1}}], [0, "votes", "z"], "a candidate's id"),
        ("channels", [ONE | {"votes": {"a": []}}], [0, "votes", "a"], NUMBER),
        ("majority", 3, [], "an object"),
        ("majority", {"odd": 1}, ["odd"], "one of the keys of, share, strictly"),
        ("majority", {"share": []}, ["share"], NUMBER),
        ("majority", {"share": "3/2"}, ["share"], "a share of more than 0 and at most 1"),
        ("ballots", [{"odd": 1}], [0, "odd"], "one of the keys tiers, weight"),
        ("ballots", [{"tiers": 3}], [0, "tiers"], '"tiers": a list of at most 10000'),
        ("ballots", [{"tiers": [["a"], 3]}], [0, "tiers", 1], "a list of at most 10000"),
        ("ballots", [{"tiers": [["a"], None]}], [0, "tiers", 1], "a list of at most 10000"),
        ("ballots", [{"weight": 1}], [0], '"tiers": a list of at most 10000'),
        (
            "ballots",
            [{"tiers": [["a"], []]}],
            [0, "tiers", 1],
            "at least one candidate on a tier",
        ),
        ("ballots", [{"tiers": [["a", "z"]]}], [0, "tiers", 0, 1], "a candidate's id"),
        (
            "ballots",
            [{"tiers": [["a"], ["a"]]}],
            [0, "tiers", 1, 0],
            "a candidate whom this ballot has not named yet",
        ),
    ],
)
def test_whatever_is_wrong_is_told_with_all_of_its_path(part, value, path, expected):
    candidates = [{"id": "a", "section": "x"}, {"id": "b", "section": "x"}]
    with pytest.raises(FormatError) as caught:
        document.read(json.dumps(of(candidates=candidates, kind="ranking", **{part: value})))
    told = "".join(f"[{one!r}]" for one in [part, *path])
    assert caught.value.expected == f"{expected} ({told})"


def test_lines_are_counted_from_the_first_be_it_empty():
    with pytest.raises(FormatError) as caught:
        document.read('\n\n{"format": 1}')
    assert (caught.value.line, caught.value.column) == (3, 12)


def test_a_majority_that_says_little_is_more_than_half_and_others_are_at_least():
    assert document.read(json.dumps(of(majority={}))).terms.majority == Majority()
    thirds = document.read(json.dumps(of(majority={"share": "2/3"}))).terms.majority
    assert thirds == Majority(share=F(2, 3), strictly=False)
    assert document.read(json.dumps(of(majority={"share": 1}))).terms.majority.share == 1


def count(text, *, rule="", name="a.json", seats=None):
    return count_file(read_file(name, text.encode()), rule, Asked(seats=seats))[0]


def counted(rule="", **more):
    return count(json.dumps(of(**more)), rule=rule)


def test_sections_have_places_of_their_own():
    sections = [{"id": "y", "seats": 2}, {"id": "x"}]
    candidates = [{"id": one, "section": "y" if one in "bcd" else "x"} for one in "abcd"]
    ballots = [{"weight": 3, "picks": ["a", "b"]}, {"weight": 2, "picks": ["c"]}, {"picks": ["d"]}]
    told = counted(sections=sections, candidates=candidates, ballots=ballots)
    assert told.selected == ("b", "c", "a")
    assert [one.section for one in told.rounds] == ["y", "x"]
    one_each = count(
        json.dumps(of(sections=sections, candidates=candidates, ballots=ballots)), seats=1
    )
    assert one_each.selected == ("b", "a")


@pytest.mark.parametrize("kind", ["approval", "score"])
def test_below_the_quorum_nothing_is_selected(kind):
    ballots = [{"picks": ["a"]}] if kind == "approval" else [{"points": {"a": 1}}]
    assert counted(kind=kind, ballots=ballots, voters=9, needed=9).selected == ("a",)
    assert counted(kind=kind, ballots=ballots, voters=8, needed=9).selected == ()


QUESTION = "승인,찬성,반대,기권\n16,1,,\n10,,1,\n4,,,1\n"


def test_a_question_is_carried_or_not():
    told = count(QUESTION, rule="yes_no", name="a.csv")
    assert told.selected == ("1",)
    assert told.figures == {
        "base": 30,
        "participants": 30,
        "majority": 16,
        "needed": 0,
        "voters": 30,
    }
    assert count(QUESTION.replace("16,", "14,"), rule="yes-no", name="a.csv").selected == ()
    assert count("승인,찬성,반대\n2,1,\n1,,1\n", rule="yes_no", name="a.csv").selected == ("1",)


@pytest.mark.parametrize(
    ("terms", "verdict"),
    [
        ({"voters": 16, "needed": 16}, "selected"),
        ({"voters": 15, "needed": 16}, "no_quorum"),
        ({"majority": {"of": "votes"}}, "selected"),
        ({"majority": {"of": "roll"}, "roll": 18}, "no_majority"),
        ({"majority": {"of": "roll"}, "roll": 17}, "selected"),
        ({"majority": {"share": "2/3", "of": "votes"}}, "selected"),
        ({"majority": {"share": "7/10", "of": "votes"}}, "no_majority"),
    ],
)
def test_a_committee_names_who_was_there_and_what_it_needs(terms, verdict):
    ballots = [{"weight": 9, "picks": ["a"]}, {"weight": 4, "picks": ["b"]}]
    told = counted(rule="yes_no", ballots=ballots, **terms)
    assert told.verdicts["a"].verdict == verdict


def test_one_seat_may_need_a_majority():
    ballots = [{"weight": 5, "picks": ["a"]}, {"weight": 4, "picks": ["b"]}]
    more = {"ballots": ballots, "majority": {}, "voters": 10}
    assert counted(rule="single", **more).verdicts["a"].verdict == "no_majority"
    assert counted(rule="single", **more | {"voters": 9}).selected == ("a",)
    of_roll = more | {"majority": {"of": "roll"}, "roll": 10}
    assert counted(rule="single", **of_roll).selected == ()
    assert counted(rule="single", **more | {"voters": 9, "needed": 10}).selected == ()


def test_sections_spend_budgets_of_their_own():
    candidates = [
        {"id": "a", "section": "x", "cost": 50},
        {"id": "b", "section": "x", "cost": 20},
        {"id": "c", "section": "y", "cost": 40},
    ]
    ballots = [{"weight": 3, "picks": ["a"]}, {"weight": 2, "picks": ["b"]}, {"picks": ["c"]}]
    more = {"candidates": candidates, "ballots": ballots, "budget": 100}
    budgets = [{"id": "x", "budget": 60}, {"id": "y", "budget": 40}]
    assert counted(rule="greedy", sections=budgets, **more).selected == ("a", "c")
    unnamed = [{"id": "x"}, {"id": "y"}]
    assert counted(rule="greedy", sections=unnamed, **more).selected == ("a", "b")
    with pytest.raises(Unfit, match="either every section has a budget or none"):
        counted(rule="greedy", sections=[budgets[0], {"id": "y"}], **more)
    with pytest.raises(Unfit, match="equalshares does not count sections"):
        counted(rule="equalshares", sections=budgets, **more)


CHANNELS = [
    {"id": "online", "weight": 45, "votes": {"a": 600, "b": 300}},
    {"id": "hall", "weight": 45, "votes": {"a": 10, "b": 40}},
    {"id": "experts", "weight": 10, "votes": {"a": 3, "b": 2}},
]


def test_channels_are_weighed_and_each_section_has_its_places():
    candidates = [{"id": "a"}, {"id": "b"}]
    told = counted(channels=CHANNELS, candidates=candidates)
    assert told.method == "weighted_channels"
    assert dict(told.votes) == {"a": 45, "b": 55}
    assert counted(channels=CHANNELS).selected == ("a", "b")
    assert counted(channels=CHANNELS, voters=1, needed=2).selected == ()


@pytest.mark.parametrize(
    ("rule", "more", "complaint"),
    [
        ("weighted_channels", {}, "counts the sums of channels, and no ballots beside them"),
        ("channels", {"channels": CHANNELS, "ballots": [{"picks": ["a"]}]}, "no ballots beside"),
        ("channels", {"channels": CHANNELS[:2]}, "the weights of the channels make 90, not 100"),
        ("yes_no", {"candidates": [{"id": "a"}]}, "counts the answers yes, no and"),
        ("yes_no", {"ballots": [{"picks": ["a"]}], "voters": 0}, "more voted .1. than took part"),
        ("yes_no", {"majority": {"of": "roll"}}, "a majority of the roll needs the roll"),
        ("coin", {}, "not a rule: coin; there are approval, single, score, yes_no"),
    ],
)
def test_what_cannot_be_counted_so_is_refused_in_words(rule, more, complaint):
    with pytest.raises(Unfit, match=complaint):
        counted(rule=rule, **more)


def test_a_file_may_name_its_rule_by_any_of_its_names():
    ballots = [{"picks": ["a"]}]
    assert counted(ballots=ballots, rule="Plurality").method == "single"
    with pytest.raises(Unfit, match="not a rule: coin"):
        count(json.dumps(of(rule="coin")))


# ---------------------------------------------------------------- from one format to another

RANKED = "순위,A,B\n2,1,2\n1,,1\n"
BUDGET = json.dumps(
    of(
        budget=100,
        ties="paper_order",
        candidates=[{"id": "a", "cost": 60, "name": "Bench"}, {"id": "b", "cost": "50.5"}],
        ballots=[{"weight": 2, "picks": ["a"]}, {"picks": ["a", "b"]}],
    )
)


@pytest.mark.parametrize("ending", ["json", "blt", "soi", "csv"])
def test_rankings_go_from_any_format_to_any(ending):
    file = read_file("a.csv", RANKED.encode())
    again = read_file(f"b.{ending}", write_file(f"b.{ending}", file).encode())
    assert again.election.ballots == file.election.ballots
    assert [one.name for one in again.election.candidates] == ["A", "B"]


def test_a_budget_goes_to_pabulib_and_back():
    file = read_file("a.json", BUDGET.encode())
    text = write_file("B.PB", file)
    assert "rule;greedy" in text
    assert "project_id;cost;votes;name\na;60;3;Bench\nb;50.5;1;" in text
    read = read_file("b.pb", text.encode())
    assert (read.notes, read.published) == ((), None)
    assert read.election.ballots == file.election.ballots
    marked = text.replace(";name\n", ";name;selected\n").replace(";Bench", ";Bench;1")
    again = read_file("c.pb", marked.encode())
    assert again.published == ("a",)
    assert "a;60;3;Bench;1" in write_file("d.pb", again)


def test_orders_go_to_pabulib_with_how_many_named_each():
    ballots = [{"weight": 2, "tiers": [["b"]]}, {"tiers": [["a"], ["b"]]}]
    papers = {"candidates": [{"id": "a"}, {"id": "b"}], "ballots": ballots}
    text = json.dumps(of(budget=9, ties="paper_order", kind="ranking", **papers))
    written = write_file("b.pb", read_file("a.json", text.encode()))
    assert "vote_type;ordinal" in written
    assert "project_id;cost;votes;name\na;0;1;\nb;0;3;\n" in written


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("b.txt", RANKED, "the name of what is written ends on one of .pb .soc .soi .toc"),
        ("b.pb", RANKED, r"^a \.pb file holds a budget and costs$"),
        ("b.blt", "승인,A\n1,1\n", "this format holds rankings only"),
        ("b.soi", RANKED.replace("2,", "5/2,", 1), "this format counts whole ballots, not 5/2"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_in_words(name, text, complaint):
    with pytest.raises(Unfit, match=complaint):
        write_file(name, read_file("a.csv", text.encode()))


def test_the_command_converts_and_writes_over_nothing(app, tmp_path):
    runner = app.test_cli_runner()
    source, table_of, bad = (tmp_path / name for name in ("a.json", "b.csv", "bad.json"))
    candidates = [{"id": "a"}, {"id": "b"}]
    source.write_text(json.dumps(of(candidates=candidates, ballots=[{"picks": ["a"]}])))
    result = runner.invoke(commands.ballots, ["convert", str(source), str(table_of)])
    assert (result.exit_code, result.output) == (0, "")
    assert table_of.read_bytes() == b"\xef\xbb\xbf" + "승인,a,b\r\n1,1,\r\n".encode()
    again = runner.invoke(commands.ballots, ["convert", str(source), str(table_of)])
    assert again.exit_code == 2
    assert "b.csv is there already" in again.stderr
    bad.write_text("{}")
    refused = runner.invoke(commands.ballots, ["convert", str(bad), str(tmp_path / "c.csv")])
    assert refused.exit_code == 2
    assert refused.stderr.startswith("bad.json: line 1, column 1: expected")
    assert not (tmp_path / "c.csv").exists()
