"""The rows of a `.pb` file: three sections of fields split by semicolons, as found in the wild."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from app.ballots.rules.counting.formats.reading import (
    MOST_BALLOTS,
    MOST_CANDIDATES,
    FormatError,
    lines_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECTIONS = ("META", "PROJECTS", "VOTES")
MOST_LINES_OF_A_ROW = 50
MOST_LINES = MOST_BALLOTS + 2 * MOST_CANDIDATES  # META and blank lines are a few


class Row(NamedTuple):
    """One row: the line on which it begins, its fields, and its text."""

    line: int
    fields: tuple[str, ...]
    text: str

    def column(self, place: int) -> int:
        """Return the column at which a field begins; of one that is missing, the last one's."""
        split = _quoted(self.text) if '"' in self.text else None
        columns = split[1] if split else _plain_columns(self.text)
        return columns[min(place, len(columns) - 1)]


@dataclass(frozen=True)
class Section:
    """A section with the line of its name; its first row is not yet known to be a header."""

    name: str
    line: int
    rows: tuple[Row, ...]


def read_sections(text: str) -> tuple[dict[str, Section], list[int], int]:
    """Return the sections by name, the blank lines, and the number of the last line.

    What stands before the first name of a section belongs to none and is left out. Raises
    FormatError where a section begins again, as half of the ballots would not be counted, and
    where there are more lines than ballots and projects may be, before anything is built of them.
    """
    lines = lines_of(text)
    if len(lines) > MOST_LINES:
        raise FormatError(MOST_LINES + 1, 1, f"at most {MOST_LINES} lines")
    while lines and not lines[-1].strip():
        lines.pop()
    blank = [number for number, line in enumerate(lines, start=1) if not line.strip(" \t;")]
    starts = [(place, name) for place, line in enumerate(lines) if (name := _name_of_section(line))]
    sections: dict[str, Section] = {}
    for (place, name), (end, _) in pairwise([*starts, (len(lines), "")]):
        if name in sections:
            raise FormatError(place + 1, 1, f"a line {name} once, not again")
        rows = tuple(_rows(lines, place + 1, end))
        sections[name] = Section(name, place + 1, rows)
    return sections, blank, len(lines)


def place_of_vote(text: str, ballot: int, ballots: int) -> int:
    """Return the line of a ballot, counted from 0, in a file of so many.

    Where a header is missing, all rows are ballots.
    """
    rows = read_sections(text)[0]["VOTES"].rows
    return rows[len(rows) - ballots + ballot].line


def _name_of_section(line: str) -> str:
    """Return the section that a line opens, if it does; spreadsheets leave semicolons behind it."""
    if len(line) > 80:  # noqa: PLR2004 - a name and what a spreadsheet adds; long lines are many
        return ""
    name = line.strip(" \t;,\"'").upper()
    return name if name in SECTIONS else ""


def _rows(lines: Sequence[str], start: int, end: int) -> Iterator[Row]:
    place = start
    while place < end:
        line = lines[place]
        if not line.strip(" \t;"):
            place += 1
            continue
        # An odd number of quotes: the last field may go on behind the end of the line.
        last = place + 1
        if '"' in line and line.count('"') % 2:
            for end_of_row in range(place + 2, min(place + MOST_LINES_OF_A_ROW, end) + 1):
                if '"' in lines[end_of_row - 1]:
                    last = end_of_row
                    break
        row = _row("\n".join(lines[place:last]), place + 1)
        if row is None:
            row, last = _row(line, place + 1) or _plain_row(line, place + 1), place + 1
        yield row
        place = last


def _row(text: str, number: int) -> Row | None:
    """Return a row, None if a field would run over a line without quotes that hold it together."""
    if '"' not in text:
        return _plain_row(text, number)
    split = _quoted(text)
    return Row(number, split[0], text) if split else None


def _plain_row(text: str, number: int) -> Row:
    return Row(number, tuple(map(str.strip, text.split(";"))), text)


def _plain_columns(text: str) -> list[int]:
    columns, column = [], 1
    for one in text.split(";"):
        columns.append(column + len(one) - len(one.lstrip()))
        column += len(one) + 1
    return columns


def _quoted(line: str) -> tuple[tuple[str, ...], list[int]] | None:
    """Split a row in which fields may stand in quotes, doubled where they belong to the text.

    A quote that opens a field but is not closed before a semicolon or the end is part of the text.
    None if a field would run over a line without quotes that hold it together.
    """
    fields: list[str] = []
    columns: list[int] = []
    place = 0
    while True:
        begin = _past_blanks(line, place)
        columns.append(begin + 1)
        closed = _closed(line, begin)
        if closed is None:
            end = line.find(";", place)
            end = len(line) if end < 0 else end
            text = line[place:end].strip()
            if "\n" in text:
                return None
        else:
            end, text = closed
        fields.append(text)
        if end >= len(line):
            return tuple(fields), columns
        place = end + 1


def _closed(line: str, begin: int) -> tuple[int, str] | None:
    """Return where a quoted field ends and its text, None if it is not one."""
    if not line.startswith('"', begin):
        return None
    place = begin + 1
    while (place := line.find('"', place)) > begin:
        if line.startswith('""', place):
            place += 2
            continue
        end = _past_blanks(line, place + 1)
        if end < len(line) and line[end] != ";":
            return None
        return end, line[begin + 1 : place].replace('""', '"').strip()
    return None


def _past_blanks(line: str, place: int) -> int:
    """Return where the next character that is no blank stands, without a copy of all behind it."""
    while line.startswith((" ", "\t"), place):
        place += 1
    return place
