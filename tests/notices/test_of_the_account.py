"""Whoever's contacts or passphrase are changed learns of it, at the address of before, too."""

import pytest
from sqlalchemy import select

from app.notices.models import Notice
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


def test_whoever_leaves_takes_the_address_of_before_along(world, letterbox, account, mail_out):
    change(world, account.id, residents.set_contact, "after@example.kr")
    change(world, account.id, residents.withdraw_person)
    assert waiting(world) == []
    mail_out()
    assert letterbox.letters == []


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
