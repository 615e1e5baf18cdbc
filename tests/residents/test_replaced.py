"""Whoever was registered without an account and signs up later is one human, and stands once."""

import json
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditRow
from app.ballots import actions as ballots
from app.ballots.models import Slot
from app.residents import actions, policy, queries
from app.residents.models import Membership, Person, Role
from app.residents.policy import PersonRefusal
from app.residents.rules import Twin
from tests.ballots.conftest import Polls
from tests.residents.conftest import BORN, refused, verify
from tests.residents.test_desk import SEEN
from tests.residents.test_races import ROUNDS, in_threads
from tests.support.meeting import meet

SAME, ANOTHER = "같은 분입니다. 계정 없이 등록했던", "같지만 다른 분임을 확인"


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK, "doksan1")


@pytest.fixture
def registered(world):
    """Return what registers 홍길동 without an account at a dong's desk; the person's id."""

    def register(dong="doksan1"):
        person_id = world.person("홍길동")
        verify(world, person_id, dong)
        return person_id

    return register


@pytest.fixture
def polls(world, tmp_path):
    by = {"officer": Role.OFFICER, "clerk": Role.CLERK, "observer": Role.OBSERVER}
    staff = {name: world.staff(role, "doksan1") for name, role in by.items()}
    return Polls(world, tmp_path, **staff)


def replace(world, person_id, dong="doksan1", **seen):
    return verify(world, person_id, dong, twin=Twin.SAME, **seen)


def kinds(browser):
    """Of what kind are the controls that ask about somebody of the same name and birth date."""
    controls = re.findall(r'<input[^>]*name="twin"[^>]*>', browser.text)
    return [re.search(r'type="([a-z]+)"', one)[1] for one in controls]


def standing_people(world):
    """Everybody who stands under the identity on the card."""
    with world.read() as s:
        return [one.id for one in queries.people_by_identity(s, "홍길동", BORN)]


def on_roll(world, ballot_id):
    with world.read() as s:
        return s.scalars(select(Slot.person_id).where(Slot.ballot_id == ballot_id)).all()


def test_the_account_takes_the_place_of_the_record_and_nothing_untrue_is_ticked(
    world, browser, clerk, registered
):
    old = registered()
    account = world.account(name="홍길동").person_id
    world.pass_time(days=3)
    url = f"/desk/residents/{account}"
    browser.sign_in(world, clerk).open(url)
    assert SAME not in browser.text
    for said, status, answer in (
        ([], 409, "아래 둘 가운데 하나를 골라"),
        (["same", "another"], 422, "하나만 골라 주세요"),
        (["neither"], 422, "하나만 골라 주세요"),
    ):
        browser.submit(f"{url}/verify", twin=said, **SEEN)
        assert (browser.status, answer in browser.text) == (status, True)
        assert ANOTHER in browser.text
    browser.submit(f"{url}/verify", **SEEN)
    assert SAME in browser.text
    assert kinds(browser) == ["radio", "radio"], "one answer takes the other back"
    assert standing_people(world) == [old]
    browser.submit(f"{url}/verify", twin="same", **SEEN)
    assert (browser.status, browser.path) == (200, "/desk/residents")
    assert standing_people(world) == [account]
    with world.read() as s:
        gone = s.get_one(Person, old)
        assert (gone.name, gone.masked_name, gone.born, gone.identity_mac) == ("", "", None, None)
        assert gone.withdrawn_at == world.at
        rows = s.scalars(
            select(AuditRow).where(
                AuditRow.chain == "person", AuditRow.act.in_(["PersonWithdrew", "ResidentVerified"])
            )
        ).all()
        told = {(row.subject_id, row.act): (row.by, json.loads(row.details)) for row in rows}
        assert told[old, "PersonWithdrew"] == (clerk, {"person_id": old, "reason": "replaced"})
        by, verified = told[account, "ResidentVerified"]
        assert (by, verified["same_identity_checked"]) == (clerk, False)
        (membership,) = s.scalars(select(Membership).where(Membership.person_id == account))
        assert membership.since == world.at.date() - timedelta(days=3)
    assert browser.open(f"/desk/residents/{old}").status == 404
    lately = browser.open("/desk/residents").text
    assert ("계정으로 바꾼 기록" in lately, "탈퇴한 주민" in lately) == (True, False)
    told = browser.sign_in(world, world.staff(Role.OPERATOR)).open(f"/desk/audit/person/{old}").text
    assert "등록 기록 끝냄" in told
    assert "본인의 계정으로 바꿈" in told
    assert "탈퇴" not in told


