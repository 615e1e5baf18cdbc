"""What templates may call."""

from __future__ import annotations

import pytest

from app.web.templating import page_url


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ("/proposals?field=safety&page=2", "/proposals?field=safety&page=3"),
        ("/proposals?q=a&q=b", "/proposals?q=a&q=b&page=3"),
        ("/proposals?_scheme=javascript&_external=1", "/proposals?page=3"),
        ("/proposals?_anchor=x&_method=POST&endpoint=y", "/proposals?page=3"),
        ("/forum/1/opinions/2?topic_id=5&page=2", "/forum/1/opinions/2?page=3"),
    ],
)
def test_another_page_of_a_list_keeps_what_was_asked_and_nothing_that_bends_the_address(
    app, asked, again
):
    with app.test_request_context(asked):
        assert page_url(3) == again
