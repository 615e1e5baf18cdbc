"""How alike two Korean sentences are: by their letters' sounds, blanks aside.

The one door for rapidfuzz; imported where it is used.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from app.core.korean import jamo

if TYPE_CHECKING:
    from collections.abc import Mapping

ALIKE = 80.0
SHOWN = 3


def alike(text: str, others: Mapping[int, str], *, least: float = ALIKE) -> list[tuple[int, int]]:
    """Return which of the others say nearly the same, the likest first, with 0 to 100.

    Sentences are compared as jamo in canonical decomposition, so that 걸어요 and 걸었어요 differ by
    a few sounds and not by whole syllables; the order of words counts little.
    """
    found = process.extract(
        _sounds(text),
        {key: _sounds(other) for key, other in others.items()},
        scorer=_likeness,
        score_cutoff=least,
        limit=SHOWN,
    )
    return [(key, round(score)) for _, score, key in found]


@lru_cache(maxsize=1024)
def _sounds(text: str) -> str:
    return jamo(" ".join(text.split()))


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """Return the likeness of two strings of jamo, in any order of their words."""
    return max(
        fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""), score_cutoff=score_cutoff),
        fuzz.token_sort_ratio(one, other, score_cutoff=score_cutoff),
    )
