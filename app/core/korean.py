"""Korean in small things: particles, masked names, dates, jamo for search."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from app.core.clock import SEOUL

WEEKDAYS = "월화수목금토일"
SHORTEST_SHOWN = 4  # two letters of a shorter name would be most of it
_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_FINALS, _RIEUL, _IEUNG = 28, 8, 21
_DIGIT_FINALS = {"0": 21, "1": 8, "2": 0, "3": 16, "4": 0, "5": 0, "6": 1, "7": 8, "8": 8, "9": 0}
_LATIN_FINALS = {"l": 8, "m": 16, "n": 4, "r": 8}
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_PARTICLES = {
    "을": ("을", "를"),
    "를": ("을", "를"),
    "이": ("이", "가"),
    "가": ("이", "가"),
    "은": ("은", "는"),
    "는": ("은", "는"),
    "과": ("과", "와"),
    "와": ("과", "와"),
    "으로": ("으로", "로"),
    "로": ("으로", "로"),
}


def _final(word: str) -> int:
    """Return the index of the last sound's final consonant; 0 when it ends in a vowel.

    A percent sign is 퍼센트, and of a fraction in one sign what stands above is said last.
    """
    if word.endswith("%"):
        return 0
    above, bar, _ = unicodedata.normalize("NFKD", word[-1:]).partition("\N{FRACTION SLASH}")
    word = above if bar else word
    tail = re.sub(r"[^0-9A-Za-z가-힣]+$", "", re.sub(r"\([^)]*\)\s*$", "", word))
    if not tail:
        return 0
    if tail.lower().endswith("ng"):
        return _IEUNG
    last = tail[-1]
    if _HANGUL_FIRST <= ord(last) <= _HANGUL_LAST:
        return (ord(last) - _HANGUL_FIRST) % _FINALS
    return _DIGIT_FINALS.get(last, _LATIN_FINALS.get(last.lower(), 0))


def josa(word: str, particle: str) -> str:
    """Return the word with the particle's right form: josa("동", "을") is "동을".

    Closing brackets and quotes are looked through; digits and Latin letters are read aloud.
    """
    with_final, without = _PARTICLES[particle]
    final = _final(word)
    if with_final == "으로" and final == _RIEUL:
        return word + without
    return word + (with_final if final else without)


def mask_name(name: str) -> str:
    """Return a person's name as the public sees it: 홍*동, 홍*, 남궁**수."""
    letters = unicodedata.normalize("NFC", name).replace(" ", "")
    if len(letters) <= 1:
        return "*"
    if len(letters) == 2:  # noqa: PLR2004
        return letters[0] + "*"
    return letters[0] + "*" * (len(letters) - 2) + letters[-1]


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: 010-****-1234."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}-****-{digits[-4:]}"


def mask_email(email: str) -> str:
    """Return an e-mail address with most of its local part hidden; of a short one, all of it."""
    local, _, domain = email.partition("@")
    shown = local[:2] if len(local) >= SHORTEST_SHOWN else ""
    hidden = "*" * (len(local) - len(shown)) if shown else "***"
    return f"{shown}{hidden}@{domain}"


def _day_of(value: date | datetime) -> date:
    return value.astimezone(SEOUL).date() if isinstance(value, datetime) else value


def format_date(value: date | datetime) -> str:
    """Return "2020. 7. 17.(금)" for a day or a moment (in Seoul)."""
    day = _day_of(value)
    return f"{day.year}. {day.month}. {day.day}.({WEEKDAYS[day.weekday()]})"


def format_plain_day(value: date) -> str:
    """Return "2003. 4. 8.", a day far back, without its weekday."""
    return f"{value.year}. {value.month}. {value.day}."


def format_day(value: date | datetime) -> str:
    """Return "7. 17.(금)", the date without its year."""
    day = _day_of(value)
    return f"{day.month}. {day.day}.({WEEKDAYS[day.weekday()]})"


def format_datetime(value: datetime) -> str:
    """Return "2020. 7. 17.(금) 14:03", to the minute."""
    moment = value.astimezone(SEOUL)
    return f"{format_date(moment)} {moment:%H:%M}"


def format_until(value: datetime) -> str:
    """Return the last day of a half-open interval: midnight closes the day before, at 24:00."""
    moment = value.astimezone(SEOUL)
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{format_date(moment.date() - timedelta(days=1))} 24:00"
    return format_datetime(moment)


def format_won(amount: int) -> str:
    """Return an amount of won as people say it: 9억 원, 1억 1,800만 원, 5,000만 원, 12,345원."""
    if not amount or amount % 10_000:
        return f"{amount:,}원"
    hundred_millions, ten_thousands = divmod(amount // 10_000, 10_000)
    said = (f"{hundred_millions:,}억", f"{ten_thousands:,}만")
    return " ".join([*(part for part in said if not part.startswith("0")), "원"])


def jamo(text: str) -> str:
    """Return text for substring search: lower case, decomposed into jamo."""
    return unicodedata.normalize("NFD", text.lower())


def initials(text: str) -> str:
    """Return text without spaces, each Hangul syllable as its initial consonant (초성)."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", text.lower()):
        code = ord(letter)
        if _HANGUL_FIRST <= code <= _HANGUL_LAST:
            letters.append(_INITIALS[(code - _HANGUL_FIRST) // 588])
        elif not letter.isspace():
            letters.append(letter)
    return "".join(letters)
