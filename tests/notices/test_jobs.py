"""Letters leave after the commit, wait while the server is away, and stop after six refusals."""

import socket
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from app.core.bus import record
from app.core.vault import blind_index
from app.notices.models import Notice
from app.notices.rules import LATEST, MOST_ATTEMPTS, PATIENCE, next_try_after, wait_for_server
from app.residents import actions as residents
from app.residents.facts import ResidentVerified
from app.residents.models import Account, ConsentKind, Contact, Person
from app.web.mail import Letter, LetterRefused, MailServerAway, post_office


@pytest.fixture
def tell(world):
    """Return what leaves a notice for a person."""

    def leave(person_id):
        with world.write() as session:
            place_id = world.place(session).id
            record(
                session,
                ResidentVerified(
                    at=world.at,
                    by=None,
                    person_id=person_id,
                    place_id=place_id,
                    member_class="resident",
                    same_identity_checked=False,
                ),
            )

    return leave


def notice_of(world, person_id):
    with world.read() as session:
        return session.scalars(select(Notice).where(Notice.person_id == person_id)).one()


def test_a_letter_in_korean_reaches_the_one_who_asked_for_it(
    world, wants_mail, tell, letterbox, mail_out
):
    person_id = wants_mail(world.person(), "bom@example.kr")
    silent = world.person()
    world.account_of(silent)
    tell(person_id)
    tell(silent)
    mail_out()
    (letter,) = letterbox.letters
    assert letter["To"] == "bom@example.kr"
    assert letter["From"] == "마당 <madang@example.kr>"
    assert letter["Subject"] == "주민 확인이 끝났습니다"
    assert letter["Date"]
    assert letter["Message-ID"].endswith("@example.kr>")
    assert letter["Message-ID"].count(">") == 1
    text = letter.get_content()
    assert "독산1동 주민으로 확인되었습니다." in text
    assert "https://madang.kr/me" in text
    assert "그만 받으시려면" in text
    notice = notice_of(world, person_id)
    assert (notice.delivered_at, notice.due_at, notice.attempts) == (world.at, None, 1)
    assert notice_of(world, silent).delivered_at is None
    mail_out()
    assert len(letterbox.letters) == 1, "once delivered, never again"


def test_a_new_passphrase_is_told_and_mailed_whatever_news_its_owner_wants(
    world, letterbox, mail_out
):
    account = world.account(address="bom@example.kr")
    with world.write() as session:
        held = session.get_one(Account, account.id)
        code = residents.give_passphrase_code(session, held, at=world.at)
    with world.write() as session:
        assert residents.set_passphrase_anew(
            session, "bom@example.kr", code, "new hash", at=world.at
        )
    assert notice_of(world, account.person_id).kind == "PassphraseSetAnew"
    mail_out()
    (letter,) = letterbox.letters
    assert letter["To"] == "bom@example.kr"
    assert letter["Subject"] == "새 비밀문구를 정했습니다"
    text = letter.get_content()
    assert "본인이 아니라면 바로 동 주민센터에 알려 주세요." in text
    assert "소식 받기와 상관없이" in text
    assert "그만 받으시려면" not in text


def test_someone_with_a_phone_number_alone_is_not_mailed(
    world, wants_mail, tell, letterbox, mail_out
):
    person_id = wants_mail(world.person(), "010-1234-5678")
    tell(person_id)
    mail_out()
    assert letterbox.letters == []
    assert notice_of(world, person_id).due_at is None


def test_who_takes_the_consent_back_before_the_letter_leaves_gets_none(
    world, wants_mail, tell, letterbox, mail_out
):
    person_id = wants_mail(world.person())
    tell(person_id)
    with world.write() as session:
        person = session.get_one(Person, person_id)
        residents.withdraw_consent(session, person, ConsentKind.NEWS, at=world.at)
    mail_out()
    assert letterbox.letters == []
    assert notice_of(world, person_id).due_at is None


