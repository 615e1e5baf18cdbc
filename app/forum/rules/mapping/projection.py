"""From votes to a plane: the two directions along which people differ most.

After Small et al., "Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces"
(2021): what a person did not see counts as the mean of those who did, so that it pulls nowhere;
and because it pulls nowhere, a person is pushed out again by the root of statements over seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.forum.rules.mapping.votes import Votes

DIMENSIONS = 2
ITERATIONS = 500
STILL = 1e-10


@dataclass(frozen=True)
class Plane:
    """A plane through the space of opinions: its centre and two directions over statements."""

    centre: NDArray[np.float64]
    directions: NDArray[np.float64]
    shares: tuple[float, ...]


def find_plane(
    votes: Votes, *, start: NDArray[np.float64] | None = None, unseen_is_zero: bool = False
) -> Plane:
    """Find the plane on which votes spread most, by power iteration.

    What somebody did not see counts as the mean of those who did, or as 0 (`unseen_is_zero`).

    `start` are earlier directions, over the same statements: near an earlier answer the
    iteration is short and the picture does not flip over. Hidden statements must be out.
    """
    if unseen_is_zero:
        people = len(votes.people)
        size = len(votes.statements)
        sums = np.bincount(votes.columns, weights=votes.values, minlength=size)
        centre = sums / max(people, 1)
        gram = votes.scatter(votes.values) - people * np.outer(centre, centre)
    else:
        centre = votes.means()
        gram = votes.scatter(votes.values - centre[votes.columns])
    total = float(np.trace(gram))
    size = len(centre)
    directions = np.zeros((DIMENSIONS, size))
    shares = []
    for place in range(min(DIMENSIONS, size)):
        begin = _beginning(gram, None if start is None else start[place])
        direction, weight = _strongest(gram, begin)
        if start is None and direction.any():
            direction *= np.sign(direction[np.argmax(np.abs(direction))])
        directions[place] = direction
        shares.append(weight / total if total > 0 else 0.0)
        gram = gram - weight * np.outer(direction, direction)
    return Plane(centre, directions, tuple(shares))


def place_people(votes: Votes, plane: Plane) -> NDArray[np.float64]:
    """Return where each person stands on a plane, one row of two a person.

    As the published method does, a hidden statement counts as weighed by everybody, at the
    centre: `votes` are those on shown statements, and their `hidden` says how many there are.
    """
    apart = votes.values - plane.centre[votes.columns]
    spots = np.column_stack(
        [votes.sums_by_person(apart * direction[votes.columns]) for direction in plane.directions]
    )
    seen = votes.seen_by + int(votes.hidden.sum())
    push = np.sqrt(len(votes.statements) / np.maximum(seen, 1))
    return np.asarray(spots * push[:, None], dtype=np.float64)


def _beginning(
    gram: NDArray[np.float64], earlier: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return where to start: the earlier direction, or the column of most scatter."""
    if earlier is not None and earlier.any():
        return earlier
    return np.asarray(gram[np.argmax(np.diag(gram))], dtype=np.float64)


def _strongest(
    gram: NDArray[np.float64], begin: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return the strongest direction of a scatter and its weight; zeros where there is none."""
    length = np.linalg.norm(gram @ begin)
    if length < STILL:
        return np.zeros(len(begin)), 0.0
    direction = gram @ begin / length
    weight = float(length)
    for _ in range(ITERATIONS):
        onward = gram @ direction
        weight = float(np.linalg.norm(onward))
        if weight < STILL:
            return np.zeros(len(begin)), 0.0
        onward = onward / weight
        if np.linalg.norm(onward - direction) < STILL:
            return onward, weight
        direction = onward
    return direction, weight
