"""Who × when → refusal, without a database."""

from datetime import timedelta

import pytest

from app.assemblies.models import Track
from app.ballots import policy
from app.ballots.models import Ballot, BallotState, Option, TrackSeats
from app.ballots.policy import BallotRefusal
from app.ballots.words import SENTENCES
from app.core.clock import seoul_day, seoul_midnight
from app.places.models import Place, PlaceKind
from app.residents.models import Role
from app.residents.rules import NOBODY, Grant, Standing
from tests.support.world import START

HERE = Place(id=2, kind=PlaceKind.DONG, parent_id=1)
HOUR, TODAY = timedelta(hours=1), seoul_day(START)


def _who(role=None, place=2, person=7):
    grants = frozenset({Grant(role, place, None)}) if role else frozenset()
    return Standing(person, grants=grants)


CLERK, OFFICER, OBSERVER = (_who(role) for role in (Role.CLERK, Role.OFFICER, Role.OBSERVER))
DISTRICT_OFFICER, ELSEWHERE, RESIDENT = _who(Role.OFFICER, 1), _who(Role.OFFICER, 3), _who()


def _ballot(state, *, assembly_id=None, options=4, seats=2, max_picks=2, base_date=TODAY):
    return Ballot(
        id=1,
        place=HERE,
        assembly_id=assembly_id,
        state=state,
        base_date=base_date,
        opens_at=START,
        closes_at=START + HOUR,
        min_picks=1,
        max_picks=max_picks,
        options=[Option(id=n, position=n, track=Track.BUDGET) for n in range(1, options + 1)],
        seats=[TrackSeats(track=Track.BUDGET, seats=seats)],
    )


D, F, O, C, N, Z = BallotState  # noqa: E741 - a letter a state keeps the table narrow
R = BallotRefusal


@pytest.mark.parametrize(
    ("act", "by", "state", "hours", "refusal"),
    [
        ("edit", CLERK, D, 0, None),
        ("edit", OFFICER, D, 0, None),
        ("edit", OBSERVER, D, 0, R.NOT_CLERK),
        ("edit", RESIDENT, D, 0, R.NOT_CLERK),
        ("edit", NOBODY, D, 0, R.NOT_CLERK),
        ("edit", ELSEWHERE, D, 0, R.NOT_CLERK),
        *(("edit", CLERK, state, 0, R.NOT_DRAFT) for state in (F, O, C, N, Z)),
        ("freeze", OFFICER, D, -1, None),
        ("freeze", DISTRICT_OFFICER, D, 0, None),
        ("freeze", OFFICER, D, 1, R.WINDOW_PASSED),
        ("freeze", CLERK, D, 0, R.NOT_OFFICER),
        ("freeze", ELSEWHERE, D, 0, R.NOT_OFFICER),
        *(("freeze", OFFICER, state, 0, R.NOT_DRAFT) for state in (F, O, C, N, Z)),
        ("open", OFFICER, F, 0, None),
        ("open", OFFICER, F, -0.01, R.TOO_EARLY),
        ("open", OFFICER, F, 1, R.WINDOW_PASSED),
        ("open", CLERK, F, 0, R.NOT_OFFICER),
        *(("open", OFFICER, state, 0, R.NOT_FROZEN) for state in (D, O, C, N, Z)),
        ("close", OFFICER, O, 1, None),
        ("close", OFFICER, O, 0.99, R.WINDOW_RUNNING),
        ("close", CLERK, O, 1, R.NOT_OFFICER),
        *(("close", OFFICER, state, 1, R.NOT_OPEN) for state in (D, F, C, N, Z)),
        ("count", OFFICER, C, 2, None),
        ("count", OBSERVER, C, 2, R.NOT_OFFICER),
        *(("count", OFFICER, state, 2, R.NOT_CLOSED) for state in (D, F, O, N, Z)),
        ("certify", OBSERVER, N, 2, None),
        ("certify", OFFICER, N, 2, None),
        ("certify", CLERK, N, 2, R.NOT_CERTIFIER),
        ("certify", _who(Role.OFFICER, person=99), N, 2, R.EDITOR_CERTIFIES),
        ("certify", _who(Role.OBSERVER, person=99), N, 2, R.EDITOR_CERTIFIES),
        *(("certify", OFFICER, state, 2, R.NOT_COUNTED) for state in (D, F, O, C, Z)),
    ],
)
def test_who_may_do_what_and_when(act, by, state, hours, refusal):
    ballot, at = _ballot(state), START + hours * HOUR
    asked = {
        "edit": lambda: policy.why_not_edit(by, ballot),
        "freeze": lambda: policy.why_not_freeze(by, ballot, policy.NOTHING_AROUND, at=at),
        "open": lambda: policy.why_not_open(by, ballot, at=at),
        "close": lambda: policy.why_not_close(by, ballot, at=at),
        "count": lambda: policy.why_not_count(by, ballot),
        "certify": lambda: policy.why_not_certify(by, ballot, editors={99}),
    }
    assert asked[act]() is refusal


