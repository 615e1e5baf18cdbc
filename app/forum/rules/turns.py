"""Which sentence someone weighs next: in a fair order, light enough for a page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNDER_SEEN = 15
FRACTION = 2**64


@dataclass(frozen=True)
class Turn:
    """A sentence that may come next, with how it was weighed so far."""

    claim_id: int
    agreed: int
    disagreed: int
    seen: int


def chosen_next(
    turns: Sequence[Turn], worth: Mapping[int, float], *, person_id: int, weighed: int
) -> int | None:
    """Return the sentence that comes next for someone, None when they weighed all.

    Each is drawn with a chance that grows with its worth on the map, or with how little it was
    seen where the map does not know it yet. The draw depends on the person and on how many they
    weighed: the page shows the same sentence when it is loaded again, and people get different
    orders, so that no sentence is always the tenth.
    """
    if not turns:
        return None
    chances = [max(worth.get(one.claim_id, 0.0), _freshness(one)) for one in turns]
    drawn = _draw(person_id, weighed) * sum(chances)
    for one, chance in zip(turns, chances, strict=True):
        drawn -= chance
        if drawn < 0:
            return one.claim_id
    return turns[-1].claim_id


def is_under_seen(seen: int) -> bool:
    """Say whether too few people weighed a sentence to say anything of it."""
    return seen < UNDER_SEEN


def _freshness(one: Turn) -> float:
    """Return the published measure of interest with no map at hand: extremity counts nothing."""
    passed = one.seen - one.agreed - one.disagreed
    interest = (1 - (passed + 1) / (one.seen + 2)) * (one.agreed + 1) / (one.seen + 2)
    return float((interest * (1 + 8 * 2 ** (-one.seen / 5))) ** 2)


def _draw(person_id: int, weighed: int) -> float:
    digest = hashlib.blake2b(f"{person_id}:{weighed}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / FRACTION
