"""What a reader of `.pb` files mended or found odd: where, what, and what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Oddity(StrEnum):
    """What was odd; the sentences for it, and for what was done, stand in `words`."""

    BLANK_LINES = "blank_lines"  # passed over
    HEADER_MISSING = "header_missing"  # the usual one was taken
    HEADER_MENDED = "header_mended"  # read whatever its case
    KEY_TWICE = "key_twice"  # a line of META with another value before: the last one was taken
    COLUMN_UNKNOWN = "column_unknown"  # fields behind the last column: left out
    FIELD_MISSING = "field_missing"  # read as empty
    DECIMAL_COMMA = "decimal_comma"  # read as a point
    THOUSANDS = "thousands"  # spaces or marks between digits: left out
    RULE_MISSING = "rule_missing"  # greedy was taken
    RULE_UNKNOWN = "rule_unknown"  # greedy was taken
    RULE_UNTOLD = "rule_untold"  # the file says that nobody knows it: greedy was taken
    VOTE_TYPE_MISSING = "vote_type_missing"  # told from the columns
    VOTES_MISSING = "votes_missing"  # no ballots: the sums stand as the file says
    NUMBER_OF_VOTES = "number_of_votes"  # the ballots were counted
    NUMBER_OF_PROJECTS = "number_of_projects"  # the rows were counted
    EMPTY_CHOICE = "empty_choice"  # a comma too many: left out
    EMPTY_BALLOT = "empty_ballot"  # counted as a voter who picks nothing
    DOUBLE_CHOICE = "double_choice"  # counted once
    BOUNDS = "bounds"  # a ballot of more or less than META allows: counted all the same
    UNKNOWN_PROJECT = "unknown_project"  # the choice was left out
    DOUBLE_VOTER = "double_voter"  # both ballots were counted
    POINTS_MISSING = "points_missing"  # choices without points got none
    POINTS_TOO_MANY = "points_too_many"  # points without a choice were left out
    VOTES_DIFFER = "votes_differ"  # the ballots were counted
    SCORE_DIFFERS = "score_differs"  # the ballots were counted
    SCORING = "scoring"  # which points an order of preference was given
    EXCLUSIVE = "exclusive"  # at most one of these can be selected, as the comment says
    THRESHOLD_TOLD = "threshold_told"  # read from the comment
    THRESHOLD_MISSING = "threshold_missing"  # everybody can be selected
    SECTION_BUDGETS = "section_budgets"  # no plain shares of the whole: one budget for all
    SECTION_BUDGETS_ROUNDED = "section_budgets_rounded"  # more than the whole: taken as they stand
    SECTION_BUDGETS_UNUSED = "section_budgets_unused"  # the file's rule knows one budget for all
    MARK_UNKNOWN = "mark_unknown"  # a published mark that says nothing


@dataclass(frozen=True, kw_only=True)
class Note:
    """One oddity: the first line where it stands (0: the file as a whole), and how often."""

    oddity: Oddity
    line: int = 0
    times: int = 1
    parts: Mapping[str, str] = field(default_factory=dict)


class Notes:
    """Collects notes; what recurs is told once, with how often it was met."""

    def __init__(self) -> None:
        self._notes: dict[tuple[Oddity, str], Note] = {}

    def add(self, oddity: Oddity, line: int = 0, *, once: str = "", **parts: str) -> None:
        """Take a note; notes of one oddity and one `once` are one."""
        key = (oddity, once)
        before = self._notes.get(key)
        if before is None:
            self._notes[key] = Note(oddity=oddity, line=line, parts=parts)
        else:
            self._notes[key] = Note(
                oddity=oddity, line=before.line, times=before.times + 1, parts=before.parts
            )

    def all(self) -> tuple[Note, ...]:
        """Return the notes, by line."""
        return tuple(sorted(self._notes.values(), key=lambda one: (one.line, one.oddity)))
