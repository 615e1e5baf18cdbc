"""Count a `.pb` file by its own rule, and hold the outcome against what the city published."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import NONE, ONE
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.formats.pabulib.exclusive import speaks_of_exclusion
from app.ballots.rules.counting.formats.pabulib.sums import published_sums
from app.ballots.rules.counting.formats.pabulib.terms import RULES, known_word
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.greedy import BY_PAPER, GreedyRule, count_greedy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.ballots.rules.counting.formats.pabulib.file import PabulibFile
    from app.ballots.rules.counting.outcome import Count
    from app.ballots.rules.counting.ties import TieBreak

FOUR_FIFTHS = Fraction(4, 5)  # Poznań pays its last project if so much of its cost is left
OWN_LIMITS = re.compile(r"(budget|cost)_per_(neighbou?rhood|category)|leftover_budget")


class Reason(StrEnum):
    """Why a count may differ from what was published, as far as the file tells."""

    SPECIAL_MARKS = "special_marks"
    FULLY_FUNDED = "fully_funded"
    OVER_BUDGET = "over_budget"  # what was published costs more than there is
    TIE = "tie"
    SUMS = "sums"  # it comes out as published with the file's own sums
    OTHER_RULE = "other_rule"  # it comes out as published by another rule
    EXCLUSIVE = "exclusive"  # the comment speaks of projects that shut each other out
    RULE_UNTOLD = "rule_untold"  # the file names no rule that is known here
    OWN_LIMITS = "own_limits"  # budgets for parts of the town or kinds of projects
    COMMENT = "comment"
    UNEXPLAINED = "unexplained"


# Reasons that leave something to ask, so that a comment is worth reading beside them.
_LEAVE_SOMETHING_OPEN = {Reason.OVER_BUDGET, Reason.FULLY_FUNDED, Reason.TIE, Reason.RULE_UNTOLD}


@dataclass(frozen=True)
class Difference:
    """Who was selected only here, who only by the city, and why that may be."""

    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    reasons: tuple[Reason, ...]
    rule: str = ""  # the other rule by which it comes out as published


def count_pabulib(
    file: PabulibFile,
    rule: str = "",
    ties: TieBreak = BY_PAPER,
    sums: Mapping[str, Fraction] | None = None,
) -> Count:
    """Count a file by a rule of the format, its own if none is named.

    Raises FormatError where the rule needs ballots and the file holds none.
    """
    rule = rule or file.rule
    if rule not in RULES:
        raise ValueError(f"not a rule of the format: {rule}")
    candidates = file.election.candidates
    if rule.startswith("equalshares"):
        if not file.valued:
            raise FormatError(1, 1, "a section VOTES, which Equal Shares cannot do without")
        return count_equal_shares(
            candidates,
            file.valued,
            SharesRule(
                budget=file.budget,
                add=ONE if "add1" in rule else None,
                compare=rule.endswith("-comparison"),
                threshold=file.threshold,
                ties=ties,
            ),
        )
    is_custom = rule == "greedy-custom"
    by_four_fifths = is_custom and file.is_of_poznan
    sections = file.section_budgets if is_custom and file.rule == rule else {}
    if sections:
        candidates = tuple(replace(one, section=file.sections[one.id]) for one in candidates)
    goes_on = file.fills_up if is_custom else rule != "greedy-no-skip"
    return count_greedy(
        candidates,
        file.sums if sums is None else sums,
        GreedyRule(
            budget=file.budget,
            skip=goes_on and not by_four_fifths and not sections,
            enough=FOUR_FIFTHS if by_four_fifths else ONE,
            threshold=file.threshold,
            ties=ties,
            sections=sections,
            rounded=True,
            spends_rest=goes_on and bool(sections),
        ),
    )


def difference(
    file: PabulibFile, count: Count, rule: str = "", ties: TieBreak = BY_PAPER
) -> Difference | None:
    """Say how a count differs from what the city published, None if it does not.

    The file has to hold published marks.
    """
    rule = rule or file.rule
    published, selected = set(file.published), set(count.selected)
    if published == selected:
        return None
    only_here = tuple(one for one in count.selected if one not in published)
    only_there = tuple(one for one in file.published if one not in selected)
    apart = published ^ selected
    other = _other_rule(file, rule, ties)
    comment = file.meta.get("comment", "")
    theirs = published_sums(file.rows, file.vote_type)
    by_their_sums = (
        rule.startswith("greedy")
        and theirs != file.sums
        and published == set(count_pabulib(file, rule, ties, theirs).selected)
    )
    told = {
        Reason.SPECIAL_MARKS: any(mark > 1 for mark in file.marks.values()),
        Reason.FULLY_FUNDED: file.meta.get("fully_funded", "") not in ("", "0"),
        Reason.OVER_BUDGET: _cost(file, published) > max(file.budget, _cost(file, selected)),
        Reason.TIE: any(apart & set(tie.candidates) for tie in count.ties),
        Reason.SUMS: by_their_sums,
        Reason.OTHER_RULE: bool(other) and not by_their_sums,
        Reason.EXCLUSIVE: file.rule == "greedy-exclusive" or speaks_of_exclusion(comment),
        Reason.RULE_UNTOLD: not known_word(file.meta.get("rule", ""), RULES),
        Reason.OWN_LIMITS: any(OWN_LIMITS.search(key) for key in file.meta),
    }
    reasons = tuple(reason for reason, holds in told.items() if holds)
    if comment and set(reasons) <= _LEAVE_SOMETHING_OPEN:
        reasons += (Reason.COMMENT,)
    return Difference(only_here, only_there, reasons or (Reason.UNEXPLAINED,), other)


def _cost(file: PabulibFile, selected: Collection[str]) -> Fraction:
    return sum((one.cost for one in file.election.candidates if one.id in selected), NONE)


def _other_rule(file: PabulibFile, rule: str, ties: TieBreak) -> str:
    """Return another greedy rule by which a count comes out as published, if there is one."""
    for other in ("greedy", "greedy-no-skip"):
        selected = count_pabulib(file, other, ties).selected
        if other != rule and set(selected) == set(file.published):
            return other
    return ""
