"""What a file no longer says once it was written anew, part by part and by its name."""

import json
from dataclasses import replace

import pytest

from app.ballots.rules.counting.files import ReadFile, read_file
from app.ballots.rules.counting.losses import IDS, TITLE, losses
from tests.ballots.counting.test_pabulib import pb
from tests.ballots.counting.test_pabulib_dialects import KINDS, LEFT, PROJECTS

CHANNEL = {"id": "hall", "name": "Hall", "weight": 100, "votes": {"a": 2, "b": 0}}
WHOLE = {
    "format": "madang/election/v1",
    "title": "Spring",
    "rule": "approval",
    "ties": "joint",
    "seats": 2,
    "budget": 100,
    "candidates": [
        {"id": "a", "name": "Bench", "section": "x", "cost": 60, "rivals": "corner"},
        {"id": "b", "section": "y", "cost": 40},
    ],
    "sections": [{"id": "x", "seats": 1, "budget": 60}, {"id": "y"}],
    "channels": [CHANNEL],
    "picks": {"most": 2},
    "majority": {"of": "votes"},
    "voters": 9,
    "roll": 20,
    "needed": 3,
    "ballots": [{"weight": 2, "picks": ["a"]}, {"picks": ["a", "b"]}],
}


def read(document) -> ReadFile:
    return read_file("a.json", json.dumps(document).encode())


def candidate(**more):
    first, *others = WHOLE["candidates"]
    return {"candidates": [first | more, *others]}


def section(**more):
    first, *others = WHOLE["sections"]
    return {"sections": [first | more, *others]}


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"title": "Fall"}, [TITLE]),
        ({"rule": "single"}, ["the rule"]),
        ({"ties": "runoff"}, ["how ties are settled"]),
        ({"seats": 3}, ["the number of seats"]),
        ({"budget": 101}, ["the budget"]),
        (candidate(withdrawn=True), ["who is withdrawn"]),
        (candidate(cost=61), ["what candidates cost"]),
        (candidate(rivals=""), ["which candidates shut each other out"]),
        (candidate(section="y"), ["which section candidates stand in"]),
        (candidate(name="Tree"), ["the names of candidates"]),
        (section(seats=2), ["sections with their places and budgets"]),
        (section(budget=61), ["sections with their places and budgets"]),
        ({"channels": [CHANNEL | {"votes": {"a": 2, "b": 1}}]}, ["channels"]),
        ({"channels": [CHANNEL | {"weight": 99}]}, ["channels"]),
        ({"channels": [CHANNEL | {"name": "Hut"}]}, ["the names of channels"]),
        ({"picks": {"most": 3}}, ["the bounds of a paper"]),
        ({"majority": {"of": "roll"}}, ["the majority"]),
        ({"voters": 8}, ["who took part or could have"]),
        ({"roll": 21}, ["who took part or could have"]),
        ({"needed": 4}, ["the quorum"]),
        ({"ballots": [{"weight": 3, "picks": ["a"]}]}, ["the ballots"]),
        ({"budget": 101, "voters": 8}, ["the budget", "who took part or could have"]),
    ],
)
def test_each_part_is_named_that_came_back_otherwise(change, lost):
    assert losses(read(WHOLE), read(WHOLE | change)) == lost
    assert losses(read(WHOLE), read(WHOLE | change), but=lost) == []


def test_ids_are_names_and_candidates_are_known_by_their_places():
    before = read(WHOLE)
    renamed = json.dumps(WHOLE).replace('"b"', '"k"')
    assert losses(before, read(json.loads(renamed))) == [IDS, "the names of candidates"]


@pytest.mark.parametrize(
    ("kind", "ballots", "same", "others"),
    [
        (
            "approval",
            [{"weight": 2, "picks": ["a", "b"]}, {"picks": []}],
            [{"picks": []}, {"picks": ["b", "a"]}, {"picks": ["a", "b"]}],
            [{"weight": 2, "picks": ["a"]}, {"picks": []}],
        ),
        (
            "score",
            [{"weight": 2, "points": {"a": 2, "b": 1}}],
            [{"points": {"b": 1, "a": 2}}, {"points": {"a": 2, "b": 1}}],
            [{"weight": 2, "points": {"a": 1, "b": 2}}],
        ),
        (
            "ranking",
            [{"weight": 2, "tiers": [["a", "b"]]}],
            [{"tiers": [["b", "a"]]}, {"tiers": [["a", "b"]]}],
            [{"weight": 2, "tiers": [["a"], ["b"]]}],
        ),
    ],
)
def test_ballots_are_the_same_whatever_the_order_of_rows_and_equals(kind, ballots, same, others):
    plain = {key: WHOLE[key] for key in ("format", "candidates")} | {"kind": kind}
    before = read(plain | {"ballots": ballots})
    assert losses(before, read(plain | {"ballots": same})) == []
    assert losses(before, read(plain | {"ballots": others})) == ["the ballots"]


def test_one_kind_of_ballot_is_not_another():
    plain = {key: WHOLE[key] for key in ("format", "candidates", "rule")}
    points = plain | {"kind": "score", "ballots": [{"points": {"a": 1}}]}
    picks = plain | {"kind": "approval", "ballots": [{"picks": ["a"]}]}
    orders = plain | {"kind": "ranking", "ballots": [{"tiers": [["a"]]}]}
    for before, after in ((points, picks), (picks, orders), (orders, points)):
        assert losses(read(before), read(after)) == ["the ballots"]


def test_the_worth_of_an_order_is_lost_where_only_the_order_is_kept():
    votes = "voter_id;vote\n1;1,2\n2;2\n"
    orders = read_file("a.pb", pb(votes=votes, kind="ordinal").encode())
    plain = replace(orders, source=None)
    assert losses(orders, plain) == ["the points that an order is worth"]
    assert losses(orders, orders) == losses(plain, orders) == losses(plain, plain) == []


def test_what_only_a_city_says_is_lost_without_its_file():
    sums = read_file("a.pb", pb().partition("VOTES")[0].encode())
    assert losses(sums, replace(sums, source=None)) == ["sums without ballots"]
    least = read_file("a.pb", pb("min_project_score_threshold;2\n").encode())
    assert losses(least, replace(least, source=None)) == ["the least votes that can be selected"]
    parts = pb(KINDS + LEFT, PROJECTS, "", rule="greedy-custom", budget="74000")
    custom = read_file("a.pb", parts.encode())
    assert losses(custom, replace(custom, source=None)) == [
        "the budgets of parts of the town",
        "the custom of the city",
        "sums without ballots",
    ]
