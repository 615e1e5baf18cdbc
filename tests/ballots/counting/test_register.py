"""How each rule is asked: with the ballots it counts, the ties it is told, its quorum."""

import json
import re
from fractions import Fraction

import pytest

from app.ballots.rules.counting.channels import count_channels
from app.ballots.rules.counting.election import Candidate
from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.places import OPEN
from app.ballots.rules.counting.register import RULES, Asked, count_file
from app.ballots.rules.counting.scores import count_scores
from app.ballots.rules.counting.terms import Channel
from app.ballots.rules.counting.ties import TieBreak, TieRule
from app.ballots.rules.counting.unfit import Unfit
from tests.ballots.counting.test_pabulib import pb

FIRST = TieBreak(TieRule.PAPER_ORDER)
ORDERS = {"kind": "ranking", "ballots": [{"tiers": [["a"]]}, {"tiers": [["b"]]}]}
EQUAL = {
    "single": {"ballots": [{"picks": ["a"]}, {"picks": ["b"]}]},
    "irv": ORDERS,
    "schulze": ORDERS,
    "stv": ORDERS,
    "score": {"kind": "score", "ballots": [{"points": {"a": 2, "b": 2}}]},
    "weighted_channels": {"channels": [{"id": "c", "weight": 100, "votes": {"a": 1, "b": 1}}]},
}


def election(rule, **more):
    both = {"ballots": [{"weight": 2, "picks": ["a", "b"]}]}
    return {
        "format": "madang/election/v1",
        "rule": rule,
        "budget": 4,
        "candidates": [{"id": "a", "cost": 4}, {"id": "b", "cost": 4}],
        **EQUAL.get(rule, both),
        **more,
    }


def count(rule, *, asked=None, **more):
    file = read_file("a.json", json.dumps(election(rule, **more)).encode())
    return count_file(file, "", Asked(ties=asked))[0]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "yes_no"])
def test_every_rule_settles_ties_as_it_is_asked_and_else_as_the_file_says(rule):
    assert count(rule, asked=FIRST).selected == ("a",)
    assert count(rule, ties="paper_order").selected == ("a",)
    for open_ in (count(rule), count(rule, ties="paper_order", asked=OPEN)):
        assert open_.selected == ()
        assert set(open_.ties[0].candidates) == {"a", "b"}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "yes_no"])
def test_below_the_quorum_a_count_keeps_its_votes_and_says_nothing_else(rule):
    whole = count(rule, voters=2, needed=2, asked=FIRST)
    short = count(rule, voters=2, needed=3, asked=FIRST)
    assert "a" in whole.selected
    assert (short.method, short.votes, short.selected) == (whole.method, whole.votes, ())
    assert short.figures["needed"] == 3
    (only,) = short.rounds
    stood = dict(whole.votes or whole.rounds[0].standing)
    assert (only.number, dict(only.standing)) == (1, stood)
    assert [one.candidate for one in only.steps] == ["a", "b"]
    assert {one.verdict for one in only.steps} == {Verdict.NO_QUORUM}


def test_below_the_quorum_the_first_stands_first_and_whoever_has_no_vote_stands_too():
    orders = [{"weight": 2, "tiers": [["b"]]}, {"tiers": [["a"]]}]
    candidates = [{"id": one} for one in "abc"]
    for rule in ("irv", "stv", "schulze"):
        more = {"candidates": candidates, "ballots": orders, "voters": 3, "needed": 4}
        (only,) = count(rule, **more).rounds
        assert [one for one, _ in only.standing] == ["b", "a", "c"]
    picks = [{"weight": 2, "picks": ["b"]}]
    (only,) = count("approval", ballots=picks, voters=3, needed=4).rounds
    assert only.standing == (("b", 2), ("a", 0))


CANDIDATES = (Candidate(id="a"), Candidate(id="b"))


def test_points_and_channels_know_their_quorum_themselves():
    hall = Channel(id="c", weight=Fraction(100), sums={"a": Fraction(2), "b": Fraction(0)})
    for told, selected in (({"voters": 1, "needed": 2}, ()), ({"voters": 2, "needed": 2}, ("a",))):
        assert count_scores(CANDIDATES, {"a": 2}, {"": 1}, **told).selected == selected
        counted = count_channels(CANDIDATES, [hall], {"": 1}, **told)
        assert counted.selected == selected
        assert counted.figures["needed"] == 2


