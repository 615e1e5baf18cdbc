"""가입하기 pressed twice over a slow line: one account, and signed in at the end."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from app.residents.models import Account
from app.residents.passphrases import hash_passphrase
from tests.residents.test_routes import SIGN_UP


def accounts(world):
    with world.read() as s:
        return s.scalar(select(func.count()).select_from(Account))


@pytest.fixture
def paper(browser):
    """The paper of one browser, and how it presses without hearing the answer."""
    browser.open("/sign-up?next=/proposals/new")
    fields = {
        "csrf_token": browser.csrf(),
        **browser.once(),
        **SIGN_UP,
        "next": "/proposals/new",
    }
    cookie = browser.client.get_cookie("madang")

    def press(app, **changed):
        client = app.test_client()
        client.set_cookie("madang", cookie.value, domain="localhost")
        sent = {"Referer": "http://localhost/sign-up"}
        return client, client.post("/sign-up", data={**fields, **changed}, headers=sent)

    return press


def test_a_second_press_leads_to_the_same_end_signed_in(app, world, paper):
    _lost, first = paper(app)
    client, second = paper(app)
    assert [(one.status_code, one.location) for one in (first, second)] == [
        (303, "/proposals/new")
    ] * 2
    assert client.get("/me").status_code == 200
    assert accounts(world) == 1


def test_both_presses_at_once_make_one_account(app, world, paper):
    ready, answers = threading.Barrier(2), []

    def press():
        ready.wait(60)
        client, answer = paper(app)
        answers.append((answer.status_code, client.get("/me").status_code))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [(303, 200)] * 2
    assert accounts(world) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"passphrase": "다른 비밀문구 하나 둘 셋"},
        {"once": "another-number"},
        {"name": "홍길순"},
        {"once": ""},
    ],
)
def test_another_paper_with_a_taken_address_signs_nobody_in(app, world, paper, changed):
    paper(app)
    client, answer = paper(app, **changed)
    assert answer.status_code == 409
    assert "이미 가입에 쓰인" in answer.get_data(as_text=True)
    assert client.get("/me").status_code == 302


def test_the_same_paper_signs_nobody_in_once_the_passphrase_was_changed(app, world, paper):
    paper(app)
    with world.write() as s:
        s.scalars(select(Account)).one().passphrase_hash = hash_passphrase("새로 정한 비밀문구 넷")
    client, answer = paper(app)
    assert answer.status_code == 409
    assert client.get("/me").status_code == 302
