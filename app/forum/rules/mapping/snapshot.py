"""What is kept of a map: a picture for readers, and what the next drawing starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.forum.rules.attendance import SMALLEST_CELL
from app.forum.rules.mapping.engine import Earlier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.forum.rules.mapping.engine import OpinionMap
    from app.forum.rules.mapping.votes import Votes

ACROSS, UP = 48, 30
DIVISIVE_KEPT = 10


def picture(drawn: OpinionMap) -> dict[str, Any]:
    """Return what readers see: how many stand where on a coarse grid, and what is said of groups.

    Nobody's own place is kept: people in one cell of the grid are one dot with a number. What
    fewer than five people say is theirs alone: with fewer there is no picture, a sentence is
    shared only if five weighed it, divides only if five of every group did, and stands for a
    group only if five of it did.
    """
    if len(drawn.people) < SMALLEST_CELL:
        return {"groups": [], "cells": [], "consensus": [], "divisive": []}
    middle, half = _frame(drawn)
    cells: dict[tuple[int, int, int], int] = {}
    for spot, label in zip(drawn.spots, drawn.labels, strict=True):
        place = (spot - middle) / half
        cell = (
            int(np.clip((place[0] + 1) / 2 * ACROSS, 0, ACROSS - 1)),
            int(np.clip((place[1] + 1) / 2 * UP, 0, UP - 1)),
            int(label),
        )
        cells[cell] = cells.get(cell, 0) + 1
    middles = _middles(cells, len(drawn.groups))
    column = {name: place for place, name in enumerate(drawn.statements)}
    agreed, disagreed, seen = drawn.tally.agreed, drawn.tally.disagreed, drawn.tally.seen

    enough = {name: seen[:, place] >= SMALLEST_CELL for name, place in column.items()}
    weighed = {name: seen[:, place].sum() >= SMALLEST_CELL for name, place in column.items()}

    def sides(statement: str) -> list[list[int]]:
        at = column[statement]
        return [
            [int(agreed[group, at]), int(disagreed[group, at]), int(seen[group, at])]
            for group in range(len(drawn.groups))
        ]

    return {
        "groups": [
            {
                "size": group.size,
                "middle": middles[number],
                "stands_for": [
                    {
                        "claim": one.statement,
                        "agrees": one.agrees,
                        "votes": one.votes,
                        "seen": one.seen,
                    }
                    for one in group.stands_for
                    if enough[one.statement][number]
                ],
            }
            for number, group in enumerate(drawn.groups)
        ],
        "cells": [[*cell, count] for cell, count in sorted(cells.items())],
        "consensus": [
            {"claim": statement, "share": share, "sides": sides(statement)}
            for statement, share in drawn.consensus
            if weighed[statement]
        ],
        "divisive": [
            {"claim": statement, "distance": distance, "sides": sides(statement)}
            for statement, distance in drawn.divisive
            if enough[statement].all()
        ][:DIVISIVE_KEPT],
    }


def memory(drawn: OpinionMap, votes: Votes) -> dict[str, Any]:
    """Return what the next drawing and the place of one person need."""
    middle, half = _frame(drawn)
    earlier = drawn.earlier
    return {
        "directions": {name: list(pair) for name, pair in earlier.directions.items()},
        "means": dict(zip(votes.statements, votes.means().tolist(), strict=True)),
        "centres": [list(pair) for pair in earlier.centres],
        "group_count": earlier.group_count,
        "contender": earlier.contender,
        "streak": earlier.streak,
        "worth": dict(drawn.priorities),
        "frame": [*middle.tolist(), *half.tolist()],
    }


def earlier_of(memory: Mapping[str, Any]) -> Earlier:
    """Return what an earlier drawing left, from what was kept of it."""
    return Earlier(
        directions={name: (pair[0], pair[1]) for name, pair in memory["directions"].items()},
        centres=tuple((pair[0], pair[1]) for pair in memory["centres"]),
        group_count=memory["group_count"],
        contender=memory["contender"],
        streak=memory["streak"],
    )


def _middles(cells: Mapping[tuple[int, int, int], int], groups: int) -> list[list[float]]:
    """Return the middle of each group on the grid, in cells."""
    sums = [[0.0, 0.0, 0.0] for _ in range(groups)]
    for (across, up, group), count in cells.items():
        sums[group][0] += across * count
        sums[group][1] += up * count
        sums[group][2] += count
    return [[round(x / n, 2), round(y / n, 2)] for x, y, n in sums]


def _frame(drawn: OpinionMap) -> tuple[Any, Any]:
    """Return the middle of the picture and half its width and height; never nothing."""
    if not len(drawn.spots):
        return np.zeros(2), np.ones(2)
    low, high = np.quantile(drawn.spots, [0.01, 0.99], axis=0)
    return (low + high) / 2, np.maximum((high - low) / 2 * 1.15, 1e-6)
