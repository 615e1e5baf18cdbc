"""Rate limits on their real storages."""

import os
import socket
import threading
import time
from datetime import date

import pytest
from flask import Flask
from flask_login import LoginManager
from redis import Redis

from app.residents.models import Role
from app.residents.routes import name_digest
from app.web import limits
from tests.residents.conftest import verify
from tests.support.http import Browser
from tests.support.world import PASSPHRASE

REDIS = os.environ.get("TEST_REDIS_URL")


@pytest.fixture
def limited(another_app):
    """The product with its limits on, counting in memory."""
    return another_app(limits=True)


def test_no_page_looks_for_limits_that_are_not_set(limited):
    before = limited.before_request_funcs[None]
    assert "_count_writes" in {one.__name__ for one in before}
    assert not any(getattr(one, "__self__", None) is limits.limiter for one in before)


def try_sign_in(browser, address, passphrase="틀린 비밀문구입니다"):
    return browser.submit("/sign-in", address=address, passphrase=passphrase).status


def test_a_name_is_tried_ten_times_in_five_minutes_however_it_is_spelt(limited, world):
    world.account(address="010-1234-5678")
    browser = Browser(limited).open("/sign-in")
    spellings = [
        "010-1234-5678",
        "01012345678",
        "+82 10 1234 5678",
        "010 1234 5678",
        "(010)12345678",
    ]
    for spelling in spellings * 2:
        assert try_sign_in(browser, spelling) == 422
    assert try_sign_in(Browser(limited).open("/sign-in"), "010-1234-5678") == 429
    assert try_sign_in(browser, "010-1234-5678") == 429
    assert "잠시 쉬었다" in browser.text
    assert int(browser.page.headers["Retry-After"]) > 0
    assert "틀린 비밀문구" not in browser.text


@pytest.mark.parametrize(
    ("address", "spelling"),
    [
        ("hong@example.kr", "ho\u200bng@example.kr"),
        ("hong@example.kr", " HONG@Example.kr\u2060"),
        ("hong@example.kr", "hong\u00ad@example.kr"),
        ("010-1234-5678", "010\u200b1234\ufeff5678"),
        ("010-1234-5678", "\u202a010 - 1234 - 5678\u202c"),
    ],
)
def test_letters_nobody_sees_do_not_make_another_name(limited, world, address, spelling):
    world.account(address=address)
    browser = Browser(limited).open("/sign-in")
    assert {try_sign_in(browser, address) for _ in range(10)} == {422}
    assert try_sign_in(browser, spelling, PASSPHRASE) == 429


def test_codes_for_a_new_passphrase_are_tried_as_seldom_as_passphrases(limited, world):
    world.account(address="010-1234-5678")
    browser, page = Browser(limited), "/sign-in/new-passphrase"

    def try_code(address):
        sent = {"address": address, "code": "ABCD-1234", "new_passphrase": PASSPHRASE}
        return browser.open(page).submit(page, **sent).status

    assert {try_code("010-1234-5678") for _ in range(10)} == {422}
    assert try_code("+82 10 1234 5678") == 429
    assert PASSPHRASE not in browser.text
    assert try_code("010-9999-9999") == 422


def from_address(app, number):
    """A browser at an address of its own."""
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
    return browser.open("/sign-in")


def test_whoever_guesses_at_a_name_keeps_its_owner_out_neither_alone_nor_for_nothing(
    limited, world
):
    world.account(address="hong@example.kr")
    guesser = from_address(limited, 1)
    assert {try_sign_in(guesser, "hong@example.kr") for _ in range(10)} == {422}
    assert try_sign_in(guesser, "hong@example.kr", PASSPHRASE) == 429
    owner = from_address(limited, 2)
    assert try_sign_in(owner, "hong@example.kr", PASSPHRASE) == 200
    for number in range(3, 12):
        crowd = from_address(limited, number)
        answers = {try_sign_in(crowd, "hong@example.kr") for _ in range(10)}
        assert answers == ({422} if number < 11 else {422, 429})
    assert try_sign_in(from_address(limited, 99), "hong@example.kr", PASSPHRASE) == 429


def test_one_host_has_all_of_its_network(limited, world):
    """Of an address of version 6 the last half is the host's to choose."""
    world.account(address="hong@example.kr")
    for host in range(1, 12):
        guesser = Browser(limited)
        guesser.client.environ_base["REMOTE_ADDR"] = f"2001:db8::{host:x}"
        tried = try_sign_in(guesser.open("/sign-in"), "hong@example.kr")
        assert tried == (422 if host < 11 else 429)
    guesser.client.environ_base["REMOTE_ADDR"] = "2001:db8:0:1::1"
    assert try_sign_in(guesser.open("/sign-in"), "hong@example.kr", PASSPHRASE) == 200


