"""Fields that read what anybody may send: rows of a paper, and amounts as wide as they are kept."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, select
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from app.assemblies.models import AgendaItem
from app.core.orm import Base
from app.web.fields import MOST_WON, RowList
from tests.assemblies.steps import Hall


class Rows(Form):
    """Three rows at the most, as a running order has them."""

    rows = RowList(StringField(), max_entries=3)


@pytest.mark.parametrize("odd", ["²", "①", "٣", "9" * 5_000, "-1", "", "1.5", "x"])
def test_a_row_that_no_page_names_is_none(odd):
    sent = MultiDict({"rows-0": "one", f"rows-{odd}": "odd", "rows-2": "two", "rowser-1": "other"})
    assert [row.data for row in Rows(sent).rows] == ["one", "two"]


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
