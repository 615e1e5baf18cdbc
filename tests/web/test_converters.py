"""Numbers in addresses that no key can have."""

from __future__ import annotations

TOO_LARGE = 2**31


def addresses(app):
    """Give every public address with a number in it, the number too large for a key."""
    for rule in app.url_map.iter_rules():
        keys = dict.fromkeys(rule.arguments, TOO_LARGE)
        if "GET" in rule.methods and "<int:" in rule.rule and "/desk" not in rule.rule:
            yield rule.rule, keys


def test_a_number_beyond_every_key_is_an_address_that_does_not_exist(app, browser):
    walked = 0
    for rule, keys in addresses(app):
        url = rule
        for name, value in keys.items():
            url = url.replace(f"<int:{name}>", str(value))
        if "<" in url:
            continue
        assert browser.open(url).status == 404, url
        walked += 1
    assert walked > 10
