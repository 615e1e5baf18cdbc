"""How alike two Korean sentences are: by their letters' sounds, blanks aside.

The one door for rapidfuzz; imported where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from app.core.korean import jamo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ALIKE = 80.0
SHOWN = 3


def alike(
    texts: Mapping[int, str], asked: Iterable[int], *, least: float = ALIKE
) -> dict[int, list[tuple[int, int]]]:
    """Return what says nearly the same as each text asked about, the likest first, 0 to 100.

    Sentences are compared as jamo in canonical decomposition, so that 걸어요 and 걸었어요 differ by
    a few sounds and not by whole syllables; the order of words counts little. A hundred asked
    about among five hundred take some tenths of a second.
    """
    spaced = {key: jamo(" ".join(text.split())) for key, text in texts.items()}
    joined = {key: sounds.replace(" ", "") for key, sounds in spaced.items()}
    found = {}
    for one in asked:
        scores: dict[int, float] = {}
        for sounds, scorer in ((joined, fuzz.ratio), (spaced, fuzz.token_sort_ratio)):
            near = process.extract(
                sounds[one], sounds, scorer=scorer, score_cutoff=least, limit=SHOWN + 1
            )
            for _, score, key in near:
                scores[key] = max(score, scores.get(key, 0))
        scores.pop(one, None)
        likest = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
        found[one] = [(key, round(score)) for key, score in likest]
    return found
