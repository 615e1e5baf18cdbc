"""The calendar of endorsing, the life line, and text made fit for search."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from app.core.clock import seoul_midnight, seoul_moment
from app.core.working_days import due_day, is_working_day
from app.proposals import rules
from app.proposals.models import ProposalState, Stage, TimelineCode
from app.proposals.rules import Needle, Passage, Phase
from app.proposals.words import life_line, life_line_of_item

NOON = seoul_moment(date(2021, 3, 2), 12)
TODAY = date(2021, 3, 2)


@pytest.mark.parametrize(
    ("counts", "closes"), [(True, date(2019, 12, 29)), (False, date(2019, 12, 30))]
)
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_a_window_ends_at_midnight_whatever_the_hour_it_opened(counts, closes, hour):
    opened = seoul_moment(date(2019, 12, 9), hour)
    assert rules.window_closes(opened, 20, counts_opening_day=counts) == seoul_midnight(closes)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2021, 3, 2), 20, date(2021, 3, 22)),
        (date(2021, 2, 8), 20, date(2021, 3, 2)),  # Sunday the 28th, then 3·1절
        (date(2020, 9, 10), 20, date(2020, 10, 5)),  # 추석 and a weekend
        (date(2021, 2, 26), 1, date(2021, 3, 2)),
    ],
)
def test_a_term_ends_on_a_day_that_is_worked(start, days, due):
    assert due_day(start, days) == due
    assert is_working_day(due)


@pytest.mark.parametrize(
    ("state", "closes", "due", "phase"),
    [
        (ProposalState.DRAFT, None, None, Phase.DRAFT),
        (ProposalState.ENDORSING, NOON + timedelta(seconds=1), None, Phase.ENDORSING),
        (ProposalState.ENDORSING, NOON, None, Phase.EXPIRED),
        (ProposalState.EXPIRED, NOON, None, Phase.EXPIRED),
        (ProposalState.REVIEW, NOON, date(2021, 3, 2), Phase.REVIEW),
        (ProposalState.REVIEW, NOON, date(2021, 3, 1), Phase.OVERDUE),
        (ProposalState.REPLIED, NOON, date(2021, 3, 1), Phase.REPLIED),
    ],
)
def test_the_phase_follows_the_calendar(state, closes, due, phase):
    row = SimpleNamespace(state=state, closes_at=closes, reply_due_on=due)
    assert rules.phase(row, NOON) is phase


def _line(phase, passages=(), **dates):
    moments = {"published_at": NOON, "review_began_at": None, "replied_at": None, **dates}
    return rules.life_line(
        phase,
        closes_at=NOON + timedelta(days=7),
        reply_due_on=date(2021, 2, 27),
        verdict=None,
        passages=passages,
        at=NOON,
        **moments,
    )


def test_the_life_line_has_one_stage_that_is_now_and_skips_what_was_passed_over(app):
    with app.test_request_context():
        waiting = life_line(_line(Phase.OVERDUE, review_began_at=NOON), today=TODAY)
        voted = life_line(
            _line(
                Phase.REPLIED,
                [Passage(Stage.ASSEMBLY, TimelineCode.SELECTED, NOON)],
                review_began_at=NOON,
                replied_at=NOON,
            ),
            today=TODAY,
        )
    assert [stage.state for stage in waiting] == ["done", "done", "now", *["ahead"] * 4]
    assert waiting[2].note == "답변 기한이 3일 지났습니다"
    assert [stage.state for stage in voted] == [*["done"] * 3, "skipped", "now", "ahead", "ahead"]
    assert voted[4].note == "선정 · 3. 2.(화)"


def test_a_stage_has_the_day_that_ended_it_and_the_year_where_it_is_another(app):
    made, reported, kept = (NOON + timedelta(days=days) for days in (30, 90, 400))
    passages = [
        Passage(Stage.FORUM, TimelineCode.FORUM_OPENED, NOON + timedelta(days=1)),
        Passage(Stage.FORUM, TimelineCode.FORUM_CONCLUDED, NOON + timedelta(days=9)),
        Passage(Stage.ASSEMBLY, TimelineCode.ON_BALLOT, NOON + timedelta(days=20)),
        Passage(Stage.FORUM, TimelineCode.FORUM_ANSWERED, NOON + timedelta(days=25)),
        Passage(Stage.EXECUTION, TimelineCode.COMMITMENT_MADE, made),
        Passage(Stage.EXECUTION, TimelineCode.PROGRESS_REPORTED, reported),
        Passage(Stage.EXECUTION, TimelineCode.COMMITMENT_DELAYED, reported),
        Passage(Stage.RESULT, TimelineCode.COMMITMENT_KEPT, kept),
    ]
    line = _line(Phase.REPLIED, passages, review_began_at=NOON, replied_at=NOON)
    with app.test_request_context():
        then, later = (life_line(line, today=day) for day in (TODAY, date(2022, 5, 1)))
    assert [stage.when for stage in then[3:6]] == ["3. 11.(목)", "3. 22.(월)", "4. 1.(목)"]
    assert later[5].when == "2021. 4. 1.(목)"
    assert then[6].note == "지킴 · 2022. 4. 6.(수)"
    assert later[6].note == "지킴 · 4. 6.(수)"


def test_an_item_without_a_proposal_has_a_life_line_too(app):
    with app.test_request_context():
        stages = life_line_of_item(
            {Stage.ASSEMBLY: date(2021, 6, 7)}, Stage.EXECUTION, "11. 30.까지", today=TODAY
        )
    assert [stage.name for stage in stages] == [
        "제안",
        "공감",
        "검토",
        "공론",
        "총회",
        "실행",
        "성과",
    ]
    assert [stage.state for stage in stages][3:] == ["skipped", "done", "now", "ahead"]


def test_search_text_has_no_spaces_and_needles_know_their_column():
    jamo, initials = rules.search_text("어린이 공원", "ABC 길")
    assert "\n" in jamo
    assert " " not in jamo
    assert initials == "ㅇㄹㅇㄱㅇ\nabcㄱ"
    assert [needle.column for needle in rules.needles("공원 ㄱㅇ")] == [
        "search_jamo",
        "search_initials",
    ]
    assert rules.needles("공ㅇ")[0].text in rules.search_text("공원")[0]
    assert not Needle("search_jamo", "ㄱ").is_indexed
    assert rules.needles("   ") == []
