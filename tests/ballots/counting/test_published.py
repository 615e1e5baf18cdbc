"""Elections that cities held and published: what was spent, on what, and here the same again.

Figures alone, from Pabulib's files (pabulib.org): what META tells of the rule, and of every project
its cost, its votes (or points) and whether the city selected it; for Equal Shares the ballots too,
as how many picked what. Comments, and what is told of money that is left, stand in words of our
own. In brackets stands why a count comes out otherwise. Names in small letters are older copies of
a file; two of these do not say why their city selected otherwise (a project taken back, it seems).
"""

import re
from pathlib import Path

import pytest

from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.register import Asked, count_file

FIGURES = Path(__file__).with_name("published")
PICKS = ("approval", "choose-1")


def elections(name):
    found = []
    text = (FIGURES / name).read_text(encoding="utf-8")
    for block in re.split(r"^= ", text, flags=re.MULTILINE)[1:]:
        head, *lines = block.splitlines()
        figures, _, why = head.partition(" (")
        election, *terms = figures.split()
        reasons = why.rstrip(")").split()
        found.append(pytest.param(terms, lines, reasons, id=election))
    return found


def pb(terms, lines):
    kind, rule, budget = terms
    told = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
    rows = [line for line in lines if not line.startswith("# ")]
    ballots = []
    if "VOTES" in rows:
        place = rows.index("VOTES")
        rows, sums = rows[:place], [line.split() for line in rows[place + 1 :]]
        ballots = [picks for times, picks in sums for _ in range(int(times))]
    column = "votes" if kind in PICKS else "score"
    part = "neighborhood" if any(line.startswith("neighborhoods;") for line in told) else "category"
    text = [
        *("META", "key;value", f"budget;{budget}", f"vote_type;{kind}", f"rule;{rule}", *told),
        *("PROJECTS", f"project_id;cost;{column};selected;{part}", *rows),
    ]
    if ballots:
        text += ["VOTES", "voter_id;vote", *(f"{n};{one}" for n, one in enumerate(ballots))]
    return "\n".join([*text, ""]).encode(), len(rows), len(ballots)


@pytest.mark.parametrize(("terms", "lines", "why"), elections("by_votes.txt"))
def test_a_published_election_comes_out_as_published_or_says_why_not(terms, lines, why):
    text, projects, _ = pb(terms, lines)
    file = read_file("a.pb", text)
    assert len(file.election.candidates) == projects
    count, difference = count_file(file, "", Asked())
    if not why:
        assert set(count.selected) == set(file.published)
        assert difference is None
    else:
        assert sorted(difference.reasons) == why


@pytest.mark.parametrize(("terms", "lines", "why"), elections("equal_shares.txt"))
def test_a_published_election_by_equal_shares_comes_out_as_published(terms, lines, why):
    text, projects, voters = pb(terms, lines)
    file = read_file("a.pb", text)
    assert (len(file.election.candidates), len(file.election.ballots)) == (projects, voters)
    assert {one: file.source.sums[one] for one in file.source.rows} == {
        one: int(fields["votes"]) for one, fields in file.source.rows.items()
    }
    count, difference = count_file(file, "", Asked())
    assert set(count.selected) == set(file.published)
    assert difference is None
    assert not why


def test_hundreds_of_elections_of_every_kind_are_held_against_their_cities():
    held = elections("by_votes.txt")
    assert len(held) >= 500
    for rule, least in (
        ("greedy", 200),
        ("greedy-no-skip", 100),
        ("greedy-threshold", 100),
        ("greedy-exclusive", 20),
        ("greedy-custom", 40),
    ):
        assert sum(one.values[0][1] == rule for one in held) >= least
    reasons = [one.values[-1] for one in held]
    assert sum(not why for why in reasons) >= 0.96 * len(reasons)
    assert [one.id for one in held if one.values[-1] == ["unexplained"]] == [
        "poland_krakow_2022_biezanow-prokocim",
        "poland_wroclaw_2017_rejon-nr-11-750",
    ]
