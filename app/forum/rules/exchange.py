"""The open-data layout of Pol.is: reading and writing `comments.csv` and its fellows.

Pure: text in, text out. The raw records of that system hold agree as −1; its published files
hold agree as 1, and that is what stands here.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from app.core.sheets import as_written, inert
from app.forum.rules.attendance import SMALLEST_CELL
from app.forum.rules.describing import describing_oneself

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

COMMENTS, VOTES, PARTICIPANTS, SUMMARY = (
    "comments.csv",
    "votes.csv",
    "participants-votes.csv",
    "summary.csv",
)
COMMENTS_HEADER = ("comment-id", "agrees", "disagrees", "moderated", "comment-body", "is-meta")
MARKS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False, "": False}
VOTES_HEADER = ("comment-id", "voter-id", "vote")
PARTICIPANTS_HEADER = ("participant", "group-id", "n-votes", "n-agree", "n-disagree")
ZEROS_FROM, ZEROS_UNTIL = 1_500_076_800_000, 1_514_764_800_000  # 15 July 2017, 2018
LONGEST_FIELD = 10_000_000
SHOWN_AT_MOST = 40
LONGEST_NUMBER = 40  # huge integers are slow to read, and none is an id
FILE_AT_MOST = 200_000_000  # bytes; a matrix of 100,000 people and 500 statements has 60 million
STATEMENTS_AT_MOST, PEOPLE_AT_MOST, VOTES_AT_MOST = 20_000, 200_000, 5_000_000
ROWS_AT_MOST = {
    COMMENTS: STATEMENTS_AT_MOST,
    VOTES: 4 * VOTES_AT_MOST,
    PARTICIPANTS: PEOPLE_AT_MOST,
}


class Malformed(ValueError):
    """A file that cannot be read: which, where, and what was expected there."""

    def __init__(self, name: str, expected: str, *, line: int = 0, column: str = "") -> None:
        self.name, self.line, self.column, self.expected = name, line, column, expected
        where = name + (f", line {line}" if line else "") + (f", column {column}" if column else "")
        super().__init__(f"{where}: expected {expected}")


@dataclass(frozen=True)
class Remark:
    """One statement of a conversation, as published; `shown` is False once moderated out.

    `at` is when it came (milliseconds since 1970); `of_oneself` says whether it describes who
    weighs, None where its file does not tell.
    """

    id: str
    text: str
    author: str
    shown: bool = True
    at: float | None = None
    of_oneself: bool | None = None


@dataclass(frozen=True)
class Conversation:
    """A published conversation: its statements, its people, the last vote on each pair.

    `counted` are the people the publisher assigned to a group, None where the files do not say:
    who once counted goes on counting, which the last votes alone cannot tell. To which group
    somebody was assigned is never read. `of_oneself` are the statements that describe who weighs,
    as their file marks them, or as their words tell where no file does. `last_at` is when the last
    statement came, in milliseconds since 1970, None where the files tell no time.
    """

    topic: str
    question: str
    remarks: tuple[Remark, ...]
    people: tuple[str, ...]
    votes: Mapping[tuple[str, str], int]
    counted: frozenset[str] | None = None
    unknown: tuple[str, ...] = field(default=())
    of_oneself: frozenset[str] = frozenset()
    last_at: float | None = None


def why_not_read(name: str, size: int) -> Malformed | None:
    """Say why a file of so many bytes is not read at all."""
    if size <= FILE_AT_MOST:
        return None
    return Malformed(name, f"{FILE_AT_MOST:,} bytes at most, found {size:,}")


def decoded(content: bytes, name: str) -> str:
    """Return a file's text: UTF-8 with or without a mark at its head, or CP949 from Excel."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Malformed(name, "text in UTF-8 or CP949")


def conversation(files: Mapping[str, str]) -> Conversation:
    """Read a conversation from the texts of its files, by name.

    `comments.csv` may be missing (nothing is moderated then), and so may either of the two files
    of votes; the matrix of the participants wins over the list, since it is of one moment.
    Raises Malformed, naming the line and the column; so it does past the bounds above, within
    which a conversation takes less than a gigabyte of memory.
    """
    if PARTICIPANTS not in files and VOTES not in files:
        raise Malformed(VOTES, f"this file or {PARTICIPANTS}, and neither is there")
    remarks = list(_remarks(files[COMMENTS])) if COMMENTS in files else []
    remarks.sort(key=lambda one: _in_order(one.id))
    if any(one.of_oneself is not None for one in remarks):
        of_oneself = frozenset(one.id for one in remarks if one.of_oneself)
    else:
        of_oneself = describing_oneself(remarks)
    last_at = max((one.at for one in remarks if one.at is not None), default=None)
    counted: frozenset[str] | None = None
    if PARTICIPANTS in files:
        people, votes, named, counted = _matrix(files[PARTICIPANTS])
    if VOTES in files and (PARTICIPANTS not in files or not votes):
        people, votes, named = _listed(files[VOTES])
    known = {one.id for one in remarks}
    unknown = tuple(one for one in named if one not in known)
    remarks += [Remark(id=one, text="", author="") for one in unknown]
    about = _summary(files[SUMMARY]) if SUMMARY in files else {}
    return Conversation(
        topic=about.get("topic", ""),
        question=about.get("conversation-description", ""),
        remarks=tuple(sorted(remarks, key=lambda one: _in_order(one.id))),
        people=tuple(sorted(people, key=_in_order)),
        votes=votes,
        counted=counted,
        unknown=unknown if COMMENTS in files else (),
        of_oneself=of_oneself,
        last_at=last_at,
    )


