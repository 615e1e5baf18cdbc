"""Nobody comes in by an address whose audience was forgotten, or is another."""

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from app.residents.models import Role
from app.web.audience import Audience, Reach, audience_of, signed_in, staff

ROLES = frozenset(role.value for role in Role)


def rules(app):
    """Every rule of the URL map with its audience, static files aside."""
    return [
        (rule, audience_of(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    ]


def address(app, rule):
    """An address that a rule serves, with a made-up value for each of its parts."""
    values = dict.fromkeys(rule.arguments, 1)
    with app.test_request_context():
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                values[name] = min(converter.items)
            elif not isinstance(converter, IntegerConverter):
                values[name] = "x"
        return rule.build(values)[1]


def test_every_address_declares_its_audience(app):
    forgotten = [rule.rule for rule, audience in rules(app) if not isinstance(audience, Audience)]
    assert forgotten == []


def test_every_staff_address_names_roles_that_exist(app):
    for rule, audience in rules(app):
        if audience.reach is Reach.STAFF:
            assert audience.roles, rule.rule
            assert audience.roles <= ROLES, rule.rule
        else:
            assert not audience.roles, rule.rule


def test_the_desk_is_no_public_place(app):
    for rule, audience in rules(app):
        if rule.rule.startswith(("/desk", "/me")):
            assert audience.reach is not Reach.PUBLIC, rule.rule


def test_strangers_are_asked_to_sign_in(app, world, browser):
    browser.open("/sign-in")
    token = browser.csrf()
    for rule, audience in rules(app):
        if audience.reach is Reach.PUBLIC:
            continue
        url = address(app, rule)
        if "GET" in rule.methods:
            page = browser.client.get(url)
            assert page.status_code == 302, url
            assert page.headers["Location"].startswith("/sign-in?next="), url
        else:
            page = browser.client.post(url, data={"csrf_token": token})
            assert page.status_code == 401, url


def test_residents_reach_no_staff_address(app, world, browser):
    browser.sign_in(world, world.resident()).open("/me")
    token = browser.csrf()
    walked = 0
    for rule, audience in rules(app):
        if audience.reach is not Reach.STAFF:
            continue
        url = address(app, rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            page = browser.client.open(url, method=method, data={"csrf_token": token})
            assert page.status_code == 403, (method, url)
            walked += 1
    assert walked > 20


@pytest.mark.parametrize("role", [Role.DESK_CLERK, Role.CHAIR, Role.OBSERVER])
def test_staff_reach_no_address_of_other_roles(app, world, browser, role):
    browser.sign_in(world, world.staff(role)).open("/me")
    for rule, audience in rules(app):
        if audience.reach is Reach.STAFF and role not in audience.roles and "GET" in rule.methods:
            url = address(app, rule)
            assert browser.client.get(url).status_code == 403, url


def test_a_forgotten_audience_is_served_to_nobody(another_app, world):
    app = another_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = app.test_client()
    assert client.get("/forgotten").status_code == 403
    with client.session_transaction() as session:
        session["_user_id"] = world.token(world.staff(Role.OPERATOR))
    page = client.get("/forgotten")
    assert page.status_code == 403
    assert "secret" not in page.get_data(as_text=True)


def test_a_declared_audience_stands_on_the_view_itself():
    def view():
        return "x"

    assert signed_in(view) is view
    assert view.audience is signed_in
    assert staff("clerk", "chair").roles == {"clerk", "chair"}


def test_where_one_was_going_is_remembered_with_its_question(browser, world):
    page = browser.client.get("/me/settings?page=2")
    assert page.headers["Location"] == "/sign-in?next=/me/settings?page%3D2"