def test_a_neighbour_at_the_same_address_signs_in_meanwhile(limited, world):
    world.account(address="hong@example.kr")
    world.account(address="kim@example.kr")
    browser = Browser(limited).open("/sign-in")
    statuses = {try_sign_in(browser, "hong@example.kr") for _ in range(12)}
    assert statuses == {422, 429}
    fresh = Browser(limited).open("/sign-in")
    assert try_sign_in(fresh, "kim@example.kr", PASSPHRASE) == 200


def test_whoever_tries_birth_dates_at_the_desk_is_stopped(limited, world, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_PER_PERSON", "1000 per minute")
    guesser, colleague = (
        Browser(limited).sign_in(world, world.staff(Role.CLERK, "doksan2")) for _ in range(2)
    )

    def find(browser, born):
        browser.open("/desk/residents")
        return browser.submit(
            "/desk/residents", key=f"홍길동 {born}", purpose="registration"
        ).status

    days = [f"1950{month:02}{day:02}" for month in (4, 5) for day in range(1, 31)]
    assert {find(guesser, day) for day in days} == {422}
    assert find(guesser, "19500601") == 429
    assert find(colleague, "19500601") == 422


def test_whoever_tries_birth_dates_as_another_name_of_a_neighbour_is_told_nothing(
    limited, world, monkeypatch
):
    """Somebody of one's own dong is theirs already, whoever else has the date that was tried."""
    monkeypatch.setattr(limits, "WRITES_PER_PERSON", "1000 per minute")
    clerk = world.staff(Role.CLERK, "doksan1")
    mine = world.account(name="박말순").person_id
    world.verify(mine, born=date(1960, 1, 1))
    victim = world.account(name="홍길동").person_id
    world.verify(victim, "gasan", born=date(1950, 3, 2))
    guesser = Browser(limited).sign_in(world, clerk)
    url = f"/desk/residents/{mine}"
    tried = {"name": "홍길동", "dong": "doksan1", "member_class": "resident", "id_seen": "y"}
    answers = set()
    for born in ("19500301", "19500302"):
        guesser.open("/desk/residents/new")
        guesser.submit(f"{url}/verify", **tried, born=born, twin="same", renamed="y")
        answers.add((guesser.status, "이미 이 동의 주민으로" in guesser.text))
    assert answers == {(409, True)}


def test_nobody_under_an_address_is_not_counted_as_missed(limited, world, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_PER_PERSON", "1000 per minute")
    clerk = Browser(limited).sign_in(world, world.staff(Role.CLERK, "doksan2"))
    fields = {"key": "nobody@example.kr", "purpose": "registration"}
    statuses = {
        clerk.open("/desk/residents").submit("/desk/residents", **fields).status for _ in range(65)
    }
    assert statuses == {422}


def test_whom_the_desk_finds_is_not_counted_as_missed(limited, world, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_PER_PERSON", "1000 per minute")
    world.account(address="hong@example.kr")
    clerk = Browser(limited).sign_in(world, world.staff(Role.CLERK, "doksan2"))
    fields = {"key": "hong@example.kr", "purpose": "registration"}
    statuses = {
        clerk.open("/desk/residents").submit("/desk/residents", **fields).status for _ in range(70)
    }
    assert statuses == {200}


def test_looking_for_people_of_another_dong_is_counted_by_address_and_by_number(
    limited, world, monkeypatch
):
    monkeypatch.setattr(limits, "WRITES_PER_PERSON", "1000 per minute")
    far = world.account(address="hong@example.kr").person_id
    world.verify(far, "gasan")
    operator = Browser(limited).sign_in(world, world.staff(Role.OPERATOR, "doksan1"))

    def try_address():
        fields = {"address": "hong@example.kr"}
        return operator.open("/desk/roles").submit("/desk/roles/person", **fields).status

    def try_number():
        fields = {"role": "chair", "place": "doksan1"}
        return operator.open("/desk/roles").submit(f"/desk/roles/{far}", **fields).status

    assert {act() for act in (try_address, try_number) for _ in range(30)} == {403}
    assert (try_address(), try_number()) == (429, 429)


def test_trying_dates_by_way_of_a_correction_is_counted(limited, world, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_PER_PERSON", "1000 per minute")
    mine = world.resident("doksan2")
    verify(world, world.person("홍길동"), "gasan")
    clerk = Browser(limited).sign_in(world, world.staff(Role.CLERK, "doksan2"))
    url = f"/desk/residents/{mine}/correct"
    card = {"name": "홍길동", "born": "19500302", "id_seen": "y"}
    assert {clerk.open(url).submit(url, **card).status for _ in range(60)} == {409}
    assert clerk.open(url).submit(url, **card).status == 429


def test_writes_are_counted_per_person_once_signed_in(limited, world):
    mine = Browser(limited).sign_in(world, world.resident()).open("/me")
    theirs = Browser(limited).sign_in(world, world.resident()).open("/me")

    def write(browser):
        data = {"csrf_token": browser.csrf(), "given": "0", "kind": "news"}
        return browser.client.post("/me/consents", data=data).status_code

    statuses = [write(mine) for _ in range(61)]
    assert statuses.count(303) == 60
    assert statuses[-1] == 429
    assert write(theirs) == 303
    assert mine.open("/me").status == 200


def test_reading_is_not_counted(limited, world):
    browser = Browser(limited)
    assert {browser.client.get("/sign-in").status_code for _ in range(80)} == {200}


def test_what_stands_for_a_name_tells_nobody_the_name(app):
    def digest(address):
        with app.test_request_context(method="POST", data={"address": address}):
            return name_digest()

    assert digest("Hong@Example.kr ") == digest("hong@example.kr")
    assert digest("hong@example.kr") != digest("kim@example.kr")
    assert "hong" not in digest("hong@example.kr")
    assert digest("홍\u200b길동") == digest("홍길동")
    assert {len(digest(address)) for address in ("", "\0", "900101-1234567")} == {64}


def process_with(redis_url):
    """Return a visitor of a process of its own that counts in this Redis."""
    small = Flask("small")
    small.secret_key = "x"
    small.testing = True
    LoginManager(small).user_loader(lambda _token: None)
    limits.install(small, redis_url=redis_url, enabled=True)
    small.add_url_rule("/", "write", lambda: "done", methods=["GET", "POST"])
    return small.test_client()


@pytest.fixture
def six_a_minute(monkeypatch, another_app):
    monkeypatch.setattr(limits, "WRITES_PER_ADDRESS", "6 per minute")
    yield
    process_with(None)  # the limiter is the process's: it is given back its own memory


@pytest.mark.skipif(not REDIS, reason="needs TEST_REDIS_URL")
def test_processes_that_share_redis_count_together(app, six_a_minute):
    Redis.from_url(REDIS).flushdb()
    first, second = process_with(REDIS), process_with(REDIS)
    answers = [client.post("/").status_code for client in (first, second) * 4]
    assert answers == [200] * 6 + [429] * 2
    assert first.get("/").status_code == 200
    assert Redis.from_url(REDIS).dbsize() > 0


def test_a_process_whose_redis_is_away_counts_for_itself(app, six_a_minute):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and listens to no one
        visitor = process_with(f"redis://127.0.0.1:{nobody.getsockname()[1]}/0")
        answers = [visitor.post("/").status_code for _ in range(8)]
    assert answers == [200] * 6 + [429] * 2


def test_a_process_whose_redis_left_its_socket_counts_for_itself(app, six_a_minute, tmp_path):
    visitor = process_with(f"unix://{tmp_path}/redis.sock")
    answers = [visitor.post("/").status_code for _ in range(8)]
    assert answers == [200] * 6 + [429] * 2


def test_counting_starts_no_thread_and_forgets_whoever_has_not_come_for_long(monkeypatch):
    monkeypatch.setattr(limits, "SWEEP_SECONDS", 0)
    kept = limits._Memory()
    kept.timer.join()
    threads = threading.active_count()
    for number in range(200):
        assert kept.acquire_entry(f"person:{number}", 1, 0)
    assert threading.active_count() <= threads
    assert kept.acquire_entry("person:now", 2, 60)
    assert list(kept.events) == ["person:now"]


def test_what_was_refused_does_not_count_and_the_window_tells_when_it_began():
    kept = limits._Memory()
    assert [kept.acquire_entry("person:1", 3, 60) for _ in range(5)] == [True] * 3 + [False] * 2
    began, counted = kept.get_moving_window("person:1", 3, 60)
    assert counted == 3
    assert 0 <= time.time() - began < 60
    assert not kept.acquire_entry("person:2", 3, 60, amount=4)
    assert kept.get_moving_window("person:2", 3, 60)[1] == 0
