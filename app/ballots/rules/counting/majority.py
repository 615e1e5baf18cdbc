"""The share of votes that a decision needs, compared exactly: half is not more than half."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Base(StrEnum):
    """Of what a majority is a majority."""

    PARTICIPANTS = "participants"  # whoever took part, abstentions too
    VOTES = "votes"  # yes and no, or all votes for somebody
    ROLL = "roll"  # whoever could have taken part


@dataclass(frozen=True, kw_only=True)
class Majority:
    """A share of a base; `strictly` more than it (과반), or at least as much (3분의 2 이상)."""

    share: Fraction = Fraction(1, 2)
    strictly: bool = True
    base: Base = Base.PARTICIPANTS

    def is_reached(self, votes: Fraction, base: Fraction) -> bool:
        """Say whether some votes are enough; of nothing nothing is enough."""
        if base <= 0:
            return False
        return votes > self.share * base if self.strictly else votes >= self.share * base

    def needed(self, base: Fraction) -> int:
        """Return the least whole number of votes that is enough."""
        floor = (self.share * base).__floor__()
        return floor + 1 if self.strictly or floor < self.share * base else floor


MORE_THAN_HALF = Majority()
