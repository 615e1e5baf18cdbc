"""Whatever is typed into whichever form: it is refused or kept, and never runs or breaks a page.

The forms are read from the pages of the village; an address that takes a form and stands on none
of them has to be added to its examples, or named here with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlencode

import pytest

from tests.browser.examples import EXAMPLES
from tests.browser.village import Village
from tests.journeys.forms import Form, forms_on
from tests.support.http import Browser

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# Nothing is typed into these: buttons that the village's pages show at another moment, and two
# papers that come out of another form. Their own tests press them.
ON_NO_PAGE = {
    "assemblies.check_in",
    "assemblies_desk.open_",
    "assemblies_desk.remove_item",
    "assemblies_desk.stage",
    "ballots.booth",
    "ballots.cast",
    "ballots_desk.put_agenda",
    "forum.endorse",
    "proposals.unfollow",
    "proposals.withdraw",
    "residents.end_device",
    "residents.end_other_devices",
    "residents_desk.grant",
    "room.check_in",
    "room.end_speech",
    "room.open_assembly",
    "room.withdraw_request",
}

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)> 쉼터를 만듭니다"
TRICKS = {
    "script": SCRIPT,
    "script in an attribute": '"><svg onload=alert(1)> 쉼터를 만듭니다',
    "right to left": "\u202e니다만듭 를터쉼\u202c\u2067뒤집힌 글\u2069",
    "nothing to see": "\u200b\u200d\u2060\ufeff\u3164",
    "control characters": "쉼터를\x00 만듭\x08니다\x1b[31m",
    "too long": "가" * 30_000,
    "a number too large": "9" * 40,
    "another alphabet's digits": "١٢٣٤",
}
RUNS = ("<script>alert", "<img src=x", "<svg onload")


@pytest.fixture
def village(world, app):
    return Village(world, app.extensions["settings"].keys_path)


@pytest.fixture
def people(app, world, village):
    """The village's people, each at a browser of their own, signed in."""
    seated = {}

    def seat(name):
        if name not in seated:
            person_id = getattr(village, name)
            seated[name] = Browser(app)
            if person_id is not None:
                seated[name].sign_in(world, person_id)
        return seated[name]

    return seat


@pytest.fixture
def found(app, village, people):
    """One form for each address that takes one, with who sends it."""
    forms: dict[str, tuple[str, Form]] = {}
    for example in EXAMPLES:
        needs = {name: getattr(village, value, value) for name, value in example.needs}
        address = app.url_map.bind("localhost").build(example.endpoint, needs)
        page = people(example.viewer).open(address)
        for form in forms_on(page.page.request.full_path, page.text):
            known = forms.get(form.endpoint(app))
            if known is None or len(form.typed) > len(known[1].typed):
                forms[form.endpoint(app)] = (example.viewer, form)
    return forms


def taking_forms(app):
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def test_whatever_is_typed_no_form_breaks_and_nothing_runs(app, found, people):
    missing = sorted(taking_forms(app) - set(found) - ON_NO_PAGE)
    assert not missing, "\n".join(missing)
    assert sorted(ON_NO_PAGE & set(found)) == []
    wrong = defaultdict(list)
    for endpoint, (viewer, form) in sorted(found.items()):
        if not form.typed:
            continue
        for trick, text in TRICKS.items():
            browser = people(viewer)
            browser.open(form.page)
            browser.submit(form.action, **{**form.filled(text), "csrf_token": browser.csrf()})
            if browser.status >= 500:
                wrong[endpoint].append((trick, browser.status))
            if any(run in browser.text for run in RUNS):
                wrong[endpoint].append((trick, "would run"))
        if not_ours(people(viewer), form) >= 500:
            wrong[endpoint].append("bytes that are no UTF-8 break it")
    assert wrong == {}


def test_head_is_answered_as_get_is(app, village, people):
    differing = []
    for example in EXAMPLES:
        needs = {name: getattr(village, value, value) for name, value in example.needs}
        address = app.url_map.bind("localhost").build(example.endpoint, needs)
        client = people(example.viewer).client
        head, page = client.head(address), client.get(address)
        if (head.status_code, head.get_data()) != (page.status_code, b""):
            differing.append((str(example), head.status_code, page.status_code))
    assert differing == []


def not_ours(browser, form):
    """Send bytes that are no UTF-8 in every field; return the answer's status."""
    browser.open(form.page)
    fields = {**form.filled("text"), "csrf_token": [browser.csrf()]}
    body = urlencode(fields, doseq=True).replace("=text", "=%FF%FE%B0%A1")
    answer = browser.client.post(
        form.action, data=body, content_type="application/x-www-form-urlencoded"
    )
    return answer.status_code
