"""Numbers as people write them into published files."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.formats.pabulib.notes import Oddity
from app.ballots.rules.counting.formats.pabulib.sums import NUMBER
from app.ballots.rules.counting.formats.reading import FormatError

if TYPE_CHECKING:
    from app.ballots.rules.counting.formats.pabulib.notes import Notes

_GROUPS = re.compile(r"(?<=[0-9])[\s\u00a0\u202f'](?=[0-9]{3})")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_DOTS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3}){2,}")


def loose_number(
    notes: Notes, text: str, line: int, column: int, expected: str, *, is_small: bool = False
) -> Fraction:
    """Return a number with a decimal comma or marks between thousands, and note what was mended.

    Three digits behind a comma are thousands of money or votes, but a fraction of what `is_small`
    (points, the strength of one vote). Raises FormatError.
    """
    stated = text.strip()
    plain = _GROUPS.sub("", stated)
    if _COMMAS.fullmatch(plain) and (not is_small or plain.count(",") > 1 or "." in plain):
        plain = plain.replace(",", "")
    elif _DOTS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    if plain != stated:
        notes.add(Oddity.THOUSANDS, line)
    if plain.count(",") == 1 and "." not in plain:
        notes.add(Oddity.DECIMAL_COMMA, line)
        plain = plain.replace(",", ".")
    if not NUMBER.fullmatch(plain):
        raise FormatError(line, column, expected)
    return Fraction(plain)
