"""The map of agreement: from who weighed what to groups, common ground and what divides them.

The one door for numbers in bulk: numpy is imported here and nowhere else, and whoever calls
imports this package where it is used, so that a web worker stays small.
"""

from __future__ import annotations

from app.forum.rules.mapping.engine import (
    PUBLISHED,
    Earlier,
    Group,
    OpinionMap,
    Settings,
    chart,
)
from app.forum.rules.mapping.snapshot import earlier_of, memory, picture
from app.forum.rules.mapping.statistics import Standing, Tally, show_next
from app.forum.rules.mapping.votes import Votes

__all__ = [
    "PUBLISHED",
    "Earlier",
    "Group",
    "OpinionMap",
    "Settings",
    "Standing",
    "Tally",
    "Votes",
    "chart",
    "earlier_of",
    "memory",
    "picture",
    "show_next",
]
