"""Which projects shut each other out: published files tell it in their comment, in free text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.ballots.rules.counting.formats.pabulib.comments import sentences

if TYPE_CHECKING:
    from collections.abc import Collection

_DONE = r"(?:built|done|made|implemented|reali[sz]ed|carried\s+out|funded|selected)"
_EXCLUSIVE = re.compile(
    r"(?<!\bnot )mutual(?:ly)?[\s-]+exclusi"
    r"|exclud(?:e|es|ed|ing)\b.{0,40}\beach\s+other"
    r"|conflict(?:ing|s)?\b(?!\s+of\s+interest)"
    r"|(?:can|could)(?:\s?not|n?['’]t)\s+"
    r"(?:(?:both|all)\s+be\b|be\s+(?:both|all)\b"
    rf"|be\s+{_DONE}\s+(?:simultaneously|together|at\s+the\s+same\s+time)\b)"
    r"|(?:only|at\s+most)\s+one\s+of\b(?!\s+(?:the\s+)?(?:voter|resident|vote|ballot))"
    r"|wzajemnie (?:si[eę] )?wyklucza|wykluczaj[aą] si[eę] wzajemnie",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(r"[\s,;:()\[\]{}\"'„”“«»]+")


def speaks_of_exclusion(comment: str) -> bool:
    """Say whether a comment tells that projects shut each other out, be they named or not."""
    return bool(_EXCLUSIVE.search(comment))


def exclusive_groups(comment: str, projects: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of projects of which a comment says that at most one can be selected.

    A sentence that speaks of exclusion makes one group of the projects that it names; sentences
    whose groups overlap speak of the same one. Names of one digit count only behind the word
    project, so that a figure in the text is not taken for one.
    """
    known = set(projects)
    groups: dict[int, list[str]] = {}
    place: dict[str, int] = {}
    for number, sentence in enumerate(sentences(comment)):
        named = _named(sentence, known) if _EXCLUSIVE.search(sentence) else []
        if len(named) < 2:  # noqa: PLR2004 - nobody is excluded by itself
            continue
        first, *others = sorted({place[one] for one in named if one in place}) or [number]
        group = groups.setdefault(first, [])
        met = [one for other in others for one in groups.pop(other)]
        group += met + [one for one in named if one not in place]
        place |= dict.fromkeys(met + named, first)
    return tuple(tuple(group) for group in groups.values())


def _named(sentence: str, known: set[str]) -> list[str]:
    """Return the projects that a sentence names, each once."""
    named: list[str] = []
    words = [word.strip(".#") for word in _SPLIT.split(sentence)]
    follows = False
    for word in words:
        if re.fullmatch(
            r"projects?|projekt\w*|zada\w+|no|nos|nr|numbers?|ids?", word, re.IGNORECASE
        ):
            follows = True
        elif word in known:
            if (follows or not word.isdigit()) and word not in named:
                named.append(word)
        elif word and not re.fullmatch(r"and|or|with|i|oraz|lub|z|&|vs|/", word, re.IGNORECASE):
            follows = False
    return named
