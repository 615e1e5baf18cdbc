"""Who × what → refusal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.moderation import policy
from app.moderation.models import HideReason, SubjectKind
from app.moderation.policy import ModerationRefusal as No
from app.moderation.words import MODERATING_ROLES, REASONS, SENTENCES, SUBJECT_KINDS
from app.places.models import Place, PlaceKind
from app.proposals.models import Proposal
from app.residents.models import Role
from app.residents.rules import NOBODY, Grant, Standing

DONG = Place(id=2, kind=PlaceKind.DONG, parent_id=1, slug="dong", name="동", code="D")
AT = datetime(2021, 3, 2, tzinfo=UTC)


def trusted(role, place=2):
    return Standing(8, grants=frozenset({Grant(role, place, None)}))


def subject(*, hidden=False):
    row = Proposal()
    if hidden:
        row.hidden_at, row.hidden_reason = AT, HideReason.INSULT
    return row


@pytest.mark.parametrize(
    ("by", "kind", "hidden", "note", "refusal"),
    [
        (trusted(Role.MODERATOR), SubjectKind.PROPOSAL, False, "까닭", None),
        (trusted(Role.CLERK), SubjectKind.OPINION, False, "까닭", None),
        (trusted(Role.MODERATOR, 1), SubjectKind.OPINION, False, "까닭", None),
        (trusted(Role.CHAIR), SubjectKind.MESSAGE, False, "까닭", None),
        (trusted(Role.CHAIR), SubjectKind.QUESTION, False, "까닭", None),
        (trusted(Role.CHAIR), SubjectKind.PROPOSAL, False, "까닭", No.NOT_MODERATOR),
        (trusted(Role.MODERATOR, 3), SubjectKind.PROPOSAL, False, "까닭", No.NOT_MODERATOR),
        (trusted(Role.OFFICER), SubjectKind.PROPOSAL, False, "까닭", No.NOT_MODERATOR),
        (Standing(9), SubjectKind.PROPOSAL, False, "까닭", No.NOT_MODERATOR),
        (NOBODY, SubjectKind.PROPOSAL, False, "까닭", No.NOT_MODERATOR),
        (trusted(Role.CLERK), SubjectKind.PROPOSAL, True, "까닭", No.ALREADY_HIDDEN),
        (trusted(Role.CLERK), SubjectKind.PROPOSAL, False, " ", No.REASON_NEEDED),
    ],
)
def test_who_may_hide_what(by, kind, hidden, note, refusal):
    assert policy.why_not_hide(by, subject(hidden=hidden), DONG, kind, note) == refusal


@pytest.mark.parametrize(
    ("by", "hidden", "note", "refusal"),
    [
        (trusted(Role.MODERATOR), True, "까닭", None),
        (trusted(Role.MODERATOR), False, "까닭", No.NOT_HIDDEN),
        (trusted(Role.MODERATOR), True, "", No.REASON_NEEDED),
        (Standing(9), True, "까닭", No.NOT_MODERATOR),
    ],
)
def test_who_may_show_again(by, hidden, note, refusal):
    kind = SubjectKind.PROPOSAL
    assert policy.why_not_restore(by, subject(hidden=hidden), DONG, kind, note) == refusal


def test_who_may_report_and_settle():
    assert policy.why_not_report(Standing(9)) is None
    assert policy.why_not_report(NOBODY) is No.SIGN_IN_NEEDED
    assert policy.why_not_settle(trusted(Role.CLERK), DONG, SubjectKind.PROPOSAL) is None
    assert policy.why_not_settle(Standing(9), DONG, SubjectKind.PROPOSAL) is No.NOT_MODERATOR


def test_a_chair_settles_what_is_said_in_an_assembly_alone():
    chair = trusted(Role.CHAIR)
    assert policy.why_not_settle(chair, DONG, SubjectKind.MESSAGE) is None
    assert policy.why_not_settle(chair, DONG, SubjectKind.PROPOSAL) is No.NOT_MODERATOR


def test_everything_that_is_shown_has_its_word():
    assert set(SENTENCES) == set(No)
    assert set(REASONS) == set(HideReason)
    assert set(SUBJECT_KINDS) == set(SubjectKind)
    assert set(MODERATING_ROLES) == set(policy.LIVE_MODERATORS)
