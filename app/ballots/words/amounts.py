"""Exact numbers as people write them: 1,234 · 12⅓ · 3.125 · 5 3/7; never a float."""

from __future__ import annotations

from fractions import Fraction

_SIGNS = {
    Fraction(1, 2): "½",
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
    Fraction(1, 4): "¼",
    Fraction(3, 4): "¾",
    Fraction(1, 5): "⅕",
    Fraction(2, 5): "⅖",
    Fraction(3, 5): "⅗",
    Fraction(4, 5): "⅘",
    Fraction(1, 6): "⅙",
    Fraction(5, 6): "⅚",
    Fraction(1, 8): "⅛",
    Fraction(3, 8): "⅜",
    Fraction(5, 8): "⅝",
    Fraction(7, 8): "⅞",
}
_PLACES = 4
_LARGEST_UNDER = 99  # beyond it a fraction tells a reader less than decimals do


def amount(number: Fraction) -> str:
    """Return a number of votes, points or money, exactly where that can be read at a glance.

    A number that would need a longer fraction is rounded half up to four decimals, with ≈ before
    it; the count itself goes on with the exact one.
    """
    whole = number.__floor__()
    part = number - whole
    if not part:
        return f"{whole:,}"
    if part in _SIGNS:
        return f"{whole:,}{_SIGNS[part]}" if whole else _SIGNS[part]
    shifted = part * 10**_PLACES
    if shifted.denominator == 1:
        return f"{whole:,}." + f"{shifted.numerator:0{_PLACES}d}".rstrip("0")
    if part.denominator <= _LARGEST_UNDER:
        return f"{whole:,} {part}" if whole else str(part)
    rounded = (number * 10**_PLACES + Fraction(1, 2)).__floor__()
    return f"≈{rounded // 10**_PLACES:,}.{rounded % 10**_PLACES:0{_PLACES}d}"
