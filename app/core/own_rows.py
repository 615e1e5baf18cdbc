"""Rows that are kept of one person, as they are handed over whole to whoever they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, ScalarSelect, Select


@dataclass(frozen=True)
class OwnRows:
    """One kind of rows: whose they are, and what of them is handed over.

    `whose` is the column that names the person. `told` are columns by their names in the file; the
    first orders the rows. `through` is a table whose rows belong to those that name the person,
    and how (an account's contacts): then its rows are told. `only` narrows them further.
    """

    whose: Any
    told: Mapping[str, Any]
    through: tuple[Any, ColumnElement[bool]] | None = None
    only: ColumnElement[bool] | None = None

    @property
    def table(self) -> Any:
        """Return the mapped class whose rows are told."""
        return self.through[0] if self.through else self.whose.class_

    def of(self, person_id: int) -> Select[*tuple[Any, ...]]:
        """Return the one statement that reads all rows of a person."""
        statement = select(*(column.label(name) for name, column in self.told.items()))
        statement = statement.select_from(self.whose.class_).where(self.whose == person_id)
        if self.through:
            statement = statement.join(*self.through)
        if self.only is not None:
            statement = statement.where(self.only)
        first = next(iter(self.told.values()))
        return statement.order_by(first, *inspect(self.table).primary_key)


def looked_up(column: Any, where: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Return what the row of another table says, found by a key of the row that is told."""
    return select(column).where(where).scalar_subquery()
