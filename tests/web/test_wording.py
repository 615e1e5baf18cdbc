"""The same day, amount and particle on a Korean page and on an English one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.web import templating, wording

MOMENT = datetime(2020, 7, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cookie", "words"),
    [
        (
            "",
            [
                "2020. 7. 24.(금)",
                "7. 24.(금)",
                "2020. 7. 24.(금) 00:00",
                "2020. 7. 23.(목) 24:00",
                "5,000만 원",
                "제안을",
            ],
        ),
        (
            "language=en",
            [
                "Fri 24 July 2020",
                "Fri 24 July",
                "Fri 24 July 2020, 00:00",
                "Thu 23 July 2020, 24:00",
                "50,000,000 won",
                "제안",
            ],
        ),
    ],
)
def test_words_follow_the_language_of_the_page(app, cookie, words) -> None:
    with app.test_request_context(headers={"Cookie": cookie}):
        assert [
            wording.format_date(MOMENT),
            wording.format_day(MOMENT),
            wording.format_datetime(MOMENT),
            wording.format_until(MOMENT),
            wording.format_won(50_000_000),
            wording.josa("제안", "을"),
        ] == words


def test_outside_of_a_page_words_are_korean() -> None:
    assert wording.format_day(MOMENT) == "7. 24.(금)"


def test_only_pages_hold_a_date_together(app) -> None:
    with app.test_request_context():
        drawn = app.jinja_env.from_string("{{ at|day }} {{ at|until }} {{ said|whole }}")
        assert drawn.render(at=MOMENT, said="7. 24.(금)까지 6. 13.까지").split(" ") == [
            "7.\u00a024.\u2060(금)",
            *("2020.", "7.\u00a023.\u2060(목)", "24:00"),
            "7.\u00a024.\u2060(금)까지",
            "6.\u00a013.\u2060까지",
        ]
        until = wording.format_until(MOMENT)
        assert wording.WORD_JOINER not in until
        assert wording.NO_BREAK not in until


def test_the_demonstration_s_time_is_held_together_too(app, monkeypatch) -> None:
    showing = replace(app.extensions["settings"], demo=True)
    monkeypatch.setitem(app.extensions, "settings", showing)
    with app.test_request_context():
        assert ".\u2060(" in templating.demo_clock()
