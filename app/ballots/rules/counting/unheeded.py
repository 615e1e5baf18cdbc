"""What a file says of its counting and the rule by which it is counted passes over: to be told.

What would make a selection void is refused (`register`); a budget beside a count by votes is not,
as people compare rules, but nobody shall take the outcome for one within the budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.formats.pabulib.exclusive import speaks_of_exclusion
from app.ballots.rules.counting.formats.pabulib.terms import RULES as PABULIB_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.ballots.rules.counting.files import ReadFile
    from app.ballots.rules.counting.formats.pabulib import PabulibFile

CUSTOM = "greedy-custom"


class Term(StrEnum):
    """A part of a file that decides who is selected; the words for it stand in `words`."""

    BUDGET = "budget"
    THRESHOLD = "threshold"
    RIVALS = "rivals"
    PARTS = "budgets_of_parts"
    LEFTOVER = "leftover_budget"
    FOUR_FIFTHS = "four_fifths"


@dataclass(frozen=True)
class Unheeded:
    """A term that was passed over, with its figure where it has one."""

    term: Term
    figure: Fraction | None = None


def passed_over(file: ReadFile, rule: str) -> tuple[Unheeded, ...]:
    """Return what a file says and this rule passes over; what its reader noted is told there."""
    election, spends = file.election, rule in PABULIB_RULES
    is_greedy = spends and not rule.startswith("equalshares")
    told = []
    if election.budget is not None and not spends:
        told.append(Unheeded(Term.BUDGET, election.budget))
    if file.source and file.source.threshold and not spends:
        told.append(Unheeded(Term.THRESHOLD, file.source.threshold))
    if _speaks_of_rivals(file) and not (is_greedy and _names_rivals(file)):
        told.append(Unheeded(Term.RIVALS))
    if file.source and rule != CUSTOM:
        told += map(Unheeded, _customs(file.source))
    return tuple(told)


def _names_rivals(file: ReadFile) -> bool:
    return any(one.rivals for one in file.election.candidates)


def _speaks_of_rivals(file: ReadFile) -> bool:
    comment = file.source.meta.get("comment", "") if file.source else ""
    return _names_rivals(file) or speaks_of_exclusion(comment)


def _customs(source: PabulibFile) -> Iterator[Term]:
    """Yield what a city does by custom, which only a rule of that name heeds."""
    if source.rule == CUSTOM and source.section_budgets:
        yield Term.PARTS
    if source.is_of_poznan:
        yield Term.FOUR_FIFTHS
    if source.meta.get("leftover_budget"):
        yield Term.LEFTOVER
