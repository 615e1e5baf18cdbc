"""Whoever's contacts or passphrase are changed learns of it, at the address of before, too."""

import pytest
from sqlalchemy import select

from app.notices.models import Notice
from app.notices.rules import MOST_A_DAY
from app.residents import actions as residents
from app.residents.models import Account, ContactKind

CHANGED = "연락처가 바뀌었습니다"


@pytest.fixture
def account(world):
    """An account of two addresses whose person agreed to no news."""
    account = world.account(address="before@example.kr")
    change(world, account.id, residents.set_contact, "010-1234-5678")
    with world.write() as session:
        session.query(Notice).delete()
    world.pass_time(days=1)
    return account


def change(world, account_id, act, *what, **named):
    with world.write() as session:
        held = session.get_one(Account, account_id)
        act(session, held, *what, checked=held.passphrase_hash, at=world.at, **named)


def reached(letterbox):
    return [(letter["To"], letter["Subject"]) for letter in letterbox.letters]


def waiting(world):
    with world.read() as session:
        return session.scalars(select(Notice).where(Notice.address.is_not(None))).all()


def test_a_new_address_is_told_to_both_and_the_former_is_forgotten_with_its_letter(
    world, browser, letterbox, mail_out, account
):
    change(world, account.id, residents.set_contact, "after@example.kr")
    mail_out()
    assert reached(letterbox) == [("after@example.kr", CHANGED), ("before@example.kr", CHANGED)]
    for letter in letterbox.letters:
        assert "이메일을 바꾸거나 지웠습니다" in letter.get_content()
        assert "소식 받기와 상관없이" in letter.get_content()
    assert waiting(world) == []
    browser.sign_in(world, account.person_id).open("/me/notices")
    assert browser.text.count(CHANGED) == 1
    assert "이메일을 바꾸거나 지웠습니다" in browser.text


def test_an_address_that_is_removed_is_told_so(world, letterbox, mail_out, account, told):
    change(world, account.id, residents.remove_contact, ContactKind.EMAIL)
    mail_out()
    assert reached(letterbox) == [("before@example.kr", CHANGED)]
    assert told() == [(account.person_id, "PersonalDataCorrected")]


def test_a_letter_to_a_former_address_is_no_notice_of_anybodys(
    world, browser, letterbox, account, mail_out
):
    change(world, account.id, residents.set_contact, "after@example.kr")
    browser.sign_in(world, account.person_id).open("/me/notices")
    assert len(waiting(world)) == 1
    assert browser.text.count("row__title") == 1
    letterbox.refusals["before@example.kr"] = "550 no such person"
    mail_out()
    assert waiting(world) == []


def test_the_same_address_again_gives_none_up(world, letterbox, account):
    change(world, account.id, residents.set_contact, "Before@Example.kr")
    assert waiting(world) == []


def test_without_a_mail_server_no_former_address_is_kept(world, mailed_to, account):
    mailed_to(None)
    change(world, account.id, residents.set_contact, "after@example.kr")
    assert waiting(world) == []


def test_the_address_of_before_is_told_though_the_account_has_left(
    world, letterbox, account, mail_out
):
    change(world, account.id, residents.set_contact, "after@example.kr")
    change(world, account.id, residents.withdraw_person)
    mail_out()
    assert reached(letterbox) == [("before@example.kr", CHANGED)]
    assert waiting(world) == []


def test_an_address_that_never_was_told_is_forgotten_after_five_days(
    world, letterbox, mailed_to, account, mail_out
):
    change(world, account.id, residents.set_contact, "after@example.kr")
    mailed_to(None)
    world.pass_time(days=4)
    mail_out()
    assert len(waiting(world)) == 1
    world.pass_time(days=1)
    mail_out()
    with world.read() as session:
        (kept,) = session.scalars(select(Notice)).all()
        assert (kept.address, kept.mac, kept.due_at) == (None, None, None)


def test_strangers_are_told_once_that_an_address_is_theirs_and_not_that_it_was(
    world, letterbox, account, mail_out
):
    for _ in range(20):
        change(world, account.id, residents.set_contact, "stranger@example.kr")
        change(world, account.id, residents.set_contact, "after@example.kr")
        world.pass_time(seconds=10)
        mail_out()
    told = [address for address, _subject in reached(letterbox)]
    assert told.count("before@example.kr") == 1
    assert told.count("stranger@example.kr") <= MOST_A_DAY


def test_one_address_gets_few_letters_a_day_however_many_accounts_name_it(
    world, letterbox, mail_out
):
    for _ in range(MOST_A_DAY + 2):
        account = world.account()
        change(world, account.id, residents.set_contact, "stranger@example.kr")
        mail_out()
        change(world, account.id, residents.withdraw_person)
    told = [address for address, _subject in reached(letterbox)]
    assert told.count("stranger@example.kr") == MOST_A_DAY
    world.pass_time(days=1)
    account = world.account(address="another@example.kr")
    change(world, account.id, residents.set_contact, "stranger@example.kr")
    mail_out()
    told = [address for address, _subject in reached(letterbox)]
    assert told.count("stranger@example.kr") == MOST_A_DAY + 1


def test_what_waits_for_one_address_goes_to_no_other(world, letterbox, account, mail_out):
    change(world, account.id, residents.set_contact, "after@example.kr")
    change(world, account.id, residents.set_contact, "stranger@example.kr")
    mail_out()
    assert sorted(reached(letterbox)) == [
        ("before@example.kr", CHANGED),
        ("stranger@example.kr", CHANGED),
    ]


def test_the_same_address_again_keeps_since_when_it_stands(world, letterbox, account, mail_out):
    change(world, account.id, residents.set_contact, "before@example.kr")
    change(world, account.id, residents.set_contact, "after@example.kr")
    assert [letter.address for letter in waiting(world)] == ["before@example.kr"]


def test_a_changed_passphrase_is_told_by_mail_and_on_the_site(
    world, browser, letterbox, mail_out, account
):
    here = world.token(account.person_id)
    change(world, account.id, _with_passphrase, keep=here)
    mail_out()
    assert reached(letterbox) == [("before@example.kr", "비밀문구를 바꾸었습니다")]
    browser.sign_in(world, account.person_id).open("/me/notices")
    assert "본인이 아니라면 바로 동 주민센터에 알려 주세요" in browser.text


def _with_passphrase(session, held, *, checked, keep, at):
    residents.change_passphrase(session, held, checked, checked=checked, keep=keep, at=at)


def test_a_name_or_a_dong_changed_by_oneself_is_no_news(world, account, told):
    with world.write() as session:
        held = session.get_one(Account, account.id)
        residents.change_name(session, held.person, "홍길순", at=world.at)
        residents.change_home(session, held, world.place(session), at=world.at)
    assert told() == []


def test_whoever_leaves_is_told_so_at_an_address_that_stood_a_day(
    world, letterbox, mail_out, account
):
    change(world, account.id, residents.withdraw_person)
    mail_out()
    assert reached(letterbox) == [("before@example.kr", "탈퇴했습니다")]
    assert "본인이 아니라면 바로 동 주민센터에 알려 주세요" in letterbox.letters[0].get_content()
    assert "소식 받기와 상관없이" in letterbox.letters[0].get_content()
    assert "/me/settings" not in letterbox.letters[0].get_content()
    assert waiting(world) == [], "nothing of the address is left"


def test_an_address_that_never_stood_a_day_is_not_told_of_the_leaving(world, letterbox, mail_out):
    account = world.account(address="new@example.kr")
    change(world, account.id, residents.withdraw_person)
    mail_out()
    assert reached(letterbox) == []
