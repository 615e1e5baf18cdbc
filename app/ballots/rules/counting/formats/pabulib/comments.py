"""What a file tells in free text: its sentences, and the least votes of which they speak."""

from __future__ import annotations

import re
from fractions import Fraction

# A full stop ends a sentence before a capital letter or a figure, but not behind "near ul." or
# "St.", nor between "No." and its figure.
_SHORTENED = ("ul", "al", "pl", "os", "św", "sw", "ks", "gen", "im", "st", "tzw", "dr", "mr", "mrs")
_NUMBERED = ("no", "nos", "nr", "art", "ust", "p", "approx")
_SENTENCE = re.compile(
    r"(?<=[;!?])\s+|#\d+:|(?<=\.)"
    + "".join(rf"(?<!\b(?i:{short})\.)" for short in _SHORTENED)
    + "".join(rf"(?!(?<=\b(?i:{short})\.)\s+\d)" for short in _NUMBERED)
    + r"\s+(?![a-ząćęłńóśźż])"
)
# "a minimum of 50 votes", "at least 50 points", in a sentence on who can be funded.
_FUNDED = re.compile(r"fund|eligib|select|implement", re.IGNORECASE)
_LEAST = re.compile(
    r"(?:minimum(?: number)?(?: of)?|at least|threshold of) (\d{1,20}) (?:valid )?(?:vote|point)s",
    re.IGNORECASE,
)


def sentences(comment: str) -> list[str]:
    """Return the sentences of a comment; its numbered parts (`#2:`) begin new ones."""
    return _SENTENCE.split(comment)


def threshold_told(comment: str) -> Fraction | None:
    """Return the least sum that can be selected if a comment tells exactly one, else None."""
    told = {
        Fraction(least)
        for sentence in sentences(comment)
        if _FUNDED.search(sentence)
        for least in _LEAST.findall(sentence)
    }
    return told.pop() if len(told) == 1 else None
