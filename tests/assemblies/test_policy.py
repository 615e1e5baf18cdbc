"""Who may do what with an assembly, and when."""

from datetime import date, timedelta

import pytest

from app.assemblies import policy
from app.assemblies.models import Assembly, AssemblyState, QuorumKind
from app.assemblies.policy import AssemblyRefusal as R
from app.places.models import Place, PlaceKind
from app.proposals.models import Proposal, ProposalState, Reply, Verdict
from app.residents.models import MemberClass, Role
from app.residents.rules import NOBODY, AgeMode, Grant, Standing
from tests.assemblies.steps import ENDS, HELD

GU = Place(id=1, kind=PlaceKind.DISTRICT, parent_id=None, name="금천구", slug="gu")
DONG = Place(id=2, kind=PlaceKind.DONG, parent_id=1, name="독산1동", slug="d1")
OTHER = Place(id=3, kind=PlaceKind.DONG, parent_id=1, name="가산동", slug="gs")


def holder(role, place=DONG):
    return Standing(10, grants=frozenset({Grant(role, place.id, None)}))


MEMBER = Standing(20, memberships=frozenset({(2, MemberClass.RESIDENT)}), districts=frozenset({1}))
STRANGER = Standing(21, memberships=frozenset({(3, MemberClass.WORKER)}), districts=frozenset({1}))
UNVERIFIED = Standing(22)
GROWN = date(1970, 3, 2)
CLERK, CHAIR = holder(Role.CLERK), holder(Role.CHAIR)
DISTRICT_CLERK, OPERATOR = holder(Role.CLERK, GU), holder(Role.OPERATOR, GU)


def assembly(state, place=DONG, **more):
    return Assembly(id=1, place=place, state=state, held_at=HELD, ends_at=ENDS, **more)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (CLERK, None),
        (DISTRICT_CLERK, None),
        (CHAIR, R.NOT_CLERK),
        (MEMBER, R.NOT_CLERK),
        (holder(Role.CLERK, OTHER), R.NOT_CLERK),
        (NOBODY, R.NOT_CLERK),
    ],
)
def test_the_clerk_of_the_place_prepares(by, refusal):
    assert policy.why_not_call(by, DONG, held_at=HELD, ends_at=ENDS) is refusal
    assert policy.why_not_prepare(by, assembly(AssemblyState.DRAFT)) is refusal


def test_an_assembly_ends_after_it_begins():
    assert policy.why_not_call(CLERK, DONG, held_at=HELD, ends_at=HELD) is R.ENDS_BEFORE_START


@pytest.mark.parametrize("state", [s for s in AssemblyState if s is not AssemblyState.DRAFT])
def test_after_the_notice_nothing_is_changed(state):
    assert policy.why_not_prepare(CLERK, assembly(state)) is R.NOT_DRAFT


@pytest.mark.parametrize(
    ("before", "refusal"),
    [(timedelta(days=30, hours=19), None), (timedelta(days=29, hours=18), R.NOTICE_TOO_LATE)],
)
def test_the_notice_stands_thirty_days_before(before, refusal):
    draft = assembly(AssemblyState.DRAFT)
    assert policy.why_not_notice(CLERK, draft, notice_days=30, at=HELD - before) is refusal


@pytest.mark.parametrize(
    ("by", "state", "minutes", "refusal"),
    [
        (CHAIR, AssemblyState.NOTICED, 0, None),
        (CHAIR, AssemblyState.NOTICED, -30, None),
        (CHAIR, AssemblyState.NOTICED, -31, R.TOO_EARLY),
        (CHAIR, AssemblyState.DRAFT, 0, R.NOT_NOTICED),
        (CHAIR, AssemblyState.OPEN, 0, R.NOT_NOTICED),
        (CHAIR, AssemblyState.CLOSED, 0, R.NOT_NOTICED),
        (CLERK, AssemblyState.NOTICED, 0, R.NOT_CHAIR),
        (MEMBER, AssemblyState.NOTICED, 0, R.NOT_CHAIR),
    ],
)
def test_the_chair_opens_on_the_day(by, state, minutes, refusal):
    at = HELD + timedelta(minutes=minutes)
    assert policy.why_not_open(by, assembly(state), at=at) is refusal


@pytest.mark.parametrize(
    ("by", "state", "refusal"),
    [
        (CHAIR, AssemblyState.OPEN, None),
        (CHAIR, AssemblyState.NOTICED, R.NOT_OPEN),
        (CHAIR, AssemblyState.CLOSED, R.NOT_OPEN),
        (CLERK, AssemblyState.OPEN, R.NOT_CHAIR),
        (NOBODY, AssemblyState.OPEN, R.NOT_CHAIR),
    ],
)
def test_the_chair_leads_while_it_is_open(by, state, refusal):
    assert policy.why_not_lead(by, assembly(state)) is refusal


