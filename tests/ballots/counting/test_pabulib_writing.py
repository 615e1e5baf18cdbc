"""Elections in Pabulib's format: what is written is read again."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ballots.rules.counting.election import Approval, Candidate, Election, Ranking, Scoring
from app.ballots.rules.counting.formats.pabulib import read_pabulib, write_pabulib
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.unfit import Unfit

names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=9)
decimals = st.decimals(min_value=0, max_value=9999, places=2).map(Fraction)


@st.composite
def written_elections(draw):
    ids = draw(
        st.lists(st.from_regex(r"[a-zA-Z0-9/._-]{1,6}", fullmatch=True), min_size=1, unique=True)
    )
    candidates = tuple(Candidate(id=one, name=draw(names), cost=draw(decimals)) for one in ids)
    picks = st.lists(st.sampled_from(ids), unique=True)
    kind = draw(st.sampled_from(["approval", "scoring", "ordinal"]))
    weight = st.sampled_from([Fraction(1), Fraction(5, 2)])
    if kind == "approval":
        ballot = st.builds(lambda p, w: Approval(tuple(p), w), picks, weight)
    elif kind == "ordinal":
        ballot = st.builds(lambda p, w: Ranking(tuple((one,) for one in p), w), picks, weight)
    else:
        points = st.dictionaries(st.sampled_from(ids), decimals)
        ballot = st.builds(lambda p, w: Scoring(tuple(p.items()), w), points, weight)
    ballots = tuple(draw(st.lists(ballot, min_size=1, max_size=5)))
    title = draw(names)
    return Election(candidates=candidates, ballots=ballots, title=title, budget=draw(decimals))


@settings(max_examples=60)
@given(written_elections())
def test_what_is_written_is_read_again(election):
    sums = {one.id: Fraction(0) for one in election.candidates}
    text = write_pabulib(election, {"rule": "greedy"}, sums, selected=())
    file = read_pabulib(text)
    again = file.election
    assert set(again.candidates) == set(election.candidates)
    assert again.ballots == election.ballots
    assert (again.title, again.budget) == (election.title, election.budget)
    assert file.published == ()


def test_what_the_format_cannot_hold_is_refused():
    third = Election(candidates=(Candidate(id="a", cost=Fraction(1, 3)),))
    with pytest.raises(ValueError, match="1/3 has no exact decimal"):
        write_pabulib(third, {}, {"a": Fraction(0)})
    level = Election(candidates=(), ballots=(Ranking((("a", "b"),)),))
    with pytest.raises(Unfit, match=r"^the format holds one candidate in each place of an order$"):
        write_pabulib(level, {}, {})


@settings(max_examples=60)
@given(st.text(st.sampled_from('METAPROJCSV\n;,"1 a#'), max_size=200))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(FormatError):
        read_pabulib("META\nbudget;5\n" + text)


WRITTEN = """\
META
key;value
description;"Spring; or fall"
num_projects;2
num_votes;{votes}
budget;99.5
vote_type;{kind}
rule;greedy
PROJECTS
project_id;cost;{column};name;selected
a;60;3;Bench;1
b;40.05;0.125;;0
VOTES
{ballots}
"""
PAPER = (
    Candidate(id="a", name="Bench", cost=Fraction(60)),
    Candidate(id="b", cost=Fraction("40.05")),
)


@pytest.mark.parametrize(
    ("ballots", "kind", "column", "written"),
    [
        ((), "approval", "votes", "voter_id;vote"),
        (
            (Approval(("a", "b")), Approval(())),
            "approval",
            "votes",
            "voter_id;vote\n1;a,b\n2;",
        ),
        (
            (Approval(("a",), Fraction(1, 2)), Approval(("b",))),
            "approval",
            "votes",
            "voter_id;vote;vote_strength\n1;a;0.5\n2;b;1",
        ),
        (
            (Scoring((("b", Fraction(7, 20)), ("a", Fraction(12))), Fraction(2)),),
            "scoring",
            "score",
            "voter_id;vote;points;vote_strength\n1;b,a;0.35,12;2",
        ),
        ((Ranking((("b",), ("a",))),), "ordinal", "votes", "voter_id;vote\n1;b,a"),
    ],
)
def test_a_file_is_written_so(ballots, kind, column, written):
    election = Election(
        candidates=PAPER, ballots=ballots, title="Spring; or fall", budget=Fraction("99.5")
    )
    sums = {"a": Fraction(3), "b": Fraction(1, 8)}
    told = WRITTEN.format(votes=len(ballots), kind=kind, column=column, ballots=written)
    assert write_pabulib(election, {"rule": "greedy"}, sums, {"a"}) == told


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("plain", "plain"),
        ("a;b", '"a;b"'),
        ('say "it"', '"say ""it"""'),
        (" led", '" led"'),
        ("two\nlines", '"two\nlines"'),
        ("two\rlines", '"two\rlines"'),
        ("X marks", "X marks"),
    ],
)
def test_a_text_stands_in_quotes_where_it_needs_them(text, field):
    election = Election(candidates=(Candidate(id="a", name=text),))
    lines = write_pabulib(election, {}, {"a": Fraction(0)}).partition("PROJECTS\n")[2]
    assert lines == f"project_id;cost;votes;name\na;0;0;{field}\nVOTES\nvoter_id;vote\n"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Fraction(10), "10"),
        (Fraction(1, 10), "0.1"),
        (Fraction(1, 4), "0.25"),
        (Fraction(1, 5), "0.2"),
        (Fraction(3, 40), "0.075"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(7, 1250), "0.0056"),
    ],
)
def test_a_number_is_written_exactly(number, written):
    election = Election(candidates=(Candidate(id="a", cost=number),))
    cost = write_pabulib(election, {}, {"a": Fraction(0)}).splitlines()[-3].split(";")[1]
    assert cost == written
