"""What is read from the free text of published files, and what is not."""

import pytest

from app.ballots.rules.counting.formats.pabulib.comments import sentences, threshold_told
from app.ballots.rules.counting.formats.pabulib.exclusive import exclusive_groups

KNOWN = ["12", "26", "7", "153", "B-1", "B-2", "B-3", "p7", "p8", "p9"]


@pytest.mark.parametrize(
    ("comment", "groups"),
    [
        ("#1: In the pool, projects 12 and 26 were treated as mutually exclusive.", [("12", "26")]),
        ("projects 12, 26 and 7 are mutually-exclusive.", [("12", "26", "7")]),
        (
            "#1: B-1 and B-2 exclude each other. #2: B-2 conflicts with B-3.",
            [("B-1", "B-2", "B-3")],
        ),
        ("Only one of projects 12 and 26 can be built. Project 7 is fine.", [("12", "26")]),
        ("At most one of B-1 and B-2 was to be funded.", [("B-1", "B-2")]),
        ("Projekty 12 i 26 wzajemnie się wykluczają.", [("12", "26")]),
        ("Projekty 12 i 26 wykluczają się wzajemnie.", [("12", "26")]),
        ("B-1 and B-2, ul. Dolna 4, could not be built at the same time.", [("B-1", "B-2")]),
        ("Projects 12 and 26 could not be\nbuilt at the same\ntime.", [("12", "26")]),
        ("Projects 12 and 26 cannot both be built.", [("12", "26")]),
        ("Projects 12 and 26 could not both be built.", [("12", "26")]),
        ("Projects 12 and 26 can't be both carried out.", [("12", "26")]),
        ("Projects 12 and 26 can’t be done together.", [("12", "26")]),
        ("Projects 12, 26 and 7 can not all be funded.", [("12", "26", "7")]),
        ("12 and B-1 are exclusive. B-1 and B-2 conflict; B-3 and 7 are fine.", [("B-1", "B-2")]),
        (
            "B-1 and B-2 conflict. Projects 12 and 26 conflict. B-2 and project 26 conflict.",
            [("B-1", "B-2", "12", "26")],
        ),
        (
            "Projects 12 and 26 are mutually exclusive, see bo.krakow.pl. Project 7 is not.",
            [("12", "26")],
        ),
        ("p7 and p8 are mutually exclusive. p9 is fine.", [("p7", "p8")]),
        ("Projects 12 vs. project 26 are mutually exclusive.", [("12", "26")]),
        ("p7 and p8 are mutually exclusive.  p9 is fine.", [("p7", "p8")]),
    ],
)
def test_groups_are_read_from_sentences_that_speak_of_exclusion(comment, groups):
    assert list(exclusive_groups(comment, KNOWN)) == groups


@pytest.mark.parametrize(
    "comment",
    [
        "Some projects are mutually exclusive, so results may differ.",
        "The 12 districts have 26 mutually exclusive ideas.",
        "Project 12 was funded with 26 votes.",
        "Projects 12 and 26 are not mutually exclusive.",
        "Projects 12 and 26 can be done together.",
        "Projects 12 and 26 are far off. They could not be built at the same time.",
        "Projects 12, 26 and 7 cannot be funded because together they cost too much.",
        "The votes for projects 12 and 26 could not be counted at the same time as the others.",
        "Project 12 could not be verified together with project 26 by the office.",
        "There was a conflict of interest of the author of projects 12 and 26.",
        "Only one of the voters picked projects 12 and 26.",
    ],
)
def test_no_group_is_made_of_sentences_that_speak_of_something_else(comment):
    assert list(exclusive_groups(comment, KNOWN)) == []


@pytest.mark.parametrize(
    ("comment", "parts"),
    [
        ("One. Two; three! Four? Five", ["One.", "Two;", "three!", "Four?", "Five"]),
        ("#1: One #2: Two", ["", " One ", " Two"]),
        ("See bo.krakow.pl. Two follow.", ["See bo.krakow.pl.", "Two follow."]),
        ("It ended. then more.", ["It ended.", "then more."]),
        ("Parks, shops etc. All of them.", ["Parks, shops etc.", "All of them."]),
        ("In No. 12 and nr 5, art. 7, approx. 50.", ["In No. 12 and nr 5, art. 7, approx. 50."]),
        ("The office said no. Projects follow.", ["The office said no.", "Projects follow."]),
        ("Near ul. Dolna, Al. Nowe, St. Mary and im. Jana.", None),
        ("Parks etc. are one, i.e. both, e.g. the first.", None),
        ("It closed. 12 were left.", ["It closed.", "12 were left."]),
        ("Skwer. Łąka.", ["Skwer.", "Łąka."]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(comment, parts):
    assert sentences(comment) == (parts or [comment])


def test_a_comment_that_names_thousands_of_pairs_is_read_at_once():
    projects = [f"p{number}" for number in range(10_000)]
    pairs = list(zip(projects[::2], projects[1::2], strict=True))
    comment = " ".join(f"conflict {one} {other}." for one, other in pairs * 10)
    assert len(exclusive_groups(comment, projects)) == 5_000


@pytest.mark.parametrize(
    "piece", ["a ", "no. ", ". ", "could not be ", "exclude ", "12 and ", "#1:"]
)
def test_a_long_comment_is_read_in_time_that_grows_with_it(piece):
    comment = piece * 100_000
    assert list(exclusive_groups(comment, KNOWN)) == []
    assert threshold_told(comment) is None
