"""A draft may be unfinished; what is shown to others may not."""

from __future__ import annotations

import re

import pytest

from app.proposals.models import Proposal, ProposalState
from tests.proposals.test_routes import WORDS

NOTHING = {"title": "", "sense": "", "body": "", "field": ""}


def missing(browser) -> set[str]:
    return set(re.findall(r'<li><a href="#([\w-]+)">', browser.text))


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ({"title": "빈터"}, "빈터"),
        ({"body": "빈터가"}, "제목을 아직 적지 않은 글"),
        ({**WORDS, "field": ""}, WORDS["title"]),
    ],
)
def test_any_words_are_kept_and_what_is_missing_is_named_before_others_see_it(
    world, browser, words, called
):
    browser.sign_in(world, world.resident()).open("/proposals/new")
    typed = {"place": "doksan1", **NOTHING, **words}
    browser.submit("/proposals/new", **typed, draft="1")
    assert (browser.status, browser.path) == (200, "/proposals/drafts")
    assert called in browser.text
    assert 'href="/proposals/1/edit"' in browser.text
    assert called in browser.open("/me").text
    expected = {name for name in NOTHING if not typed[name]}
    browser.open("/proposals/1/preview")
    assert browser.status == 200
    assert expected <= missing(browser) <= expected | set(words)
    browser.submit("/proposals/1/publish")
    assert browser.status == 422
    assert expected <= missing(browser)
    with world.read() as session:
        assert session.get_one(Proposal, 1).state is ProposalState.DRAFT
    browser.submit("/proposals/1/edit", **WORDS)
    assert browser.path == "/proposals/1/preview"
    browser.submit("/proposals/1/publish")
    assert browser.path == "/proposals/1/published"


def test_a_draft_of_someone_who_lives_nowhere_here_is_kept_too_and_its_field_stays_open(
    world, browser
):
    browser.sign_in(world, world.account().person_id).open("/proposals/new")
    browser.submit("/proposals/new", **NOTHING | {"title": "빈터"}, draft="1")
    assert browser.path == "/proposals/drafts"
    page = browser.open("/proposals/1/edit").text
    assert '<option selected value="">' in page
    browser.submit("/proposals/1/edit", **WORDS | {"title": "새 빈터", "field": ""}, draft="1")
    assert "새 빈터" in browser.text


def test_nothing_at_all_and_what_may_not_be_stored_are_no_draft(world, browser):
    browser.sign_in(world, world.resident()).open("/proposals/new")
    for words in ({}, {"title": "가" * 61}, {"body": "900101-1234567"}, {"field": "war"}):
        browser.submit("/proposals/new", **NOTHING | {"place": "doksan1"} | words, draft="1")
        assert browser.status == 422
    with world.read() as session:
        assert session.query(Proposal).count() == 0
