"""Who of equals goes first or last in a count by rounds: earlier rounds first, then the rule.

Source: the Scottish Local Government Elections Order (2007 and 2011), which looks at the most
recent earlier stage at which the candidates were not equal, and only then draws lots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ballots.rules.counting.outcome import Tie, TieKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.ties import TieBreak


def settle_among(
    tied: Sequence[str],
    earlier: Sequence[Mapping[str, Fraction]],
    kind: TieKind,
    *,
    ties: TieBreak,
    candidates: Mapping[str, Candidate],
) -> Tie:
    """Return a tie of several candidates for one thing, settled if it can be.

    `earlier` is how everybody stood in the rounds before, the first one first; the present round
    is the one after. For an elimination the last of `settled` leaves, otherwise its first goes.
    """
    lowest = kind is TieKind.ELIMINATION
    left = list(tied)
    for back in range(len(earlier), 0, -1):
        standing = earlier[back - 1]
        edge = (min if lowest else max)(standing[one] for one in left)
        left = [one for one in left if standing[one] == edge]
        if len(left) == 1:
            others = tuple(one for one in tied if one not in left)
            settled = (*others, *left) if lowest else (*left, *others)
            return _tie(tied, kind, ties, settled, round_=len(earlier) + 1, earlier=back)
    places = len(left) - 1 if lowest else 1
    settled = ties.settle(left, candidates, places=places) or ()
    if settled:
        others = tuple(one for one in tied if one not in left)
        settled = (*others, *settled) if lowest else (*settled, *others)
    return _tie(tied, kind, ties, settled, round_=len(earlier) + 1)


def _tie(
    tied: Sequence[str],
    kind: TieKind,
    ties: TieBreak,
    settled: tuple[str, ...],
    *,
    round_: int,
    earlier: int = 0,
) -> Tie:
    return Tie(
        candidates=tuple(tied),
        places=1,
        rule=ties.rule,
        settled=settled,
        number=ties.number,
        kind=kind,
        round=round_,
        earlier=earlier,
    )