def test_a_roll_is_known_from_its_base_date_on():
    tomorrow = _ballot(D, base_date=TODAY + timedelta(days=1))
    around = policy.NOTHING_AROUND
    assert policy.why_not_freeze(OFFICER, tomorrow, around, at=START) is R.BASE_DATE_AHEAD
    on_the_day = seoul_midnight(TODAY + timedelta(days=1))
    tomorrow.closes_at = on_the_day + HOUR
    assert policy.why_not_freeze(OFFICER, tomorrow, around, at=on_the_day) is None


def test_an_assembly_may_close_its_ballot_before_the_time():
    assert policy.why_not_close(OFFICER, _ballot(O, assembly_id=3), at=START) is None


@pytest.mark.parametrize(
    ("paper", "refusal"),
    [
        ({}, None),
        ({"options": 1, "seats": 1, "max_picks": 1}, R.TOO_FEW_OPTIONS),
        ({"options": 2, "seats": 3}, R.SEATS_MISMATCH),
        ({"options": 2, "max_picks": 3}, R.PICKS_OVER_OPTIONS),
        ({"options": 2, "seats": 2, "max_picks": 2}, None),
    ],
)
def test_a_paper_must_fit_together(paper, refusal):
    assert policy.why_not_stand(_ballot(D, **paper)) is refusal


@pytest.mark.parametrize(
    ("state", "seconds", "on_roll", "has_voted", "refusal"),
    [
        (O, 0, True, False, None),
        (O, 3599, True, False, None),
        (O, -1, True, False, R.OUTSIDE_HOURS),
        (O, 3600, True, False, R.OUTSIDE_HOURS),
        (F, 0, True, False, None),
        (F, -1, True, False, R.OUTSIDE_HOURS),
        (F, 3600, True, False, R.OUTSIDE_HOURS),
        (D, 0, True, False, R.OUTSIDE_HOURS),
        (C, 0, True, False, R.OUTSIDE_HOURS),
        (N, 0, True, False, R.OUTSIDE_HOURS),
        (O, 0, False, False, R.NOT_ON_ROLL),
        (O, 0, True, True, R.ALREADY_CAST),
        (C, 9999, True, True, R.ALREADY_CAST),
    ],
)
def test_who_may_vote_and_when(state, seconds, on_roll, has_voted, refusal):
    at = START + timedelta(seconds=seconds)
    ballot = _ballot(state)
    assert (
        policy.why_not_vote(ballot, state, on_roll=on_roll, has_voted=has_voted, at=at) is refusal
    )


@pytest.mark.parametrize(
    ("picks", "refusal"),
    [
        ([1], None),
        ([1, 4], None),
        ([], R.NO_PICK),
        ([1, 2, 3], R.TOO_MANY_PICKS),
        ([1, 1], R.PICKED_TWICE),
        ([1, 9], R.UNKNOWN_OPTION),
    ],
)
def test_which_picks_are_taken(picks, refusal):
    assert policy.why_not_choose(_ballot(O), picks, on_paper={1, 2, 3, 4}) is refusal


def test_every_refusal_has_its_sentence():
    assert set(SENTENCES) == set(BallotRefusal)
