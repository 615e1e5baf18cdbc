"""From places on the plane to groups: k-means in two steps, and how many groups there are.

Up to a hundred base clusters are gathered first; the groups are then sought among them, as the
published method does, so that the second step costs the same for a hundred people and a million.
Of many starts the tightest answer counts: one start can end in a split that nobody would draw.
Without a seed the clusters start at the first different places, in the order they come: so the
published method does after each restart of its server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BASE_CLUSTERS = 100
BASE_ROUNDS = 100
GROUP_ROUNDS = 50
PUBLISHED_ROUNDS = 20
STARTS = 40
STILL = 1e-6
NEARLY_STILL = 0.01
AS_GOOD = 1.01
POINTS_AT_ONCE = 8192


@dataclass(frozen=True)
class Clustering:
    """Which cluster each point belongs to, the clusters' centres, and how loose it all is."""

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    looseness: float


@dataclass(frozen=True)
class Choice:
    """A number of groups, the split into them, and the silhouette of every number tried."""

    split: Clustering
    silhouettes: dict[int, float]


def base_clusters(
    points: NDArray[np.float64], *, seed: int | None, most: int = BASE_CLUSTERS
) -> Clustering:
    """Gather people into at most `most` base clusters; fewer different places stay themselves."""
    distinct, came, inverse = np.unique(points, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(came)
    if len(distinct) <= most:
        place = np.argsort(order)
        return Clustering(place[inverse.reshape(-1)].astype(np.int64), distinct[order], 0.0)
    weights = np.ones(len(points))
    start = (
        distinct[order[:most]]
        if seed is None
        else _spread(points, weights, most, np.random.default_rng(seed))
    )
    return _settle(points, weights, start, BASE_ROUNDS, NEARLY_STILL)


def split_into(
    count: int,
    base: Clustering,
    *,
    seed: int | None,
    earlier: NDArray[np.float64] | None = None,
) -> Clustering:
    """Split base clusters into `count` groups, each base cluster weighing its people.

    Earlier centres win while they are as good as the best within a hundredth: groups that a
    reader knows do not change their members over nothing.
    """
    points = base.centres
    weights = np.bincount(base.labels, minlength=len(points)).astype(np.float64)
    if seed is None:
        return _settle(points, weights, points[:count], PUBLISHED_ROUNDS, NEARLY_STILL)
    chance = np.random.default_rng([seed, count])
    best: Clustering | None = None
    for _ in range(STARTS):
        found = _settle(points, weights, _spread(points, weights, count, chance), GROUP_ROUNDS)
        if best is None or found.looseness < best.looseness:
            best = found
    assert best is not None  # noqa: S101 - there is at least one start
    if earlier is not None and len(earlier) == count:
        known = _settle(points, weights, earlier, GROUP_ROUNDS)
        if len(known.centres) == count and known.looseness <= best.looseness * AS_GOOD:
            return known
    return best


def silhouette(points: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the mean silhouette of clusters (Rousseeuw 1987); a point alone counts 0.

    Every base cluster counts once, however many people it holds: so the published method does.
    """
    apart = _distances(points, points)
    count = int(labels.max()) + 1
    if count < 2:  # noqa: PLR2004 - one cluster has no neighbour
        return 0.0
    belongs = labels[:, None] == np.arange(count)[None, :]
    sizes = belongs.sum(axis=0)
    sums = apart @ belongs
    own = sizes[labels]
    mine = sums[np.arange(len(points)), labels] / np.maximum(own - 1, 1)
    means = sums / sizes
    means[np.arange(len(points)), labels] = np.inf
    next_best = means.min(axis=1)
    wider = np.maximum(mine, next_best)
    scores = np.where(
        (own > 1) & (wider > 0), (next_best - mine) / np.where(wider > 0, wider, 1), 0
    )
    return float(scores.mean())


def better(first: Clustering, tightest: Clustering, base: Clustering) -> Clustering:
    """Return the tightest split where it keeps groups further apart and leaves nobody alone.

    The published clusters went on from moment to moment, and so away from where they started.
    """
    sizes = np.bincount(tightest.labels[base.labels])
    apart = silhouette(base.centres, tightest.labels) > silhouette(base.centres, first.labels)
    return tightest if apart and sizes.min() > 1 else first


def most_groups(base: int, most: int) -> int:
    """Return the largest number of groups tried: two, and one more for every 12 base clusters."""
    return min(most, 2 + base // 12, base)


def _distances(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(
        np.sqrt(((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)), dtype=np.float64
    )


def _nearest(
    points: NDArray[np.float64], centres: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest centre of each point and the square of how far it is."""
    labels = np.empty(len(points), dtype=np.int64)
    squares = np.empty(len(points))
    halves = (centres**2).sum(axis=1)
    for start in range(0, len(points), POINTS_AT_ONCE):
        part = points[start : start + POINTS_AT_ONCE]
        reach = halves[None, :] - 2 * part @ centres.T
        chosen = reach.argmin(axis=1)
        labels[start : start + POINTS_AT_ONCE] = chosen
        squares[start : start + POINTS_AT_ONCE] = reach[np.arange(len(part)), chosen] + (
            part**2
        ).sum(axis=1)
    return labels, np.maximum(squares, 0)


def _spread(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    count: int,
    chance: np.random.Generator,
) -> NDArray[np.float64]:
    """Choose starting centres apart from each other (k-means++, Arthur & Vassilvitskii 2007)."""
    chosen = [int(chance.choice(len(points), p=weights / weights.sum()))]
    squares = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count:
        pull = squares * weights
        if pull.sum() <= 0:
            break
        chosen.append(int(chance.choice(len(points), p=pull / pull.sum())))
        squares = np.minimum(squares, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return np.asarray(points[chosen], dtype=np.float64)


def _settle(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    centres: NDArray[np.float64],
    rounds: int,
    still: float = STILL,
) -> Clustering:
    """Move centres to the middle of what is nearest until they rest; empty ones go away."""
    labels, squares = _nearest(points, centres)
    for _ in range(rounds):
        mass = np.bincount(labels, weights=weights, minlength=len(centres))
        kept = mass > 0
        moved = np.column_stack(
            [
                np.bincount(labels, weights=weights * axis, minlength=len(centres))[kept]
                / mass[kept]
                for axis in points.T
            ]
        )
        resting = len(moved) == len(centres) and float(np.abs(moved - centres).max()) < still
        centres = moved
        labels, squares = _nearest(points, centres)
        if resting:
            break
    used, labels = np.unique(labels, return_inverse=True)
    return Clustering(
        labels.reshape(-1).astype(np.int64), centres[used], float((weights * squares).sum())
    )
