"""Where one person stands on a map drawn earlier: from their own weighings, without numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

VOTES_TO_COUNT = 7


def own_place(
    values: Mapping[int, int], memory: Mapping[str, Any]
) -> tuple[float, float, int] | None:
    """Return one's place in the picture (0 to 1 across and up) and the nearest group.

    Costs as much as the person weighed. None while they weighed fewer than seven sentences (or
    all there are), as such people are on no map.
    """
    directions, means, centres = memory["directions"], memory["means"], memory["centres"]
    known = {str(claim): value for claim, value in values.items() if str(claim) in directions}
    if not centres or len(known) < min(VOTES_TO_COUNT, len(directions)):
        return None
    push = (len(directions) / len(known)) ** 0.5
    across = push * sum((v - means[claim]) * directions[claim][0] for claim, v in known.items())
    up = push * sum((v - means[claim]) * directions[claim][1] for claim, v in known.items())
    near = min(
        range(len(centres)),
        key=lambda group: (centres[group][0] - across) ** 2 + (centres[group][1] - up) ** 2,
    )
    middle_x, middle_y, half_x, half_y = memory["frame"]
    return (
        _within((across - middle_x) / half_x / 2 + 0.5),
        _within((up - middle_y) / half_y / 2 + 0.5),
        near,
    )


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
