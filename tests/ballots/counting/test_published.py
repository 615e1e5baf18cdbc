"""Elections that cities held and published: what was spent, on what, and here the same again.

Figures alone, from the heads of Pabulib's files (pabulib.org): a budget, and of every project its
cost, its votes (or points) and whether the city selected it. In brackets stands why a count comes
out otherwise; what these figures do not tell (a project taken back, a share of the budget for small
projects) is unexplained.
"""

from pathlib import Path

import pytest

from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.register import Asked, count_file

FIGURES = Path(__file__).with_name("published.txt")
PICKS = ("approval", "choose-1")


def elections():
    found = []
    for block in FIGURES.read_text(encoding="utf-8").split("= ")[1:]:
        head, *rows = block.splitlines()
        figures, _, why = head.partition(" (")
        name, kind, rule, budget = figures.split()
        reasons = why.rstrip(")").split()
        found.append(pytest.param(kind, rule, budget, rows, reasons, id=name))
    return found


@pytest.mark.parametrize(("kind", "rule", "budget", "rows", "why"), elections())
def test_a_published_election_comes_out_as_published_or_says_why_not(kind, rule, budget, rows, why):
    sums = "votes" if kind in PICKS else "score"
    head = f"META\nkey;value\nbudget;{budget}\nvote_type;{kind}\nrule;{rule}\n"
    text = "\n".join([f"{head}PROJECTS\nproject_id;cost;{sums};selected", *rows, ""])
    file = read_file("a.pb", text.encode())
    assert len(file.election.candidates) == len(rows)
    count, difference = count_file(file, "", Asked())
    if not why:
        assert set(count.selected) == set(file.published)
        assert difference is None
    else:
        assert sorted(difference.reasons) == why


def test_hundreds_of_elections_are_held_against_their_cities():
    reasons = [one.values[-1] for one in elections()]
    assert len(reasons) >= 200
    assert sum(not why for why in reasons) >= 0.85 * len(reasons)
    assert sum(why == ["unexplained"] for why in reasons) <= 0.1 * len(reasons)
