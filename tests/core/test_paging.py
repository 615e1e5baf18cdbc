"""One page of a long list, and saying no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.paging import MOST_PAGES, page_of
from app.core.refusals import Refusal, Refused, insist


class BellRefusal(Refusal):
    CRACKED = "bell.cracked"


@given(st.integers(0, 50), st.integers(1, 20))
def test_pages_together_are_the_list(count, size):
    rows, seen, number = list(range(count)), [], 1
    while True:
        start = (number - 1) * size
        page = page_of(rows[start : start + size + 1], number=number, size=size)
        seen += page.items
        assert page.has_previous == (number > 1)
        assert not page.is_past_end
        if not page.has_next:
            break
        number += 1
    assert seen == rows
    assert page_of([], number=number + 1, size=size).is_past_end


def test_the_last_page_that_can_be_asked_for_leads_no_further():
    rows = range(3)
    assert page_of(rows, number=MOST_PAGES - 1, size=2).has_next
    assert not page_of(rows, number=MOST_PAGES, size=2).has_next


def test_a_policy_that_names_a_refusal_is_insisted_on():
    insist(None)
    with pytest.raises(Refused, match=r"bell\.cracked") as refused:
        insist(BellRefusal.CRACKED, limit=6)
    assert refused.value.refusal is BellRefusal.CRACKED
    assert refused.value.details == {"limit": 6}
