"""What was said, in sentences that were really said: chosen by coverage and agreement.

Nothing is written anew. Each sentence is one somebody wrote; it is chosen when it covers much of
what all of them speak of and little of what was chosen before it, and when neighbours agreed.
Words are compared by runs of three jamo, which Korean endings disturb least.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import log2, sqrt

from app.core.korean import jamo

SENTENCES = 7
SENTENCES_HEARD = 20  # of one opinion, from its beginning
TOPICS_KEPT = 16
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


@lru_cache(maxsize=TOPICS_KEPT)
def gist_of(
    opinions: tuple[tuple[int, str, str, int], ...], *, most: int = SENTENCES
) -> tuple[Said, ...]:
    """Return up to `most` sentences that together say most, in the order they were chosen.

    `opinions` are (id, stance, text, endorsements). The answer is the same for the same opinions,
    and is kept for those asked last. What a sentence adds only shrinks as others are chosen, so
    one that is still the best when it is weighed again is the best of all.
    """
    candidates = [one for opinion in opinions for one in _sentences(*opinion)]
    counts = Counter(run for one in candidates for run in one.runs)
    weight = {run: float(count - 1) for run, count in counts.items()}
    chosen: list[Said] = []
    told: set[str] = set()
    heard: set[int] = set()
    waiting = [
        (-_gain(one, weight, told), one.said.opinion_id, place)
        for place, one in enumerate(candidates)
    ]
    heapify(waiting)
    while waiting and len(chosen) < most:
        _gained, opinion_id, place = heappop(waiting)
        if opinion_id in heard:
            continue
        best = candidates[place]
        again = (-_gain(best, weight, told), opinion_id, place)
        if again[0] >= 0:
            continue
        if waiting and again > waiting[0]:
            heappush(waiting, again)
            continue
        chosen.append(best.said)
        told |= best.runs
        heard.add(opinion_id)
    return tuple(chosen)


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
    return found[:SENTENCES_HEARD]


def _runs(sentence: str) -> frozenset[str]:
    sounds = jamo("".join(letter for letter in sentence if letter.isalnum()))
    return frozenset(sounds[place : place + RUN] for place in range(len(sounds) - RUN + 1))
