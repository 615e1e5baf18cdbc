"""Every form as it comes back refused: readable, pressable, and it says what is wrong."""

from __future__ import annotations

import pytest

from tests.browser import measures
from tests.browser.examples import EXAMPLES
from tests.browser.village import Village
from tests.browser.visiting import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

_FORMS = """() => {
  const typed = "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])";
  return [...document.querySelectorAll("main form[method=post]")].map((form, place) => ({
    place, action: new URL(form.action).pathname, typed: form.querySelectorAll(typed).length,
  })).filter((form) => form.typed);
}"""

# Sends a form as a browser without its own checks would, with a text in it that nothing accepts.
_SEND = """(place) => {
  const form = document.querySelectorAll("main form[method=post]")[place];
  for (const one of form.querySelectorAll("textarea, input:not([type=hidden])")) {
    if (["checkbox", "radio"].includes(one.type)) one.checked = false;
    else one.value = "";
  }
  for (const one of form.querySelectorAll("details")) one.open = true;
  form.noValidate = true;
  HTMLFormElement.prototype.submit.call(form);
}"""


@pytest.fixture(scope="module")
def village(world, elsewhere):
    return elsewhere(Village, world, world.app.extensions["settings"].keys_path)


def address_of(app, village, example):
    needs = {name: getattr(village, value, value) for name, value in example.needs}
    return app.url_map.bind("127.0.0.1").build(example.endpoint, needs)


def faults_of(page):
    measures.unfold(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    found = {
        "phone": measures.grave_faults(page),
        "targets": measures.small_targets(page),
        "edge": measures.over_the_edge(page),
    }
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    found["desk"] = measures.grave_faults(page)
    return {where: faults for where, faults in found.items() if faults}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_its_forms_come_back_refused(app, village, visitors, example):
    someone = visitors.known(getattr(village, example.viewer))
    address = address_of(app, village, example)
    page = someone.open(address)
    wrong = {}
    for form in page.evaluate(_FORMS):
        someone.open(address)
        if form not in page.evaluate(_FORMS):
            continue  # a form before it was taken, and the page has others now
        with page.expect_navigation() as arrival:
            page.evaluate(_SEND, form["place"])
        if arrival.value.status >= 400:
            assert arrival.value.status in (409, 422), (form, arrival.value.status)
            wrong |= {f"{form['action']} {where}": how for where, how in faults_of(page).items()}
    assert wrong == {}


@pytest.mark.parametrize(
    ("viewer", "act"),
    [
        ("resident", "/ballots/{cast_ballot}/booth/review"),
        ("newcomer", "/proposals/{endorsing}/endorse"),
        ("resident", "/assemblies/{over}/room/messages"),
        ("officer", "/desk/ballots/{open_ballot}/freeze"),
        ("clerk", "/desk/ballots/{open_ballot}/options"),
        ("chair", "/desk/assemblies/{over}/close"),
    ],
)
def test_an_act_out_of_its_time_is_refused_on_a_page_of_its_own(
    app, village, visitors, viewer, act
):
    someone = visitors.known(getattr(village, viewer))
    page = someone.open("/about")
    with page.expect_navigation() as arrival:
        page.evaluate(
            """(address) => {
              const form = document.querySelector("form[method=post]").cloneNode(true);
              form.action = address;
              document.body.append(form);
              HTMLFormElement.prototype.submit.call(form);
            }""",
            act.format(**vars(village)),
        )
    assert 400 <= arrival.value.status < 500
    assert faults_of(page) == {}
