"""Reading files that strangers made: bounded, and every complaint says where and what was expected.

No format trusts its input: sizes are bounded before anything is built, numbers are read in ASCII
digits only, and the first thing that does not fit ends the reading with a `FormatError`.
"""

from __future__ import annotations

import re
from fractions import Fraction

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


def read_integer(text: str, line: int, column: int, *, expected: str, least: int = 0) -> int:
    """Return a whole number of at least `least`. Raises FormatError."""
    if len(text) <= LONGEST_NUMBER and _INTEGER.fullmatch(text):
        number = int(text)
        if number >= least:
            return number
    raise FormatError(line, column, expected)


def read_number(text: str, line: int, column: int, *, expected: str) -> Fraction:
    """Return an exact number, written as 3, 3.25 or 1/3; none is negative. Raises FormatError."""
    if len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        _, _, under = text.partition("/")
        if not under or int(under):
            return Fraction(text)
    raise FormatError(line, column, expected)


def write_number(number: Fraction) -> str:
    """Return a number as `read_number` reads it: 3 or 1/3."""
    return str(number)
