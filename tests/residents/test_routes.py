"""Signing up, in and out, and one's own record, over HTTP with the forms' own tokens."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.core.refusals import Refused
from app.residents import panels, queries, words
from app.residents.models import Account, Consent, ConsentKind, Role, SignIn
from app.residents.policy import PersonRefusal
from app.residents.routes import device_name
from tests.support.statements import statements
from tests.support.world import PASSPHRASE

SIGN_UP = {
    "name": "홍길동",
    "address": "hong@example.kr",
    "passphrase": PASSPHRASE,
    "dong": "doksan1",
    "terms": "y",
    "privacy": "y",
    "of_age": "y",
}
WRONG = str(words.SENTENCES[PersonRefusal.WRONG_SIGN_IN].text)


def signed_in_as(world, browser, person_id):
    browser.sign_in(world, person_id)
    return browser.open("/me/settings")


def count(world, model):
    with world.read() as s:
        return s.scalar(select(func.count()).select_from(model))


# ------------------------------------------------------------------ signing up
def test_signing_up_signs_in_and_says_what_to_do_next(world, browser):
    browser.open("/sign-up").submit("/sign-up", **SIGN_UP)
    assert (browser.status, browser.path) == (200, "/me")
    assert "홍*동" in browser.text
    assert "홍길동" not in browser.text
    assert "독산1동 주민센터 창구에 신분증을" in browser.text
    assert "아직 알림이 없습니다.</p>" in browser.text
    with world.read() as s:
        kinds = set(s.scalars(select(Consent.kind)))
        assert kinds == {ConsentKind.TERMS, ConsentKind.PRIVACY}


def test_nothing_is_agreed_to_beforehand(browser, world):
    page = browser.open("/sign-up").text
    assert page.count('type="checkbox"') == 4
    assert "checked" not in page
    for heading in ("항목", "목적", "보유기간", "만 14세 이상", "보호자"):
        assert heading in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"passphrase": "짧은말"}, "10자 이상"),
        ({"passphrase": "홍길동홍길동홍길동1"}, "이름이나 연락처가"),
        ({"passphrase": "password1234"}, "많이 쓰여"),
        ({"address": "02-123-4567"}, "이메일 주소나 010"),
        ({"address": ""}, "꼭 필요한 항목"),
        ({"name": "홍"}, "2자 이상"),
        ({"name": "홍길동 800101-1234567"}, "주민등록번호"),
        ({"name": "<b>홍길동</b>"}, "이름에는 글자와"),
        ({"terms": None}, "이용약관에 동의해야"),
        ({"privacy": None}, "개인정보 수집·이용에 동의해야"),
        ({"of_age": None}, "만 14세 이상이면 표시해 주세요"),
        ({"dong": "nowhere"}, "Not a valid choice"),
    ],
)
def test_a_paper_to_correct_comes_back_with_what_was_typed(world, browser, change, sentence):
    fields = {name: value for name, value in {**SIGN_UP, **change}.items() if value is not None}
    browser.open("/sign-up").submit("/sign-up", **fields)
    assert browser.status == 422
    assert sentence in browser.text or "dong" in change
    assert f'value="{SIGN_UP["address"]}"' in browser.text or "address" in change
    assert fields.get("passphrase", "") not in browser.text or not fields.get("passphrase")
    assert count(world, Account) == 0


@pytest.mark.parametrize("name", ["남궁 수", "Anne-Marie O’Neil", "李 相和", "Nguyễn Thị Hoa"])
def test_people_are_called_as_they_are_called(world, browser, name):
    browser.open("/sign-up").submit("/sign-up", **{**SIGN_UP, "name": name})
    assert (browser.status, browser.path) == (200, "/me")


def test_a_taken_address_is_refused_on_the_paper(world, browser):
    world.account(address="hong@example.kr")
    browser.open("/sign-up").submit("/sign-up", **SIGN_UP)
    assert browser.status == 409
    assert "이미 가입에 쓰인" in browser.text
    assert 'value="홍길동"' in browser.text


# ------------------------------------------------------------------ signing in and out
def test_signing_in_with_either_address_leads_back_to_where_one_was(world, new_browser):
    account = world.account(address="010-1234-5678")
    for written in ("010-1234-5678", "+82 10 1234 5678", " 01012345678 "):
        browser = new_browser().open("/me/settings")
        assert browser.path == "/sign-in"
        browser.submit("/sign-in", address=written, passphrase=PASSPHRASE, next="/me/settings")
        assert (browser.status, browser.path) == (200, "/me/settings"), written
    with world.read() as s:
        assert len(queries.devices_of(s, account.id, at=world.at)) == 3


def test_unknown_and_wrong_get_the_same_answer(world, new_browser):
    world.account(address="hong@example.kr")
    pages = []
    for address in ("hong@example.kr", "nobody@example.kr", "no address"):
        browser = new_browser().open("/sign-in")
        browser.submit("/sign-in", address=address, passphrase="틀린 비밀문구입니다")
        assert browser.status == 422
        assert WRONG in browser.text
        pages.append(browser.text.replace(address, "…").count("\n"))
    assert len(set(pages)) == 1


def test_a_withdrawn_account_does_not_open(world, browser):
    account = world.account(address="hong@example.kr")
    with world.write() as s:
        s.get_one(Account, account.id).passphrase_hash = ""
    browser.open("/sign-in")
    browser.submit("/sign-in", address="hong@example.kr", passphrase="nobody has this passphrase")
    assert browser.status == 422


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "evil.example",
    ],
)
def test_next_never_leads_off_the_site(world, browser, target):
    world.account(address="hong@example.kr")
    browser.open("/sign-in")
    browser.submit(
        "/sign-in", follow=False, address="hong@example.kr", passphrase=PASSPHRASE, next=target
    )
    assert browser.status == 303
    assert browser.page.headers["Location"] == "/"
    assert (
        "evil"
        not in browser.open(f"/sign-up?next={target}").text.split("<main")[1].split("</main")[0]
    )


def test_staying_signed_in_is_chosen_and_otherwise_ends_in_half_a_day(world, new_browser):
    world.account(address="hong@example.kr")
    short, long = new_browser().open("/sign-in"), new_browser().open("/sign-in")
    short.submit("/sign-in", address="hong@example.kr", passphrase=PASSPHRASE)
    long.submit("/sign-in", address="hong@example.kr", passphrase=PASSPHRASE, stay="y")
    world.pass_time(hours=13)
    assert short.open("/me").path == "/sign-in"
    assert long.open("/me").path == "/me"
    world.pass_time(days=14)
    assert long.open("/me").path == "/sign-in"


def cookie_of(browser):
    return browser.client.get_cookie("madang").value


def test_a_captured_cookie_is_worth_nothing_after_signing_out(world, browser, new_browser):
    world.account(address="hong@example.kr")
    browser.open("/sign-in").submit("/sign-in", address="hong@example.kr", passphrase=PASSPHRASE)
    thief = new_browser()
    thief.client.set_cookie("madang", cookie_of(browser))
    assert thief.open("/me").path == "/me"
    browser.submit("/sign-out")
    assert browser.open("/me").path == "/sign-in"
    assert thief.open("/me").path == "/sign-in"


def test_signing_in_begins_a_new_session(world, browser):
    world.account(address="hong@example.kr")
    browser.open("/sign-in")
    before = browser.csrf()
    with browser.client.session_transaction() as session:
        session["planted"] = "by someone else"
    browser.submit("/sign-in", address="hong@example.kr", passphrase=PASSPHRASE)
    with browser.client.session_transaction() as session:
        assert "planted" not in session
    browser.page = browser.client.post("/sign-out", data={"csrf_token": before})
    assert browser.status == 400


def test_signing_out_is_a_post_and_harmless_for_strangers(world, browser):
    assert browser.open("/sign-out").status == 405
    browser.open("/sign-in").submit("/sign-out")
    assert (browser.status, browser.path) == (200, "/")


def test_signing_out_elsewhere_takes_effect_at_the_next_request(world, new_browser):
    person_id = world.account().person_id
    here, there, far = (signed_in_as(world, new_browser(), person_id) for _ in range(3))
    here.open("/me/settings")
    devices = here.text.count('name="device"')
    assert devices == 2
    with world.read() as s:
        token = there.client.session_transaction
        with token() as session:
            device = queries.token_hash(session["_user_id"]).hex()
        assert s.get(SignIn, bytes.fromhex(device)) is not None
    here.submit("/me/devices/end", device=device)
    assert here.path == "/me/settings"
    assert there.open("/me").path == "/sign-in"
    assert far.open("/me").path == "/me"
    here.submit("/me/devices/end-others")
    assert far.open("/me").path == "/sign-in"
    assert here.open("/me").path == "/me"


def test_only_a_device_that_is_signed_in_is_signed_out(world, new_browser):
    mine, theirs = world.account(), world.account()
    here = signed_in_as(world, new_browser(), mine.person_id)
    their_device = queries.token_hash(world.token(theirs.person_id)).hex()
    for device in (their_device, "00" * 32, ""):
        assert here.submit("/me/devices/end", device=device).status == 404
        assert here.open("/me/settings").status == 200
    assert here.submit("/me/devices/end", device="no number").status == 400


@pytest.mark.parametrize("url", ["/sign-in", "/sign-up", "/sign-in?next=/me"])
def test_asking_for_the_head_of_a_paper_alone_is_no_attempt(browser, url):
    assert browser.client.head(url).status_code == browser.client.get(url).status_code == 200


def test_a_role_that_ends_is_gone_at_the_next_request(world, browser):
    person_id = world.staff(Role.CLERK, "doksan1")
    browser.sign_in(world, person_id)
    assert browser.open("/desk/residents").status == 200
    with world.write() as s:
        from app.residents.actions import end_role

        end_role(s, queries.grants_of(s, person_id, at=world.at)[0], by=None, at=world.at)
    world.pass_time(seconds=1)
    assert browser.open("/desk/residents").status == 403


# ------------------------------------------------------------------ one's own record
def test_what_is_known_is_shown_and_corrected(world, browser):
    account = world.account(name="홍길똥", address="hong@example.kr")
    signed_in_as(world, browser, account.person_id)
    for known in ("홍길똥", "ho**@example.kr", "이용약관", "개인정보 수집·이용"):
        assert known in browser.text
    browser.open("/me/name").submit("/me/name", name="홍길동")
    assert "홍길동" in browser.text
    browser.open("/me/home").submit("/me/home", dong="gasan")
    assert '<option selected value="gasan">' in browser.open("/me/home").text
    assert "field__mark" not in browser.text
    browser.open("/me/settings")
    assert "가산동" in browser.text
    browser.open("/me/contact").submit(
        "/me/contact", address="010-1234-5678", passphrase=PASSPHRASE
    )
    assert "010-****-5678" in browser.text
    forget = "/me/contact/remove?kind="
    assert forget + "email" in browser.text
    told = browser.open(forget + "email").text
    assert "지우면 ho**@example.kr로 더는 로그인할 수 없습니다" in told, "before anything is gone"
    for wrong in ({}, {"passphrase": "틀린 비밀문구입니다"}):
        browser.submit(forget + "email", **wrong)
        assert browser.status == 422
    browser.submit(forget + "email", passphrase=PASSPHRASE)
    assert (browser.path, "ho**@example.kr" in browser.text) == ("/me/settings", False)
    browser.open(forget + "phone").submit(forget + "phone", passphrase=PASSPHRASE)
    assert browser.status == 409
    assert browser.open(forget + "email").status == 404
    assert browser.open(forget + "pigeon").status == 400


def test_the_form_for_ones_dong_begins_with_the_dong_that_pages_show(world, browser):
    resident = world.resident("doksan2")
    world.account_of(resident)
    browser.sign_in(world, resident).open("/me/home")
    assert '<option selected value="doksan2">' in browser.text


def test_signing_up_says_what_is_needed_without_counting_it(browser):
    assert "필수 항목에 모두 표시해야 가입할 수 있습니다." in browser.open("/sign-up").text


def test_secrets_are_changed_only_by_who_knows_the_present_one(world, browser):
    world.account(address="taken@example.kr")
    account = world.account(address="hong@example.kr")
    signed_in_as(world, browser, account.person_id)
    changes = {
        "/me/contact": {"address": "new@example.kr"},
        "/me/passphrase": {"new_passphrase": "여름에는 그늘이 좋다"},
        "/me/leave": {"understood": "y"},
    }
    for url, fields in changes.items():
        browser.open(url).submit(url, passphrase="틀린 비밀문구입니다", **fields)
        assert browser.status == 422, url
        assert "지금 쓰는 비밀문구가 맞지 않습니다" in browser.text
        assert browser.open(url).submit(url).status == 422
    browser.open("/me/contact").submit(
        "/me/contact", address="taken@example.kr", passphrase=PASSPHRASE
    )
    assert browser.status == 409
    browser.open("/me/passphrase").submit(
        "/me/passphrase", passphrase=PASSPHRASE, new_passphrase="여름에는 그늘이 좋다"
    )
    assert (browser.status, browser.path) == (200, "/me/settings")
    browser.submit("/sign-out")
    browser.open("/sign-in").submit("/sign-in", address="hong@example.kr", passphrase=PASSPHRASE)
    assert browser.status == 422
    browser.submit("/sign-in", address="hong@example.kr", passphrase="여름에는 그늘이 좋다")
    assert browser.status == 200


def test_a_verified_name_is_changed_at_the_desk(world, browser):
    account = world.account()
    world.verify(account.person_id, born=date(1950, 3, 2))
    signed_in_as(world, browser, account.person_id)
    assert "창구에서 확인됨" in browser.text
    assert "1950. 3. 2.</p>" in browser.text
    browser.open("/me/name").submit("/me/name", name="다른 이름")
    assert browser.status == 409
    assert "확인됨" in browser.open("/me").text
    assert "독산1동 주민" in browser.text


def test_news_are_agreed_to_and_taken_back(world, browser):
    signed_in_as(world, browser, world.account().person_id)
    assert "동의하기" in browser.text
    browser.submit("/me/consents", kind="news", given="1")
    assert "동의 거두기" in browser.text
    browser.submit("/me/consents", kind="news", given="0")
    assert "동의하기" in browser.text
    assert browser.submit("/me/consents", kind="terms", given="0").status == 409
    browser.open("/me/settings")
    assert browser.submit("/me/consents", kind="guardian", given="1").status == 400


def test_leaving_says_what_it_means_and_then_is_done(world, browser):
    account = world.account(address="hong@example.kr")
    browser.sign_in(world, account.person_id).open("/me/leave")
    for consequence in (
        "되돌릴 수 없습니다",
        "지워지는 것",
        "이름 없이 남는 것",
        "그 투표의 기록에",
    ):
        assert consequence in browser.text
    gone, stays = browser.text.split('id="stays"')
    assert "맡은 역할" not in gone.split('id="gone"')[1]
    assert "맡은 역할의 기록" in stays
    for untrue in ("다음 총회 전까지", "누구의 것인지 알 수 없게"):
        assert untrue not in browser.text, untrue
    browser.submit("/me/leave", understood="y", passphrase=PASSPHRASE)
    assert (browser.status, browser.path) == (200, "/")
    assert browser.open("/me").path == "/sign-in"
    browser.submit("/sign-in", address="hong@example.kr", passphrase=PASSPHRASE)
    assert browser.status == 422


def test_my_activity_shows_what_other_domains_add(app, world, browser):
    def mine(session, person_id, at):
        item = panels.PanelItem(title=f"{person_id}의 제안", url="/proposals/1", status="공감 모음")
        return panels.Panel(title="내 제안", items=[item], empty="없습니다.", url="/proposals")

    def none(session, person_id, at):
        return panels.Panel(title="내 약속", items=[], empty="아직 없습니다.")

    house = app.extensions["house"]
    before = dict(app.extensions.get(panels.KEY, {}))
    panels.add(house, "test", mine)
    panels.add(house, "test-empty", none)
    try:
        person_id = world.account().person_id
        browser.sign_in(world, person_id).open("/me")
    finally:
        app.extensions[panels.KEY] = before
    assert f"{person_id}의 제안" in browser.text
    assert "아직 없습니다." in browser.text


def test_own_pages_cost_few_statements(world, browser, app):
    account = world.account()
    world.verify(account.person_id)
    browser.sign_in(world, account.person_id)
    browser.open("/me/settings")
    for path, most in (("/me/settings", 8), ("/sign-in", 6)):
        with statements(app) as asked:
            browser.open(path)
        assert len(asked) <= most, asked


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 13) Chrome/120 Mobile Safari/537", "Android · Chrome"),
        (
            "Mozilla/5.0 (iPhone; CPU) Version/17 Mobile Safari/604 KAKAOTALK 10",
            "iPhone · 카카오톡",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Windows · Edge"),
        ("Mozilla/5.0 (Macintosh) Version/17 Safari/605", "Mac · Safari"),
        ("curl/8", ""),
        ("<script>", ""),
    ],
)
def test_a_device_is_named_for_its_owner(user_agent, name):
    assert device_name(user_agent) == name


@pytest.mark.parametrize("refusal", list(PersonRefusal))
def test_every_refusal_is_answered_with_its_status(app, refusal):
    status, sentence = app.extensions["sentences"].of(Refused(refusal))
    assert status == words.SENTENCES[refusal].status
    assert sentence
