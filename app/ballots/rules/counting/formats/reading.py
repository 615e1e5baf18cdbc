"""Reading files that strangers made: bounded, and every complaint says where and what was expected.

No format trusts its input: sizes are bounded before anything is built, numbers are read in ASCII
digits only, and the first thing that does not fit ends the reading with a `FormatError`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import ONE, Candidate, Election, Ranking
from app.ballots.rules.counting.unfit import Unfit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

MOST_CHARACTERS = 64_000_000
MOST_CANDIDATES = 10_000
MOST_BALLOTS = 5_000_000
LONGEST_NUMBER = 40  # characters: nobody counts further, and huge integers are slow to read
LONGEST_NAME = 1_000

_INTEGER = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+|/[0-9]+)?")


class FormatError(ValueError):
    """A file that does not hold what its format promises: where, and what was expected there.

    Lines and columns count from 1; a column counts characters.
    """

    def __init__(self, line: int, column: int, expected: str) -> None:
        super().__init__(f"line {line}, column {column}: expected {expected}")
        self.line = line
        self.column = column
        self.expected = expected


def decode(raw: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without a mark), else in CP949 (Korean Excel).

    Raises FormatError at the first byte that is neither.
    """
    if len(raw) > MOST_CHARACTERS:
        raise FormatError(1, 1, f"at most {MOST_CHARACTERS} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp949")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise FormatError(line, column, "text in UTF-8 or CP949") from error


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them; a mark at its beginning is dropped.

    Raises FormatError where the text is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise FormatError(1, 1, f"at most {MOST_CHARACTERS} characters")
    # Not splitlines: a name may hold a form feed or a line separator.
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_integer(
    text: str, line: int, column: int, *, expected: str, least: int = 0, most: int | None = None
) -> int:
    """Return a whole number within these bounds. Raises FormatError."""
    if len(text) <= LONGEST_NUMBER and _INTEGER.fullmatch(text):
        number = int(text)
        if number >= least and (most is None or number <= most):
            return number
    raise FormatError(line, column, expected)


def read_size(text: str, line: int, column: int) -> int:
    """Return how many candidates a file announces. Raises FormatError."""
    expected = f"the number of candidates, from 1 to {MOST_CANDIDATES}"
    return read_integer(text, line, column, expected=expected, least=1, most=MOST_CANDIDATES)


def numbered(
    names: Iterable[str], withdrawn: Container[str] = frozenset()
) -> tuple[Candidate, ...]:
    """Return candidates who are known by their number on the paper, from 1."""
    return tuple(
        Candidate(id=str(number), name=name, is_withdrawn=str(number) in withdrawn)
        for number, name in enumerate(names, start=1)
    )


def read_number(text: str, line: int, column: int, *, expected: str) -> Fraction:
    """Return an exact number, written as 3, 3.25 or 1/3; none is negative. Raises FormatError."""
    if len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        _, _, under = text.partition("/")
        if not under or int(under):
            return Fraction(text)
    raise FormatError(line, column, expected)


def read_weight(text: str, line: int, column: int) -> Fraction:
    """Return how many voters cast a ballot: more than nobody. Raises FormatError."""
    expected = "how many voters cast this ballot"
    weight = read_number(text, line, column, expected=expected)
    if not weight:
        raise FormatError(line, column, expected)
    return ONE if weight == ONE else weight  # one shared value keeps large counts fast


class Tiers:
    """Tiers built so far, so that equal ones are one object: large counts look them up."""

    def __init__(self, candidates: int) -> None:
        self._candidates = candidates
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def keep(self, tier: tuple[str, ...]) -> tuple[str, ...]:
        """Return the tier that equals this one."""
        return self._known.setdefault(tier, tier)

    def number(self, text: str, named: set[str], line: int, column: int) -> str:
        """Return a candidate's number that the ballot has not named before. Raises FormatError."""
        most = self._candidates
        expected = f"a candidate's number from 1 to {most}"
        one = str(read_integer(text, line, column, expected=expected, least=1, most=most))
        if one in named:
            raise FormatError(line, column, "a candidate whom this ballot has not named yet")
        named.add(one)
        return one


def first_repeated(names: Iterable[str]) -> int | None:
    """Return the place, from 0, of the first name that stood before; None where none did."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            return place
        seen.add(name)
    return None


def plain_name(name: str) -> str:
    """Return a name that fits on one line. Raises Unfit."""
    if "\n" in name or "\r" in name:
        raise Unfit(f"the name {name!r} holds a line break, which this format cannot write")
    return name


def whole(weight: Fraction) -> int:
    """Return a weight as a whole number. Raises Unfit."""
    if weight.denominator != 1:
        raise Unfit(f"this format counts whole ballots, not {weight} of one")
    return weight.numerator


def rankings_of(election: Election) -> tuple[Ranking, ...]:
    """Return the ballots of an election of rankings. Raises Unfit for another kind."""
    ballots = tuple(ballot for ballot in election.ballots if isinstance(ballot, Ranking))
    if len(ballots) < len(election.ballots):
        raise Unfit("this format holds rankings only")
    return ballots
