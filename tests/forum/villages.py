"""Made-up conversations with known camps: what the engine must find is known beforehand."""

from __future__ import annotations

import numpy as np

from app.forum.rules.mapping import Votes


def village(
    people: int, statements: int, *, camps: int = 2, filled: float = 1.0, seed: int = 7
) -> tuple[Votes, list[int]]:
    """People in camps of equal size: half the statements divide the camps, half are shared."""
    chance = np.random.default_rng(seed)
    camp = np.arange(people) % camps
    lean = chance.choice([-1, 1], size=(camps, statements))
    for column in range(statements):
        lean[:, column] = (
            1 if column % 2 else np.where(np.arange(camps) == (column // 2) % camps, 1, -1)
        )
    chosen = chance.random((people, statements)) < filled
    steady = chance.random((people, statements)) < 0.9
    values = np.where(steady, lean[camp], chance.integers(-1, 2, size=(people, statements)))
    rows, columns = np.nonzero(chosen)
    votes = Votes.from_columns(
        [str(one) for one in range(people)],
        [str(one) for one in range(statements)],
        rows.astype(np.int64),
        columns.astype(np.int64),
        values[rows, columns],
    )
    return votes, camp.tolist()


def same_split(first: dict[str, int], second: list[int]) -> float:
    """Return the adjusted Rand index of two splits of the same people (Hubert & Arabie 1985)."""
    names = list(first)
    mine = np.array([first[name] for name in names])
    theirs = np.array([second[int(name)] for name in names])
    table = np.zeros((mine.max() + 1, theirs.max() + 1))
    np.add.at(table, (mine, theirs), 1)

    def pairs(counts):
        return float((counts * (counts - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    chance = rows * columns / pairs(np.array([len(names)]))
    return (
        1.0 if rows + columns == 2 * chance else (both - chance) / ((rows + columns) / 2 - chance)
    )
