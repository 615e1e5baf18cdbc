"""Who may make, report on and delay commitments."""

from datetime import date

import pytest

from app.ballots.models import Ballot, BallotState
from app.commitments import policy
from app.commitments.models import Commitment, Milestone
from app.commitments.policy import CommitmentRefusal as R
from app.commitments.words import SENTENCES
from app.core.clock import seoul_moment
from app.places.models import Place, PlaceKind
from app.residents.models import Role
from app.residents.rules import NOBODY, Grant, Standing
from tests.support.world import START

DONG = Place(id=2, kind=PlaceKind.DONG, parent_id=1, name="독산1동", slug="d1")
CLERK = Standing(1, grants=frozenset({Grant(Role.CLERK, 2, None)}))
OTHER_CLERK = Standing(2, grants=frozenset({Grant(Role.CLERK, 3, None)}))
PARKS = Standing(3, grants=frozenset({Grant(Role.DEPARTMENT, 1, 7)}))
WELFARE = Standing(4, grants=frozenset({Grant(Role.DEPARTMENT, 1, 8)}))
DONE = seoul_moment(date(2021, 6, 1))


def commitment(**columns):
    return Commitment(
        place=DONG,
        department_id=7,
        due_on=date(2021, 11, 30),
        **({"percent": 40, "done_at": None} | columns),
    )


def test_every_refusal_has_its_sentence():
    assert set(SENTENCES) == set(R)


@pytest.mark.parametrize(
    ("by", "state", "refusal"),
    [
        (CLERK, BallotState.CERTIFIED, None),
        (CLERK, BallotState.COUNTED, R.NOT_CERTIFIED),
        (CLERK, BallotState.CLOSED, R.NOT_COUNTED),
        (CLERK, BallotState.OPEN, R.NOT_COUNTED),
        (OTHER_CLERK, BallotState.CERTIFIED, R.NOT_CLERK),
        (PARKS, BallotState.CERTIFIED, R.NOT_CLERK),
        (NOBODY, BallotState.CERTIFIED, R.NOT_CLERK),
    ],
)
def test_the_clerk_makes_commitments_of_what_was_certified(by, state, refusal):
    assert policy.why_not_make(by, Ballot(place=DONG, state=state)) is refusal


@pytest.mark.parametrize(
    ("by", "columns", "refusal"),
    [
        (PARKS, {}, None),
        (CLERK, {}, None),
        (WELFARE, {}, R.NOT_RESPONSIBLE),
        (OTHER_CLERK, {}, R.NOT_RESPONSIBLE),
        (NOBODY, {}, R.NOT_RESPONSIBLE),
        (PARKS, {"done_at": DONE, "percent": 100}, R.ALREADY_KEPT),
    ],
)
def test_the_department_and_the_clerk_tend_what_is_not_kept(by, columns, refusal):
    assert policy.why_not_tend(by, commitment(**columns)) is refusal


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"percent": 40}, None),
        ({"percent": 100}, None),
        ({"percent": 39}, R.PERCENT_FALLS),
        ({"percent": 101}, R.PERCENT_OUTSIDE),
        ({"percent": -1}, R.PERCENT_OUTSIDE),
        ({"spent_won": -1}, R.SPENT_NEGATIVE),
        ({"text": " \n"}, R.NO_TEXT),
    ],
)
def test_what_a_report_says(changed, refusal):
    report = {"text": "의자를 놓았습니다", "percent": 60, "spent_won": 0} | changed
    assert policy.why_not_report(PARKS, commitment(), **report) is refusal
    assert policy.why_not_report(WELFARE, commitment(), **report) is R.NOT_RESPONSIBLE


@pytest.mark.parametrize(
    ("percent", "done", "refusal"),
    [
        (99, (), None),
        (100, (), R.OPEN_MILESTONES),
        (100, ("2단계",), R.OPEN_MILESTONES),
        (100, ("2단계", "3단계"), None),
        (99, ("4단계",), R.NO_SUCH_MILESTONE),
        (100, ("2단계", "4단계"), R.NO_SUCH_MILESTONE),
    ],
)
def test_nothing_is_whole_while_a_step_is_open(percent, done, refusal):
    steps = [
        Milestone(position=number, name=f"{number}단계", done_on=done_on)
        for number, done_on in ((1, date(2021, 6, 1)), (2, None), (3, None))
    ]
    report = {"text": "의자를 놓았습니다", "percent": percent, "spent_won": 0}
    found = policy.why_not_report(
        PARKS, commitment(milestones=steps), **report, milestones_done=done
    )
    assert found is refusal


@pytest.mark.parametrize(
    ("due_on", "refusal"),
    [(date(2021, 3, 1), R.DUE_PASSED), (date(2021, 3, 2), None), (date(2021, 3, 3), None)],
)
def test_nothing_is_promised_for_a_day_that_has_passed(due_on, refusal):
    assert policy.why_not_promise(due_on=due_on, at=START) is refusal


@pytest.mark.parametrize(
    ("due_on", "reason", "refusal"),
    [
        (date(2021, 12, 1), "장마가 길었습니다", None),
        (date(2021, 11, 30), "장마가 길었습니다", R.NOT_LATER),
        (date(2021, 12, 1), "  ", R.NO_REASON),
    ],
)
def test_a_delay_names_a_reason_and_a_later_day(due_on, reason, refusal):
    assert policy.why_not_delay(PARKS, commitment(), due_on=due_on, reason=reason) is refusal
    assert (
        policy.why_not_delay(WELFARE, commitment(), due_on=due_on, reason=reason)
        is R.NOT_RESPONSIBLE
    )


@pytest.mark.parametrize(
    ("planned", "reason", "refusal"),
    [
        ({"1단계": date(2021, 3, 1), "2단계": date(2021, 3, 2)}, "", None),
        ({"1단계": date(2021, 3, 1), "2단계": date(2021, 3, 9)}, "", None),
        ({"1단계": date(2021, 3, 1)}, "", None),
        ({"1단계": date(2021, 3, 9)}, " ", R.MISSED_WITHOUT_REASON),
        ({"2단계": date(2021, 3, 2)}, "", R.MISSED_WITHOUT_REASON),
        ({"2단계": date(2021, 3, 2)}, "장마가 길었습니다", None),
        ({"1단계": date(2021, 12, 1)}, "장마가 길었습니다", R.MILESTONE_AFTER_DUE),
        ({"1단계": date(2021, 11, 30)}, "장마가 길었습니다", None),
    ],
)
def test_a_missed_step_moves_with_a_reason_and_none_outlasts_its_commitment(
    planned, reason, refusal
):
    days = {"1단계": date(2021, 3, 1), "2단계": date(2021, 3, 2)}
    promise = commitment(
        milestones=[Milestone(name=name, due_on=due_on) for name, due_on in days.items()]
    )
    assert policy.why_not_plan(promise, planned, reason=reason, at=START) is refusal


def test_a_day_beyond_the_commitment_that_stands_already_may_stay():
    beyond = date(2021, 12, 15)
    promise = commitment(milestones=[Milestone(name="1단계", due_on=beyond)])
    assert policy.why_not_plan(promise, {"1단계": beyond}, reason="", at=START) is None
