"""Who may do what with people's records: who x what -> refusal."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.residents.models import MemberClass, Role
from app.residents.policy import (
    PersonRefusal,
    why_bad_birth,
    why_not_end_role,
    why_not_grant,
    why_not_help,
    why_not_show_record,
    why_not_verify,
)
from app.residents.rules import NOBODY, Grant, Standing


@dataclass(frozen=True)
class Somewhere:
    id: int
    parent_id: int | None = None

    @property
    def is_district(self):
        return self.parent_id is None


@dataclass(frozen=True)
class Held:
    person_id: int
    role: Role
    place: Somewhere


GU = Somewhere(1)
DOKSAN, GASAN = Somewhere(2, 1), Somewhere(3, 1)
ELSEWHERE = Somewhere(9, 8)


def holding(role, place, person_id=7):
    return Standing(person_id, grants=frozenset({Grant(role, place.id, None)}))


RESIDENT = Standing(5, memberships=frozenset({(2, MemberClass.RESIDENT)}), districts=frozenset({1}))


@pytest.mark.parametrize(
    ("by", "person_id", "dong", "refusal"),
    [
        (NOBODY, 1, DOKSAN, PersonRefusal.NOT_CLERK),
        (RESIDENT, 1, DOKSAN, PersonRefusal.NOT_CLERK),
        (holding(Role.OPERATOR, GU), 1, DOKSAN, PersonRefusal.NOT_CLERK),
        (holding(Role.OFFICER, DOKSAN), 1, DOKSAN, PersonRefusal.NOT_CLERK),
        (holding(Role.CLERK, GASAN), 1, DOKSAN, PersonRefusal.NOT_CLERK),
        (holding(Role.CLERK, GU), 1, ELSEWHERE, PersonRefusal.NOT_CLERK),
        (holding(Role.CLERK, GU), 1, GU, PersonRefusal.NOT_CLERK),
        (holding(Role.CLERK, GU), 7, DOKSAN, PersonRefusal.SELF_VERIFICATION),
        (holding(Role.CLERK, GU), 1, DOKSAN, None),
        (holding(Role.CLERK, DOKSAN), 1, DOKSAN, None),
        (holding(Role.DESK_CLERK, DOKSAN), 1, DOKSAN, None),
    ],
)
def test_who_may_verify(by, person_id, dong, refusal):
    assert why_not_verify(by, person_id, dong) is refusal


@pytest.mark.parametrize(
    ("by", "places", "refusal"),
    [
        (NOBODY, [], PersonRefusal.NOT_CLERK),
        (RESIDENT, [DOKSAN], PersonRefusal.NOT_CLERK),
        (holding(Role.CHAIR, DOKSAN), [DOKSAN], PersonRefusal.NOT_CLERK),
        (holding(Role.CLERK, GASAN), [DOKSAN], PersonRefusal.OTHER_DONG),
        (holding(Role.CLERK, GASAN), [DOKSAN, GASAN], None),
        (holding(Role.CLERK, GASAN), [], None),
        (holding(Role.DESK_CLERK, GU), [DOKSAN], None),
        (holding(Role.OPERATOR, GU), [DOKSAN], None),
    ],
)
def test_who_may_open_a_record(by, places, refusal):
    assert why_not_show_record(by, places) is refusal


@pytest.mark.parametrize(
    ("by", "dongs", "powers", "refusal"),
    [
        (NOBODY, [DOKSAN], [], PersonRefusal.NOT_CLERK),
        (RESIDENT, [DOKSAN], [], PersonRefusal.NOT_CLERK),
        (holding(Role.CHAIR, DOKSAN), [DOKSAN], [], PersonRefusal.NOT_CLERK),
        (holding(Role.OPERATOR, GU), [DOKSAN], [], PersonRefusal.NOT_CLERK),
        (holding(Role.CLERK, GASAN), [DOKSAN], [], PersonRefusal.NOT_CLERK),
        (holding(Role.CLERK, DOKSAN), [], [], PersonRefusal.NOT_VERIFIED),
        (holding(Role.CLERK, DOKSAN, 8), [DOKSAN], [], PersonRefusal.OWN_PASSPHRASE),
        (holding(Role.CLERK, DOKSAN), [DOKSAN], [DOKSAN], PersonRefusal.STAFF_ACCOUNT),
        (holding(Role.CLERK, GU), [], [DOKSAN], PersonRefusal.STAFF_ACCOUNT),
        (holding(Role.OPERATOR, DOKSAN), [], [GU], PersonRefusal.STAFF_ACCOUNT),
        (holding(Role.OPERATOR, DOKSAN), [], [DOKSAN, GASAN], PersonRefusal.STAFF_ACCOUNT),
        (holding(Role.OPERATOR, GU, 8), [], [GU], PersonRefusal.OWN_PASSPHRASE),
        (holding(Role.CLERK, GASAN), [DOKSAN, GASAN], [], PersonRefusal.OTHER_DONG_TOO),
        (holding(Role.CLERK, GU), [DOKSAN, GASAN], [], None),
        (holding(Role.DESK_CLERK, DOKSAN), [DOKSAN], [], None),
        (holding(Role.CLERK, GU), [DOKSAN], [], None),
        (holding(Role.OPERATOR, DOKSAN), [], [DOKSAN], None),
        (holding(Role.OPERATOR, GU), [], [GU, GASAN], None),
    ],
)
def test_who_may_help_someone_to_a_new_passphrase(by, dongs, powers, refusal):
    assert why_not_help(by, 8, dongs, powers) is refusal


@pytest.mark.parametrize(
    ("by", "dongs", "place", "refusal"),
    [
        (NOBODY, [], GU, PersonRefusal.NOT_OPERATOR),
        (holding(Role.CLERK, GU), [], GU, PersonRefusal.NOT_OPERATOR),
        (holding(Role.OPERATOR, DOKSAN), [], GASAN, PersonRefusal.NOT_OPERATOR),
        (holding(Role.OPERATOR, DOKSAN), [], GU, PersonRefusal.NOT_OPERATOR),
        (holding(Role.OPERATOR, GU), [], ELSEWHERE, PersonRefusal.NOT_OPERATOR),
        (holding(Role.OPERATOR, DOKSAN), [GASAN], DOKSAN, PersonRefusal.OTHER_DONG),
        (holding(Role.OPERATOR, DOKSAN), [GASAN, DOKSAN], DOKSAN, None),
        (holding(Role.OPERATOR, DOKSAN), [], DOKSAN, None),
        (holding(Role.OPERATOR, GU), [GASAN], DOKSAN, None),
        (holding(Role.OPERATOR, GU, 8), [], DOKSAN, PersonRefusal.SELF_GRANT),
    ],
)
def test_who_may_grant_what_to_whom(by, dongs, place, refusal):
    assert why_not_grant(by, 8, dongs, place) is refusal


def test_an_operator_cannot_end_being_one_but_any_other_role():
    operator = holding(Role.OPERATOR, GU, person_id=7)
    assert why_not_end_role(operator, Held(7, Role.OPERATOR, GU)) is PersonRefusal.OWN_ROLE
    assert why_not_end_role(operator, Held(8, Role.OPERATOR, GU)) is None
    assert why_not_end_role(operator, Held(7, Role.CLERK, DOKSAN)) is None
    clerk = holding(Role.CLERK, GU)
    assert why_not_end_role(clerk, Held(8, Role.CHAIR, GU)) is PersonRefusal.NOT_OPERATOR


@pytest.mark.parametrize(
    ("born", "guardian", "refusal"),
    [
        (date(1899, 12, 31), True, PersonRefusal.BAD_BIRTH_DATE),
        (date(2021, 3, 3), True, PersonRefusal.BAD_BIRTH_DATE),
        (date(2021, 3, 2), True, None),
        (date(2007, 3, 3), False, PersonRefusal.GUARDIAN_NEEDED),
        (date(2007, 3, 3), True, None),
        (date(2007, 3, 2), False, None),
        (date(1900, 1, 1), False, None),
    ],
)
def test_a_birth_date_is_possible_and_a_child_has_a_guardian(born, guardian, refusal):
    today, child_after = date(2021, 3, 2), date(2007, 3, 2)
    assert (
        why_bad_birth(born, today=today, child_after=child_after, guardian_checked=guardian)
        is refusal
    )
