"""What a group stands for, where all agree, what divides, and what to show next.

The tests are those of the published method: one proportion against a half, two proportions
against each other, each with one vote added, significant from z = 1.2816 (90 %, one-sided).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from app.forum.rules.mapping.votes import Votes

SIGNIFICANT = 1.2816
MOST_REPRESENTATIVE = 5
MOST_CONSENSUS = 5
HALF = 0.5


@dataclass(frozen=True)
class Tally:
    """How many agreed, disagreed and saw each statement, one row a group."""

    agreed: NDArray[np.int64]
    disagreed: NDArray[np.int64]
    seen: NDArray[np.int64]

    @classmethod
    def of(cls, votes: Votes, labels: NDArray[np.int64], groups: int) -> Tally:
        """Count the votes of each group; people without one (label −1) count nowhere."""
        of_vote = labels[votes.rows]
        counted = of_vote >= 0
        size = len(votes.statements)
        cell = of_vote[counted] * size + votes.columns[counted]
        value = votes.values[counted]

        def table(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(cell[chosen], minlength=groups * size).reshape(groups, size)

        return cls(table(value > 0), table(value < 0), table(np.ones(len(cell), dtype=bool)))


@dataclass(frozen=True)
class Standing:
    """Why a statement stands for a group: the side, the votes, and how far from the others."""

    statement: str
    agrees: bool
    votes: int
    seen: int
    share: float
    share_elsewhere: float
    lift: float
    surprise: float


def one_proportion(hits: NDArray[np.int64], seen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the z-score of a share against one half, one vote added."""
    return np.asarray(2 * np.sqrt(seen + 1) * ((hits + 1) / (seen + 1) - HALF), dtype=np.float64)


def two_proportions(
    hits: NDArray[np.int64],
    seen: NDArray[np.int64],
    other_hits: NDArray[np.int64],
    other_seen: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the z-score of a share against another share, one vote added to each."""
    first, second = (hits + 1) / (seen + 1), (other_hits + 1) / (other_seen + 1)
    pooled = (hits + other_hits + 2) / (seen + other_seen + 2)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / (seen + 1) + 1 / (other_seen + 1)))
    return np.asarray(
        np.divide(first - second, spread, out=np.zeros_like(spread), where=spread > 0),
        dtype=np.float64,
    )


def representative(
    tally: Tally, group: int, statements: Sequence[str], hidden: NDArray[np.bool_]
) -> tuple[Standing, ...]:
    """Return up to five statements that set a group apart, what it agrees with first.

    A statement counts where the group's side is significant against a half and against everybody
    else; where none is, the one furthest from the others stands alone.
    """
    rest_seen = tally.seen.sum(axis=0) - tally.seen[group]
    seen = tally.seen[group]
    sides = []
    for hits in (tally.agreed, tally.disagreed):
        mine, others = hits[group], hits.sum(axis=0) - hits[group]
        share, elsewhere = (mine + 1) / (seen + 2), (others + 1) / (rest_seen + 2)
        sides.append(
            (
                mine,
                share,
                elsewhere,
                share / elsewhere,
                one_proportion(mine, seen),
                two_proportions(mine, seen, others, rest_seen),
            )
        )
    agree_first = sides[0][5] > sides[1][5]
    mine, share, elsewhere, lift, firm, apart = (
        np.where(agree_first, yes, no) for yes, no in zip(*sides, strict=True)
    )
    asked = (seen > 0) & ~hidden
    sufficient = asked & (firm > SIGNIFICANT) & (apart > SIGNIFICANT)
    if sufficient.any():
        strength = lift * apart * share * firm
        chosen = [int(one) for one in np.argsort(-strength, kind="stable") if sufficient[one]]
    else:
        ranked = np.where(asked, apart, -np.inf)
        chosen = [int(ranked.argmax())] if asked.any() else []
    best = sorted(chosen[:MOST_REPRESENTATIVE], key=lambda one: not agree_first[one])
    return tuple(
        Standing(
            statement=statements[one],
            agrees=bool(agree_first[one]),
            votes=int(mine[one]),
            seen=int(seen[one]),
            share=float(share[one]),
            share_elsewhere=float(elsewhere[one]),
            lift=float(lift[one]),
            surprise=float(apart[one]),
        )
        for one in best
    )


def group_informed_consensus(tally: Tally) -> NDArray[np.float64]:
    """Return for each statement how surely every group agrees: the product of their shares."""
    return np.asarray(((tally.agreed + 1) / (tally.seen + 2)).prod(axis=0), dtype=np.float64)


def agreement(tally: Tally) -> NDArray[np.float64]:
    """Return for each statement the share that agrees, in the group where it is smallest."""
    return np.asarray(((tally.agreed + 1) / (tally.seen + 2)).min(axis=0), dtype=np.float64)


def common_ground(tally: Tally, hidden: NDArray[np.bool_]) -> list[int]:
    """Return up to five statements on which every group agrees, the surest first.

    In each group more than half must agree; over all, the share must be significant.
    """
    firm = one_proportion(tally.agreed.sum(axis=0), tally.seen.sum(axis=0)) > SIGNIFICANT
    shared = (agreement(tally) > HALF) & firm & ~hidden
    ranked = np.argsort(-group_informed_consensus(tally), kind="stable")
    return [int(one) for one in ranked if shared[one]][:MOST_CONSENSUS]


def dividing(tally: Tally, hidden: NDArray[np.bool_]) -> list[tuple[int, float]]:
    """Return the statements that divide the groups, with how far apart the furthest two are.

    Distance is the difference of agreement less disagreement, 0 to 2; the furthest two must
    differ significantly.
    """
    lean = (tally.agreed - tally.disagreed) / (tally.seen + 2)
    gap = lean.max(axis=0) - lean.min(axis=0)
    high, low = lean.argmax(axis=0), lean.argmin(axis=0)
    column = np.arange(lean.shape[1])
    surprise = two_proportions(
        tally.agreed[high, column],
        tally.seen[high, column],
        tally.agreed[low, column],
        tally.seen[low, column],
    )
    told = (surprise > SIGNIFICANT) & (gap > HALF) & ~hidden
    return [(int(one), float(gap[one])) for one in np.argsort(-gap, kind="stable") if told[one]]


def show_next(
    agreed: NDArray[np.int64],
    disagreed: NDArray[np.int64],
    seen: NDArray[np.int64],
    extremity: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how much it is worth to show each statement next, as the published method weighs it.

    Agreed with, seldom passed over and far out counts; little-seen ones are raised by
    1 + 8·2^(−seen/5), so that a new statement gets its chance; the whole is squared.
    """
    passed = seen - agreed - disagreed
    interest = (1 - (passed + 1) / (seen + 2)) * (extremity + 1) * ((agreed + 1) / (seen + 2))
    return np.asarray((interest * (1 + 8 * 2.0 ** (-seen / 5))) ** 2, dtype=np.float64)