def test_without_a_mail_server_nothing_is_tried(world, wants_mail, tell, mailed_to, mail_out):
    mailed_to(None)
    person_id = wants_mail(world.person())
    tell(person_id)
    mail_out()
    assert notice_of(world, person_id).attempts == 0


def nobody_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"smtp://127.0.0.1:{probe.getsockname()[1]}"


def until_given_up(world, mail_out, person_id):
    """Mail whenever something is due; return the waits between the tries."""
    waits = []
    while True:
        mail_out()
        mail_out()
        due_at = notice_of(world, person_id).due_at
        if due_at is None:
            return waits
        waits.append(due_at - world.at)
        world.clock.at = due_at


def test_a_letter_refused_for_now_is_tried_six_times(world, wants_mail, tell, letterbox, mail_out):
    person_id = wants_mail(world.person(), "full@example.kr")
    letterbox.refusals = {"full@example.kr": "452 mailbox full"}
    tell(person_id)
    with capture_logs() as logged:
        waits = until_given_up(world, mail_out, person_id)
    assert waits == [timedelta(minutes=number) for number in (5, 10, 20, 40, 80)]
    notice = notice_of(world, person_id)
    assert (notice.attempts, notice.delivered_at) == (MOST_ATTEMPTS, None)
    assert letterbox.tries == MOST_ATTEMPTS
    assert next_try_after(MOST_ATTEMPTS) is None
    assert [line["event"] for line in logged].count("mail_given_up") == 1
    assert "full@example.kr" not in str(logged)


def test_a_server_that_is_away_for_a_day_loses_no_letter(
    world, wants_mail, tell, mailed_to, mail_out, request
):
    mailed_to(nobody_listens())
    person_id = wants_mail(world.person())
    tell(person_id)
    back_at = world.at + timedelta(days=1)
    while world.at < back_at:
        mail_out()
        notice = notice_of(world, person_id)
        assert notice.attempts == 0, "nobody was there to refuse it"
        assert timedelta(minutes=5) <= notice.due_at - world.at <= LATEST
        world.clock.at = notice.due_at
    letterbox = request.getfixturevalue("letterbox")
    mail_out()
    assert len(letterbox.letters) == 1
    assert notice_of(world, person_id).delivered_at == world.at


def test_a_letter_is_given_up_after_five_days_without_a_server(
    world, wants_mail, tell, mailed_to, mail_out
):
    mailed_to(nobody_listens())
    person_id = wants_mail(world.person(), "bom@example.kr")
    tell(person_id)
    told_at = world.at
    with capture_logs() as logged:
        until_given_up(world, mail_out, person_id)
    assert PATIENCE <= world.at - told_at < PATIENCE + LATEST
    assert wait_for_server(PATIENCE) is None
    assert [line["event"] for line in logged].count("mail_given_up") == 1
    assert "bom@example.kr" not in str(logged)


def test_a_server_that_hangs_up_over_one_letter_takes_the_others(
    world, wants_mail, tell, letterbox, mail_out
):
    odd = wants_mail(world.person(), "odd@example.kr")
    fine = wants_mail(world.person(), "fine@example.kr")
    letterbox.hangs_up_on = {"odd@example.kr"}
    for person_id in (odd, fine):
        tell(person_id)
    mail_out()
    assert [letter["To"] for letter in letterbox.letters] == ["fine@example.kr"]
    notice = notice_of(world, odd)
    assert (notice.attempts, notice.due_at) == (0, world.at + timedelta(minutes=5))


def test_a_server_that_closes_for_now_is_away(world, wants_mail, tell, letterbox, mail_out):
    person_id = wants_mail(world.person(), "bom@example.kr")
    letterbox.refusals = {"bom@example.kr": "421 closing for maintenance"}
    tell(person_id)
    mail_out()
    assert notice_of(world, person_id).attempts == 0


