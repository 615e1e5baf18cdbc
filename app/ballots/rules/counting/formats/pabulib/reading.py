"""Read a `.pb` file (Pabulib): what stood to vote, the ballots, and what the city published."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import (
    NONE,
    Approval,
    Candidate,
    Election,
    Ranking,
    Scoring,
)
from app.ballots.rules.counting.formats.pabulib.bounds import broken_bounds
from app.ballots.rules.counting.formats.pabulib.comments import threshold_told
from app.ballots.rules.counting.formats.pabulib.exclusive import exclusive_groups
from app.ballots.rules.counting.formats.pabulib.file import PabulibFile
from app.ballots.rules.counting.formats.pabulib.notes import Notes, Oddity
from app.ballots.rules.counting.formats.pabulib.numbers import decimal, loose_number
from app.ballots.rules.counting.formats.pabulib.rows import SECTIONS, Row, Section, read_sections
from app.ballots.rules.counting.formats.pabulib.sections import budget_line, section_budgets
from app.ballots.rules.counting.formats.pabulib.sums import (
    NUMBER,
    counted_sums,
    named_sums,
    published_sums,
)
from app.ballots.rules.counting.formats.pabulib.terms import (
    BY_PICKS,
    DECIDING,
    NEEDED_COLUMNS,
    READ_COLUMNS,
    RULES,
    USUAL_HEADERS,
    VOTE_TYPES,
    WITHDRAWN_COST,
    key_of,
    known_word,
    value_of,
)
from app.ballots.rules.counting.formats.pabulib.votes import VoteReader
from app.ballots.rules.counting.formats.reading import (
    MOST_BALLOTS,
    MOST_CANDIDATES,
    FormatError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def read_pabulib(text: str) -> PabulibFile:
    """Read a `.pb` file, mend what can be mended, and tell it in the notes.

    Raises FormatError (line, column, what was expected) where it cannot be understood.
    """
    return _Reader(text).file()


def _pair(row: Row) -> tuple[str, tuple[str, int]]:
    """Return a row of META as key, value and line; some are written with a colon between them."""
    key, *rest = row.fields
    if not rest:
        key, _, value = key.partition(":")
        rest = [value.strip()]
    return key_of(key), (value_of(rest), row.line)


class _Reader:
    def __init__(self, text: str) -> None:
        self.notes = Notes()
        self.sections, blank, self.last_line = read_sections(text)
        for line in blank:
            self.notes.add(Oddity.BLANK_LINES, line)
        for name in SECTIONS[:2]:
            if name not in self.sections:
                line = 1 if name == "META" else self.last_line + 1
                raise FormatError(line, 1, f"a line {name}")

    def file(self) -> PabulibFile:
        """Put the file together."""
        self.meta = meta = self._meta()
        budget = self._budget()
        candidates, rows, marks = self._projects()
        table = self._table("VOTES") if "VOTES" in self.sections else []
        vote_type = self._vote_type(table)
        rule = self._rule()
        threshold = self._threshold()
        if rule == "greedy-threshold" and threshold is None:
            self.notes.add(Oddity.THRESHOLD_MISSING)
        told = {key: value for key, (value, _) in meta.items()}
        shares = section_budgets(told, rows, budget)
        key = shares.key or budget_line(told)
        if key and rule != "greedy-custom":
            self.notes.add(Oddity.SECTION_BUDGETS_UNUSED, meta[key][1], key=key, rule=rule)
        elif key and not shares.key:
            self.notes.add(Oddity.SECTION_BUDGETS, meta[key][1], key=key)
        elif (together := sum(shares.budgets.values(), NONE)) > budget:
            figures = {"together": decimal(together), "whole": decimal(budget)}
            self.notes.add(Oddity.SECTION_BUDGETS_ROUNDED, meta[key][1], key=key, **figures)
        rivals = self._rivals(candidates, rule)
        candidates = [replace(one, rivals=rivals.get(one.id, "")) for one in candidates]
        ballots, valued = self._ballots(table, vote_type, candidates, rows)
        sums = counted_sums(candidates, valued) if table else published_sums(rows, vote_type)
        self._check_number("num_projects", len(candidates), Oddity.NUMBER_OF_PROJECTS)
        if table:
            self._compare(rows, ballots, sums, vote_type)
            self._check_number("num_votes", len(table), Oddity.NUMBER_OF_VOTES)
        else:
            self.notes.add(Oddity.VOTES_MISSING)
        return PabulibFile(
            meta=told,
            election=Election(
                candidates=tuple(candidates),
                ballots=ballots,
                title=meta.get("description", ("", 0))[0],
                budget=budget,
            ),
            budget=budget,
            rule=rule,
            vote_type=vote_type,
            threshold=threshold or NONE,
            valued=valued,
            sums=sums,
            marks=marks,
            rows=rows,
            sections={name: fields.get(shares.column, "") for name, fields in rows.items()},
            section_budgets=shares.budgets,
            notes=self.notes.all(),
        )

    # ------------------------------------------------------------ META

    def _meta(self) -> dict[str, tuple[str, int]]:
        section = self.sections["META"]
        rows = list(section.rows)
        if rows and key_of(rows[0].fields[0]) == "key":
            if rows[0].fields[0] != "key":
                self.notes.add(Oddity.HEADER_MENDED, rows[0].line, once="META", section="META")
            rows = rows[1:]
        else:
            self.notes.add(Oddity.HEADER_MISSING, section.line, once="META", section="META")
        meta: dict[str, tuple[str, int]] = {}
        for key, (value, line) in map(_pair, rows):
            if key in meta and meta[key][0] != value:
                if key in DECIDING:
                    raise FormatError(line, 1, f"{key} once, not another one")
                self.notes.add(Oddity.KEY_TWICE, line, once=key, key=key)
            meta[key] = value, line
        return meta

    def _budget(self) -> Fraction:
        value, line = self.meta.get("budget", ("", self.sections["PROJECTS"].line))
        if not value:
            raise FormatError(line, 1, "a line budget;… with the budget before it")
        return loose_number(self.notes, value, line, len("budget;") + 1, "the budget as a number")

    def _meta_number(self, key: str) -> Fraction | None:
        value, line = self.meta.get(key, ("", 0))
        if not value:
            return None
        return loose_number(self.notes, value, line, len(key) + 2, f"a number for {key}")

    def _idle_number(self, key: str) -> Fraction | None:
        """Return a number on which no selection depends, None also where it is no number."""
        try:
            return self._meta_number(key)
        except FormatError:
            return None

    def _threshold(self) -> Fraction | None:
        """Return the least sum that can be selected; older files tell it in their comment only."""
        stated = self._meta_number("min_project_score_threshold")
        comment, line = self.meta.get("comment", ("", 0))
        told = None if stated is not None else threshold_told(comment)
        if told is not None:
            self.notes.add(Oddity.THRESHOLD_TOLD, line, least=str(told))
        return stated if told is None else told

    def _check_number(self, key: str, counted: int, oddity: Oddity) -> None:
        stated, line = self.meta.get(key, ("", 0))
        if stated and self._idle_number(key) != counted:
            self.notes.add(oddity, line, stated=stated, counted=str(counted))

    def _rule(self) -> str:
        value, line = self.meta.get("rule", ("", 0))
        if not value:
            self.notes.add(Oddity.RULE_MISSING)
            return "greedy"
        rule = known_word(value, RULES)
        if not rule:
            untold = known_word(value, ("unknown",))
            oddity = Oddity.RULE_UNTOLD if untold else Oddity.RULE_UNKNOWN
            self.notes.add(oddity, line, rule=value)
        return rule or "greedy"

    def _vote_type(self, table: Sequence[tuple[Row, Mapping[str, str]]]) -> str:
        value, line = self.meta.get("vote_type", ("", 0))
        if vote_type := known_word(value, VOTE_TYPES):
            return vote_type
        if value:
            raise FormatError(line, len("vote_type;") + 1, f"one of {', '.join(VOTE_TYPES)}")
        told = "scoring" if table and "points" in table[0][1] else "approval"
        self.notes.add(Oddity.VOTE_TYPE_MISSING, told=told)
        return told

    # ------------------------------------------------------------ tables

    def _table(self, name: str) -> list[tuple[Row, Mapping[str, str]]]:
        """Return the rows of a section with their fields by column."""
        section = self.sections[name]
        rows = section.rows
        if not rows:
            return []
        header = self._header(section)
        names = [column for column in header if column]
        body = rows if header is USUAL_HEADERS[name] else rows[1:]
        table: list[tuple[Row, Mapping[str, str]]] = []
        for row in body:
            if len(row.fields) == len(names) == len(header):
                table.append((row, dict(zip(header, row.fields, strict=True))))
                continue
            if len(row.fields) < len(names):
                self.notes.add(Oddity.FIELD_MISSING, row.line, once=name, section=name)
            elif any(row.fields[len(header) :]):
                self.notes.add(Oddity.COLUMN_UNKNOWN, row.line, once=name, section=name)
            by_column = dict.fromkeys(names, "") | dict(zip(header, row.fields, strict=False))
            table.append((row, by_column))
        return table

    def _header(self, section: Section) -> Sequence[str]:
        name, row = section.name, section.rows[0]
        header = tuple(key_of(one) for one in row.fields)
        needed = NEEDED_COLUMNS[name]
        if not any(one in header for one in needed):
            if not re.search(r"[0-9]", row.fields[min(1, len(row.fields) - 1)]):
                raise FormatError(row.line, 1, f"a header with {' and '.join(needed)}")
            self.notes.add(Oddity.HEADER_MISSING, section.line, once=name, section=name)
            return USUAL_HEADERS[name]
        for one in needed:
            if one not in header:
                raise FormatError(row.line, 1, f"a column {one}")
        for place, one in enumerate(header):
            if one in READ_COLUMNS and one in header[:place]:
                raise FormatError(row.line, row.column(place), f"a column {one} once, not again")
        if header != row.fields:
            self.notes.add(Oddity.HEADER_MENDED, row.line, once=name, section=name)
        return header

    # ------------------------------------------------------------ PROJECTS

    def _projects(
        self,
    ) -> tuple[list[Candidate], dict[str, Mapping[str, str]], dict[str, int]]:
        candidates: list[Candidate] = []
        rows: dict[str, Mapping[str, str]] = {}
        marks: dict[str, int] = {}
        table = self._table("PROJECTS")
        for row, fields in table:
            name = fields["project_id"]
            if not name:
                raise FormatError(row.line, 1, "a project_id")
            if name in rows:
                raise FormatError(row.line, 1, f"a project_id that is not given twice, not {name}")
            if len(rows) >= MOST_CANDIDATES:
                raise FormatError(row.line, 1, f"at most {MOST_CANDIDATES} projects")
            place = list(fields).index("cost")
            column = row.column(place)
            cost = loose_number(
                self.notes, fields["cost"], row.line, column, "the cost as a number"
            )
            candidates.append(
                Candidate(
                    id=name,
                    name=fields.get("name", ""),
                    cost=cost,
                    is_withdrawn=cost == WITHDRAWN_COST,
                )
            )
            rows[name] = fields
            mark = fields.get("selected", "")
            if re.fullmatch(r"[0-9](\.0+)?", mark):
                marks[name] = int(mark[0])
            elif mark:
                self.notes.add(Oddity.MARK_UNKNOWN, row.line, mark=mark)
        if not candidates:
            raise FormatError(self.sections["PROJECTS"].line + 1, 1, "at least one project")
        return candidates, rows, marks

    def _rivals(self, candidates: Sequence[Candidate], rule: str) -> dict[str, str]:
        """Return the groups that a comment tells, by candidate, if the rule asks for them."""
        comment, line = self.meta.get("comment", ("", 0))
        rivals: dict[str, str] = {}
        if rule in ("greedy-exclusive", "greedy-custom"):
            for group in exclusive_groups(comment, [one.id for one in candidates]):
                self.notes.add(Oddity.EXCLUSIVE, line, once=group[0], projects=", ".join(group))
                rivals |= dict.fromkeys(group, group[0])
        return rivals

    # ------------------------------------------------------------ VOTES

    def _ballots(
        self,
        table: Sequence[tuple[Row, Mapping[str, str]]],
        vote_type: str,
        candidates: Sequence[Candidate],
        rows: Mapping[str, Mapping[str, str]],
    ) -> tuple[tuple[Approval | Scoring | Ranking, ...], tuple[Approval | Scoring, ...]]:
        """Return the ballots as they were cast, and as the budget's rules count them."""
        if len(table) > MOST_BALLOTS:
            raise FormatError(self.sections["VOTES"].line, 1, f"at most {MOST_BALLOTS} ballots")
        scoring, _ = self.meta.get("scoring_fn", ("", 0))
        reader = VoteReader(self.notes, rows, scoring=scoring, meta_number=self._meta_number)
        line = self.sections["VOTES"].rows[0].line if table else 0
        cast, valued = reader.read(table, vote_type, candidates, header_line=line)
        broken = broken_bounds(self._idle_number, {one.id: one for one in candidates}, vote_type)
        for (row, _), ballot in zip(table, cast, strict=True):
            for key, limit in broken(ballot):
                self.notes.add(Oddity.BOUNDS, row.line, once=key, key=key, limit=str(limit))
        return cast, valued

    def _compare(
        self,
        rows: Mapping[str, Mapping[str, str]],
        ballots: Sequence[Approval | Scoring | Ranking],
        sums: Mapping[str, Fraction],
        vote_type: str,
    ) -> None:
        """Note where the file's own sums are not those of its ballots."""
        named = sums if vote_type in BY_PICKS else named_sums(rows, ballots)
        for column, counted, oddity in (
            ("votes", named, Oddity.VOTES_DIFFER),
            ("score", sums, Oddity.SCORE_DIFFERS),
        ):
            for name, fields in rows.items():
                text = fields.get(column, "")
                if NUMBER.fullmatch(text) and Fraction(text) != counted[name]:
                    self.notes.add(oddity, project=name, stated=text, counted=str(counted[name]))
