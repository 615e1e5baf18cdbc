"""What templates may call, and that what is kept never reaches a page it does not belong to."""

import re
from datetime import timedelta

import pytest
from flask import url_for
from flask_babel import gettext

from app.residents.models import Role
from app.web.templating import left, left_words, page_url, remembered_here
from tests.support.http import Browser
from tests.support.world import START

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("remaining", "told", "words"),
    [
        (timedelta(0), timedelta(0), "마감되었습니다"),
        (-DAY, timedelta(0), "마감되었습니다"),
        (timedelta(seconds=1), timedelta(minutes=1), "1분 남았습니다"),
        (HOUR - timedelta(seconds=1), timedelta(minutes=59), "59분 남았습니다"),
        (HOUR, HOUR, "1시간 남았습니다"),
        (2 * HOUR - MINUTE * 3, 2 * HOUR - MINUTE * 3, "1시간 57분 남았습니다"),
        (DAY - timedelta(seconds=1), DAY - MINUTE, "23시간 59분 남았습니다"),
        (DAY, DAY, "1일 남았습니다"),
        (8 * DAY - timedelta(seconds=1), 7 * DAY, "7일 남았습니다"),
    ],
)
def test_time_left_is_told_in_days_and_on_the_last_day_to_the_minute(app, remaining, told, words):
    with app.test_request_context():
        assert left(START + remaining, START) == told
        assert left_words(told) == words


def test_a_drawing_is_made_once_for_a_language_a_root_and_its_arguments(app):
    drawn = []

    def macro(number):
        drawn.append(number)
        return f"{number} {gettext('제안')} {url_for('pages.about')}"

    draw = remembered_here(macro)
    askers = [
        ({}, "1 제안 /about"),
        ({"headers": {"Cookie": "language=en"}}, "1 Proposals /about"),
        ({"base_url": "http://localhost/madang"}, "1 제안 /madang/about"),
    ]
    for context, shown in askers * 2:
        with app.test_request_context("/", **context):
            assert draw(1) == shown
    assert drawn == [1, 1, 1]
    with app.test_request_context("/"):
        assert draw(2) == "2 제안 /about"


def test_two_visitors_share_the_frame_but_nothing_of_their_own(app, world):
    clerk, resident = world.staff(Role.CLERK, "doksan1"), world.resident("gasan")
    browsers = {
        "clerk": Browser(app).sign_in(world, clerk),
        "resident": Browser(app).sign_in(world, resident),
        "nobody": Browser(app),
    }
    pages = {}
    for _ in range(2):
        for who, browser in browsers.items():
            pages[who] = browser.open("/proposals?all=1").text
    for who, page in pages.items():
        assert ('href="/desk"' in page) is (who == "clerk")
        assert ("가산동</a>" in page or "가산동<svg" in page) is (who == "resident")
        assert (">로그아웃<" in page) is (who != "nobody")
    tokens = [
        set(re.findall(r'name="csrf_token" value="([^"]+)"', page)) for page in pages.values()
    ]
    nonces = [set(re.findall(r'nonce="([^"]+)"', page)) for page in pages.values()]
    for own in (*tokens, *nonces):
        assert len(own) == 1
    assert len(set.union(*tokens)) == len(set.union(*nonces)) == len(pages)


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
