"""What the forum computes: pure, told the time; what needs numpy stands apart in `mapping`."""

from __future__ import annotations

from app.forum.rules.phases import (
    CLAIMS_PER_DAY,
    OPINIONS_PER_DAY,
    REPLIES_PER_DAY,
    Phase,
    day_began,
    dong_of,
    phase_of,
)

__all__ = [
    "CLAIMS_PER_DAY",
    "OPINIONS_PER_DAY",
    "REPLIES_PER_DAY",
    "Phase",
    "day_began",
    "dong_of",
    "phase_of",
]
