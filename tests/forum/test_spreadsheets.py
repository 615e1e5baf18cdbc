"""No cell that goes out is computed by a spreadsheet, and each comes in again as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sheets import as_written, inert
from app.forum.rules import exchange
from app.forum.rules.exchange import Published, conversation, written

FORMULAS = (
    '=HYPERLINK("http://x")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "'=1",
    "''@x",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute_is_inert(text):
    assert inert(text) == f"'{text}"
    assert as_written(inert(text)) == text


@pytest.mark.parametrize("text", ["", "막자", "'따옴표'로 여는 말", "1 = 1", "'"])
def test_other_text_stays_as_it_is(text):
    assert inert(text) == text == as_written(text)


@given(st.text(alphabet="'=+-@\t\r＝a가 ", max_size=6))
def test_every_text_comes_in_again_as_it_went_out(text):
    assert as_written(inert(text)) == text
    assert inert(text)[:1] not in tuple("=+-@\t\r＝")


def test_an_export_of_formulas_holds_none_and_is_read_as_it_was():
    stored = [text for text in FORMULAS if "\r" not in text]  # no stored text holds one
    remarks = [Published(str(n), text, 6, 0, 6, shown=True) for n, text in enumerate(stored)]
    votes = {(f"p{person}", one.id): -1 for person in range(6) for one in remarks}
    files = written(topic="=1", question="@안녕", remarks=remarks, votes=votes, groups={})
    cells = [
        cell for text in files.values() for row in csv.reader(io.StringIO(text)) for cell in row
    ]
    assert [cell for cell in cells if cell[:1] in set("=+@\t\r＝")] == []
    assert {cell for cell in cells if cell.startswith("-")} == {"-1"}  # a vote, which is a number
    talk = conversation(files)
    assert (talk.topic, talk.question) == ("=1", "@안녕")
    assert [one.text for one in talk.remarks] == [text.strip() for text in stored]
    assert set(talk.votes.values()) == {-1}
    assert files[exchange.COMMENTS].count("'=HYPERLINK") == 1
