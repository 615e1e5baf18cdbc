"""Questions about who takes part are told from opinions by their words."""

from __future__ import annotations

import pytest

from app.forum.rules.describing import describing_oneself
from app.forum.rules.exchange import Remark

ASKED = ("I live in a town", "I  am 55 years of age or older", "My household income is low")


def _remarks(*texts, authors=None):
    authors = authors or ["1"] * len(texts)
    return [
        Remark(str(place), text, author)
        for place, (text, author) in enumerate(zip(texts, authors, strict=True))
    ]


def test_three_in_a_row_describe_who_weighs():
    found = describing_oneself(_remarks("Build more", *ASKED, "Tax land"))
    assert found == {"1", "2", "3"}


@pytest.mark.parametrize(
    "text",
    [
        "English is my first language.",
        "I identify as male.",
        "I do now or have in the past swum in rivers",
        "12. I’m a farmer",
        "My gender has changed since birth.",
    ],
)
def test_such_words_count_as_a_description(text):
    assert "3" in describing_oneself(_remarks(*ASKED, text))


@pytest.mark.parametrize("text", ["I think we should wait", "My vote counts", "Iam", ""])
def test_other_words_are_an_opinion(text):
    assert "3" not in describing_oneself(_remarks(*ASKED, text))


def test_two_alone_or_by_several_people_are_opinions():
    assert not describing_oneself(_remarks(*ASKED[:2], "Tax land", ASKED[2]))
    assert not describing_oneself(_remarks(*ASKED, authors=["1", "1", "2"]))


def test_one_that_was_added_later_is_known_by_how_it_opens():
    later = "My household income is high"
    assert "4" in describing_oneself(_remarks(*ASKED, "Tax land", later))
    assert "4" not in describing_oneself(
        _remarks(*ASKED, "Tax land", later, authors=["1", "1", "1", "1", "2"])
    )


def test_where_no_author_is_told_nothing_is_guessed():
    assert not describing_oneself(_remarks(*ASKED, authors=["", "", ""]))
