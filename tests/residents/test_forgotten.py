"""Whoever forgot their passphrase: the code from the desk, and what it opens and does not."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.residents import actions, facts, jobs, queries
from app.residents.models import Account, PassphraseCode, Person, Role
from app.residents.passphrases import is_right
from app.residents.policy import PersonRefusal
from tests.residents.conftest import refused
from tests.support.statements import statements
from tests.support.world import PASSPHRASE

BORN = date(1950, 3, 2)
CARD = {"name": "홍길동", "born": "1950. 3. 2.", "id_seen": "y"}
NEW = "여름에는 그늘이 좋다"
HONG = "hong@example.kr"
WRONG = "연락처나 코드가 맞지 않거나"
CODE = re.compile(r'receipt__code">([0-9A-Z]{4}-[0-9A-Z]{4})<')


@pytest.fixture
def hong(world):
    """A verified resident of 독산1동 with an account."""
    account = world.account(name="홍길동", address=HONG)
    world.verify(account.person_id, born=BORN)
    return account


@pytest.fixture
def clerk(world, new_browser):
    """A desk clerk of 독산1동."""
    return new_browser().sign_in(world, world.staff(Role.DESK_CLERK, "doksan1"))


def give(world, account):
    with world.write() as s:
        return actions.give_passphrase_code(s, s.get_one(Account, account.id), at=world.at)


def help_(world, by, person_id, *, name="홍길동", born=BORN):
    with world.write() as s:
        person, standing = s.get_one(Person, person_id), world.standing(s, by)
        return actions.help_forgetful(s, person, name=name, born=born, by=standing, at=world.at)


def use(world, code, address=HONG, hashed="new hash"):
    with world.write() as s:
        return actions.set_passphrase_anew(s, address, code, hashed, at=world.at)


def wrong(code):
    return ("0" if code[0] != "0" else "1") + code[1:]


def hash_of(world, account):
    with world.read() as s:
        return s.get_one(Account, account.id).passphrase_hash


# ------------------------------------------------------------------ from desk to phone
def test_a_resident_sets_a_new_passphrase_with_the_code_from_the_desk(
    world, hong, clerk, browser, new_browser
):
    lost = new_browser().sign_in(world, hong.person_id).open("/me")
    url = f"/desk/residents/{hong.person_id}"
    assert f'href="{url}/passphrase"' in clerk.open(url).text
    clerk.open(f"{url}/passphrase").submit(f"{url}/passphrase", **CARD)
    assert clerk.status == 200
    assert "지금 한 번만 보입니다" in clerk.text
    assert clerk.page.headers["Cache-Control"] == "no-store"
    code = CODE.search(clerk.text)[1]
    assert code not in clerk.open(f"{url}/passphrase").text

    assert 'href="/sign-in/new-passphrase"' in browser.open("/sign-in").text
    browser.open("/sign-in/new-passphrase")
    sent = {"address": " HONG@example.kr ", "code": code.replace("-", " ").lower()}
    browser.submit("/sign-in/new-passphrase", **sent, new_passphrase="짧은말")
    assert browser.status == 422
    assert "10자 이상" in browser.text
    browser.submit("/sign-in/new-passphrase", **sent, new_passphrase=NEW)
    assert (browser.status, browser.path) == (200, "/")
    assert "새 비밀문구를 정하고 로그인했습니다" in browser.text
    assert browser.open("/me").path == "/me"
    assert "창구에서 드린 코드로 새 비밀문구를 정했습니다" in browser.open("/me/notices").text
    assert lost.open("/me").path == "/sign-in", "every other device is signed out"

    again = new_browser().open("/sign-in/new-passphrase")
    again.submit("/sign-in/new-passphrase", **sent, new_passphrase="가을에는 낙엽이 진다")
    assert again.status == 422
    assert WRONG in again.text
    again.open("/sign-in").submit("/sign-in", address=HONG, passphrase=PASSPHRASE)
    assert again.status == 422
    again.submit("/sign-in", address=HONG, passphrase=NEW)
    assert again.status == 200


def test_the_chain_says_who_gave_the_code_and_that_it_was_used(world, hong, heard):
    clerk = world.staff(Role.CLERK, "doksan1")
    heard.clear()
    assert use(world, help_(world, clerk, hong.person_id)) is not None
    kinds = [(type(fact), fact.by, fact.person_id) for fact in heard]
    assert kinds[:2] == [
        (facts.PassphraseCodeGiven, clerk, hong.person_id),
        (facts.PassphraseSetAnew, hong.person_id, hong.person_id),
    ]


def test_the_code_itself_is_stored_nowhere(world, hong):
    code = give(world, hong)
    bare = code.replace("-", "")
    with world.read() as s:
        stored = s.scalars(select(PassphraseCode)).one()
        assert stored.expires_at == world.at + timedelta(minutes=30)
        assert bare.encode() not in stored.mac
        assert len(stored.mac) == 32
    assert len(bare) == 8
    assert not set(bare) & set("OILU")


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"id_seen": None}, 422, "신분증을 확인한 뒤"),
        ({"born": "1950"}, 422, "여덟 자리"),
        ({"name": ""}, 422, "꼭 필요한 항목"),
        ({"name": "홍길똥"}, 409, "이분의 기록과 다릅니다"),
        ({"born": "19500303"}, 409, "이분의 기록과 다릅니다"),
    ],
)
def test_without_the_right_card_there_is_no_code(world, hong, clerk, change, status, sentence):
    fields = {name: value for name, value in {**CARD, **change}.items() if value is not None}
    url = f"/desk/residents/{hong.person_id}/passphrase"
    clerk.open(url).submit(url, **fields)
    assert clerk.status == status
    assert sentence in clerk.text
    assert CODE.search(clerk.text) is None
    with world.read() as s:
        assert s.scalars(select(PassphraseCode)).all() == []


# ------------------------------------------------------------------ what a code does not open
def test_a_code_lasts_half_an_hour_and_the_newest_alone_opens(world, hong):
    before, old = give(world, hong), hash_of(world, hong)
    code = give(world, hong)
    assert use(world, before) is None
    world.pass_time(minutes=30)
    assert use(world, code) is None
    code = give(world, hong)
    world.pass_time(minutes=29, seconds=59)
    assert hash_of(world, hong) == old
    assert use(world, code) is not None
    assert hash_of(world, hong) == "new hash"


@pytest.mark.parametrize(("tries", "opens"), [(49, True), (50, False)])
def test_fifty_wrong_tries_end_a_code(world, hong, tries, opens):
    code = give(world, hong)
    for _ in range(tries):
        assert use(world, wrong(code)) is None
    assert (use(world, code) is not None) is opens


def test_a_code_opens_no_other_account(world, hong):
    other = world.account(address="kim@example.kr")
    code = give(world, hong)
    give(world, other)
    assert use(world, code, "kim@example.kr") is None
    assert hash_of(world, other) == hash_of(world, hong)


def test_unknown_wrong_and_never_given_ask_and_answer_alike(app, world, hong, new_browser):
    world.account(address="kim@example.kr")
    code = wrong(give(world, hong))
    pages, asked = set(), set()
    for address in (HONG, "kim@example.kr", "nobody@example.kr", "no address"):
        browser = new_browser().open("/sign-in/new-passphrase")
        with statements(app) as said:
            browser.submit(
                "/sign-in/new-passphrase", address=address, code=code, new_passphrase=NEW
            )
        assert browser.status == 422
        assert WRONG in browser.text
        assert NEW not in browser.text
        pages.add(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", browser.text))
        asked.add(tuple(re.sub(r"\s+", " ", str(one)) for one in said))
    assert len(pages) == 1
    assert len(asked) == 1


def test_the_passphrase_is_really_the_typed_one(world, hong, browser):
    code = give(world, hong)
    browser.open("/sign-in/new-passphrase").submit(
        "/sign-in/new-passphrase", address=HONG, code=code, new_passphrase=NEW
    )
    assert is_right(hash_of(world, hong), NEW)


def test_an_open_code_ends_with_a_changed_passphrase_a_role_and_leaving(world, hong):
    code, here = give(world, hong), world.token(hong.person_id)
    with world.write() as s:
        held = s.get_one(Account, hong.id)
        checked = held.passphrase_hash
        actions.change_passphrase(s, held, "changed", checked=checked, keep=here, at=world.at)
    assert use(world, code) is None
    code = give(world, hong)
    world.grant(hong.person_id, Role.CLERK, "doksan1")
    assert use(world, code) is None
    give(world, hong)
    with world.write() as s:
        actions.withdraw_person(s, s.get_one(Account, hong.id), checked="changed", at=world.at)
    with world.read() as s:
        assert s.scalars(select(PassphraseCode)).all() == []
    with refused(PersonRefusal.UNKNOWN_PERSON):
        give(world, hong)


def test_codes_whose_time_is_over_are_deleted(world, hong):
    give(world, hong)
    for minutes, left in ((29, 1), (1, 0)):
        world.pass_time(minutes=minutes)
        with world.write() as s:
            jobs.forget_ended_codes(s, at=world.at)
        with world.read() as s:
            assert len(s.scalars(select(PassphraseCode)).all()) == left


# ------------------------------------------------------------------ whom one may help
def test_nobody_helps_beyond_their_dong_their_role_or_themselves(world, hong):
    here, there = world.staff(Role.CLERK, "doksan1"), world.staff(Role.CLERK, "gasan")
    operator, second = world.staff(Role.OPERATOR), world.staff(Role.OPERATOR)
    small = world.staff(Role.OPERATOR, "doksan1")
    newcomer = world.account(name="김새봄").person_id
    accounts = {one: world.account_of(one) for one in (here, there, operator, small)}
    with world.read() as s:
        name = {one: s.get_one(Person, one).name for one in accounts}

    def helped(by, whom):
        return help_(world, by, whom, name=name.get(whom, "홍길동"))

    assert helped(here, hong.person_id)
    for by, whom, refusal in (
        (there, hong.person_id, PersonRefusal.NOT_CLERK),
        (operator, hong.person_id, PersonRefusal.NOT_CLERK),
        (here, newcomer, PersonRefusal.NOT_VERIFIED),
        (here, there, PersonRefusal.STAFF_ACCOUNT),
        (here, operator, PersonRefusal.STAFF_ACCOUNT),
        (small, operator, PersonRefusal.STAFF_ACCOUNT),
        (small, there, PersonRefusal.STAFF_ACCOUNT),
        (here, here, PersonRefusal.OWN_PASSPHRASE),
        (operator, operator, PersonRefusal.OWN_PASSPHRASE),
        (here, world.resident("doksan1"), PersonRefusal.NO_ACCOUNT),
    ):
        with refused(refusal):
            helped(by, whom)
    assert helped(operator, there)
    assert helped(second, operator)
    assert helped(small, here)
    with refused(PersonRefusal.OTHER_CARD):
        help_(world, operator, there, name="다른이름")


def test_whoever_speaks_for_a_department_speaks_in_the_whole_district(world):
    small = world.staff(Role.OPERATOR, "doksan1")
    speaker = world.account(name="홍길동").person_id
    world.grant(speaker, Role.DEPARTMENT, "doksan1", department="parks")
    with refused(PersonRefusal.STAFF_ACCOUNT):
        help_(world, small, speaker)
    assert help_(world, world.staff(Role.OPERATOR), speaker)


def test_the_desk_offers_help_to_whom_it_may_and_refuses_the_rest(world, hong, clerk, new_browser):
    operator = new_browser().sign_in(world, world.staff(Role.OPERATOR))
    chair = world.staff(Role.CHAIR)
    world.account_of(chair)
    for browser, whom, status, sentence in (
        (clerk, hong.person_id, 200, "신분증의 이름"),
        (operator, chair, 200, "신분증의 이름"),
        (operator, hong.person_id, 403, "주민 확인을 맡은 담당자만"),
        (clerk, chair, 403, "운영자만 도울 수 있습니다"),
        (clerk, world.resident("doksan1"), 409, "가입하지 않은 분"),
        (clerk, 999_999, 404, ""),
    ):
        url = f"/desk/residents/{whom}"
        if status != 404:
            offered = f'href="{url}/passphrase"' in browser.open(url).text
            assert offered is (status == 200)
        assert browser.open(f"{url}/passphrase").status == status
        assert sentence in browser.text
        if status != 200:
            assert browser.open("/me").submit(f"{url}/passphrase", **CARD).status == status
    resident = new_browser().sign_in(world, hong.person_id)
    assert resident.open(f"/desk/residents/{chair}/passphrase").status == 403


def test_the_first_operator_is_helped_at_the_console(app, world):
    account = world.account(address="first@example.kr")
    world.grant(account.person_id, Role.OPERATOR)
    run = app.test_cli_runner().invoke
    result = run(args=["residents", "new-passphrase-code", "first@example.kr"])
    code, where = result.output.splitlines()
    assert "/sign-in/new-passphrase" in where
    token = use(world, code, "first@example.kr")
    with world.read() as s:
        assert queries.live_sign_in(s, token, at=world.at).person_id == account.person_id
    nobody = run(args=["residents", "new-passphrase-code", "nobody@example.kr"])
    assert nobody.exit_code != 0
    assert "ADDRESS: nobody" in nobody.output


def test_cards_that_are_tried_leave_a_trace(clerk, hong, heard):
    page = f"/desk/residents/{hong.person_id}/passphrase"
    clerk.open(page)
    clerk.submit(page, **CARD | {"born": "1950. 3. 3."})
    assert clerk.status == 409
    tried = [fact for fact in heard if isinstance(fact, facts.OtherCardRead)]
    assert [fact.person_id for fact in tried] == [hong.person_id]
    assert tried[0].by != hong.person_id
    clerk.submit(page, **CARD)
    assert CODE.search(clerk.page.get_data(as_text=True))
    assert len([fact for fact in heard if isinstance(fact, facts.OtherCardRead)]) == 1
