"""A refusal is a page: right status, a sentence, what was typed, the way on."""

import socket
from contextlib import ExitStack
from datetime import date
from urllib.parse import urlsplit

import pytest
from sqlalchemy.exc import SQLAlchemyError

from app.core.refusals import Refusal
from app.web.refusing import Sentence
from tests.forum.steps import Forum
from tests.room.served import served

LONG = "골목 끝 빈터를 아이들 쉼터로 바꾸면 좋겠습니다 <script>alert(1)</script>"


def test_every_refusal_of_every_domain_has_its_sentence(app):
    sentences = app.extensions["sentences"]

    def kinds(kind):
        for below in kind.__subclasses__():
            yield below
            yield from kinds(below)

    ours = [kind for kind in kinds(Refusal) if kind.__module__.startswith("app.")]
    assert len(ours) >= 5
    mute = [refusal.value for kind in ours for refusal in kind if refusal not in sentences]
    assert mute == []


def test_no_page_answers_a_mistake_of_ours_with_the_database_as_if_it_were_a_visitors(app):
    answered = {
        kind
        for by_status in app.error_handler_spec.values()
        for by_kind in by_status.values()
        for kind in by_kind
    }
    assert not [kind for kind in answered if issubclass(kind, SQLAlchemyError)]


def test_no_two_domains_say_no_with_one_code(app):
    ours = [kind for kind in Refusal.__subclasses__() if kind.__module__.startswith("app.")]
    codes = [refusal.value for kind in ours for refusal in kind]
    assert len(codes) == len(set(codes))
    assert all("." in code for code in codes)


@pytest.mark.parametrize("token", [None, "", "forged", "IjEyMyI.aaaa.bbbb"])
def test_a_form_without_our_token_is_refused_and_gives_back_the_text(world, browser, token):
    secret = "비밀문구는 절대로 되돌려 주지 않습니다"
    fields = {"title": LONG, "passphrase": secret, "new_passphrase": secret}
    if token is not None:
        fields["csrf_token"] = token
    browser.page = browser.client.post("/sign-up", data=fields)
    assert browser.status == 400
    assert "다른 곳에서 온 요청" in browser.text
    assert "골목 끝 빈터를" in browser.text
    assert "<script>alert" not in browser.text
    assert "비밀문구는 절대로" not in browser.text