def test_whoever_leaves_by_themselves_is_told_apart_in_the_record(world, browser):
    account = world.account()
    with world.write() as s:
        held = s.get_one(type(account), account.id)
        actions.withdraw_person(s, held, checked=held.passphrase_hash, at=world.at)
    browser.sign_in(world, world.staff(Role.OPERATOR)).open(
        f"/desk/audit/person/{account.person_id}"
    )
    assert "본인이 탈퇴함" in browser.text
    assert "등록 기록 끝냄" not in browser.text


@pytest.mark.parametrize("hindrance", ["account", "dong", "role", "no account here"])
def test_a_record_that_somebody_else_relies_on_is_not_replaced(
    world, browser, clerk, registered, hindrance
):
    old = registered()
    if hindrance == "account":
        world.account_of(old)
    elif hindrance == "dong":
        verify(world, old, "gasan")
    elif hindrance == "role":
        world.grant(old, Role.CHAIR, "doksan1")
    own = world.person("홍길동") if hindrance == "no account here" else None
    person_id = own or world.account(name="홍길동").person_id
    url = f"/desk/residents/{person_id}"
    browser.sign_in(world, clerk).open(url).submit(f"{url}/verify", **SEEN)
    assert browser.status == 409
    assert ANOTHER in browser.text
    assert SAME not in browser.text
    assert kinds(browser) == ["checkbox"]
    browser.submit(f"{url}/verify", twin="same", **SEEN)
    assert browser.status == 409
    assert "바꿀 수 없는 기록입니다" in browser.text
    assert standing_people(world) == [old]
    with world.read() as s:
        assert s.get_one(Person, old).withdrawn_at is None


def test_a_clerk_of_both_dongs_replaces_a_record_of_both(world, registered):
    old = registered()
    verify(world, old, "gasan")
    account = world.account(name="홍길동").person_id
    replace(world, account)
    assert standing_people(world) == [account]
    world.pass_time(days=1)
    with world.read() as s:
        assert not world.standing(s, old).memberships
        assert len(world.standing(s, account).memberships) == 1


@pytest.mark.parametrize(
    ("has_account", "powers", "dongs", "refusal"),
    [
        (False, [], ["doksan1"], None),
        (False, [], [], None),
        (True, [], ["doksan1"], PersonRefusal.NOT_REPLACEABLE),
        (False, ["doksan1"], ["doksan1"], PersonRefusal.NOT_REPLACEABLE),
        (False, [], ["doksan1", "gasan"], PersonRefusal.NOT_REPLACEABLE),
    ],
)
def test_what_a_clerk_of_one_dong_may_replace(world, clerk, has_account, powers, dongs, refusal):
    with world.read() as s:
        by = world.standing(s, clerk)
        found = policy.why_not_replace(
            by,
            0,
            [world.place(s, dong) for dong in dongs],
            has_account=has_account,
            powers=[world.place(s, place) for place in powers],
        )
    assert found is refusal


def test_nobody_ends_a_record_of_their_own(world, clerk):
    verify(world, clerk)
    account = world.account(name="홍길동").person_id
    with refused(PersonRefusal.NOT_REPLACEABLE):
        replace(world, account, by=clerk)


