"""Budgets of parts of a town or of kinds of projects, as a file's META lists them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.formats.pabulib.sums import NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

# The line with the budgets, the line with the names in the same order, the column of PROJECTS.
_LISTS = (
    ("budget_per_neighborhood", "neighborhoods", "neighborhood"),
    ("budget_per_neighbourhood", "neighborhoods", "neighborhood"),
    ("budget_per_category", "categories", "category"),
)


def budget_line(meta: Mapping[str, str]) -> str:
    """Return the line of META that tells budgets of parts; empty where none does."""
    return next((key for key, _, _ in _LISTS if _split(meta.get(key, ""))), "")


def section_budgets(
    meta: Mapping[str, str], rows: Mapping[str, Mapping[str, str]], budget: Fraction
) -> tuple[str, dict[str, Fraction]]:
    """Return the column that tells a project's section, and each section's budget.

    Nothing of both where the file names none, or where the budgets are no plain shares of the
    whole: as many numbers as names, every project in one of them, and together not more than there
    is but for rounding, which is less than one for each.
    """
    for key, names_key, column in _LISTS:
        names = _split(meta.get(names_key, ""))
        amounts = _split(meta.get(key, ""))
        if not amounts or len(names) != len(set(names)) or len(amounts) != len(names):
            continue
        if not all(NUMBER.fullmatch(amount) for amount in amounts):
            continue
        budgets = dict(zip(names, map(Fraction, amounts), strict=True))
        is_whole = all(fields.get(column) in budgets for fields in rows.values())
        if is_whole and sum(budgets.values()) - budget < len(budgets):
            return column, budgets
    return "", {}


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.strip(" []").split(",") if one.strip()]