def test_a_letter_waits_for_the_server_to_come_back(
    world, wants_mail, tell, mailed_to, mail_out, request
):
    mailed_to(nobody_listens())
    person_id = wants_mail(world.person())
    tell(person_id)
    mail_out()
    letterbox = request.getfixturevalue("letterbox")
    mail_out()
    assert letterbox.letters == [], "not before it is due"
    world.pass_time(minutes=5)
    mail_out()
    assert len(letterbox.letters) == 1
    assert notice_of(world, person_id).delivered_at == world.at


def test_a_refused_recipient_does_not_hold_up_the_others(
    world, wants_mail, tell, letterbox, mail_out
):
    gone = wants_mail(world.person(), "gone@example.kr")
    full = wants_mail(world.person(), "full@example.kr")
    fine = wants_mail(world.person(), "fine@example.kr")
    letterbox.refusals = {
        "gone@example.kr": "550 no such person",
        "full@example.kr": "452 mailbox full",
    }
    for person_id in (gone, full, fine):
        tell(person_id)
    mail_out()
    assert [letter["To"] for letter in letterbox.letters] == ["fine@example.kr"]
    assert notice_of(world, gone).due_at is None, "an address that is not there stays so"
    assert notice_of(world, full).due_at == world.at + timedelta(minutes=5)
    assert notice_of(world, fine).delivered_at == world.at


def test_an_address_that_breaks_a_header_harms_nobody(world, wants_mail, tell, letterbox, mail_out):
    bad = wants_mail(world.person(), "bad@example.kr")
    fine = wants_mail(world.person(), "fine@example.kr")
    with world.write() as session:
        account_id = session.scalars(
            select(Contact.account_id).where(
                Contact.mac == blind_index("contact", "bad@example.kr")
            )
        ).one()
        contact = session.scalars(select(Contact).where(Contact.account_id == account_id)).one()
        contact.address = "bad@example.kr\r\nBcc: everyone@example.kr"
    tell(bad)
    tell(fine)
    mail_out()
    assert [letter["To"] for letter in letterbox.letters] == ["fine@example.kr"]
    assert notice_of(world, bad).due_at is None


@pytest.mark.parametrize(
    "odd",
    ["=?utf-8?q?x?=@x.kr", "=?x?b?!?=@=?.kr", "a@[.kr", '"@x.kr', "root,me@x.kr", "홍@한글.kr"],
)
def test_an_odd_address_is_refused_or_takes_one_letter_and_keeps_none_from_the_others(
    letterbox, app, odd
):
    url = app.extensions["settings"].smtp_url
    with post_office(url, sender="마당 <madang@example.kr>") as office:
        for to in ("bom@example.kr", odd, "gaeul@example.kr"):
            with suppress(LetterRefused):
                office.send(Letter(to, "제목", "글"))
    reached = [letter["To"] for letter in letterbox.letters]
    assert (reached[0], reached[-1]) == ("bom@example.kr", "gaeul@example.kr")
    assert len(reached) <= 3


@pytest.mark.parametrize("address", ["a@b.kr\nBcc: c@d.kr", "a@b.kr\r\n\r\nhello", "a\0@b.kr"])
def test_nobody_signs_up_with_an_address_that_carries_headers(address):
    with pytest.raises(ValueError, match="address"):
        residents.normal_address(address)


def test_a_subject_with_line_breaks_stays_one_header(letterbox, app):
    url = app.extensions["settings"].smtp_url
    subject = "결과\r\nBcc: everyone@example.kr\n\n본문"
    with post_office(url, sender="madang@example.kr") as office:
        office.send(Letter("a@example.kr", subject, "본문"))
    (letter,) = letterbox.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "결과 Bcc: everyone@example.kr 본문"


def test_a_server_that_asks_no_one_in_is_away(letterbox, app):
    url = app.extensions["settings"].smtp_url.replace("smtp://", "smtp://madang:secret@")
    with pytest.raises(MailServerAway), post_office(url, sender="madang@example.kr"):
        pytest.fail("let in without TLS")
