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
_SELECTORS = {*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0)}
_DROPPED = dict.fromkeys(_BIDI | set(map(ord, _FILLERS)) | _OPERATORS | _TAGS | _SELECTORS)
# Joiners mean something between pictures, the picture selector behind a sign and in a key cap.
_JOINERS, _PICTURE, _KEY_CAP = "\u200c\u200d", "\ufe0f", "\u20e3"
# Unicode's own bound (UAX #15, stream-safe text): sorting a longer run of marks takes time with
# its square. The two voiced sound marks become marks when they are normalised.
MOST_MARKS = 30
_BECOME_MARKS = "\uff9e\uff9f"


def tidy(text: str, *, lines: bool = False) -> str:
    """Return text as it is stored: NFC, no direction tricks or invisible letters, trimmed.

    Accents and joiners without a letter to stand on are nothing. With `lines` false all white
    space becomes single spaces; otherwise line breaks are kept and runs of more than one blank
    line shrink to one. Raises InvalidText("control") for NUL and
    other control characters and lone surrogates, InvalidText("marks") for more than MOST_MARKS
    accents in a row, InvalidText("resident_number") for anything shaped like a 주민등록번호
    (개인정보 보호법 §24의2), whatever accents its figures carry.
    """
    _insist_on_letters(text)
    text = unicodedata.normalize("NFC", text).translate(_DROPPED)
    text = _drop_lone_joiners(text)
    if not any(map(_is_seen, text)):
        return ""
    if _RESIDENT_NUMBER.search(_without_marks(unicodedata.normalize("NFKC", text))):
        code = "resident_number"
        raise InvalidText(code)
    if not lines:
        return " ".join(text.split())
    kept = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _insist_on_letters(text: str) -> None:
    """Raise InvalidText for what no text holds, before anything is done with it."""
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        if category == "Cs" or (category == "Cc" and letter not in "\t\n\r"):
            code = "control"
            raise InvalidText(code)
        marks = marks + 1 if category[0] == "M" or letter in _BECOME_MARKS else 0
        if marks > MOST_MARKS:
            code = "marks"
            raise InvalidText(code)


def _without_marks(text: str) -> str:
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "M")


def _drop_lone_joiners(text: str) -> str:
    """Keep joiners and picture selectors where they mean something, and nowhere else."""
    if not any(one in text for one in (*_JOINERS, _PICTURE)):
        return text
    kept = []
    for before, letter, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if letter in _JOINERS and not (_is_symbol(before) and _is_symbol(after)):
            continue
        if letter == _PICTURE and not (_is_sign(before) or after == _KEY_CAP):
            continue
        kept.append(letter)
    return "".join(kept)


def _is_seen(letter: str) -> bool:
    """Say whether a letter shows by itself, and is no space, accent or sign to the machine."""
    category = unicodedata.category(letter)
    return category[0] not in "MZ" and category not in ("Cf", "Cc")


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "SP"


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
