"""Files in and out: round trips, dirty files that are read, bad files that say where and why."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ballots.rules.counting.election import Approval, Candidate, Election, Ranking, Scoring
from app.ballots.rules.counting.formats import blt, document, preflib, reading, table
from app.ballots.rules.counting.formats.reading import FormatError
from tests.ballots.counting.elections import rankings

F = Fraction
NAMES = ("가람 놀이터", "=SUM(A1)", 'Say "yes"', "쉼터, 도서관", "back\\slash")


def numbered(*names, **more):
    return tuple(Candidate(id=str(i), name=name, **more) for i, name in enumerate(names, start=1))


@st.composite
def orders(draw, size):
    """Tiers of some of the candidates 1 … size."""
    places = draw(st.lists(st.integers(0, size), min_size=size, max_size=size))
    tiers = {}
    for number, place in enumerate(places, start=1):
        if place:
            tiers.setdefault(place, []).append(str(number))
    return tuple(tuple(tiers[place]) for place in sorted(tiers))


weights = st.integers(1, 9).map(F)
halves = st.fractions(F(1, 7), 9, max_denominator=9)


@st.composite
def elections(draw, kind="ranking", weight=weights):
    size = draw(st.integers(1, 5))
    ids = [str(number) for number in range(1, size + 1)]
    if kind == "ranking":
        ballot = st.builds(Ranking, orders(size), weight)
    elif kind == "approval":
        picked = st.lists(st.sampled_from(ids), unique=True).map(sorted).map(tuple)
        ballot = st.builds(Approval, picked, weight)
    else:
        points = st.dictionaries(st.sampled_from(ids), halves).map(lambda one: sorted(one.items()))
        ballot = st.builds(Scoring, points.map(tuple), weight)
    ballots = draw(st.lists(ballot, min_size=1, max_size=6))
    return Election(candidates=numbered(*NAMES[:size]), ballots=tuple(ballots))


def grouped(election):
    """The same with equal ballots as one, in a fixed order."""
    sums = {}
    for ballot in election.ballots:
        sums[ballot.tiers] = sums.get(ballot.tiers, 0) + ballot.weight
    return replace(election, ballots=tuple(Ranking(*one) for one in sorted(sums.items())))


# ---------------------------------------------------------------- round trips


@given(elections(), st.text("가나 :", max_size=9).map(str.strip))
def test_preflib_round_trip(election, title):
    election = replace(election, title=title)
    assert grouped(preflib.read(preflib.write(election))) == grouped(election)


@given(elections(weight=halves), st.integers(1, 5), st.sets(st.integers(0, 4)))
def test_blt_round_trip(election, seats, withdrawn):
    election = replace(
        election,
        seats=min(seats, len(election.candidates)),
        title='투표 "2021"',
        candidates=tuple(
            replace(one, is_withdrawn=place in withdrawn)
            for place, one in enumerate(election.candidates)
        ),
    )
    assert blt.read(blt.write(election)) == election


@given(st.sampled_from(["ranking", "approval", "score"]).flatmap(lambda k: elections(k, halves)))
def test_table_round_trip(election):
    assert table.read(reading.decode(table.write(election).encode("utf-8-sig"))) == election


@given(
    st.sampled_from(["ranking", "approval", "score"]).flatmap(lambda k: elections(k, halves)),
    st.none() | halves,
    st.text(max_size=5),
)
def test_a_document_holds_everything(election, budget, text):
    candidates = tuple(
        replace(one, id=f"{text}{one.id}", section=text, cost=F(1, 3), rivals=text)
        for one in (*election.candidates, Candidate(id="w", is_withdrawn=True))
    )
    election = replace(
        election, candidates=candidates, ballots=(), budget=budget, title=text, seats=2
    )
    assert document.read(document.write(election)) == election


@given(st.sampled_from(["ranking", "approval", "score"]).flatmap(lambda k: elections(k, halves)))
def test_a_document_keeps_its_ballots(election):
    assert document.read(document.write(election)) == election


def test_each_format_writes_plainly():
    election = Election(
        candidates=numbered("가", "나", "다"),
        ballots=tuple(rankings("3: 1 > 2=3\n1: 2\n2: 2")),
        seats=2,
        title="시험",
    )
    assert preflib.write(election) == (
        "# TITLE: 시험\n# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 6\n"
        "# NUMBER UNIQUE ORDERS: 2\n# ALTERNATIVE NAME 1: 가\n# ALTERNATIVE NAME 2: 나\n"
        "# ALTERNATIVE NAME 3: 다\n3: 1,{2,3}\n3: 2\n"
    )
    assert blt.write(election) == '3 2\n3 1 2=3 0\n1 2 0\n2 2 0\n0\n"가"\n"나"\n"다"\n"시험"\n'
    assert table.write(election) == "순위,가,나,다\r\n3,1,2,2\r\n1,,1,\r\n2,,1,\r\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1: 1 > 2 > 3", "soc"), ("1: 1", "soi"), ("1: 1=2 > 3", "toc"), ("1: 1=2", "toi")],
)
def test_preflib_names_its_four_kinds(text, kind):
    election = Election(candidates=numbered("a", "b", "c"), ballots=tuple(rankings(text)))
    assert preflib.kind(election) == kind


@pytest.mark.parametrize("write", [preflib.write, blt.write])
def test_what_a_format_cannot_hold_is_refused(write):
    paper = numbered("a", "b")
    with pytest.raises(ValueError, match="rankings only"):
        write(Election(candidates=paper, ballots=(Approval(("1",)),)))
    with pytest.raises(ValueError, match="line break"):
        write(Election(candidates=numbered("a\nb")))
    with pytest.raises(ValueError, match="line break"):
        write(Election(candidates=paper, title="a\rb"))


def test_preflib_counts_whole_ballots():
    election = Election(candidates=numbered("a"), ballots=(Ranking((("1",),), F(1, 2)),))
    with pytest.raises(ValueError, match="whole ballots, not 1/2"):
        preflib.write(election)


# ---------------------------------------------------------------- as found in the wild

OLD = "3\n1,Ann, the first\n2,Bob\n3,Cid\n6,6,3\n3,1,2,3\n2,{2,3}\n1,3, {1 , 2}\n\n"


def test_preflib_of_old_with_commas_in_names_and_blanks_in_orders():
    election = preflib.read(OLD)
    assert [one.name for one in election.candidates] == ["Ann, the first", "Bob", "Cid"]
    assert [ballot.tiers for ballot in election.ballots] == [
        (("1",), ("2",), ("3",)),
        (("2", "3"),),
        (("3",), ("1", "2")),
    ]
    assert [ballot.weight for ballot in election.ballots] == [3, 2, 1]
    assert preflib.read(OLD.replace("\n", "\r\n")) == election


def test_preflib_with_a_mark_unknown_lines_and_no_names():
    text = "\ufeff# FILE NAME: x.soi\n#NUMBER ALTERNATIVES : 2\n# REMARK\n\n2: 1\n1: 2,1\n3:\n"
    election = preflib.read(text)
    assert [one.name for one in election.candidates] == ["1", "2"]
    assert [ballot.tiers for ballot in election.ballots] == [(("1",),), (("2",), ("1",)), ()]


def test_preflib_of_old_that_ends_behind_its_names_says_what_is_missing():
    with pytest.raises(FormatError) as caught:
        preflib.read("2\n1,A\n2,B")
    assert (caught.value.line, caught.value.column) == (4, 1)


@pytest.mark.parametrize(("name", "is_read"), [("x" * 1000, True), ("x" * 1001, False)])
@pytest.mark.parametrize(
    ("read", "text"),
    [
        (preflib.read, "# NUMBER ALTERNATIVES: 1\n# ALTERNATIVE NAME 1: {}\n1: 1\n"),
        (blt.read, '1 1\n1 1 0\n0\n"{}"\n'),
        (table.read, "승인,{}\n1,1\n"),
    ],
    ids=["preflib", "blt", "table"],
)
def test_a_name_has_a_thousand_characters_at_most(read, text, name, is_read):
    if not is_read:
        with pytest.raises(FormatError):
            read(text.format(name))
        return
    candidates = read(text.format(name)).candidates
    assert [len(one.name) for one in candidates] == [1000]


def test_blt_over_lines_with_comments_identifiers_skips_and_more_texts():
    text = """# a comment
    3 1 -2  # withdrawn
    (a 1) 2
      1 - 3=2 0
    1 0
    0 "Ann" "Bob"
    "C. \\"Cid\\"" "Title" "a source"
    """
    election = blt.read(text)
    assert [one.name for one in election.candidates] == ["Ann", "Bob", 'C. "Cid"']
    assert [one.is_withdrawn for one in election.candidates] == [False, True, False]
    assert [ballot.tiers for ballot in election.ballots] == [(("1",), ("3", "2")), ()]
    assert election.title == "Title"
    assert blt.read('1 1\n0\n"A"').title == ""


def test_a_table_from_korean_excel():
    text = "순위,놀이터,쉼터,,\r\n\r\n１, 1 ,２,,\r\n,,1\r\n"
    for raw in (text.encode("cp949"), text.encode("utf-8-sig"), text.encode()):
        election = table.read(reading.decode(raw))
        assert [one.name for one in election.candidates] == ["놀이터", "쉼터"]
        assert [ballot.tiers for ballot in election.ballots] == [(("1",), ("2",)), (("2",),)]
    picks = table.read("Approval,a,b,c,d\n2,O,x,○,0\n")
    assert picks.ballots == (Approval(("1", "3"), F(2)),)
    scores = table.read('점수,"a\nb",c\n,3,0.5\n')
    assert scores.ballots == (Scoring((("1", F(3)), ("2", F(1, 2)))),)
    assert scores.candidates[0].name == "a\nb"


def test_a_table_of_nothing_is_one_of_picks():
    assert table.write(Election(candidates=numbered("'=x", "y"))) == "승인,''=x,y\r\n"
    assert table.read("승인,''=x,y\r\n").candidates[0].name == "'=x"


def test_a_document_with_numbers_and_only_what_it_must_have():
    text = '{"format":"madang/election/v1","candidates":[{"id":"a","cost":2.50}],"seats":3}'
    assert document.read("\ufeff" + text) == Election(
        candidates=(Candidate(id="a", cost=F(5, 2)),), seats=3
    )


# ---------------------------------------------------------------- bad files

HEAD = "# NUMBER ALTERNATIVES: 2\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "the number of candidates"),
        ("x", 1, 1, "the number of candidates"),
        ("0", 1, 1, "the number of candidates"),
        ("10001", 1, 1, "the number of candidates"),
        ("2\n1,a\n3,b", 3, 1, "`2,` and the name"),
        ("2\n1,a", 3, 1, "`2,` and the name"),
        ("2\n1,a\n2", 3, 1, "`2,` and the name"),
        ("1\n1,a\n1,1", 3, 1, "voters, sum of votes"),
        ("1\n1,a\n", 3, 1, "voters, sum of votes"),
        ("1\n1,a\nx,1,1", 3, 1, "the number of voters"),
        ("1\n1,a\n2,2,1\n1,1", 3, 1, "1 voters, as many as"),
        ("1\n1,a\n1,1,1\n1", 4, 2, "`,` after how many"),
        ("\n \nx", 3, 1, "the number of candidates"),
        ("\n\n2\n1,a\n3,b", 5, 1, "`2,` and the name"),
        ("\n\n1\n1,a\n2,2,1\n1,1", 5, 1, "1 voters, as many as"),
        ("\n\n1\n1,a\n1,1,1\n1", 6, 2, "`,` after how many"),
        ("# TITLE: x", 1, 1, "a line `# NUMBER ALTERNATIVES"),
        ("# NUMBER ALTERNATIVES: ٣", 1, 24, "the number of candidates"),
        (HEAD + "# ALTERNATIVE NAME 1: a", 1, 1, "a line `# ALTERNATIVE NAME"),
        (HEAD + "# ALTERNATIVE NAME 1: " + "a" * 1001, 2, 23, "a name of at most"),
        (HEAD + "# NUMBER VOTERS: 3\n2: 1", 2, 1, "2 voters, as many as"),
        (HEAD + "# NUMBER VOTERS: x", 2, 18, "the number of voters"),
        (HEAD + "1 1", 2, 4, "`:` after how many"),
        (HEAD + "0: 1", 2, 1, "how many voters"),
        (HEAD + "1/0: 1", 2, 1, "how many voters"),
        (HEAD + "-1: 1", 2, 1, "how many voters"),
        (HEAD + "9" * 41 + ": 1", 2, 1, "how many voters"),
        (HEAD + "1: 3", 2, 4, "a candidate's number from 1 to 2"),
        (HEAD + "1: 0", 2, 4, "a candidate's number from 1 to 2"),
        (HEAD + "1: 1,1", 2, 6, "whom this ballot has not named"),
        (HEAD + "1: {1,1}", 2, 7, "whom this ballot has not named"),
        (HEAD + "1: 1,", 2, 6, "the rest of this ballot"),
        (HEAD + "1: {1,2", 2, 8, "the rest of this ballot"),
        (HEAD + "1: {1,}", 2, 7, "a candidate's number"),
        (HEAD + "1: {}", 2, 5, "a candidate's number"),
        (HEAD + "1: 1{2}", 2, 5, "a comma"),
        (HEAD + "1: {1}2", 2, 7, "a comma"),
        (HEAD + "1: {{1}}", 2, 5, "a candidate's number"),
        (HEAD + "1: 1,,2", 2, 6, "a candidate's number"),
        (HEAD + "1: 1}", 2, 5, "a comma"),
    ],
)
def test_a_bad_preflib_file_says_where(text, line, column, expected):
    _assert_complaint(preflib.read, text, line, column, expected)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "the number of candidates"),
        ("x 1", 1, 1, "the number of candidates"),
        ("2", 1, 2, "the number of seats"),
        ("2 3", 1, 3, "the number of seats, from 1 to 2"),
        ("2 0", 1, 3, "the number of seats"),
        ("2 1", 1, 4, "a ballot or a withdrawn"),
        ("2 1\n-3", 2, 2, "a candidate's number from 1 to 2"),
        ("2 1\n-1 -1", 2, 5, "whom this ballot has not named"),
        ("2 1\nx 1 0", 2, 1, "how many voters"),
        ("2 1\n1 1", 2, 4, "the next preference"),
        ("2 1\n1 1 3 0", 2, 5, "a candidate's number"),
        ("2 1\n1 1=1 0", 2, 5, "whom this ballot has not named"),
        ("2 1\n1 1= 0", 2, 5, "a candidate's number"),
        ("2 1\n1 1 0\n", 2, 6, "a ballot, or 0 after"),
        ('2 1\n0\n"A"', 3, 4, "the name of candidate 2, in quotes"),
        ("2 1\n0\nA B", 3, 1, "the name of candidate 1, in quotes"),
        ('1 1\n0\n"A', 3, 1, "the name of candidate 1, in quotes"),
        ('1 1\n0\n"A" title', 3, 5, "the title, in quotes"),
        ('1 1\n0\n"A" "t" x', 3, 9, "the end of the file"),
        ('1 1\n0\n"' + "A" * 1001 + '"', 3, 1, "the name of candidate 1"),
    ],
)
def test_a_bad_blt_file_says_where(text, line, column, expected):
    _assert_complaint(blt.read, text, line, column, expected)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "the kind of ballot"),
        ("이름,a", 1, 1, "the kind of ballot"),
        ("승인", 1, 2, "a column for each"),
        ("승인,a,,b", 1, 3, "a name of 1 to"),
        ("승인,a,b,a", 1, 4, "a candidate who has no column yet"),
        ("승인,a\n,1,1", 2, 3, "no cell without a candidate"),
        ("승인,a\n0,1", 2, 1, "how many voters"),
        ("승인,a,b\n,1,2", 2, 3, "1 for a pick"),
        ("점수,a,b\n,1,-2", 2, 3, "points, or nothing"),
        ("순위,a,b\n,1,첫째", 2, 3, "a rank from 1"),
        ("순위,a,b\n\n,0,1", 3, 2, "a rank from 1"),
        ('순위,a\n,"1', 2, 1, "a row of comma-separated cells"),
    ],
)
def test_a_bad_table_says_where(text, line, column, expected):
    _assert_complaint(table.read, text, line, column, expected)


TOP = '{"format": "madang/election/v1", "candidates": [{"id": "a"}, {"id": "b"}],\n '


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "JSON"),
        ("[]", 1, 1, "an object"),
        ("{}", 1, 1, '"format"'),
        ('{"format": "x"}', 1, 12, '"format"'),
        ('{"format": "madang/election/v1"}', 1, 1, '"candidates": a list'),
        (TOP + '"seats": 0}', 2, 11, "a whole number from 1"),
        (TOP + '"seats": 1e3}', 2, 11, "a whole number from 1"),
        (TOP + '"seats": NaN}', 1, 1, "no NaN"),
        (TOP + '"seats": 1, "seats": 2}', 1, 1, "no key twice"),
        (TOP + '"budget": []}', 2, 12, "a number such as"),
        (TOP + '"title": 3}', 2, 11, "a text of at most"),
        (TOP + '"seat": 3}', 2, 10, "one of the keys"),
        (TOP + '"kind": "x"}', 2, 10, "one of approval"),
        (TOP + '"kind": []}', 2, 10, "one of approval"),
        (TOP + '"ballots": {}}', 2, 13, '"ballots": a list'),
        (TOP + '"ballots": [{"picks": ["a"]}, {"picks": ["a", "c"]}]}', 2, 48, "a candidate's id"),
        (TOP + '"ballots": [{"picks": ["a", "a"]}]}', 2, 30, "has not named yet"),
        (TOP + '"ballots": [{"weight": 0, "picks": []}]}', 2, 25, "how many voters"),
        (TOP + '"ballots": [3]}', 2, 14, "an object"),
        (TOP + '"ballots": [{}]}', 2, 14, '"picks": a list'),
        (TOP + '"kind": "score", "ballots": [{}]}', 2, 31, '"points": an object'),
        (TOP + '"kind": "score", "ballots": [{"points": {"a": "x"}}]}', 2, 48, "a number such as"),
        (TOP + '"kind": "score", "ballots": [{"points": {"z": 1}}]}', 2, 48, "a candidate's id"),
        (TOP + '"kind": "ranking", "ballots": [{"tiers": [["a"], []]}]}', 2, 51, "at least one"),
        (TOP + '"kind": "ranking", "ballots": [{"tiers": ["a"]}]}', 2, 44, "a list of at most"),
        ('{"format": "madang/election/v1", "candidates": [{}]}', 1, 49, 'an "id"'),
        (
            '{"format": "madang/election/v1", "candidates": [{"id": "a"}, {"id": "a"}]}',
            1,
            69,
            "an id that no other",
        ),
        (
            '{"format": "madang/election/v1", "candidates": [{"id": "a", "withdrawn": 1}]}',
            1,
            74,
            "true or false",
        ),
        ("[" * 100_000, 1, 1, "not nested so deep"),
    ],
)
def test_a_bad_document_says_where(text, line, column, expected):
    _assert_complaint(document.read, text, line, column, expected)


def _assert_complaint(read, text, line, column, expected):
    with pytest.raises(FormatError) as caught:
        read(text)
    assert expected in caught.value.expected
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value) == f"line {line}, column {column}: expected {caught.value.expected}"


def test_bytes_that_are_no_text_and_files_without_end_are_refused(monkeypatch):
    with pytest.raises(FormatError, match="line 2, column 2: expected text in UTF-8 or CP949"):
        reading.decode(b"ab\nc\xff\xff")
    assert reading.decode("\ufeff가".encode()) == "가"
    assert reading.decode("가".encode("cp949")) == "가"
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 3)
    monkeypatch.setattr(document, "MOST_CHARACTERS", 3)
    for read in (reading.lines_of, document.read, lambda text: reading.decode(text.encode())):
        with pytest.raises(FormatError, match="at most 3"):
            read("abcd")


def test_more_ballots_than_anybody_counts_are_refused(monkeypatch):
    for module in (preflib, blt, table, document):
        monkeypatch.setattr(module, "MOST_BALLOTS", 1)
    with pytest.raises(FormatError, match="line 3, column 1: expected at most 1 orders"):
        preflib.read(HEAD + "1: 1\n1: 1")
    with pytest.raises(FormatError, match="line 3, column 1: expected at most 1 ballots"):
        blt.read("2 1\n1 1 0\n1 1 0\n0")
    with pytest.raises(FormatError, match="line 3, column 1: expected at most 1 ballots"):
        table.read("승인,a\n,1\n,1")
    with pytest.raises(FormatError, match="a list of at most 1"):
        document.read(TOP + '"ballots": [{"picks": []}, {"picks": []}]}')


@pytest.mark.parametrize("read", [preflib.read, blt.read, table.read, document.read])
@given(text=st.text("0123456789,{}:#\n \"'-=[]/a승인순위", max_size=60))
def test_no_text_does_more_than_complain(read, text):
    try:
        election = read(text)
    except FormatError as complaint:
        assert complaint.line >= 1  # noqa: PT017 -- either way is right; nothing else may be raised
        assert complaint.column >= 1  # noqa: PT017
    else:
        assert election.candidates


@pytest.mark.parametrize("kind", ["cat", "wmd"])
def test_what_is_no_order_is_not_read_as_one(kind):
    text = f"# FILE NAME: a.{kind}\n# DATA TYPE: {kind}\n# NUMBER ALTERNATIVES: 2\n3: {{1}},2\n"
    with pytest.raises(FormatError, match="line 2, column 14: expected one of soc, soi, toc, toi"):
        preflib.read(text)
