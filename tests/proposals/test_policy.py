"""Who × when → refusal."""

from __future__ import annotations

from datetime import date

import pytest

from app.places.models import Department, Place, PlaceKind
from app.proposals import policy
from app.proposals.models import Proposal, ProposalState, Verdict
from app.proposals.policy import ProposalRefusal as No
from app.proposals.rules import Phase
from app.proposals.words import SENTENCES
from app.residents.models import MemberClass, Role
from app.residents.rules import NOBODY, Grant, Standing
from tests.support.world import START

DISTRICT = Place(id=1, kind=PlaceKind.DISTRICT, parent_id=None, slug="gu", name="구", code="GU")
DONG = Place(id=2, kind=PlaceKind.DONG, parent_id=1, slug="dong", name="동", code="D")
OTHER = Place(id=3, kind=PlaceKind.DONG, parent_id=1, slug="other", name="옆 동", code="O")
PARKS = Department(id=9, place_id=1, slug="parks", name="공원")
FOREIGN = Department(id=8, place_id=77, slug="far", name="먼 곳")

UNVERIFIED = Standing(5)
NEIGHBOUR = Standing(6, frozenset({(2, MemberClass.RESIDENT)}), frozenset({1}))
OUTSIDER = Standing(7, frozenset({(3, MemberClass.RESIDENT)}), frozenset({1}))


def trusted(role, place=2, department=None):
    return Standing(8, grants=frozenset({Grant(role, place, department)}))


def proposal(state=ProposalState.REVIEW, *, author=6, department=9):
    return Proposal(
        state=state,
        author_id=author,
        department_id=department,
        place_id=2,
        title="골목 끝 빈터",
        sense="의자와 그늘막",
        body="독산로 끝에 빈터가 있습니다.",
        is_field_open=False,
    )


@pytest.mark.parametrize(
    ("by", "place", "phase", "hidden", "refusal"),
    [
        (NEIGHBOUR, DONG, Phase.ENDORSING, False, None),
        (NEIGHBOUR, DISTRICT, Phase.ENDORSING, False, None),
        (OUTSIDER, DISTRICT, Phase.ENDORSING, False, None),
        (OUTSIDER, DONG, Phase.ENDORSING, False, No.OTHER_DONG),
        (UNVERIFIED, DONG, Phase.ENDORSING, False, No.NOT_VERIFIED),
        (UNVERIFIED, DISTRICT, Phase.ENDORSING, False, No.NOT_VERIFIED),
        (trusted(Role.CLERK), DONG, Phase.ENDORSING, False, No.NOT_VERIFIED),
        (NOBODY, DONG, Phase.ENDORSING, False, No.SIGN_IN_NEEDED),
        (NEIGHBOUR, DONG, Phase.ENDORSING, True, No.HIDDEN),
        (NEIGHBOUR, DONG, Phase.DRAFT, False, No.UNKNOWN),
        (NEIGHBOUR, DONG, Phase.PRECHECK, False, No.NOT_OPEN_YET),
        (NEIGHBOUR, DONG, Phase.UNFIT, False, No.UNFIT),
        (NEIGHBOUR, DONG, Phase.EXPIRED, False, No.WINDOW_CLOSED),
        (NEIGHBOUR, DONG, Phase.REVIEW, False, No.REVIEW_BEGAN),
        (NEIGHBOUR, DONG, Phase.OVERDUE, False, No.REVIEW_BEGAN),
        (NEIGHBOUR, DONG, Phase.REPLIED, False, No.REVIEW_BEGAN),
    ],
)
def test_who_may_endorse_when(by, place, phase, hidden, refusal):
    assert policy.why_not_endorse(by, place, phase, is_hidden=hidden) == refusal


@pytest.mark.parametrize(
    ("by", "phase", "refusal"),
    [
        (NEIGHBOUR, Phase.ENDORSING, None),
        (NOBODY, Phase.ENDORSING, No.SIGN_IN_NEEDED),
        (NEIGHBOUR, Phase.EXPIRED, No.WINDOW_CLOSED),
        (NEIGHBOUR, Phase.REVIEW, No.REVIEW_BEGAN),
    ],
)
def test_who_may_take_it_back_when(by, phase, refusal):
    assert policy.why_not_withdraw(by, phase, is_hidden=False) == refusal


@pytest.mark.parametrize(
    ("by", "state", "revise", "publish"),
    [
        (NEIGHBOUR, ProposalState.DRAFT, None, None),
        (NEIGHBOUR, ProposalState.PRECHECK, No.NOT_DRAFT, None),
        (OUTSIDER, ProposalState.DRAFT, No.NOT_AUTHOR, No.NOT_AUTHOR),
        (Standing(6), ProposalState.DRAFT, None, No.NOT_VERIFIED),
    ],
)
def test_who_may_change_and_publish(by, state, revise, publish):
    draft = proposal(state)
    assert policy.why_not_revise(by, draft) == revise
    assert policy.why_not_publish(by, draft, DONG) == publish


@pytest.mark.parametrize(
    "lack", [{"title": "빈터"}, {"sense": ""}, {"body": "빈터가"}, {"is_field_open": True}]
)
def test_nobody_publishes_what_is_unfinished_and_what_was_published_stays_so(lack):
    draft = proposal(ProposalState.DRAFT)
    for name, value in lack.items():
        setattr(draft, name, value)
    assert policy.why_not_publish(NEIGHBOUR, draft, DONG) == No.UNFINISHED
    draft.state = ProposalState.PRECHECK
    assert policy.why_not_publish(NEIGHBOUR, draft, DONG) is None