@pytest.mark.parametrize(
    ("by", "state", "minutes", "refusal"),
    [
        (MEMBER, AssemblyState.OPEN, 0, None),
        (MEMBER, AssemblyState.OPEN, 90 + 359, None),
        (MEMBER, AssemblyState.OPEN, 90 + 360, R.OVER),
        (MEMBER, AssemblyState.NOTICED, -30, None),
        (MEMBER, AssemblyState.NOTICED, -31, R.DOORS_CLOSED),
        (MEMBER, AssemblyState.NOTICED, 90, R.OVER),
        (MEMBER, AssemblyState.CLOSED, 0, R.OVER),
        (MEMBER, AssemblyState.DRAFT, 0, R.NOT_NOTICED),
        (STRANGER, AssemblyState.OPEN, 0, R.MEMBER_ELSEWHERE),
        (UNVERIFIED, AssemblyState.OPEN, 0, R.NOT_MEMBER),
        (NOBODY, AssemblyState.OPEN, 0, R.NOT_SIGNED_IN),
        (NOBODY, AssemblyState.NOTICED, 90, R.OVER),
        (NOBODY, AssemblyState.NOTICED, -31, R.DOORS_CLOSED),
    ],
)
def test_who_checks_in_and_when(by, state, minutes, refusal):
    at = HELD + timedelta(minutes=minutes)
    assert policy.why_not_check_in(by, assembly(state), born=GROWN, at=at) is refusal


RULES = {"notice_days": 0, "quorum_kind": QuorumKind.NONE, "quorum_value": 0}


@pytest.mark.parametrize(
    ("born", "min_age", "mode", "refusal"),
    [
        (date(2006, 5, 25), 15, AgeMode.ELECTION_LAW, None),
        (date(2006, 5, 26), 15, AgeMode.ELECTION_LAW, R.TOO_YOUNG),
        (date(2006, 5, 24), 15, AgeMode.PLAIN, None),
        (date(2006, 5, 25), 15, AgeMode.PLAIN, R.TOO_YOUNG),
        (date(2007, 12, 31), 15, AgeMode.COUNTING, None),
        (date(2021, 5, 1), 0, AgeMode.PLAIN, None),
        (None, 0, AgeMode.PLAIN, None),
        (None, 15, AgeMode.PLAIN, R.TOO_YOUNG),
    ],
)
def test_who_is_old_enough_is_what_the_notice_froze(born, min_age, mode, refusal):
    held = assembly(AssemblyState.OPEN, min_age=min_age, age_mode=mode, **RULES)
    assert policy.why_not_check_in(MEMBER, held, born=born, at=HELD) is refusal


def test_anyone_verified_in_the_district_checks_in_at_its_assembly():
    held = assembly(AssemblyState.OPEN, place=GU)
    assert policy.why_not_check_in(STRANGER, held, born=GROWN, at=HELD) is None


@pytest.mark.parametrize(
    ("by", "state", "minutes", "refusal"),
    [
        (CLERK, AssemblyState.CLOSED, None, None),
        (CLERK, AssemblyState.CLOSED, "회의록", R.MINUTES_STAND),
        (CLERK, AssemblyState.OPEN, None, R.NOT_CLOSED),
        (CHAIR, AssemblyState.CLOSED, None, R.NOT_CLERK),
    ],
)
def test_the_clerk_publishes_the_minutes_once_it_is_over(by, state, minutes, refusal):
    assert policy.why_not_publish_minutes(by, assembly(state, minutes=minutes)) is refusal


@pytest.mark.parametrize(
    ("place", "held_in", "verdict", "state", "refusal"),
    [
        (DONG, DONG, Verdict.ADOPTED, ProposalState.REPLIED, None),
        (GU, DONG, Verdict.PARTLY, ProposalState.REPLIED, None),
        (DONG, GU, Verdict.ADOPTED, ProposalState.REPLIED, None),
        (OTHER, DONG, Verdict.ADOPTED, ProposalState.REPLIED, R.OTHER_PLACE),
        (DONG, DONG, Verdict.REJECTED, ProposalState.REPLIED, R.NOT_ADOPTED),
        (DONG, DONG, Verdict.ADOPTED, ProposalState.REVIEW, R.NOT_ADOPTED),
    ],
)
def test_which_proposals_come_before_an_assembly(place, held_in, verdict, state, refusal):
    proposal = Proposal(id=1, place=place, state=state)
    draft = assembly(AssemblyState.DRAFT, place=held_in)
    assert policy.why_not_raise(proposal, Reply(verdict=verdict), draft) is refusal


@pytest.mark.parametrize(
    ("has_won", "is_elsewhere", "refusal"),
    [
        (False, False, None),
        (True, False, R.ALREADY_WON),
        (True, True, R.ALREADY_WON),
        (False, True, R.ON_ANOTHER_AGENDA),
    ],
)
def test_what_was_decided_or_waits_elsewhere_does_not_come_again(has_won, is_elsewhere, refusal):
    found = policy.why_not_raise(
        Proposal(id=1, place=DONG, state=ProposalState.REPLIED),
        Reply(verdict=Verdict.ADOPTED),
        assembly(AssemblyState.DRAFT),
        has_won=has_won,
        is_elsewhere=is_elsewhere,
    )
    assert found is refusal


def test_a_proposal_without_a_reply_stays_where_it_is():
    proposal = Proposal(id=1, place=DONG, state=ProposalState.REPLIED)
    assert policy.why_not_raise(proposal, None, assembly(AssemblyState.DRAFT)) is R.NOT_ADOPTED


@pytest.mark.parametrize(
    ("by", "refusal"),
    [(None, None), (OPERATOR, None), (CLERK, R.NOT_OPERATOR), (NOBODY, R.NOT_OPERATOR)],
)
def test_the_operator_sets_the_rules(by, refusal):
    assert policy.why_not_set_rules(by, DONG) is refusal