@pytest.mark.parametrize(
    "headers",
    [{"Referer": "https://evil.example/"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_another_site_does_not_speak_on_our_page(browser, headers):
    sent = {"title": LONG, "text": LONG}
    browser.page = browser.client.post("/sign-out", data=sent, headers=headers)
    assert browser.status == 400
    assert "골목 끝 빈터를" not in browser.text
    ours = {"Origin": "http://localhost", "Referer": "http://localhost/proposals/new"}
    browser.page = browser.client.post("/sign-out", data=sent, headers=ours)
    assert "골목 끝 빈터를" in browser.text


OPINION = {
    "stance": "improve",
    "reason": "그늘이 먼저입니다",
    "text": LONG,
    "quoted_id": "987654321",
    "once": "onceonceonce",
}


def test_whoever_was_signed_out_while_writing_gets_all_of_it_back(world, browser, new_browser):
    forum = Forum(world)
    url = forum.url
    browser.sign_in(world, world.resident()).open(f"{url}/opinions/new")
    token = browser.csrf()
    with browser.client.session_transaction() as kept:
        del kept["_user_id"]
    browser.page = browser.client.post(
        f"{url}/opinions/new",
        data={"csrf_token": token, **OPINION},
        headers={"Referer": f"http://localhost{url}/opinions/new?quoting=3"},
    )
    assert browser.status == 401
    assert f'href="/sign-in?next={url}/opinions/new?quoting%3D3"' in browser.text
    for words in ("내 입장", "보완", "까닭 한 줄", "그늘이 먼저입니다", "골목 끝 빈터를"):
        assert words in browser.text
    for secret in ("987654321", "onceonceonce", "<script>alert"):
        assert secret not in browser.text


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "http://localhost//evil.example"])
def test_signing_in_leads_back_to_our_own_pages_alone(world, browser, referrer):
    browser.open("/about")
    browser.page = browser.client.post(
        "/proposals/new",
        data={"csrf_token": browser.csrf()},
        headers={"Referer": referrer},
    )
    assert browser.status == 401
    assert 'href="/sign-in"' in browser.text
    assert "evil" not in browser.text.split("<main")[1].split("하던 화면")[0]


def test_of_a_form_that_is_none_of_ours_longer_texts_alone_come_back(world, browser):
    browser.open("/about")
    fields = {"csrf_token": browser.csrf(), "whatever": LONG, "other": "짧은 글"}
    browser.page = browser.client.post("/proposals/1/endorse", data=fields)
    assert browser.status == 401
    assert "골목 끝 빈터를" in browser.text
    assert "짧은 글" not in browser.text


def test_a_token_of_another_visitor_is_refused(world, browser, new_browser):
    theirs = new_browser().open("/sign-in").csrf()
    browser.open("/sign-in")
    browser.page = browser.client.post("/sign-up", data={"csrf_token": theirs, "name": "홍길동"})
    assert browser.status == 400


def test_over_https_a_form_from_elsewhere_is_refused(world, app, browser):
    site = "https://localhost"
    client = app.test_client()
    browser.page = client.get("/sign-in", base_url=site)
    fields = {"csrf_token": browser.csrf(), "address": "a@example.kr", "passphrase": "x"}
    for referrer, status in ((site + "/sign-in", 422), ("https://evil.example/", 400), ("", 400)):
        page = client.post("/sign-in", data=fields, base_url=site, headers={"Referer": referrer})
        assert page.status_code == status, referrer


@pytest.mark.parametrize(
    ("method", "url", "status", "sentence"),
    [
        ("GET", "/nowhere", 404, "찾으시는 화면이 없습니다"),
        ("GET", "/sign-out", 405, "열 수 없습니다"),
        ("GET", "/%ff%fe", 404, "찾으시는 화면이 없습니다"),
        ("GET", "/../../etc/passwd", 404, "찾으시는 화면이 없습니다"),
        ("GET", "/static/../settings.py", 404, "찾으시는 화면이 없습니다"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(world, browser, method, url, status, sentence):
    browser.page = browser.client.open(url, method=method)
    assert browser.status == status
    assert sentence in browser.text


def test_a_body_beyond_half_a_megabyte_is_refused(world, browser):
    browser.open("/sign-in")
    token = browser.csrf()
    browser.page = browser.client.post("/sign-in", data={"csrf_token": token, "x": "가" * 200_000})
    assert browser.status == 413
    assert "너무 큽니다" in browser.text


def test_a_form_that_broke_off_on_its_way_is_refused_and_no_fault_of_ours(another_app):
    app = another_app()
    app.testing = False
    with ExitStack() as until:
        port = urlsplit(until.enter_context(served(app))).port
        line = until.enter_context(socket.create_connection(("127.0.0.1", port)))
        line.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\naddress=hong"
        )
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 400 ")
    assert "<h1" in answer


def test_the_way_back_leads_to_our_own_pages_alone(world, browser):
    for referrer, shown in (("http://localhost/sign-in", True), ("http://evil.example/x", False)):
        page = browser.client.get("/nowhere", headers={"Referer": referrer})
        assert (referrer in page.get_data(as_text=True)) is shown


def test_a_fault_of_ours_is_a_page_without_its_reason(another_app):
    app = another_app()
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken():
        message = "the secret reason"
        raise LookupError(message)

    from app.web.audience import public

    app.add_url_rule("/broken", "broken", public(broken))
    page = app.test_client().get("/broken")
    assert page.status_code == 500
    text = page.get_data(as_text=True)
    assert "저희 쪽에 문제가" in text
    assert "secret reason" not in text
    assert "Content-Security-Policy" in page.headers


def test_a_day_in_a_sentence_is_said_in_the_language_of_the_page(app):
    sentence = Sentence(409, "%(latest)s, %(days)s")
    details = {"latest": date(2021, 4, 24), "days": 30}
    with app.test_request_context("/"):
        assert sentence.fill(details) == "2021. 4. 24.(토), 30"
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        assert sentence.fill(details) == "Sat 24 April 2021, 30"


def test_a_host_that_is_none_is_refused_in_plain_words(app):
    for host in ("..", "a" * 300):
        assert app.test_client().get("/", headers={"Host": host}).status_code == 400


def test_a_dong_cookie_that_cannot_be_a_dong_changes_nothing(browser):
    browser.client.set_cookie("dong", "\\000")
    assert browser.open("/").status == 200
    assert browser.submit("/preferences", dong="\x00").status == 200
