"""The values of a JSON document, read with suspicion: what each has to be, and where it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from app.ballots.rules.counting.formats.reading import (
    LONGEST_NAME,
    FormatError,
    read_integer,
    read_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    Path = tuple[str | int, ...]

_Read = TypeVar("_Read")


class Number(str):
    """A JSON number as it stands in the file: read exactly, never as a float."""

    __slots__ = ()


class Misfit(Exception):
    """A value that is not what the schema asks for there."""

    def __init__(self, path: Path, expected: str) -> None:
        super().__init__(expected)
        self.path = path
        self.expected = expected


def parse(text: str) -> Any:
    """Return the values of a document. Raises FormatError, or Misfit for a key twice or NaN."""

    def constant(name: str) -> Any:
        raise Misfit((), f"no {name}")

    def pairs(found: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in found}) < len(found):
            raise Misfit((), "no key twice in one object")
        return dict(found)

    try:
        return json.loads(
            text,
            parse_int=Number,
            parse_float=Number,
            parse_constant=constant,
            object_pairs_hook=pairs,
        )
    except json.JSONDecodeError as error:
        raise FormatError(error.lineno, error.colno, f"JSON ({error.msg})") from error
    except RecursionError as error:
        raise FormatError(1, 1, "a document that is not nested so deep") from error


def read_object(value: Any, path: Path, keys: set[str] | None = None) -> dict[str, Any]:
    """Return an object, with no other keys than these. Raises Misfit."""
    if not isinstance(value, dict):
        raise Misfit(path, "an object")
    for key in value:
        if keys is not None and key not in keys:
            raise Misfit((*path, key), "one of the keys " + ", ".join(sorted(keys)))
    return value


def read_list(value: Any, path: Path, most: int) -> list[Any]:
    """Return a list that is not too long. Raises Misfit."""
    if not isinstance(value, list) or len(value) > most:
        missing = value is None and isinstance(path[-1], str)
        called = f'"{path[-1]}": ' if isinstance(path[-1], str) else ""
        raise Misfit(path[:-1] if missing else path, f"{called}a list of at most {most}")
    return value


def read_text(value: Any, path: Path) -> str:
    """Return a text that is not too long and can be written again. Raises Misfit."""
    if not isinstance(value, str) or isinstance(value, Number) or len(value) > LONGEST_NAME:
        raise Misfit(path, f"a text of at most {LONGEST_NAME} characters")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Misfit(path, "a text of whole letters, no half of a surrogate pair")
    return value


def read_flag(value: Any, path: Path) -> bool:
    """Return true or false. Raises Misfit."""
    if not isinstance(value, bool):
        raise Misfit(path, "true or false")
    return value


def read_whole(value: Any, path: Path, *, least: int = 1) -> int:
    """Return a whole number of at least `least`. Raises Misfit."""

    def read_it(text: str, line: int, column: int) -> int:
        expected = f"a whole number from {least}"
        return read_integer(text, line, column, expected=expected, least=least)

    return read_by(read_it, value, path)


def read_amount(value: Any, path: Path) -> Fraction:
    """Return an exact number that is not negative. Raises Misfit."""

    def read_it(text: str, line: int, column: int) -> Fraction:
        return read_number(text, line, column, expected="a number such as 3, 2.50 or 1/3")

    return read_by(read_it, value, path)


def read_by(reader: Callable[[str, int, int], _Read], value: Any, path: Path) -> _Read:
    """Return a number, be it a text or bare, as a reader of texts takes it. Raises Misfit."""
    try:
        return reader(value if isinstance(value, str) else "", 1, 1)
    except FormatError as error:
        raise Misfit(path, error.expected) from error


# ---------------------------------------------------------------- where in the file


def find(text: str, path: Path) -> int:
    """Return where the value at a path begins; where it is missing, where its parent begins."""
    # Numbers are passed over as they stand: one of thousands of digits is no reason to fail here.
    decoder = json.JSONDecoder(parse_int=Number, parse_float=Number)
    at = _skip(text, 0)
    for wanted in path:
        inside = _skip(text, at + 1)
        place = 0
        while text[inside] not in "]}":
            key: str | int = place
            begins = inside
            if text[at] == "{":
                key, inside = decoder.raw_decode(text, inside)
                begins = inside = _skip(text, _skip(text, inside) + 1)
            if key == wanted:
                break
            _, inside = decoder.raw_decode(text, begins)
            inside = _skip(text, inside)
            inside = _skip(text, inside + 1) if text[inside] == "," else inside
            place += 1
        else:
            return at
        at = begins
    return at


def _skip(text: str, at: int) -> int:
    """Return where the next character that is no blank stands."""
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