def test_a_channel_without_a_vote_gives_nothing_to_anybody():
    hall = Channel(id="hall", weight=Fraction(60), sums={"a": Fraction(3)})
    empty = Channel(id="online", weight=Fraction(40), sums={})
    counted = count_channels(CANDIDATES, [hall, empty], {"": 1})
    assert dict(counted.votes) == {"a": 60, "b": 0}
    assert counted.figures["empty:online"] == 1
    with pytest.raises(Unfit, match=r"^two channels share an id$"):
        count_channels(CANDIDATES, [hall, hall], {"": 1})


@pytest.mark.parametrize(
    ("rule", "more", "sentence"),
    [
        (
            "weighted_channels",
            {"channels": []},
            "this rule counts the sums of channels, and no ballots beside them",
        ),
        (
            "yes_no",
            {"candidates": [{"id": "a"}], "ballots": []},
            "this rule counts the answers yes, no and, if there is a third, abstain",
        ),
        (
            "yes_no",
            {"candidates": [{"id": "yes"}, {"id": "x", "name": "abstain"}], "ballots": []},
            "the answers stand in the order yes, no, abstain, not abstain as number 2",
        ),
        (
            "score",
            {"kind": "approval", "ballots": [{"picks": ["a"]}]},
            "this rule counts ballots that give points",
        ),
        ("irv", {"kind": "approval", "ballots": [{"picks": []}]}, "this rule counts rankings"),
        (
            "greedy",
            {"kind": "ranking", "ballots": [{"tiers": [["a"]]}]},
            "greedy counts ballots that pick or give points",
        ),
        (
            "equalshares/add1",
            {"budget": None},
            "equalshares/add1 needs a budget and costs",
        ),
        ("irv", {"seats": 2}, "instant runoff fills one seat; several are filled by stv"),
        ("approval", {"majority": {}}, "approval does not count a majority"),
        (
            "approval",
            {"channels": [{"id": "c", "weight": 100, "votes": {}}]},
            "approval does not count channels",
        ),
        (
            "yes_no",
            {"ballots": [{"picks": ["a"]}], "majority": {"of": "roll"}},
            "a majority of the roll needs the roll",
        ),
        (
            "single",
            {"majority": {}, "seats": 2},
            "a majority fills one place",
        ),
    ],
)
def test_what_a_rule_cannot_count_is_refused_in_one_sentence(rule, more, sentence):
    document = election(rule, **more)
    document = {key: value for key, value in document.items() if value is not None}
    with pytest.raises(Unfit, match=f"^{re.escape(sentence)}$"):
        count_file(read_file("a.json", json.dumps(document).encode()), "", Asked())


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("irv", "a section VOTES, as rankings cannot be counted from sums"),
        ("yes_no", "a section VOTES, as a question is answered by ballots"),
        ("equalshares", "a section VOTES, which Equal Shares cannot do without"),
    ],
)
def test_rules_that_need_ballots_say_that_sums_are_not_enough(rule, expected):
    projects = "project_id;cost;votes\n1;60;3\n2;40;1\n"
    sums = read_file("a.pb", pb(projects=projects).partition("VOTES")[0].encode())
    with pytest.raises(FormatError) as caught:
        count_file(sums, rule, Asked())
    assert (caught.value.line, caught.value.column) == (1, 1)
    assert caught.value.expected == expected


def test_as_many_papers_are_there_as_the_picks_of_a_paper_ask_for():
    ballots = [{"weight": 3, "picks": ["a"]}, {"weight": 3, "picks": ["b"]}]
    for paper in ({"picks": {"most": 2}}, {"picks": {"least": 0, "most": 3}}):
        assert count("approval", ballots=ballots, voters=3, asked=FIRST, **paper).votes["a"] == 3


# Three voters with 3 each: one wants a for 4, two want b for 9.
SHARED = {
    "budget": 9,
    "candidates": [{"id": "a", "cost": 4}, {"id": "b", "cost": 9}],
    "ballots": [{"picks": ["a"]}, {"weight": 2, "picks": ["b"]}],
}


@pytest.mark.parametrize(
    ("rule", "selected"),
    [
        ("equalshares", ()),
        ("equalshares/add1", ("a",)),
        ("equalshares-comparison", ("b",)),
        ("equalshares/add1-comparison", ("b",)),
        ("greedy", ("b",)),
    ],
)
def test_each_kind_of_equal_shares_completes_and_compares_as_its_name_says(rule, selected):
    assert count(rule, **SHARED).selected == selected
