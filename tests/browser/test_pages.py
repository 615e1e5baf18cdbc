"""Every page, as everyone who may see it: readable, pressable, within the screen, untroubled."""

from __future__ import annotations

import pytest

from app.web.audience import Reach, audience_of
from tests.browser import measures
from tests.browser.examples import EXAMPLES, NO_PAGES
from tests.browser.village import Village
from tests.browser.visiting import DESK, HALL, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
NARROW, ZOOMED = (320, 640), (640, 450)


@pytest.fixture(scope="module")
def village(world, elsewhere, tmp_path_factory):
    return elsewhere(Village, world, world.app.extensions["settings"].keys_path)


def endpoints(app):
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def test_every_page_has_an_example(built_app):
    shown = {example.endpoint for example in EXAMPLES}
    assert sorted(endpoints(built_app) - shown - NO_PAGES) == []
    assert sorted((shown | NO_PAGES) - endpoints(built_app)) == []


def test_every_role_that_may_see_a_page_looks_at_it(built_app):
    looked = {(example.endpoint, example.viewer) for example in EXAMPLES}
    missing = [
        (endpoint, role)
        for endpoint in sorted(endpoints(built_app))
        if (audience := audience_of(built_app, endpoint)) and audience.reach is Reach.STAFF
        for role in sorted(audience.roles)
        if (endpoint, role) not in looked
    ]
    assert missing == []


def address_of(app, village, example):
    needs = {name: getattr(village, value, value) for name, value in example.needs}
    return app.url_map.bind("127.0.0.1").build(example.endpoint, needs)


def resized(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return page


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_page(app, village, visitors, example):
    someone = visitors.known(getattr(village, example.viewer))
    page = resized(someone.page, PHONE)
    someone.open(address_of(app, village, example))
    measures.unfold(page)
    refreshes = example.endpoint == "room.feed"
    faults = {
        "phone": measures.grave_faults(page, refreshes=refreshes),
        "targets": measures.small_targets(page),
        "390": measures.over_the_edge(page),
        "320": measures.over_the_edge(resized(page, NARROW)),
    }
    measures.set_large_type(page, on=True)
    faults["large type on a phone"] = measures.over_the_edge(resized(page, PHONE))
    faults["large type at 200 %"] = measures.over_the_edge(resized(page, ZOOMED))
    measures.set_large_type(page, on=False)
    resized(page, HALL if example.endpoint == "room.projector" else DESK)
    faults["desk"] = measures.grave_faults(page, refreshes=refreshes)
    faults["desk's edge"] = measures.over_the_edge(page)
    faults["console"] = list(someone.trouble)
    assert {where: found for where, found in faults.items() if found} == {}
