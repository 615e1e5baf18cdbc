"""Receipt numbers read over the phone, amounts as people type them, exact percentages."""

from __future__ import annotations

import re
import secrets
import unicodedata
from fractions import Fraction

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans("OIL", "011")
_TEN_THOUSAND = 10_000
_LONGEST_AMOUNT = 60
# Full-width letters as they come from Korean keyboards, and the sign for minus.
_HALF_WIDTH = str.maketrans(
    {0x3000: " ", 0xFFE6: "₩", 0x2212: "-"} | {0xFF01 + i: chr(0x21 + i) for i in range(94)}
)
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_SPOKEN = r"(?=[1-9]?[천백십])(?:[1-9]?천)?(?:[1-9]?백)?(?:[1-9]?십)?[1-9]?"
_AMOUNT = re.compile(
    r"(-?)\s*₩?\s*"
    + r"".join(rf"(?:({_DIGITS}|{_SPOKEN})\s*{unit}\s*)?" for unit in "조억만")
    + rf"({_DIGITS}|{_SPOKEN})?\s*(원|won)?",
    re.IGNORECASE,
)


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


def read_won(typed: str) -> int | None:
    """Return the won that somebody typed: 12,000,000 or 1,200만 원 or 1천2백만; None for nonsense.

    What is below 만 is read after 만 alone, and with its 원: "1만 2,000원". Who wrote "2억 2,000"
    may well have meant 2억 2,000만, so that it is not guessed.
    """
    text = unicodedata.normalize("NFC", typed).translate(_HALF_WIDTH).strip()
    found = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST_AMOUNT else None
    if found is None:
        return None
    sign, *parts, rest, won = found.groups()
    counts = [None if part is None else _count(part) for part in (*parts, rest)]
    if rest is not None and any(parts) and not (parts[-1] and won):
        return None
    named = [count for count in counts if count is not None]
    if not named or any(count >= _TEN_THOUSAND for count in named[1:]):
        return None
    amount = 0
    for count in counts:
        amount = amount * _TEN_THOUSAND + (count or 0)
    return -amount if sign else amount


def _count(part: str) -> int:
    """Return a number written in digits, or with 천, 백 and 십 among them."""
    digits = part.replace(",", "")
    if digits.isdigit():
        return int(digits)
    said = re.findall(r"([1-9]?)([천백십]?)", digits)
    sizes = {"천": 1000, "백": 100, "십": 10, "": 1}
    return sum(int(count or 1) * sizes[unit] for count, unit in said if count or unit)


def ceil_div(number: int, by: int) -> int:
    """Return number / by rounded up, in integers."""
    return -(-number // by)
