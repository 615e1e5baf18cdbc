"""docs/counting.md tells the truth: every example in it is counted again."""

import csv
import re
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.assemblies.models import QuorumKind
from app.assemblies.rules import quorum_needed
from app.ballots import words
from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.election import Candidate, sum_of_picks, sum_of_points
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.formats import table
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from app.ballots.rules.counting.majority import Base, Majority
from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.register import Asked, count_file
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.scores import count_scores
from app.ballots.rules.counting.single import count_single
from app.ballots.rules.counting.stv import count_stv
from app.ballots.rules.counting.ties import TieBreak, TieRule, draw_ticket

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "counting.md"
EXAMPLE = re.compile(
    r"^```(?P<method>[a-z_]+) ?(?P<more>[^\n]*)\n(?P<given>(?:(?!```).*\n)*)```\n"
    r"```text\n(?P<told>(?:(?!```).*\n)*)```$",
    re.MULTILINE,
)


def examples():
    return [found.groupdict() for found in EXAMPLE.finditer(DOCUMENT.read_text(encoding="utf-8"))]


def recount(method, more, given):
    """The sentences of an example, counted again."""
    if method == "quorum":
        return [_quorum(dict(line.split() for line in given.splitlines()))]
    if method == "draw":
        return _draw(more, given.split())
    count, names = _count(method, more, given)
    return [
        f"{told.heading}: {sentence}"
        for told in words.tell_count(count, names, names)
        for sentence in told.sentences
    ]


def _quorum(figures):
    if "정원" in figures:
        seats = int(figures["정원"]) * int(figures["곱"])
        return f"{quorum_needed(QuorumKind.SEATS, seats, 0)}명"
    permille = Fraction(figures["비율"]) * 1000
    return f"{quorum_needed(QuorumKind.PERMILLE, int(permille), int(figures['인구']))}명"


def _draw(number, ids):
    candidates = {one: Candidate(id=one) for one in ids}
    order = TieBreak(TieRule.DRAW, number).settle(ids, candidates)
    return [f"{draw_ticket(number, one)[:16]}… {one}번" for one in order]


def _number(more):
    return int(more.partition("=")[2])


def _greedy(more, given):
    _, *rows = csv.reader(given.splitlines())
    candidates = [Candidate(id=name, cost=Fraction(cost)) for name, cost, _ in rows]
    votes = {name: Fraction(sum_of) for name, _, sum_of in rows}
    return count_greedy(candidates, votes, GreedyRule(budget=Fraction(_number(more))))


def _majority(more):
    return Majority(base=Base.VOTES) if more == "과반" else None


FROM_SUMS = {"greedy": _greedy}
# What the command counts as it stands: the rule is the block's, the kind of file its ending.
FROM_FILES = {"yes_no": "csv", "weighted_channels": "csv", "json": "json"}
FROM_BALLOTS = {
    "single": lambda paper, ballots, more: count_single(
        paper, sum_of_picks(paper, ballots), majority=_majority(more)
    ),
    "approval": lambda paper, ballots, more: count_approval(
        paper, sum_of_picks(paper, ballots), {"": _number(more)}
    ),
    "score": lambda paper, ballots, more: count_scores(
        paper, sum_of_points(paper, ballots), {"": _number(more)}
    ),
    "instant_runoff": lambda paper, ballots, _: count_instant_runoff(paper, ballots),
    "schulze": lambda paper, ballots, more: count_schulze(
        paper, sum_of_preferences(paper, ballots), _number(more)
    ),
    "stv": lambda paper, ballots, more: count_stv(paper, ballots, _number(more)),
    "equalshares": lambda paper, ballots, more: count_equal_shares(
        paper, ballots, SharesRule(budget=Fraction(_number(more)))
    ),
}


def _count(method, more, given):
    """The count of an example, with the names in it."""
    if method in FROM_FILES:
        read = read_file(f"example.{FROM_FILES[method]}", given.encode())
        asked = Asked(seats=_number(more) if more else None)
        count, _ = count_file(read, "" if method == "json" else method, asked)
        return count, read.election.parts | read.election.names
    if method in FROM_SUMS:
        return FROM_SUMS[method](more, given), {}
    first, _, others = given.partition("\n")
    word, *costs = first.split(",")
    election = table.read(others if word == "비용" else given)
    paper = election.candidates
    if word == "비용":
        paper = [replace(one, cost=Fraction(c)) for one, c in zip(paper, costs, strict=True)]
    return FROM_BALLOTS[method](paper, election.ballots, more), {one.id: one.name for one in paper}


@pytest.mark.parametrize("example", examples(), ids=lambda one: one["method"])
def test_an_example_of_the_document_comes_out_as_it_says(app, example):
    with app.test_request_context():
        told = recount(example["method"], example["more"], example["given"])
    assert told == example["told"].splitlines()


def test_every_method_has_an_example():
    assert {one["method"] for one in examples()} == {
        "quorum",
        "draw",
        *FROM_SUMS,
        *FROM_BALLOTS,
        *FROM_FILES,
    }


def test_the_line_to_type_gives_the_ticket():
    (line,) = re.findall(r"^printf .*$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    typed = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    number, candidate = re.search(r"v1:(\w+):(\w+)'", line).groups()
    assert typed.stdout.split()[0] == draw_ticket(number, candidate)
