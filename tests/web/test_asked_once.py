"""No page asks the database the same thing twice, whoever looks at it."""

from collections import Counter

from tests.browser.examples import EXAMPLES
from tests.browser.village import Village
from tests.support.statements import questions


def test_no_page_asks_the_same_thing_twice(app, world, new_browser):
    village = Village(world, app.extensions["settings"].keys_path)
    addresses, known, twice = app.url_map.bind("127.0.0.1"), {}, []
    for example in EXAMPLES:
        who = getattr(village, example.viewer)
        if who not in known:
            known[who] = new_browser().sign_in(world, who) if who else new_browser()
        needs = {name: getattr(village, value, value) for name, value in example.needs}
        address = addresses.build(example.endpoint, needs)
        with questions(app) as asked:
            known[who].open(address)
        assert known[who].status == 200, address
        twice += [
            (address, example.viewer, question)
            for question, times in Counter(asked).items()
            if times > 1
        ]
    assert twice == []
