"""Whatever candidates are called: a file that is written reads back the same, or is not written."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ballots import commands
from app.ballots.rules.counting.election import Approval, Candidate, Election, Ranking, Scoring
from app.ballots.rules.counting.files import ReadFile, read_file, write_file
from app.ballots.rules.counting.places import OPEN
from app.ballots.rules.counting.terms import Channel, Terms
from app.ballots.rules.counting.ties import TieBreak, TieRule
from app.ballots.rules.counting.unfit import Unfit

HOSTILE = [
    *("=1+1", "+x", "-x", "@a", "'=x", "\t=x", "＝x"),
    *("a\nb", "a\rb", "a\r\nb", "a\x85b", "a\u2028b", "\x0c", "\x1ca", "\x00"),
    *('"', '""', 'a"b', "\\", '\\"', "a;b", "a,b", "{1}", "(a)", "a=b"),
    *("#", "# TITLE: x", "META", "VOTES", "승인", "경로", "0", "1", "2", "①"),
    *(" x", "x ", "\u00a0x", "x\u3000", "\ufeff", "\ufeffx", "\u200b", "가" * 1000, "가" * 1001),
]
names = st.one_of(
    st.just(""),
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
RULES = {Approval: "approval", Scoring: "score", Ranking: "irv"}
ENDINGS = {
    ".json": tuple(RULES),
    ".csv": tuple(RULES),
    ".pb": tuple(RULES),
    ".blt": (Ranking,),
    ".soc": (Ranking,),
}


def ballots(kind, ids):
    picks = st.lists(st.sampled_from(ids), min_size=1, unique=True)
    of_picks = {
        Approval: lambda named: Approval(tuple(named)),
        Scoring: lambda named: Scoring(tuple((one, 2) for one in named)),
        Ranking: lambda named: Ranking(tuple((one,) for one in named)),
    }
    return st.lists(picks.map(of_picks[kind]), min_size=1, max_size=3).map(tuple)


@st.composite
def files(draw, ending):
    kind, budget = draw(st.sampled_from(ENDINGS[ending])), 9 if ending == ".pb" else None
    given_ids = st.lists(names.filter(bool), min_size=1, max_size=3, unique=True)
    ids = draw(st.one_of(given_ids, st.sampled_from([["1"], ["1", "2"], ["1", "2", "3"]])))
    election = Election(
        title=draw(names),
        candidates=tuple(Candidate(id=one, name=draw(names)) for one in ids),
        ballots=draw(ballots(kind, ids)),
        budget=budget,
    )
    if budget:
        return ReadFile(election=election, rule="greedy", ties=TieBreak(TieRule.PAPER_ORDER))
    return ReadFile(election=election, rule=RULES[kind], ties=OPEN)


def papers(election):
    """How many voters cast each ballot; candidates are known by their places on the paper."""
    places = {one.id: place for place, one in enumerate(election.candidates)}
    sums = Counter()
    for ballot in election.ballots:
        named = [places[one] for one in ballot.names]
        sums[tuple(named if isinstance(ballot, Ranking) else sorted(named))] += ballot.weight
    return sums


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=60)
@given(st.data())
def test_a_file_reads_back_the_same_or_is_not_written(ending, data):
    file = data.draw(files(ending))
    try:
        text = write_file("a" + ending, file)
    except Unfit:
        return
    encoding = "utf-8-sig" if ending == ".csv" else "utf-8"
    before, after = file.election, read_file("a" + ending, text.encode(encoding)).election
    called = [[one.name or one.id for one in each.candidates] for each in (before, after)]
    assert called[0] == called[1]
    assert ending == ".csv" or before.title == after.title
    if ending in (".json", ".pb"):
        assert [one.id for one in before.candidates] == [one.id for one in after.candidates]
    assert papers(before) == papers(after)


@settings(max_examples=60)
@given(st.lists(names.filter(bool), min_size=1, max_size=3, unique=True), names)
def test_channels_read_back_by_their_names_or_are_not_written(called, candidate):
    channels = tuple(Channel(id=one, weight=1, sums={"a": 2}) for one in called)
    election = Election(
        candidates=(Candidate(id="a", name=candidate),), terms=Terms(channels=channels)
    )
    try:
        text = write_file("a.csv", ReadFile(election=election, rule="weighted_channels"))
    except Unfit:
        return
    again = read_file("a.csv", text.encode("utf-8-sig")).election
    assert [one.id for one in again.terms.channels] == called
    assert again.candidates[0].name == (candidate or "a")


@pytest.mark.parametrize(
    ("title", "called", "out", "said"),
    [
        ("가" * 1001, "a", "b.json", "a.pb: as JSON it could not be read again: line 2, column 10"),
        ("x", "가" * 1001, "b.json", "a.pb: as JSON it could not be read again: line 9, column"),
        ("x", "a", "b.blt", "a.pb: this format holds rankings only"),
        ("x", "a", "b.csv", "a.pb: CSV cannot hold the rule, "),
    ],
)
def test_what_cannot_be_written_leaves_no_file(app, tmp_path, title, called, out, said):
    source, target = tmp_path / "a.pb", tmp_path / out
    meta = f"META\nkey;value\ndescription;{title}\nbudget;9\nrule;greedy\n"
    projects = f"PROJECTS\nproject_id;cost;name\n1;4;{called}\n2;5;b\n"
    source.write_text(meta + projects + "VOTES\nvoter_id;vote\n1;1\n")
    arguments = ["convert", str(source), str(target)]
    result = app.test_cli_runner().invoke(commands.ballots, arguments)
    assert (result.exit_code, target.exists()) == (2, False)
    assert result.stderr.startswith(said)
