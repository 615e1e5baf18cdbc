"""Numbers as people write them into published files."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.formats.pabulib.notes import Oddity
from app.ballots.rules.counting.formats.pabulib.sums import NUMBER
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.unfit import Unfit

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


def decimal(number: Fraction) -> str:
    """Return an exact decimal. Raises Unfit where there is none."""
    under, twos, fives = number.denominator, 0, 0
    while under % 2 == 0:
        under, twos = under // 2, twos + 1
    while under % 5 == 0:
        under, fives = under // 5, fives + 1
    if under != 1:
        raise Unfit(f"{number} has no exact decimal")
    places = max(twos, fives)
    if not places:
        return str(number.numerator)
    scaled = number.numerator * 10**places // number.denominator
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}"
