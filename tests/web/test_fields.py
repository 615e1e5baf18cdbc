"""Fields that read what anybody may send: rows of a paper, and amounts as wide as they are kept."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, select
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from app.assemblies.models import AgendaItem
from app.core.orm import Base
from app.web.fields import MOST_WON, DayField, RowList, WonField
from app.web.forms import Paper
from tests.assemblies.steps import Hall


class Rows(Form):
    """Three rows at the most, as a running order has them."""

    rows = RowList(StringField(), max_entries=3)


@pytest.mark.parametrize("odd", ["²", "①", "٣", "9" * 5_000, "-1", "", "1.5", "x"])
def test_a_row_that_no_page_names_is_none(odd):
    sent = MultiDict({"rows-0": "one", f"rows-{odd}": "odd", "rows-2": "two", "rowser-1": "other"})
    assert [row.data for row in Rows(sent).rows] == ["one", "two"]


class Calendar(Form):
    """One day."""

    day = DayField("날짜")


FAR = "2000년부터 2100년까지의 날짜만 쓸 수 있습니다. 연도를 확인해 주세요."


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2021-05-24", None),
        ("2000-01-01", None),
        ("2100-12-31", None),
        ("1999-12-31", FAR),
        ("2101-01-01", FAR),
        ("20222-05-24", FAR),
        ("0202-05-24", FAR),
        ("202105-05-24", FAR),
        ("2021-02-30", "달력에 없는 날짜입니다. 달과 날을 확인해 주세요."),
        ("2021-13-01", "달력에 없는 날짜입니다. 달과 날을 확인해 주세요."),
        ("2021", "날짜를 2021-05-24처럼 적어 주세요."),
        ("24. 5. 2021", "날짜를 2021-05-24처럼 적어 주세요."),
    ],
)
def test_a_day_that_is_not_taken_is_told_what_is_wrong_with_it(app, typed, answer):
    with app.test_request_context():
        paper = Calendar(MultiDict({"day": typed}))
        assert paper.validate() is (answer is None)
        assert list(paper.day.errors) == ([answer] if answer else [])
        assert f'value="{typed}"' in paper.day()
        assert 'max="2100-12-31" min="2000-01-01"' in paper.day()


class Purse(Form):
    """One amount of money."""

    won = WonField("예산")


@pytest.mark.parametrize(
    ("typed", "won", "answer"),
    [
        ("1,200만 원", 12_000_000, None),
        ("12,000,000", 12_000_000, None),
        (" ２억 ", 200_000_000, None),
        ("1조", MOST_WON, None),
        ("", None, None),
        ("만", None, "금액으로 읽을 수 없습니다."),
        ("1만2", None, "금액으로 읽을 수 없습니다."),
        ("9" * 5_000, None, "금액으로 읽을 수 없습니다."),
        ("1조 1만 원", None, "0원부터 10,000억 원까지 적어 주세요."),
        ("-1", None, "0원부터 10,000억 원까지 적어 주세요."),
    ],
)
def test_a_form_reads_money_and_shows_what_was_typed(app, typed, won, answer):
    with app.test_request_context():
        paper = Purse(MultiDict({"won": typed}))
        assert paper.validate() is (answer is None)
        assert paper.won.data == won
        assert " ".join(paper.won.errors).startswith(answer or "")
        assert f'value="{typed}"' in paper.won()
        assert 'value="12,000,000"' in Purse(data={"won": 12_000_000}).won()


def test_every_paper_that_takes_money_takes_it_as_people_say_it(app):
    assert app
    asked = {
        (paper.__name__, name): getattr(paper, name).field_class
        for paper in _papers(Paper)
        for name in dir(paper)
        if name.endswith("_won")
    }
    assert len(asked) == 3
    assert set(asked.values()) == {WonField}


def _papers(above):
    return [paper for one in above.__subclasses__() for paper in (one, *_papers(one))]


def test_every_amount_of_money_is_as_wide_as_the_forms_allow(world):
    amounts = [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_won")
    ]
    assert len(amounts) == 5
    for column in amounts:
        assert isinstance(column.type, BigInteger), column
    hall = Hall(world)
    item_id = hall.item(budget_won=MOST_WON)
    with world.read() as session:
        assert session.scalar(select(AgendaItem.budget_won).filter_by(id=item_id)) == MOST_WON
