"""Which files can be read, and by which rules they can be counted: one table for each.

A format or a rule is plugged in by one line here; commands and pages ask only this register.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.ballots.rules.counting.formats.pabulib import (
    Difference,
    Note,
    PabulibFile,
    count_pabulib,
    difference,
    read_pabulib,
)
from app.ballots.rules.counting.formats.pabulib.reading import RULES as PABULIB_RULES
from app.ballots.rules.counting.formats.reading import FormatError, decode
from app.ballots.rules.counting.greedy import BY_PAPER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.ballots.rules.counting.election import Election
    from app.ballots.rules.counting.outcome import Count
    from app.ballots.rules.counting.ties import TieBreak


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file as it was read: the election, the rule it asks for, and what was mended.

    `source` is the format's own reading, for rules that need more than the election.
    """

    election: Election
    rule: str = ""
    notes: tuple[Note, ...] = ()
    published: tuple[str, ...] | None = None
    source: PabulibFile | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the asker wants otherwise than the file: how many seats, how ties are settled."""

    seats: int | None = None
    ties: TieBreak = field(default=BY_PAPER)


@dataclass(frozen=True)
class Format:
    """A kind of file: how its name ends, what its text looks like, and how it is read."""

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[str], ReadFile]


def _read_pb(text: str) -> ReadFile:
    file = read_pabulib(text)
    published = file.published if file.marks else None
    return ReadFile(
        election=file.election,
        rule=file.rule,
        notes=file.notes,
        published=published,
        source=file,
    )


def _by_pabulib(rule: str) -> Callable[[ReadFile, Asked], Count]:
    def count(file: ReadFile, asked: Asked) -> Count:
        if not isinstance(file.source, PabulibFile):
            raise FormatError(1, 1, f"a .pb file, as {rule} needs a budget and costs")
        return count_pabulib(file.source, rule, asked.ties)

    return count


FORMATS: tuple[Format, ...] = (
    Format("Pabulib", (".pb",), lambda text: text.lstrip()[:4].upper() == "META", _read_pb),
)
RULES: Mapping[str, Callable[[ReadFile, Asked], Count]] = {
    rule: _by_pabulib(rule) for rule in PABULIB_RULES
}


def read_file(name: str, raw: bytes) -> ReadFile:
    """Read a file by how its name ends, else by what it looks like. Raises FormatError."""
    text = decode(raw)
    for one in FORMATS:
        if name.lower().endswith(one.endings):
            return one.read(text)
    for one in FORMATS:
        if one.recognises(text):
            return one.read(text)
    names = ", ".join(one.name for one in FORMATS)
    raise FormatError(1, 1, f"a file in one of these formats: {names}")


def count_file(file: ReadFile, rule: str, asked: Asked) -> tuple[Count, Difference | None]:
    """Count a file, and say how that differs from what it publishes, if it publishes anything.

    Raises FormatError where the file lacks what the rule needs.
    """
    rule = rule or file.rule
    count = RULES[rule](file, asked)
    if file.source is None or file.published is None:
        return count, None
    return count, difference(file.source, count, rule, asked.ties)
