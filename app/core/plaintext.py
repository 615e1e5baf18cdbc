"""What text people type may be stored as, and what is refused."""

from __future__ import annotations

import re
import unicodedata

from app.core.refusals import InvalidText

_RESIDENT_NUMBER = re.compile(
    r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-–—.·~_/\s]{0,3}[1-8]\d{6}(?!\d)"
)
_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_FILLERS = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2800\u3164\ufeff\uffa0"
_OPERATORS, _TAGS = {*range(0x2060, 0x2065), *range(0x206A, 0x2070)}, set(range(0xE0000, 0xE0080))
_LONE_JOINERS = {0x200C, 0x200D}
_DROPPED = dict.fromkeys(_BIDI | set(map(ord, _FILLERS)) | _OPERATORS | _TAGS)


def tidy(text: str, *, lines: bool = False) -> str:
    """Return text as it is stored: NFC, no direction tricks or invisible letters, trimmed.

    Accents and joiners without a letter to stand on are nothing. With `lines` false all white
    space becomes single spaces; otherwise line breaks are kept and runs of more than one blank
    line shrink to one. Raises InvalidText("control") for NUL and
    other control characters and lone surrogates, InvalidText("resident_number") for anything
    shaped like a 주민등록번호 (개인정보 보호법 §24의2).
    """
    for letter in text:
        category = unicodedata.category(letter)
        if category == "Cs" or (category == "Cc" and letter not in "\t\n\r"):
            code = "control"
            raise InvalidText(code)
    text = unicodedata.normalize("NFC", text).translate(_DROPPED)
    text = _drop_lone_joiners(text)
    if not any(map(_is_seen, text)):
        return ""
    if _RESIDENT_NUMBER.search(unicodedata.normalize("NFKC", text)):
        code = "resident_number"
        raise InvalidText(code)
    if not lines:
        return " ".join(text.split())
    kept = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _drop_lone_joiners(text: str) -> str:
    """Keep zero-width joiners inside emoji, where they mean something, and nowhere else."""
    if not any(ord(letter) in _LONE_JOINERS for letter in text):
        return text
    kept = []
    for i, letter in enumerate(text):
        if ord(letter) in _LONE_JOINERS:
            inside = 0 < i < len(text) - 1 and _is_symbol(text[i - 1]) and _is_symbol(text[i + 1])
            if not inside:
                continue
        kept.append(letter)
    return "".join(kept)


def _is_seen(letter: str) -> bool:
    """Say whether a letter shows by itself, and is no space, accent or sign to the machine."""
    category = unicodedata.category(letter)
    return category[0] not in "MZ" and category not in ("Cf", "Cc")


def _is_symbol(letter: str) -> bool:
    return unicodedata.category(letter) in ("So", "Sk", "Mn")


def length(text: str) -> int:
    """Return the number of code points, the unit of every length limit."""
    return len(text)


def harmless(text: str) -> str:
    """Return text of strangers as a terminal may print it: what could steer it shows as �.

    Line ends and tabs stay; other control characters, changes of direction and halves of surrogate
    pairs do not.
    """
    return "".join(_in_print(letter) for letter in text)


def on_a_line(text: str) -> str:
    """Return text of strangers as one line of a terminal: no title begins a line of its own."""
    return " ".join(harmless(text).split("\n"))


def _in_print(letter: str) -> str:
    if letter in "\n\t":
        return letter
    steers = unicodedata.category(letter) in ("Cc", "Cs") or ord(letter) in _BIDI
    return "\N{REPLACEMENT CHARACTER}" if steers else letter
