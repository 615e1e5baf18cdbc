"""The registration desk and the roles page, over HTTP."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.residents import facts, queries
from app.residents.models import LookPurpose, Membership, Person, Role, RoleGrant
from tests.residents.conftest import hearing

SEEN = {
    "name": "홍길동",
    "born": "19500302",
    "dong": "doksan1",
    "member_class": "resident",
    "id_seen": "y",
}


@pytest.fixture
def clerk(world, browser):
    """A clerk of 독산1동 at the desk."""
    person_id = world.staff(Role.CLERK, "doksan1")
    return browser.sign_in(world, person_id).open("/desk/residents")


@pytest.fixture
def operator(world, browser):
    """An operator of the district at the roles page."""
    return browser.sign_in(world, world.staff(Role.OPERATOR)).open("/desk/roles")


@pytest.fixture
def shown(app):
    """The records opened during the test, as they are committed."""
    with hearing(app, facts.PersonalRecordShown) as told:
        yield told


def memberships(world, person_id):
    with world.read() as s:
        return [
            (one.place.name, one.member_class.value, one.until)
            for one in queries.memberships_of(s, person_id)
        ]


def test_residents_and_strangers_do_not_enter(world, new_browser):
    resident = new_browser().sign_in(world, world.resident())
    chair = new_browser().sign_in(world, world.staff(Role.CHAIR))
    for url in ("/desk/residents", "/desk/residents/new", "/desk/roles", "/desk/residents/1"):
        assert resident.open(url).status == 403, url
        assert chair.open(url).status == 403, url
        assert new_browser().open(url).path == "/sign-in"


@pytest.mark.parametrize(
    "key", ["hong@example.kr", "HONG@example.kr", "010-1234-5678", "홍길동 19500302"]
)
def test_a_person_is_found_exactly_and_the_look_is_recorded(world, clerk, shown, key):
    account = world.account(name="홍길동", address="hong@example.kr")
    with world.write() as s:
        from app.residents.actions import set_contact

        own = s.merge(account)
        set_contact(s, own, "010-1234-5678", checked=own.passphrase_hash, at=world.at)
    if "19500302" in key:
        clerk.open(f"/desk/residents/{account.person_id}")
        clerk.submit(f"/desk/residents/{account.person_id}/verify", **SEEN)
        assert "님을 독산1동 주민(주민등록)으로 확인했습니다" in clerk.text
    clerk.open("/desk/residents").submit("/desk/residents", key=key, purpose="registration")
    assert clerk.status == 200
    assert "홍길동" in clerk.text
    assert "hong@example.kr" in clerk.text
    assert [(one.person_id, one.purpose) for one in shown] == [
        (account.person_id, LookPurpose.REGISTRATION)
    ]
    clerk.open(f"/desk/residents/{account.person_id}")
    assert "홍길동" not in clerk.text
    assert "hong@example.kr" not in clerk.text


@pytest.mark.parametrize(
    ("key", "purpose", "sentence"),
    [
        ("hong@example.kr", "", "골라 주세요"),
        ("hong@example.kr", "홍길동의 전화", "목록에서 골라 주세요"),
        ("hong", "registration", "이름과 생년월일을 적어"),
        ("홍길동", "registration", "이름과 생년월일을 적어"),
        ("홍길동 19509999", "registration", "이름과 생년월일을 적어"),
        ("hon@example.kr", "registration", "찾는 분이 없습니다"),
        ("홍길동 19500302", "registration", "찾는 분이 없습니다"),
        ("홍길동 19500302", "registration", "먼저 가입하셨는지 여쭤"),
        ("%", "registration", "2자 이상"),
    ],
)
def test_nobody_is_found_by_guessing(world, clerk, shown, key, purpose, sentence):
    world.account(name="홍길동", address="hong@example.kr")
    clerk.submit("/desk/residents", key=key, purpose=purpose)
    assert clerk.status == 422
    assert sentence in clerk.text
    assert shown == []


def test_a_resident_of_another_dong_stays_masked(world, clerk, shown):
    account = world.account(name="홍길동", address="hong@example.kr")
    world.verify(account.person_id, "gasan")
    clerk.submit("/desk/residents", key="hong@example.kr", purpose="registration")
    assert clerk.status == 403
    assert "다른 동에서 확인된" in clerk.text
    assert "홍길동" not in clerk.text
    assert "example.kr" not in clerk.text
    page = clerk.open(f"/desk/residents/{account.person_id}").text
    assert "example.kr" not in page
    assert page.count("그 동의 담당자만 인적사항을") == 1
    assert "가려진 것 보기" not in page
    assert shown == []


def test_masked_people_leave_no_record_and_unmasked_ones_always_do(world, new_browser, shown):
    account = world.account(name="서울나무", address="namu@example.kr")
    person_id = account.person_id
    world.verify(person_id, born=date(1950, 3, 2))
    world.grant(person_id, Role.CHAIR)
    someone = new_browser().sign_in(world, world.staff(Role.CLERK))
    operator = new_browser().sign_in(world, world.staff(Role.OPERATOR))
    behind_the_mask = ("서울나무", "namu@example.kr", "1950. 3. 2.", "1950-03-02")
    one = f"/desk/residents/{person_id}"
    for staff in (someone, operator):
        for url in ("/desk/residents", one, *(["/desk/roles"] if staff is operator else [])):
            assert "서**무" in staff.open(url).text, url
            assert not any(words in staff.text for words in behind_the_mask), url
    operator.submit("/desk/roles/person", address="namu@example.kr")
    assert "서**무" in operator.text
    assert "서울나무" not in operator.text
    assert shown == []
    for staff in (someone, operator):
        staff.open(one).submit(f"{one}/record", purpose="roll")
        assert all(words in staff.text for words in behind_the_mask[:3])
    assert [one.person_id for one in shown] == [person_id, person_id]


def test_of_two_with_one_name_and_birthday_one_is_opened(world, clerk, shown):
    ids = []
    for another in ({}, {"twin": "another"}):
        clerk.open("/desk/residents/new").submit("/desk/residents/new", **SEEN, **another)
        assert clerk.path == "/desk/residents"
    with world.read() as s:
        ids = [one.id for one in s.scalars(select(Person).where(Person.identity_mac.is_not(None)))]
    clerk.submit("/desk/residents", key="홍길동 1950. 3. 2.", purpose="registration")
    assert "2명 있습니다" in clerk.text
    assert shown == []
    clerk.submit(f"/desk/residents/{ids[1]}/record", purpose="registration")
    assert [one.person_id for one in shown] == [ids[1]]


def test_verifying_asks_again_when_someone_like_that_stands_already(world, clerk):
    first, second = (world.account(name="홍길동").person_id for _ in range(2))
    clerk.open(f"/desk/residents/{first}").submit(f"/desk/residents/{first}/verify", **SEEN)
    url = f"/desk/residents/{second}"
    assert "다른 분임을 확인" not in clerk.open(url).text
    clerk.submit(f"{url}/verify", **SEEN)
    assert clerk.status == 409
    assert "다른 분임을 확인" in clerk.text
    assert 'value="홍길동"' in clerk.text
    assert memberships(world, second) == []
    clerk.submit(f"{url}/verify", twin="another", **SEEN)
    assert clerk.status == 200
    assert memberships(world, second) == [("독산1동", "resident", None)]
    clerk.open(url).submit(f"{url}/verify", twin="another", **SEEN)
    assert clerk.status == 409
    assert "이미 이 동의 주민으로" in clerk.text


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"born": "1950"}, 422, "여덟 자리"),
        ({"born": "20220101"}, 422, "생년월일이 맞지 않습니다"),
        ({"born": "18000101"}, 422, "생년월일이 맞지 않습니다"),
        ({"id_seen": None}, 422, "신분증을 확인한 뒤"),
        ({"member_class": None}, 422, "골라 주세요"),
        ({"dong": "gasan"}, 422, ""),
        ({"name": ""}, 422, "꼭 필요한 항목"),
        ({"born": "20150302"}, 409, "법정대리인의 동의"),
    ],
)
def test_what_the_clerk_saw_has_to_be_whole(world, clerk, change, status, sentence):
    person_id = world.account().person_id
    fields = {name: value for name, value in {**SEEN, **change}.items() if value is not None}
    for url in (f"/desk/residents/{person_id}/verify", "/desk/residents/new"):
        clerk.open("/desk/residents/new").submit(url, **fields)
        assert clerk.status == status, url
        assert sentence in clerk.text
    assert memberships(world, person_id) == []


def test_a_child_comes_with_a_guardian(world, clerk):
    child = {**SEEN, "born": "20150302", "guardian": "y"}
    clerk.open("/desk/residents/new").submit("/desk/residents/new", **child)
    assert clerk.path == "/desk/residents"
    assert "홍*동" in clerk.text


def test_nobody_verifies_themselves(world, new_browser):
    person_id = world.staff(Role.CLERK, "doksan1")
    clerk = new_browser().sign_in(world, person_id).open(f"/desk/residents/{person_id}")
    assert "다른 담당자가 확인합니다" in clerk.text
    clerk.submit(f"/desk/residents/{person_id}/verify", **SEEN)
    assert clerk.status == 403
    assert memberships(world, person_id) == []


def test_a_membership_is_ended_where_one_is_clerk(world, clerk, new_browser):
    person_id = world.resident("doksan1")
    other = new_browser().sign_in(world, world.staff(Role.DESK_CLERK, "gasan"))
    with world.read() as s:
        membership_id = s.scalar(select(Membership.id).where(Membership.person_id == person_id))
    url = f"/desk/residents/memberships/{membership_id}/end"
    assert "내일부터 독산1동" in clerk.open(f"/desk/residents/{person_id}").text
    assert other.open("/desk/residents").submit(url).status == 403
    world.pass_time(days=2)
    assert "오늘부터 독산1동" in clerk.open(f"/desk/residents/{person_id}").text
    clerk.submit(url)
    assert "소속을 끝냈습니다" in clerk.text
    assert "3. 4.(목)부터" in clerk.text
    assert clerk.submit(url).status == 409
    assert (
        clerk.open("/desk/residents").submit(url.replace(str(membership_id), "999")).status == 404
    )


def test_recent_verifications_are_masked_and_of_ones_own_dong(world, clerk):
    for _ in range(21):
        world.resident("doksan1")
    world.resident("gasan")
    clerk.open("/desk/residents")
    assert clerk.text.count("참여 중") == 20
    assert "가산동" not in clerk.text
    assert clerk.open("/desk/residents?page=2").text.count("참여 중") == 1
    assert clerk.open("/desk/residents?page=0").status == 200
    for number in ("9" * 20, "9" * 5000, "-1", "둘", ""):
        assert clerk.open(f"/desk/residents?page={number}").status == 200


def test_whoever_left_is_not_found_any_more(world, clerk):
    account = world.account()
    with world.write() as s:
        from app.residents.actions import withdraw_person

        own = s.merge(account)
        withdraw_person(s, own, checked=own.passphrase_hash, at=world.at)
    assert clerk.open(f"/desk/residents/{account.person_id}").status == 404
    for nobody in (99999, 2**31, 10**30):
        assert clerk.open(f"/desk/residents/{nobody}").status == 404


# ------------------------------------------------------------------ roles
def test_a_page_of_roles_that_cannot_be_is_no_error(operator):
    for number in ("9" * 5000, "0", "둘"):
        assert operator.open(f"/desk/roles?page={number}").status == 200


def test_an_operator_entrusts_and_takes_back(world, operator):
    account = world.account(name="홍길동", address="hong@example.kr")
    operator.submit("/desk/roles/person", address="hong@example.kr")
    assert "홍*동 님에게 역할 맡기기" in operator.text
    operator.submit(
        f"/desk/roles/{account.person_id}", role="department", place="geumcheon", department=""
    )
    assert operator.status == 422
    assert "부서를 골라" in operator.text
    asked = {"role": "department", "place": "geumcheon", "department": "parks"}
    operator.submit(f"/desk/roles/{account.person_id}", **asked)
    assert "홍*동 님에게 이 역할을 맡길까요?" in operator.text
    assert "금천구의 모든 동에서" in operator.text
    for said in ("부서 담당자", "공원녹지과", 'name="sure" value="1"', 'value="geumcheon"'):
        assert said in operator.text
    with world.read() as s:
        assert not world.standing(s, account.person_id).grants
    operator.submit(f"/desk/roles/{account.person_id}", **asked, sure="1")
    assert "홍*동 님에게 금천구 공원녹지과 부서 담당자 역할을 맡겼습니다" in operator.text
    with world.read() as s:
        assert world.standing(s, account.person_id).speaks_for(world.department(s).id)
        grant_id = queries.grants_of(s, account.person_id, at=world.at)[0].id
    end = f"/desk/roles/{grant_id}/end"
    assert end in operator.open("/desk/roles").text
    assert f'action="{end}"' not in operator.text, "nothing ends before it was asked"
    operator.open(end)
    for said in ("홍*동 님의 역할을 거둘까요?", "부서 담당자", "금천구", "공원녹지과"):
        assert said in operator.text
    with world.read() as s:
        assert world.standing(s, account.person_id).grants
    operator.submit(end)
    assert "홍*동 님의 부서 담당자 역할을 거두었습니다" in operator.text
    world.pass_time(seconds=1)
    assert "이미 거둔 역할입니다" in operator.open(end).text
    with world.read() as s:
        assert not world.standing(s, account.person_id).grants


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"role": "emperor", "place": "geumcheon"}, 422),
        ({"role": "clerk", "place": "nowhere"}, 422),
        ({"role": "clerk"}, 422),
        ({"role": "", "place": "geumcheon"}, 422),
        ({"role": "clerk", "place": ""}, 422),
        ({}, 422),
    ],
)
def test_only_roles_and_places_that_exist_are_granted(world, operator, fields, status):
    person_id = world.account().person_id
    operator.submit(f"/desk/roles/{person_id}", **fields, sure="1")
    assert operator.status == status
    if not all(fields.get(name) for name in ("role", "place")):
        assert "골라 주세요.</a>" in operator.text
    with world.read() as s:
        assert s.scalar(select(func.count()).select_from(RoleGrant)) == 1


def test_nobody_unknown_is_entrusted(world, operator):
    operator.submit("/desk/roles/person", address="nobody@example.kr")
    assert operator.status == 422
    assert "찾는 분이 없습니다" in operator.text
    assert operator.submit("/desk/roles/person", address="nobody").status == 422
    assert operator.submit("/desk/roles/999", role="clerk", place="geumcheon").status == 404
    assert operator.open("/desk/roles").submit("/desk/roles/999/end").status == 404
    assert operator.open("/desk/roles/999/end").status == 404


def test_an_operator_of_a_dong_has_no_say_elsewhere_nor_over_themselves(world, browser):
    person_id = world.staff(Role.OPERATOR, "doksan1")
    chair = world.staff(Role.CHAIR, "gasan")
    browser.sign_in(world, person_id).open("/desk/roles")
    assert "금천구" not in browser.text.split("<main")[1]
    target = world.account().person_id
    browser.submit(f"/desk/roles/{target}", role="clerk", place="gasan", sure="1")
    assert browser.status == 422
    with world.read() as s:
        theirs = queries.grants_of(s, chair, at=world.at)[0].id
        own = queries.grants_of(s, person_id, at=world.at)[0].id
    for grant_id, status in ((theirs, 403), (own, 409)):
        assert browser.open(f"/desk/roles/{grant_id}/end").status == status
        assert browser.open("/desk/roles").submit(f"/desk/roles/{grant_id}/end").status == status


# ------------------------------------------------------------------ at the console
def test_the_first_operator_comes_from_the_console(app, world):
    run = app.test_cli_runner().invoke
    account = world.account(name="홍길동", address="hong@example.kr")

    def flask(*words):
        return run(args=["residents", *words])

    assert flask("grant", "hong@example.kr", "operator").output == "홍*동: operator at 금천구\n"
    with world.read() as s:
        standing = world.standing(s, account.person_id)
        assert standing.holds(Role.OPERATOR, world.place(s, "gasan"))
    flask("grant", "hong@example.kr", "department", "--department", "parks")
    assert flask("list-roles").output.splitlines() == [
        "department\t금천구 (공원녹지과)\t홍*동",
        "operator\t금천구\t홍*동",
    ]
    assert flask("revoke", "hong@example.kr", "operator").output == "홍*동: operator ended (1)\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["grant", "nobody@example.kr", "operator"], "ADDRESS: nobody"),
        (["grant", "nobody", "operator"], "ADDRESS: neither"),
        (["grant", "hong@example.kr", "emperor"], "is not one of"),
        (["grant", "hong@example.kr", "clerk", "--place", "mars"], "no place is called"),
        (["grant", "hong@example.kr", "department"], "department_needed"),
        (["grant", "hong@example.kr", "department", "--department", "x"], "has no 'x'"),
        (["revoke", "hong@example.kr", "operator"], "does not hold"),
    ],
)
def test_a_command_that_cannot_be_obeyed_says_why(app, world, words, complaint):
    world.account(address="hong@example.kr")
    result = app.test_cli_runner().invoke(args=["residents", *words])
    assert result.exit_code != 0
    assert complaint in result.output
    with world.read() as s:
        assert s.scalar(select(func.count()).select_from(RoleGrant)) == 0


def test_a_desk_offers_to_verify_only_where_it_has_not_yet(world, browser):
    person_id = world.account(name="홍길동").person_id
    url = f"/desk/residents/{person_id}"
    browser.sign_in(world, world.staff(Role.CLERK, "doksan1")).open(url)
    assert 'value="doksan1"' in browser.text
    browser.submit(f"{url}/verify", **SEEN)
    assert f'action="{url}/verify"' not in browser.open(url).text
    browser.sign_in(world, world.staff(Role.CLERK, "geumcheon")).open(url)
    assert 'value="doksan2"' in browser.text
    assert 'value="doksan1"' not in browser.text
