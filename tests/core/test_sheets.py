"""What people wrote stays text in a spreadsheet, and comes back as they wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sheets import FORMULA, as_written, inert


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_begins_as_a_formula_and_what_was_written_comes_back(sign):
    assert inert(f"{sign}SUM(A1)").startswith("'")
    assert as_written(inert(f"{sign}SUM(A1)")) == f"{sign}SUM(A1)"


@given(st.text())
def test_any_text_comes_back(text):
    assert as_written(inert(text)) == text
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r"))
