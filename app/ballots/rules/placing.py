"""Where each option of a paper lands: votes, rank, outcome, track by track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ballots.models import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.assemblies.models import Track


@dataclass(frozen=True, kw_only=True)
class Placing:
    """What the count says of one option."""

    votes: int
    rank: int
    outcome: Outcome


def count_picks(papers: Iterable[Sequence[int]], positions: Iterable[int]) -> dict[int, int]:
    """Return how many papers chose each position."""
    votes = dict.fromkeys(positions, 0)
    for paper in papers:
        for position in paper:
            votes[position] += 1
    return votes


def rank_track(votes: Mapping[int, int], seats: int) -> dict[int, Placing]:
    """Return ranks and outcomes of one track's options by their votes.

    Equal votes share a rank and the next is skipped (1, 2, 2, 4). Where more options share the
    last seat than there are seats left, all of them are TIED and none is chosen silently. An
    option that nobody chose is not selected.
    """
    placings = {}
    for position, count in votes.items():
        ahead = sum(other > count for other in votes.values())
        equal = sum(other == count for other in votes.values())
        if count == 0 or ahead >= seats:
            outcome = Outcome.NOT_SELECTED
        elif ahead + equal <= seats:
            outcome = Outcome.SELECTED
        else:
            outcome = Outcome.TIED
        placings[position] = Placing(votes=count, rank=ahead + 1, outcome=outcome)
    return placings


def place_options(
    votes: Mapping[int, int],
    tracks: Mapping[int, Track],
    seats: Mapping[Track, int],
    *,
    is_quorate: bool,
) -> dict[int, Placing]:
    """Return every option's placing, track by track; below the quorum nothing is selected."""
    placings: dict[int, Placing] = {}
    for track, count in seats.items():
        own = {position: n for position, n in votes.items() if tracks[position] is track}
        placings |= rank_track(own, count if is_quorate else 0)
    return placings
