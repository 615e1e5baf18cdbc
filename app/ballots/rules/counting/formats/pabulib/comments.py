"""What a file tells in free text: its sentences, and the least votes of which they speak."""

from __future__ import annotations

import re
from fractions import Fraction

_PART = re.compile(r"#\d+:")
_END = re.compile(r"(?<=[.;!?])\s+")
# Behind these a full stop ends no sentence: ever, before a figure, before a small letter.
_TITLES = frozenset(
    ("ul", "al", "pl", "os", "św", "sw", "ks", "gen", "im", "st", "tzw", "dr", "mr", "mrs")
)
_NUMBERED = frozenset(["no", "nos", "nr", "art", "ust", "p", "approx"])
_ABRIDGED = frozenset(
    ("e.g", "i.e", "etc", "min", "max", "vs", "resp", "acc", "approx", "np", "tj", "itp", "itd")
)
# "a minimum of 50 votes", "at least 50 points", in a sentence on who can be funded.
_FUNDED = re.compile(r"fund|eligib|select|implement", re.IGNORECASE)
_LEAST = re.compile(
    r"(?:minimum(?: number)?(?: of)?|at least|threshold of) (\d{1,20}) (?:valid )?(?:vote|point)s",
    re.IGNORECASE,
)


def sentences(comment: str) -> list[str]:
    """Return the sentences of a comment; its numbered parts (`#2:`) begin new ones."""
    found: list[list[str]] = []
    for part in _PART.split(comment):
        before = ""
        for piece in _END.split(part):
            if before and _goes_on(before, piece):
                found[-1].append(piece)
            else:
                found.append([piece])
            before = piece
    return [" ".join(pieces) for pieces in found]


def _goes_on(before: str, after: str) -> bool:
    """Say whether a sentence goes on behind a full stop: near ul. Dolna, in No. 12, i.e. both."""
    word = before.rsplit(None, 1)[-1].lstrip("(\"'„“").lower()
    if not word.endswith("."):
        return False
    word, first = word[:-1], after[:1]
    return (
        word in _TITLES
        or (word in _NUMBERED and first.isdigit())
        or (word in _ABRIDGED and not first.isupper())
    )


def threshold_told(comment: str) -> Fraction | None:
    """Return the least sum that can be selected if a comment tells exactly one, else None."""
    told = {
        Fraction(least)
        for sentence in sentences(comment)
        if _FUNDED.search(sentence)
        for least in _LEAST.findall(sentence)
    }
    return told.pop() if len(told) == 1 else None