@pytest.mark.parametrize(
    ("by", "state", "refusal"),
    [
        (trusted(Role.CLERK), ProposalState.PRECHECK, None),
        (trusted(Role.CLERK, 1), ProposalState.PRECHECK, None),
        (trusted(Role.OPERATOR, 1), ProposalState.PRECHECK, None),
        (trusted(Role.CLERK, 3), ProposalState.PRECHECK, No.NOT_CLERK),
        (trusted(Role.MODERATOR), ProposalState.PRECHECK, No.NOT_CLERK),
        (NEIGHBOUR, ProposalState.PRECHECK, No.NOT_CLERK),
        (trusted(Role.CLERK), ProposalState.ENDORSING, No.NOT_IN_PRECHECK),
    ],
)
def test_who_may_decide_the_pre_check(by, state, refusal):
    assert policy.why_not_precheck(by, proposal(state), DONG) == refusal


@pytest.mark.parametrize(
    ("by", "state", "department", "refusal"),
    [
        (trusted(Role.CLERK), ProposalState.REVIEW, PARKS, None),
        (trusted(Role.CLERK), ProposalState.ENDORSING, PARKS, None),
        (trusted(Role.CLERK), ProposalState.REVIEW, FOREIGN, No.UNKNOWN_DEPARTMENT),
        (trusted(Role.CLERK), ProposalState.REPLIED, PARKS, No.NOT_IN_REVIEW),
        (trusted(Role.DEPARTMENT, 1, 9), ProposalState.REVIEW, PARKS, No.NOT_CLERK),
    ],
)
def test_who_may_name_the_department(by, state, department, refusal):
    assert policy.why_not_assign(by, proposal(state), DONG, department) == refusal


@pytest.mark.parametrize(
    ("by", "state", "department", "change", "refusal"),
    [
        (trusted(Role.DEPARTMENT, 1, 9), ProposalState.REVIEW, 9, {}, None),
        (trusted(Role.DEPARTMENT, 1, 8), ProposalState.REVIEW, 9, {}, No.NOT_DEPARTMENT),
        (trusted(Role.CLERK), ProposalState.REVIEW, 9, {}, No.NOT_DEPARTMENT),
        (trusted(Role.DEPARTMENT, 1, 9), ProposalState.REVIEW, None, {}, No.NO_DEPARTMENT),
        (trusted(Role.DEPARTMENT, 1, 9), ProposalState.REPLIED, 9, {}, No.ALREADY_REPLIED),
        (trusted(Role.DEPARTMENT, 1, 9), ProposalState.ENDORSING, 9, {}, No.NOT_IN_REVIEW),
        (
            trusted(Role.DEPARTMENT, 1, 9),
            ProposalState.REVIEW,
            9,
            {"reason": " "},
            No.REASON_NEEDED,
        ),
        (
            trusted(Role.DEPARTMENT, 1, 9),
            ProposalState.REVIEW,
            9,
            {"planned_on": None},
            No.PLAN_NEEDED,
        ),
        (
            trusted(Role.DEPARTMENT, 1, 9),
            ProposalState.REVIEW,
            9,
            {"planned_on": date(2021, 3, 1)},
            No.PLAN_PASSED,
        ),
        (
            trusted(Role.DEPARTMENT, 1, 9),
            ProposalState.REVIEW,
            9,
            {"planned_on": date(2021, 3, 2)},
            None,
        ),
        (
            trusted(Role.DEPARTMENT, 1, 9),
            ProposalState.REVIEW,
            9,
            {"planned_on": date(2021, 3, 1), "verdict": Verdict.REJECTED},
            None,
        ),
        (
            trusted(Role.DEPARTMENT, 1, 9),
            ProposalState.REVIEW,
            9,
            {"planned_on": None, "verdict": Verdict.REJECTED},
            None,
        ),
    ],
)
def test_who_may_answer_and_with_what(by, state, department, change, refusal):
    words = {"verdict": Verdict.ADOPTED, "reason": "됩니다", "planned_on": date(2021, 5, 1)}
    answered = proposal(state, department=department)
    asked = policy.why_not_reply(by, answered, **(words | change), at=START)
    assert asked == refusal


def test_who_may_set_the_rule_follow_and_draft():
    assert policy.why_not_set_policy(trusted(Role.OPERATOR, 1), DONG) is None
    assert policy.why_not_set_policy(trusted(Role.CLERK, 1), DONG) is No.NOT_OPERATOR
    assert policy.why_not_follow(UNVERIFIED, Phase.PRECHECK) is None
    assert policy.why_not_follow(NOBODY, Phase.PRECHECK) is No.SIGN_IN_NEEDED
    assert policy.why_not_follow(UNVERIFIED, Phase.DRAFT) is No.UNKNOWN
    assert policy.why_not_draft(UNVERIFIED) is None
    assert policy.why_not_draft(NOBODY) is No.SIGN_IN_NEEDED


def test_every_refusal_has_its_sentence():
    assert set(SENTENCES) == set(No)
    assert SENTENCES[No.ALREADY_ENDORSED].status == 409
