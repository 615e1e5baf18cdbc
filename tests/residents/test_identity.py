"""A card that is misread: asked about before it renames anybody, and corrected afterwards."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.notices.models import Notice
from app.residents import actions, facts, policy
from app.residents.models import LookPurpose, Person, Role
from app.residents.policy import PersonRefusal
from app.residents.queries import memberships_of
from app.residents.rules import Twin
from tests.residents.conftest import BORN, hearing, refused, verify

READ = {
    "name": "박말숙",
    "born": "19500302",
    "dong": "doksan1",
    "member_class": "resident",
    "id_seen": "y",
}


@pytest.fixture
def clerk(world, browser):
    return browser.sign_in(world, world.staff(Role.CLERK, "doksan1")).open("/desk/residents")


def named(world, person_id):
    with world.read() as s:
        person = s.get_one(Person, person_id)
        return person.name, person.masked_name, person.birth_date


def test_another_name_than_the_accounts_is_asked_about_first(app, world, clerk):
    person_id = world.account(name="박말순").person_id
    url = f"/desk/residents/{person_id}"
    with hearing(app, facts.PersonalRecordShown) as shown:
        clerk.open(url).submit(f"{url}/verify", **READ)
    assert clerk.status == 409
    assert "가입한 이름은 ‘박말순’입니다. 신분증의 이름이 ‘박말숙’이 맞으면" in clerk.text
    assert [(one.person_id, one.purpose) for one in shown] == [
        (person_id, LookPurpose.REGISTRATION)
    ]
    assert named(world, person_id) == ("박말순", "박*순", None)
    clerk.submit(f"{url}/verify", **READ, renamed="y")
    assert clerk.path == "/desk/residents"
    assert named(world, person_id) == ("박말숙", "박*숙", "1950-03-02")


def test_a_spelling_is_no_other_name(world):
    person_id = world.account(name="남궁 수").person_id
    verify(world, person_id, name="남궁수", other_name_checked=False)
    assert named(world, person_id)[0] == "남궁수"
    other = world.account(name="박말순").person_id
    with refused(PersonRefusal.OTHER_NAME):
        verify(world, other, name="박말숙", other_name_checked=False)


def test_the_fact_says_whether_two_of_one_identity_were_told_apart(world, heard):
    verify(world, world.account().person_id)
    verify(world, world.account().person_id, twin=Twin.ANOTHER)
    verify(world, world.account().person_id, name="홍길순", twin=Twin.ANOTHER)
    seen = [fact for fact in heard if isinstance(fact, facts.ResidentVerified)]
    assert [one.same_identity_checked for one in seen] == [False, True, False]


def test_another_dongs_desk_that_tries_an_identity_leaves_a_trace(world, browser, heard):
    person_id = world.account(name="박말순").person_id
    verify(world, person_id, name="박말순")
    other = world.staff(Role.CLERK, "gasan")
    url = f"/desk/residents/{person_id}"
    browser.sign_in(world, other).open(url)
    tried = {**READ, "name": "박말순", "dong": "gasan"}
    browser.submit(f"{url}/verify", **{**tried, "born": "19500401"})
    assert browser.status == 409
    browser.submit(f"{url}/verify", **tried)
    assert browser.path == "/desk/residents"
    read = [fact for fact in heard if isinstance(fact, facts.OtherIdentityRead)]
    assert [(one.by, one.person_id) for one in read] == [(other, person_id)]


def test_a_misread_card_is_corrected_at_the_persons_own_desk(world, clerk, heard):
    person_id = world.account(name="박말순").person_id
    verify(world, person_id, name="박말숙")
    url = f"/desk/residents/{person_id}"
    clerk.open(url).submit(f"{url}/verify", **READ)
    assert clerk.status == 409
    assert "바로잡기’에서 고칠 수" in clerk.text
    assert f'href="{url}/correct"' in clerk.text
    card = {"name": "박말순", "born": "19500302"}
    assert clerk.open(f"{url}/correct").submit(f"{url}/correct", **card).status == 422
    clerk.submit(f"{url}/correct", **card, id_seen="y")
    assert (clerk.status, clerk.path) == (200, url)
    assert "박*순 님의 이름과 생년월일을" in clerk.text
    assert named(world, person_id) == ("박말순", "박*순", "1950-03-02")
    (fact,) = [fact for fact in heard if isinstance(fact, facts.IdentityCorrected)]
    assert (fact.field, fact.same_identity_checked) == ("name", False)
    with world.read() as s:
        kinds = s.scalars(select(Notice.kind).where(Notice.person_id == person_id)).all()
    assert "IdentityCorrected" in kinds
    clerk.open(f"{url}/correct").submit(f"{url}/correct", **card, id_seen="y")
    assert len([fact for fact in heard if isinstance(fact, facts.IdentityCorrected)]) == 1


def test_a_correction_tells_two_of_one_identity_apart(world, clerk, heard):
    verify(world, world.account().person_id)
    person_id = world.account().person_id
    verify(world, person_id, name="홍길순", born=date(1951, 1, 1))
    url = f"/desk/residents/{person_id}/correct"
    card = {"name": "홍길동", "born": "19500302", "id_seen": "y"}
    clerk.open(url).submit(url, **card)
    assert clerk.status == 409
    clerk.submit(url, **card, twin="another")
    assert clerk.path == f"/desk/residents/{person_id}"
    (fact,) = [fact for fact in heard if isinstance(fact, facts.IdentityCorrected)]
    assert (fact.field, fact.same_identity_checked) == (None, True)


@pytest.mark.parametrize(
    ("role", "place", "dongs", "refusal"),
    [
        (Role.CLERK, "doksan1", ["doksan1"], None),
        (Role.DESK_CLERK, "doksan1", ["doksan1"], None),
        (Role.CLERK, "geumcheon", ["doksan1", "gasan"], None),
        (Role.CLERK, "doksan1", ["doksan1", "gasan"], PersonRefusal.OTHER_DONG_TOO),
        (Role.CLERK, "gasan", ["doksan1"], PersonRefusal.NOT_CLERK),
        (Role.OPERATOR, "geumcheon", ["doksan1"], PersonRefusal.NOT_CLERK),
        (Role.CLERK, "doksan1", [], PersonRefusal.NOT_CLERK),
    ],
)
def test_who_may_correct_whom(world, role, place, dongs, refusal):
    staff = world.staff(role, place)
    with world.read() as s:
        by = world.standing(s, staff)
        seen_by = [world.place(s, dong) for dong in dongs]
        assert policy.why_not_correct(by, 0, seen_by) is refusal
        assert policy.why_not_correct(by, staff, seen_by) is PersonRefusal.SELF_VERIFICATION


def test_what_nobody_may_correct_stays(world, heard):
    person_id = world.account().person_id
    verify(world, person_id)
    with refused(PersonRefusal.BAD_BIRTH_DATE), world.write() as s:
        actions.correct_identity(
            s,
            s.get_one(Person, person_id),
            name="홍길동",
            born=date(1800, 1, 1),
            by=world.standing(s, world.registrar()),
            at=world.at,
        )
    assert named(world, person_id) == ("홍길동", "홍*동", BORN.isoformat())
    assert not [fact for fact in heard if isinstance(fact, facts.IdentityCorrected)]


def test_whoever_belongs_no_more_hears_of_it(world, clerk):
    person_id = world.account().person_id
    verify(world, person_id)
    with world.write() as s:
        (membership,) = memberships_of(s, person_id)
        actions.end_membership(s, membership, by=world.standing(s, world.registrar()), at=world.at)
    with world.read() as s:
        told = select(func.count()).where(
            Notice.person_id == person_id, Notice.kind == "MembershipEnded"
        )
        assert s.scalar(told) == 1
