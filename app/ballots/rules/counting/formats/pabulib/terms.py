"""The words of the format: kinds of votes, rules, headers."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BY_PICKS, BY_POINTS = ("approval", "choose-1"), ("cumulative", "scoring")
VOTE_TYPES = (*BY_PICKS, *BY_POINTS, "ordinal")
RULES = (
    "greedy",
    "greedy-no-skip",
    "greedy-threshold",
    "greedy-exclusive",
    "greedy-custom",
    "equalshares",
    "equalshares-comparison",
    "equalshares/add1",
    "equalshares/add1-comparison",
)
WITHDRAWN_COST = Fraction(999_999_999)  # published for projects that were taken back
USUAL_HEADERS = {
    "META": ("key", "value"),
    "PROJECTS": ("project_id", "cost", "votes", "name"),
    "VOTES": ("voter_id", "vote"),
}
# What decides who is selected; a second, other value of it is no slip to pass over.
DECIDING = (
    *("budget", "rule", "vote_type", "min_project_score_threshold", "leftover_budget"),
    *("budget_per_neighborhood", "budget_per_neighbourhood", "budget_per_category"),
    *("neighborhoods", "categories", "scoring_fn", "default_score"),
)
READ_COLUMNS = (
    *("project_id", "cost", "votes", "score", "selected", "neighborhood", "category"),
    *("voter_id", "vote", "points", "vote_strength"),
)
NEEDED_COLUMNS = {"PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}


def value_of(fields: Sequence[str]) -> str:
    """Return a value that may hold semicolons, without those that a spreadsheet left behind it."""
    last = max((place for place, one in enumerate(fields) if one), default=-1)
    return ";".join(fields[: last + 1])


def known_word(text: str, words: Sequence[str]) -> str:
    """Return which of these words a file means, however it is spaced and joined; empty if none."""
    plain = re.sub(r"[\s_-]+", "", text.lower())
    return next((one for one in words if one.replace("-", "") == plain), "")


def key_of(text: str) -> str:
    """Return a column's or a key's name as the format writes it."""
    return re.sub(r"[\s-]+", "_", text.strip().lower())
