"""Receipt numbers that a person can read over the phone, and exact percentages."""

from __future__ import annotations

import secrets
import unicodedata
from fractions import Fraction

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans("OIL", "011")


def receipt_number(year: int, code: str, serial: int) -> str:
    """Return a 접수번호 such as 2021-DS1-000045-9; the last digit catches a mistyped one."""
    return f"{year}-{code}-{serial:06d}-{_check_digit(f'{year}{serial:06d}')}"


def _check_digit(digits: str) -> int:
    """Return the Luhn check digit of a string of digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004
    return -total % 10


def spoken_code(raw: bytes, letters: int = 26) -> str:
    """Return the first letters of raw bytes in Crockford base32, in groups of four."""
    value = int.from_bytes(raw, "big")
    bits = len(raw) * 8
    code = "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(bits - 5, -1, -5))[:letters]
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def heard_code(typed: str) -> str:
    """Return the letters of a spoken code from what somebody typed, however they grouped them.

    Crockford's letters leave out those that look like others: O is read as 0, I and L as 1.
    """
    letters = unicodedata.normalize("NFKC", typed).upper().translate(_LOOK_ALIKE)
    return "".join(letter for letter in letters if letter in _CROCKFORD)


def random_token(size: int = 32) -> str:
    """Return an unguessable URL-safe token of `size` random bytes."""
    return secrets.token_urlsafe(size)


def percent(part: int, whole: int, places: int = 1) -> str:
    """Return part / whole in percent, rounded half up, as text: percent(299, 335, 2) is "89.25"."""
    if whole == 0:
        return "0"
    scaled = Fraction(part * 100, whole) * 10**places
    rounded = (scaled + Fraction(1, 2)).__floor__()
    if places == 0:
        return str(rounded)
    return f"{rounded // 10**places}.{rounded % 10**places:0{places}d}"


def ceil_div(number: int, by: int) -> int:
    """Return number / by rounded up, in integers."""
    return -(-number // by)