def _in_order(name: str) -> tuple[int, int, str]:
    is_number = name.isdecimal() and len(name) <= LONGEST_NUMBER
    return (0, int(name), "") if is_number else (1, 0, name)


def _rows(text: str, name: str, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with the lines they begin on; all needed columns are there."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_lines(text), strict=True)
    header: list[str] | None = None
    began, count = 1, 0
    try:
        for row in reader:
            line, began = began, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = [cell.strip() for cell in row]
                for column in needed:
                    if column not in header:
                        raise Malformed(name, "this column in the header", line=line, column=column)
                _insist_once(header, name, line)
                continue
            if (count := count + 1) > ROWS_AT_MOST[name]:
                raise Malformed(name, f"{ROWS_AT_MOST[name]:,} rows at most", line=line)
            if len(row) != len(header):
                raise Malformed(
                    name, f"{len(header)} cells as in the header, found {len(row)}", line=line
                )
            yield line, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise Malformed(name, f"comma-separated values ({error})", line=reader.line_num) from error
    if header is None:
        raise Malformed(name, f"a header with {', '.join(needed)}", line=1)


def _insist_once(header: Sequence[str], name: str, line: int) -> None:
    if len(header) > STATEMENTS_AT_MOST:
        raise Malformed(name, f"{STATEMENTS_AT_MOST:,} columns at most", line=line)
    for column, times in Counter(header).items():
        if times > 1 and column:
            shown = column[:SHOWN_AT_MOST]
            raise Malformed(name, "each column once", line=line, column=shown)


def _insist_bounded(votes: Mapping[tuple[str, str], int], name: str, line: int) -> None:
    if len(votes) > VOTES_AT_MOST:
        raise Malformed(name, f"{VOTES_AT_MOST:,} votes at most", line=line)


def _id(row: Mapping[str, str], column: str, name: str, line: int) -> str:
    value = row[column].strip()
    if not value:
        raise Malformed(name, "an id", line=line, column=column)
    return value


def _vote(value: str, name: str, line: int, column: str) -> int:
    try:
        vote = float(value)
    except ValueError:
        vote = 2.0
    if vote not in (-1, 0, 1):
        raise Malformed(
            name, f"-1, 0 or 1, found {value[:SHOWN_AT_MOST]!r}", line=line, column=column
        )
    return int(vote)


def _moment(row: Mapping[str, str], name: str, line: int) -> float:
    try:
        moment = float(row.get("timestamp", "").strip() or "0")
    except ValueError:
        moment = math.nan
    if not math.isfinite(moment):
        raise Malformed(name, "a number", line=line, column="timestamp")
    return moment


def _remarks(text: str) -> Iterator[Remark]:
    seen: set[str] = set()
    for line, row in _rows(text, COMMENTS, ("comment-id", "comment-body")):
        name = _id(row, "comment-id", COMMENTS, line)
        if name in seen:
            shown = name[:SHOWN_AT_MOST]
            raise Malformed(
                COMMENTS, f"each id once, {shown} twice", line=line, column="comment-id"
            )
        seen.add(name)
        moderated = row.get("moderated", "0").strip() or "0"
        if moderated not in {"-1", "0", "1"}:
            raise Malformed(
                COMMENTS,
                f"-1, 0 or 1, found {moderated[:SHOWN_AT_MOST]!r}",
                line=line,
                column="moderated",
            )
        yield Remark(
            id=name,
            text=as_written(row["comment-body"].strip(" ")).strip(),
            author=row.get("author-id", "").strip(),
            shown=moderated != "-1",
            at=_moment(row, COMMENTS, line) if row.get("timestamp", "").strip() else None,
            of_oneself=_mark(row["is-meta"], line) if "is-meta" in row else None,
        )


def _mark(value: str, line: int) -> bool:
    said = value.strip().lower()
    if said not in MARKS:
        raise Malformed(
            COMMENTS,
            f"true or false, found {value[:SHOWN_AT_MOST]!r}",
            line=line,
            column="is-meta",
        )
    return MARKS[said]


def _listed(text: str) -> tuple[list[str], dict[tuple[str, str], int], list[str]]:
    """Read the list of votes; the last line of a pair counts, or the one with the latest time."""
    votes: dict[tuple[str, str], int] = {}
    times: dict[tuple[str, str], float] = {}
    names: dict[str, str] = {}  # each name once in memory, however often it votes
    for line, row in _rows(text, VOTES, VOTES_HEADER):
        person, remark = _id(row, "voter-id", VOTES, line), _id(row, "comment-id", VOTES, line)
        pair = names.setdefault(person, person), names.setdefault(remark, remark)
        at = _moment(row, VOTES, line)
        vote = _vote(row["vote"], VOTES, line, "vote")
        if at >= times.get(pair, at):
            times[pair], votes[pair] = at, vote
            _insist_bounded(votes, VOTES, line)
    people = list(dict.fromkeys(person for person, _ in votes))
    return people, votes, list(dict.fromkeys(remark for _, remark in votes))


def _matrix(
    text: str,
) -> tuple[list[str], dict[tuple[str, str], int], list[str], frozenset[str] | None]:
    """Read the matrix of participants by statements; the statements are the columns of numbers."""
    votes: dict[tuple[str, str], int] = {}
    people: dict[str, None] = {}
    counted: set[str] = set()
    columns: list[str] = []
    for line, row in _rows(text, PARTICIPANTS, ("participant",)):
        if not people:
            columns = [column for column in row if column.isdecimal()]
        person = _id(row, "participant", PARTICIPANTS, line)
        if person in people:
            shown = person[:SHOWN_AT_MOST]
            raise Malformed(
                PARTICIPANTS, f"each id once, {shown} twice", line=line, column="participant"
            )
        people[person] = None
        if row.get("group-id", "").strip():
            counted.add(person)
        for column in columns:
            if cell := row[column].strip():
                votes[person, column] = _vote(cell, PARTICIPANTS, line, column)
        _insist_bounded(votes, PARTICIPANTS, line)
    named = list(dict.fromkeys(remark for _, remark in votes))
    return list(people), votes, named, frozenset(counted) or None


def _summary(text: str) -> dict[str, str]:
    """Read the pairs of the summary; it has no header and needs no pair in particular."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_lines(text))
    try:
        return {row[0].strip(): as_written(row[1]) for row in reader if len(row) > 1}
    except csv.Error as error:
        broken = f"comma-separated values ({error})"
        raise Malformed(SUMMARY, broken, line=reader.line_num) from error


def _lines(text: str) -> Iterator[str]:
    """Yield a text's lines with one kind of end; a lone CR inside a published text is a blank."""
    end = "\n" if "\n" in text else "\r"
    start = 0
    while start < len(text):
        stop = text.find(end, start) + 1 or len(text)
        line = text[start:stop].removesuffix(end).removesuffix("\r").replace("\r", " ")
        yield line + "\n"
        start = stop


# ---------------------------------------------------------------- writing


@dataclass(frozen=True)
class Published:
    """One statement to publish, with how it was weighed."""

    id: str
    text: str
    agrees: int
    disagrees: int
    seen: int
    shown: bool
    of_oneself: bool = False


def written(
    *,
    topic: str,
    question: str,
    remarks: Sequence[Published],
    votes: Mapping[tuple[str, str], int],
    groups: Mapping[str, int],
) -> dict[str, str]:
    """Return the four files of a conversation by name, safe to publish.

    People must come under pseudonyms. Nobody's author or time is written; a statement that was
    turned down keeps its votes but not its text, one that fewer than five people weighed its text
    but no counts and no votes, and a group of fewer than five is no group. No cell is a formula.
    """
    told = {one.id: one for one in remarks if one.seen >= SMALLEST_CELL}
    by_person: dict[str, dict[str, int]] = {}
    for (person, remark), vote in votes.items():
        if remark in told:
            by_person.setdefault(person, {})[remark] = vote
    sizes = Counter(groups.values())
    large = {person: one for person, one in groups.items() if sizes[one] >= SMALLEST_CELL}
    summary: list[Sequence[object]] = [
        ["topic", inert(topic)],
        ["voters", len(by_person)],
        ["voters-in-conv", sum(one in large for one in by_person)],
        ["comments", len(remarks)],
        ["groups", len(set(large.values()))],
        ["conversation-description", inert(question)],
    ]
    comments: list[Sequence[object]] = [
        [
            one.id,
            one.agrees if one.id in told else "",
            one.disagrees if one.id in told else "",
            1 if one.shown else -1,
            inert(one.text) if one.shown else "",
            str(one.of_oneself).lower(),
        ]
        for one in remarks
    ]
    return {
        SUMMARY: _table(summary),
        COMMENTS: _table([COMMENTS_HEADER, *comments]),
        VOTES: _table(
            chain(
                [VOTES_HEADER],
                (
                    [remark, person, vote]
                    for person in sorted(by_person)
                    for remark, vote in sorted(by_person[person].items())
                ),
            )
        ),
        PARTICIPANTS: _table(
            chain(
                [[*PARTICIPANTS_HEADER, *told]],
                (
                    _participant(person, large.get(person), by_person[person], told)
                    for person in sorted(by_person, key=_in_order)
                ),
            )
        ),
    }


def _participant(
    person: str, group: int | None, own: Mapping[str, int], columns: Iterable[str]
) -> list[object]:
    """Return the row of one participant: their group if it may be told, counts, every vote."""
    cast = list(own.values())
    return [
        person,
        "" if group is None else group,
        len(cast),
        cast.count(1),
        cast.count(-1),
        *(own.get(column, "") for column in columns),
    ]


def _table(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
