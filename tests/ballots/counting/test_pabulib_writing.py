"""Elections in Pabulib's format: what is written is read again."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ballots.rules.counting.election import Approval, Candidate, Election, Ranking, Scoring
from app.ballots.rules.counting.formats.pabulib import read_pabulib, write_pabulib
from app.ballots.rules.counting.formats.reading import FormatError

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
    with pytest.raises(ValueError, match="one candidate in each place"):
        write_pabulib(level, {}, {})


@settings(max_examples=60)
@given(st.text(st.sampled_from('METAPROJCSV\n;,"1 a#'), max_size=200))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(FormatError):
        read_pabulib("META\nbudget;5\n" + text)
