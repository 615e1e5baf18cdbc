"""Who weighed which statement how: a sparse table of participants by statements."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

LEGAL = frozenset({-1, 0, 1})
CELLS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Votes:
    """The votes of `people` on `statements`, one a pair: 1 agree, −1 disagree, 0 unsure.

    `rows`, `columns` and `values` run in step and are sorted by row; a pair that is not among
    them was not seen by that person. `hidden` marks the statements moderators took out.
    """

    people: tuple[str, ...]
    statements: tuple[str, ...]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    hidden: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        people: Sequence[str],
        statements: Sequence[str],
        votes: Iterable[tuple[int, int, int]],
        *,
        hidden: Iterable[int] = (),
    ) -> Votes:
        """Gather votes as (person, statement, value), persons and statements by their place.

        A later vote on the same pair replaces the earlier one. Raises ValueError for a value
        other than −1, 0 and 1.
        """
        last = {(person, statement): value for person, statement, value in votes}
        if strange := set(last.values()) - LEGAL:
            raise ValueError(f"a vote is -1, 0 or 1, not {min(strange)}")
        table = np.array(
            [(person, statement, last[person, statement]) for person, statement in sorted(last)],
            dtype=np.int64,
        ).reshape(-1, 3)
        return cls.from_columns(
            people, statements, table[:, 0], table[:, 1], table[:, 2], hidden=hidden
        )

    @classmethod
    def from_columns(
        cls,
        people: Sequence[str],
        statements: Sequence[str],
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        values: NDArray[np.int64],
        *,
        hidden: Iterable[int] = (),
    ) -> Votes:
        """Take three columns as they are, each pair once and sorted by person."""
        marked = np.zeros(len(statements), dtype=bool)
        marked[list(hidden)] = True
        return cls(
            tuple(people), tuple(statements), rows, columns, values.astype(np.float64), marked
        )

    @property
    def seen_by(self) -> NDArray[np.int64]:
        """Return how many statements each person weighed, hidden ones among them."""
        return np.bincount(self.rows, minlength=len(self.people))

    def without_hidden(self) -> Votes:
        """Return the votes on what readers can see; places of people and statements stay."""
        keep = ~self.hidden[self.columns]
        return Votes(
            self.people,
            self.statements,
            self.rows[keep],
            self.columns[keep],
            self.values[keep],
            self.hidden,
        )

    def means(self) -> NDArray[np.float64]:
        """Return the mean vote on each statement among those who saw it, 0 where nobody did."""
        size = len(self.statements)
        total = np.bincount(self.columns, weights=self.values, minlength=size)
        return total / np.maximum(np.bincount(self.columns, minlength=size), 1)

    def scatter(self, centred: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the statements' scatter XᵀX of centred votes, where unseen counts as the mean.

        Works through the people in blocks, so that the dense table never stands whole in memory.
        """
        size = len(self.statements)
        gram = np.zeros((size, size))
        step = max(1, min(len(self.people), CELLS_AT_ONCE // max(size, 1)))
        bounds = np.searchsorted(self.rows, np.arange(0, len(self.people) + step, step))
        for block, (start, end) in enumerate(pairwise(bounds)):
            if start == end:
                continue
            dense = np.zeros((step, size))
            dense[self.rows[start:end] - block * step, self.columns[start:end]] = centred[start:end]
            gram += dense.T @ dense
        return gram

    def sums_by_person(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each person the sum of what stands beside their votes."""
        sums = np.bincount(self.rows, weights=weights, minlength=len(self.people))
        return sums.astype(np.float64)