def test_a_frozen_roll_keeps_the_records_place_unused_and_the_account_votes_from_the_next_roll_on(
    world, new_browser, polls, registered
):
    old = registered()
    world.pass_time(days=1)
    frozen = polls.draw(base_date=date(2021, 3, 3))
    polls.freeze(frozen)
    before, after = on_roll(world, frozen), polls.draw(base_date=date(2021, 3, 3))
    world.pass_time(days=7)
    account = world.account(name="홍길동").person_id
    replace(world, account)
    polls.freeze(after)
    assert on_roll(world, frozen) == before == [old]
    assert on_roll(world, after) == [account], "once, though verified after its base date"
    with world.write() as s:
        ballots.open_due_ballots(s, at=world.at)
    visitor = new_browser().sign_in(world, account)
    assert visitor.open(f"/ballots/{frozen}/booth").status == 403
    assert "투표인명부" in visitor.text
    assert visitor.open(f"/ballots/{after}/booth").status == 200
    with world.read() as s:
        assert s.scalar(select(func.count()).where(Slot.used_at.is_not(None))) == 0


@pytest.mark.race
def test_of_two_accounts_that_would_replace_one_record_at_once_one_does(app, world):
    world.registrar()
    for number in range(ROUNDS):
        born = BORN.replace(year=1950 + number)
        first = world.account(name="홍길동").person_id
        old = world.person("홍길동")
        verify(world, old, born=born)
        people = [first, world.account(name="홍길동").person_id]

        def act(turn, people=people, born=born):
            replace(world, people[turn], born=born)

        results = in_threads(app, act, count=2)
        assert sorted(map(str, results)) in (
            ["None", "person.same_identity"],
            ["None", "person.not_replaceable"],
        )
        with world.read() as s:
            (left,) = queries.people_by_identity(s, "홍길동", born)
            assert left.id in people
            assert s.get_one(Person, old).withdrawn_at == world.at


@pytest.mark.race
def test_a_record_that_is_verified_elsewhere_while_it_is_replaced_stands_once(app, world, clerk):
    world.registrar()
    for number in range(ROUNDS):
        born = BORN.replace(year=1950 + number)
        old = world.person("홍길동")
        verify(world, old, born=born)
        account = world.account(name="홍길동").person_id

        def act(turn, old=old, account=account, born=born):
            if turn:
                verify(world, old, "gasan", born=born)
            else:
                replace(world, account, born=born, by=clerk)

        results = in_threads(app, act, count=2)
        assert sorted(map(str, results)) in (
            ["None", "person.unknown"],
            ["None", "person.not_replaceable"],
        )
        with world.read() as s:
            assert len(queries.people_by_identity(s, "홍길동", born)) == 1


@pytest.mark.race
@pytest.mark.postgres
def test_a_record_that_turns_out_to_be_somebody_elses_while_it_is_replaced_stays(
    world, clerk, registered
):
    other, account = registered(), world.account(name="홍길동").person_id
    registrar = world.registrar()

    def correct(s):
        actions.correct_identity(
            s,
            s.get_one(Person, other),
            name="홍길동",
            born=BORN.replace(year=1951),
            by=world.standing(s, registrar),
            at=world.at,
        )

    assert meet(world, correct, lambda: replace(world, account, by=clerk), lambda _s: None) == []
    with world.read() as s:
        stays = s.get_one(Person, other)
        assert (stays.withdrawn_at, stays.born) == (None, BORN.replace(year=1951))
        assert len(queries.memberships_of(s, other)) == 1
    assert standing_people(world) == [account]


@pytest.mark.race
def test_a_record_that_is_replaced_while_a_roll_is_frozen_stands_on_it_once(
    app, world, polls, registered
):
    world.registrar()
    world.resident()
    for number in range(ROUNDS):
        born = BORN.replace(year=1950 + number)
        old = world.person("홍길동")
        verify(world, old, born=born)
        account, ballot_id = world.account(name="홍길동").person_id, polls.draw()

        def act(turn, account=account, ballot_id=ballot_id, born=born):
            if turn:
                polls.freeze(ballot_id)
            else:
                replace(world, account, born=born)

        assert in_threads(app, act, count=2) == [None, None]
        assert len({old, account} & set(on_roll(world, ballot_id))) == 1
