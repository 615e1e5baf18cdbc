"""CSV for spreadsheets: one candidate a column, one ballot a row. Documented in docs/counting.md.

    승인,놀이터,쉼터,도서관     the kind (승인 점수 순위, or approval score ranking), then names
    3,1,,1                     how many voters (empty: one), then a cell for each candidate

    경로,비중,놀이터,쉼터       channels (or channel, weight)
    시민,45,1000,3000          each with its weight in percent and its sum for each candidate

승인: 1, O or ○ picks, 0, X or an empty cell does not. 점수: points. 순위: 1 for the first, equal
numbers for equals, empty for whoever is not ranked. UTF-8 with or without a mark, or CP949.
Columns in complaints count cells. Candidates are known by their number; `write` needs their names.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import Approval, Election, Ranking, Scoring
from app.ballots.rules.counting.formats.reading import (
    LONGEST_NAME,
    MOST_BALLOTS,
    MOST_CANDIDATES,
    FormatError,
    Tiers,
    first_repeated,
    lines_of,
    numbered,
    read_integer,
    read_number,
    read_weight,
)
from app.ballots.rules.counting.terms import Channel, Terms
from app.core.sheets import as_written, inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = (".csv",)
KINDS = {
    "승인": Approval,
    "approval": Approval,
    "점수": Scoring,
    "score": Scoring,
    "순위": Ranking,
    "ranking": Ranking,
}
CHANNELS = ("경로", "channel")
WORDS = tuple(word.upper() for word in (*KINDS, *CHANNELS))  # with which a table begins
_USUAL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20}
_PICKED, _NOT_PICKED = {"1", "O", "○", "●", "V"}, {"", "0", "X", "×"}


def read(text: str) -> Election:
    """Return the election that a table holds. Raises FormatError."""
    rows = _rows("\n".join(lines_of(text)))
    line, head = next(rows, (1, []))
    word = _cell(head, 0).lower()
    kind = KINDS.get(word)
    if kind is None and word not in CHANNELS:
        known = ", ".join((*KINDS, *CHANNELS))
        raise FormatError(line, 1, f"the kind of ballot: {known}")
    names = _names(head, line, first=1 if kind else 2)
    candidates = numbered(names)
    if kind is None:
        channels = tuple(_channel(row, number, names) for number, row in rows)
        if not channels:
            raise FormatError(line + 1, 1, "a row for each channel: its name, its weight, its sums")
        return Election(candidates=candidates, terms=Terms(channels=channels))
    tiers = Tiers(len(names))
    ballots: list[Approval | Scoring | Ranking] = []
    for number, row in rows:
        if len(ballots) == MOST_BALLOTS:
            raise FormatError(number, 1, f"at most {MOST_BALLOTS} ballots")
        if any(cell.strip() for cell in row[len(names) + 1 :]):
            raise FormatError(number, len(names) + 2, "no cell without a candidate above it")
        weight = read_weight(_cell(row, 0) or "1", number, 1)
        cells = [_cell(row, place) for place in range(1, len(names) + 1)]
        if kind is Approval:
            ballots.append(Approval(_picks(cells, number), weight))
        elif kind is Scoring:
            ballots.append(Scoring(_points(cells, number), weight))
        else:
            ballots.append(Ranking(_order(cells, tiers, number), weight))
    return Election(candidates=candidates, ballots=tuple(ballots))


def place_of(text: str, ballot: int) -> tuple[int, int]:
    """Return the line and column of a ballot, counted from 0."""
    rows = _rows("\n".join(lines_of(text)))
    return next(islice(rows, ballot + 1, None))[0], 1


def _names(head: list[str], line: int, *, first: int) -> list[str]:
    """Return the candidates' names; `first` is the place of the first one's cell."""
    while head and not head[-1].strip():
        head.pop()
    names = [_name(cell, line, number) for number, cell in enumerate(head[first:], start=first + 1)]
    if not 1 <= len(names) <= MOST_CANDIDATES:
        raise FormatError(
            line, first + 1, f"a column for each of 1 to {MOST_CANDIDATES} candidates"
        )
    twice = first_repeated(names)
    if twice is not None:
        raise FormatError(line, twice + first + 1, "a candidate who has no column yet")
    return names


def _channel(row: Sequence[str], line: int, names: Sequence[str]) -> Channel:
    if any(cell.strip() for cell in row[len(names) + 2 :]):
        raise FormatError(line, len(names) + 3, "no cell without a candidate above it")
    sums = {
        str(place): read_number(
            _cell(row, place + 1) or "0", line, place + 2, expected="a sum of votes, or nothing"
        )
        for place in range(1, len(names) + 1)
    }
    name = _name(row[0], line, 1)
    weight = read_number(_cell(row, 1), line, 2, expected="the channel's weight in percent")
    return Channel(id=name, weight=weight, sums=sums)


def write(election: Election) -> str:
    """Return an election as a table for a spreadsheet; `encode("utf-8-sig")` suits Excel.

    Only names and ballots, or channels, are written. A name that a spreadsheet would take for a
    formula gets an apostrophe before it, which `read` drops again. An election without ballots is
    one of picks.
    """
    out = io.StringIO()
    sheet = csv.writer(out)
    names = [inert(one.name or one.id) for one in election.candidates]
    if election.terms.channels:
        sheet.writerow([CHANNELS[0], "비중", *names])
        for one in election.terms.channels:
            sums = (str(one.sums.get(each.id, 0)) for each in election.candidates)
            sheet.writerow([inert(one.name or one.id), str(one.weight), *sums])
        return out.getvalue()
    first = election.ballots[0] if election.ballots else Approval(())
    word = next(word for word, kind in KINDS.items() if isinstance(first, kind))
    ids = [one.id for one in election.candidates]
    sheet.writerow([word, *names])
    for ballot in election.ballots:
        cells = _cells(ballot)
        sheet.writerow([str(ballot.weight), *(cells.get(one, "") for one in ids)])
    return out.getvalue()


def _cells(ballot: Approval | Scoring | Ranking) -> dict[str, str]:
    match ballot:
        case Approval(picks):
            return dict.fromkeys(picks, "1")
        case Scoring(points):
            return {one: str(value) for one, value in points}
        case Ranking(tiers):
            ranks = enumerate((tier for tier in tiers if tier), start=1)
            return {one: str(rank) for rank, tier in ranks for one in tier}


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds something, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise FormatError(line, 1, f"a row of comma-separated cells ({error})") from error
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield line, row


def _cell(row: Sequence[str], place: int) -> str:
    """Return a cell as it is meant: without blanks around it, all of it of usual width.

    A footnote's ² or a ① is no digit.
    """
    if place >= len(row):
        return ""
    return unicodedata.normalize("NFC", row[place].translate(_USUAL_WIDTH)).strip()


def _name(cell: str, line: int, column: int) -> str:
    name = as_written(cell.strip())
    if not name or len(name) > LONGEST_NAME:
        raise FormatError(line, column, f"a name of 1 to {LONGEST_NAME} characters")
    return name


def _picks(cells: Sequence[str], line: int) -> tuple[str, ...]:
    picks = []
    for number, cell in enumerate(cells, start=1):
        if cell.upper() in _PICKED:
            picks.append(str(number))
        elif cell.upper() not in _NOT_PICKED:
            raise FormatError(line, number + 1, "1 for a pick, or nothing")
    return tuple(picks)


def _points(cells: Sequence[str], line: int) -> tuple[tuple[str, Fraction], ...]:
    return tuple(
        (str(number), read_number(cell, line, number + 1, expected="points, or nothing"))
        for number, cell in enumerate(cells, start=1)
        if cell
    )


def _order(cells: Sequence[str], tiers: Tiers, line: int) -> tuple[tuple[str, ...], ...]:
    ranks: dict[int, list[str]] = {}
    for number, cell in enumerate(cells, start=1):
        if cell:
            expected = "a rank from 1, or nothing"
            rank = read_integer(cell, line, number + 1, expected=expected, least=1)
            ranks.setdefault(rank, []).append(str(number))
    return tuple(tiers.keep(tuple(ranks[rank])) for rank in sorted(ranks))
