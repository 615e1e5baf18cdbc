"""How many must take part, in whole people and always rounded up.

Sources: the by-laws of resident assemblies name a share of the population (0.5 %, 1 % of those
aged 16 and over), a multiple of the committee's seats (정원의 3배), or nothing; a committee sits
with more than half of its members and decides with more than half of those present.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable


def share_of(population: int, share: Fraction) -> int:
    """Return a share of a population, rounded up: 1 % of 25,001 is 251.

    `share` is exact (`Fraction(5, 1000)` is 0.5 %). Raises ValueError outside 0 to 1.
    """
    if population < 0 or not 0 <= share <= 1:
        raise ValueError("a quorum is a share from 0 to 1 of a population")
    return -(-population * share.numerator // share.denominator)


def times_seats(seats: int, times: int) -> int:
    """Return a multiple of the committee's seats: 24 seats, three times, is 72."""
    if seats < 0 or times < 0:
        raise ValueError("seats and their multiple are not negative")
    return seats * times


def more_than_half(people: int) -> int:
    """Return the smallest number that is more than half of some people: 16 of 30."""
    if people < 0:
        raise ValueError("people are not negative")
    return people // 2 + 1


def distinct(*channels: Iterable[Hashable]) -> int:
    """Return how many people took part by any channel; whoever came twice is one person."""
    return len({person for channel in channels for person in channel})
