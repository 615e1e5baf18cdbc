"""Budgets of parts of a town or of kinds of projects, as a file's META lists them."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from app.ballots.rules.counting.formats.pabulib.sums import NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The line with the budgets, the line with the names in the same order, the column of PROJECTS.
_LISTS = (
    ("budget_per_neighborhood", "neighborhoods", "neighborhood"),
    ("budget_per_neighbourhood", "neighborhoods", "neighborhood"),
    ("budget_per_category", "categories", "category"),
)


def budget_line(meta: Mapping[str, str]) -> str:
    """Return the line of META that tells budgets of parts; empty where none does."""
    return next((key for key, _, _ in _LISTS if _split(meta.get(key, ""))), "")


class Shares(NamedTuple):
    """The line of META that tells them, the column of a section's projects, and its budget."""

    key: str = ""
    column: str = ""
    budgets: Mapping[str, Fraction] = MappingProxyType({})


def section_budgets(
    meta: Mapping[str, str], rows: Mapping[str, Mapping[str, str]], budget: Fraction
) -> Shares:
    """Return the budgets of sections, none where the file's are no plain shares of the whole.

    They are where there are as many numbers as names, every project is in one of them, and they
    are together not more than there is, but for rounding.
    """
    for key, names_key, column in _LISTS:
        names = _split(meta.get(names_key, ""))
        amounts = _split(meta.get(key, ""))
        if not amounts or len(names) != len(set(names)) or len(amounts) != len(names):
            continue
        if not all(NUMBER.fullmatch(amount) for amount in amounts):
            continue
        budgets = dict(zip(names, map(Fraction, amounts), strict=True))
        used = {fields.get(column, "") for fields in rows.values()}
        if used <= set(budgets) and _fits(amounts, len(used), budget):
            return Shares(key, column, budgets)
    return Shares()


def _fits(amounts: Sequence[str], used: int, budget: Fraction) -> bool:
    """Say whether shares are together not more than the whole, but for rounding.

    Amsterdam's four of 300,000 add up to 300,001. Each may be rounded up by half a unit of the last
    place that is written, those of sections without projects apart, and all of them together by a
    thousandth of the whole.
    """
    places = max(len(amount.partition(".")[2].rstrip("0")) for amount in amounts)
    excess = sum(map(Fraction, amounts)) - budget
    return excess <= 0 or (excess * 2 * 10**places <= used and excess * 1000 <= budget)


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.strip(" []").split(",") if one.strip()]
