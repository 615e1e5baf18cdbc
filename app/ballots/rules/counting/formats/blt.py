"""BLT: rankings as OpenSTV, OpaVote and the count of the Electoral Reform Society exchange them.

Source: Hill, Wichmann and Woodall, *Algorithm 123: single transferable vote by Meek's method*
(1987), with the additions of OpenSTV. Words are parted by blanks, wherever lines end:

    4 2                  candidates, seats
    -2                   withdrawn candidates, each with a minus
    3 1 4=3 0            how many voters, then who in which order, 0; = joins equals, - skips
    0                    the end of the ballots
    "가람" "나래" …       names, then the title

`#` begins a comment; `(…)` before a ballot, its identifier, is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import Election, Ranking
from app.ballots.rules.counting.formats.reading import (
    LONGEST_NAME,
    MOST_BALLOTS,
    FormatError,
    Tiers,
    lines_of,
    numbered,
    plain_name,
    rankings_of,
    read_integer,
    read_size,
    read_weight,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = (".blt",)
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|#.*|\([^)]*\)|[^\s"#(]+|\S')


@dataclass(frozen=True)
class _Word:
    text: str
    line: int
    column: int

    @property
    def is_quoted(self) -> bool:
        return len(self.text) > 1 and self.text[0] == self.text[-1] == '"'


class _Words:
    """The words of a file, one after another, with where they stand."""

    def __init__(self, text: str) -> None:
        self._words = self._split(lines_of(text))
        self._last = _Word("", 1, 1)
        self._kept: _Word | None = None

    @staticmethod
    def _split(lines: Sequence[str]) -> Iterator[_Word]:
        for number, line in enumerate(lines, start=1):
            for found in _WORD.finditer(line):
                if not found.group().startswith("#"):
                    yield _Word(found.group(), number, found.start() + 1)

    def maybe(self) -> _Word | None:
        """Return the next word, None at the end of the file."""
        word, self._kept = self._kept or next(self._words, None), None
        self._last = word or self._last
        return word

    def next(self, expected: str) -> _Word:
        """Return the next word. Raises FormatError where the file ends."""
        last = self._last
        word = self.maybe()
        if word is None:
            raise FormatError(last.line, last.column + len(last.text), expected)
        return word

    def back(self, word: _Word) -> None:
        """Put a word back, to be read again."""
        self._kept = word


def read(text: str) -> Election:
    """Return the election that a BLT file holds. Raises FormatError."""
    words = _Words(text)
    word = words.next("the number of candidates")
    size = read_size(word.text, word.line, word.column)
    expected = f"the number of seats, from 1 to {size}"
    word = words.next(expected)
    seats = read_integer(word.text, word.line, word.column, expected=expected, least=1, most=size)
    withdrawn = _withdrawn(words, size)
    ballots = _ballots(words, size)
    names = [_quoted(words, f"the name of candidate {number + 1}") for number in range(size)]
    title = ""
    if (more := words.maybe()) is not None:
        words.back(more)
        title = _quoted(words, "the title")
    while (more := words.maybe()) is not None:
        if not more.is_quoted:
            raise FormatError(more.line, more.column, "the end of the file")
    return Election(
        candidates=numbered(names, withdrawn), ballots=ballots, seats=seats, title=title
    )


def write(election: Election) -> str:
    """Return an election of rankings as BLT.

    Raises Unfit for ballots that are no rankings, or a name with a line break.
    """
    numbers = {one.id: str(number) for number, one in enumerate(election.candidates, start=1)}
    withdrawn = [f"-{numbers[one.id]}" for one in election.candidates if one.is_withdrawn]
    lines = [f"{len(numbers)} {election.seats}"]
    if withdrawn:
        lines.append(" ".join(withdrawn))
    for ballot in rankings_of(election):
        order = ["=".join(numbers[one] for one in tier) for tier in ballot.tiers if tier]
        lines.append(" ".join([str(ballot.weight), *order, "0"]))
    lines.append("0")
    lines += [_quote(one.name or one.id) for one in election.candidates]
    return "\n".join([*lines, _quote(election.title), ""])


def _withdrawn(words: _Words, size: int) -> set[str]:
    tiers, gone = Tiers(size), set[str]()
    while True:
        word = words.next("a ballot or a withdrawn candidate")
        if not word.text.startswith("-"):
            words.back(word)
            return gone
        tiers.number(word.text[1:], gone, word.line, word.column + 1)


def _ballots(words: _Words, size: int) -> tuple[Ranking, ...]:
    tiers = Tiers(size)
    ballots: list[Ranking] = []
    while True:
        word = words.next("a ballot, or 0 after the last one")
        if word.text.startswith("("):
            continue
        if word.text == "0":
            return tuple(ballots)
        if len(ballots) == MOST_BALLOTS:
            raise FormatError(word.line, word.column, f"at most {MOST_BALLOTS} ballots")
        weight = read_weight(word.text, word.line, word.column)
        ballots.append(Ranking(tuple(_order(words, tiers)), weight))


def _order(words: _Words, tiers: Tiers) -> Iterator[tuple[str, ...]]:
    """Yield the tiers of one ballot, up to its 0."""
    named: set[str] = set()
    while (word := words.next("the next preference, or 0 at the end of the ballot")).text != "0":
        if word.text == "-":
            continue
        tier, column = [], word.column
        for part in word.text.split("="):
            tier.append(tiers.number(part, named, word.line, column))
            column += len(part) + 1
        yield tiers.keep(tuple(tier))


def _quoted(words: _Words, expected: str) -> str:
    word = words.next(f"{expected}, in quotes")
    text = re.sub(r"\\(.)", r"\1", word.text[1:-1])
    if not word.is_quoted or len(text) > LONGEST_NAME:
        raise FormatError(word.line, word.column, f"{expected}, in quotes")
    return text


def _quote(name: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", plain_name(name)) + '"'
