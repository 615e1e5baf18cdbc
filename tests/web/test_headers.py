"""Every answer is sealed by headers, and cookies by flags."""

import re

import pytest

from app.settings import Environment
from app.web import headers
from app.web.templating import asset

PAGES = ["/", "/sign-in", "/me", "/nowhere", "/static/css/tokens.css"]


def directives(page):
    policy = page.headers["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.mark.parametrize("url", PAGES)
def test_every_answer_is_sealed(browser, world, url):
    page = browser.client.get(url)
    page.close()
    policy = directives(page)
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in page.headers


def test_each_answer_has_a_nonce_of_its_own_that_its_scripts_carry(browser, world):
    nonces = set()
    for _ in range(3):
        page = browser.client.get("/sign-in")
        nonce = re.search(r"'nonce-([\w-]+)'", directives(page)["script-src"])[1]
        scripts = re.findall(r"<script[^>]*>", page.get_data(as_text=True))
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.add(nonce)
    assert len(nonces) == 3


def test_pages_are_not_stored_and_versioned_files_are(app, browser, world):
    def caching(url):
        with browser.client.get(url) as page:
            return page.headers["Cache-Control"]

    with app.test_request_context():
        versioned = asset("css/tokens.css")
    assert caching("/sign-in") == "no-store"
    assert "immutable" in caching(versioned)
    assert "immutable" not in caching("/static/css/tokens.css")
    for nowhere in ("/static/css/nowhere.css?v=1", "/static/css/nowhere.css", "/static/?v=1"):
        assert caching(nowhere) == "no-store", nowhere


def test_the_session_cookie_is_for_this_site_and_no_script(browser, world):
    cookie = browser.client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("madang=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_production_speaks_https_alone(another_app):
    app = another_app(environment=Environment.PRODUCTION)
    page = app.test_client().get("/sign-in", base_url="https://localhost")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-madang=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]


def test_a_host_that_is_not_ours_is_refused(another_app):
    app = another_app(trusted_hosts=("madang.example",))
    client = app.test_client()
    assert client.get("/sign-in", base_url="http://madang.example").status_code == 200
    assert client.get("/sign-in", base_url="http://evil.example").status_code == 400


def test_a_request_has_a_number_to_ask_about(browser, world):
    first, second = (browser.client.get("/sign-in").headers["X-Request-Id"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second


def test_the_policy_names_nothing_but_ourselves():
    sources = headers.policy("n").replace("'nonce-n'", "")
    assert "http" not in sources
    assert "*" not in sources
