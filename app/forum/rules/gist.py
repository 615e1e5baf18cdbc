"""What was said, in sentences that were really said: chosen by coverage and agreement.

Nothing is written anew. Each sentence is one somebody wrote; it is chosen when it covers much of
what all of them speak of and little of what was chosen before it, and when neighbours agreed.
Words are compared by runs of three jamo, which Korean endings disturb least.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import log2, sqrt
from typing import TYPE_CHECKING

from app.core.korean import jamo

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCES = 7
SHORTEST, LONGEST = 15, 160
RUN = 3
_END = re.compile(r"(?<=[.!?。])\s+|\n+")
_MARKS = re.compile(r"^[#>\-*\s]+|[*_`]+")


@dataclass(frozen=True)
class Said:
    """A sentence of a summary, with where it comes from."""

    opinion_id: int
    stance: str
    text: str
    endorsements: int


@dataclass(frozen=True)
class _Candidate:
    said: Said
    runs: frozenset[str]


def gist_of(opinions: Sequence[tuple[int, str, str, int]], *, most: int = SENTENCES) -> list[Said]:
    """Return up to `most` sentences that together say most, in the order they were chosen.

    `opinions` are (id, stance, text, endorsements). The answer is the same for the same opinions.
    """
    candidates = [one for opinion in opinions for one in _sentences(*opinion)]
    counts = Counter(run for one in candidates for run in one.runs)
    weight = {run: float(count - 1) for run, count in counts.items()}
    chosen: list[Said] = []
    told: set[str] = set()
    while candidates and len(chosen) < most:
        best = max(candidates, key=lambda one: (_gain(one, weight, told), -one.said.opinion_id))
        if _gain(best, weight, told) <= 0:
            break
        chosen.append(best.said)
        told |= best.runs
        candidates = [one for one in candidates if one.said.opinion_id != best.said.opinion_id]
    return chosen


def _gain(one: _Candidate, weight: dict[str, float], told: set[str]) -> float:
    """Return how much a sentence adds for its length, raised by how many agreed with it."""
    news = sum(weight[run] for run in one.runs if run not in told)
    return news / sqrt(max(len(one.runs), 1)) * (1 + log2(1 + one.said.endorsements))


def _sentences(opinion_id: int, stance: str, text: str, endorsements: int) -> list[_Candidate]:
    found = []
    for part in _END.split(text):
        sentence = _MARKS.sub("", part).strip()
        if SHORTEST <= len(sentence) <= LONGEST:
            found.append(
                _Candidate(Said(opinion_id, stance, sentence, endorsements), _runs(sentence))
            )
    return found


def _runs(sentence: str) -> frozenset[str]:
    sounds = jamo("".join(letter for letter in sentence if letter.isalnum()))
    return frozenset(sounds[place : place + RUN] for place in range(len(sounds) - RUN + 1))
