"""A needed list begins with nothing chosen, so that nobody sends what they never chose."""

from __future__ import annotations

import re

import pytest
from flask import render_template_string

from app.web.fields import choices, picker
from app.web.forms import Paper, needed

ONE, MORE = [("a", "가")], [("a", "가"), ("b", "나")]


class Picks(Paper):
    """One field of each kind."""

    named = picker("이름", validators=[needed()])
    counted = picker("번호", validators=[needed()], coerce=int)
    free = picker("선택")
    usual = picker("보통", validators=[needed()], default="b")


def paper(app, sent=None, *, offered=MORE):
    """Return the form, what was sent into it, and how its needed fields look."""
    rest = {"free": "a", "usual": "a"}
    told = {"method": "GET"} if sent is None else {"method": "POST", "data": {**rest, **sent}}
    with app.test_request_context(**told):
        form = Picks(meta={"csrf": False})
        form.named.choices = form.free.choices = form.usual.choices = choices(offered)
        form.counted.choices = choices(enumerate((name for _code, name in offered), 1))
        if sent is not None:
            form.validate()
        return form, render_template_string("{{ form.named }}{{ form.counted }}", form=form)


def selected(html):
    return re.findall(r'<option selected value="([^"]*)">([^<]*)', html)


def test_nothing_is_chosen_before_somebody_chooses(app):
    _form, html = paper(app)
    assert selected(html) == [("", "골라 주세요")] * 2


def test_the_only_choice_is_chosen(app):
    _form, html = paper(app, offered=ONE)
    assert selected(html) == [("a", "가"), ("1", "가")]
    assert "골라 주세요" not in html


def test_what_is_not_needed_or_has_a_usual_answer_asks_for_nothing(app):
    form, _html = paper(app)
    assert [one.value for one in form.free.iter_choices()] == ["a", "b"]
    assert [one.selected for one in form.usual.iter_choices()] == [False, True]


@pytest.mark.parametrize("sent", [{}, {"named": "", "counted": ""}])
@pytest.mark.parametrize("offered", [ONE, MORE])
def test_what_was_left_alone_is_asked_for(app, sent, offered):
    form, _html = paper(app, sent, offered=offered)
    assert form.errors == {"named": ["골라 주세요."], "counted": ["골라 주세요."]}


@pytest.mark.parametrize("sent", [{"named": "z", "counted": "9"}, {"named": "가", "counted": "x"}])
def test_what_cannot_be_chosen_is_refused(app, sent):
    form, _html = paper(app, sent)
    assert set(form.errors) == {"named", "counted"}
    assert form.errors["named"] == ["목록에서 골라 주세요."]
    assert form.errors["counted"][0] == "목록에서 골라 주세요."


def test_what_was_chosen_stays(app):
    form, html = paper(app, {"named": "b", "counted": "2"})
    assert form.errors == {}
    assert (form.named.data, form.counted.data) == ("b", 2)
    assert selected(html) == [("b", "나"), ("2", "나")]
