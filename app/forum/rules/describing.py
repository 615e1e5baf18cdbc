"""Which statements of a published conversation describe who weighs, and hold no opinion.

"I live in a town" is asked beside the opinions to know who took part; its publisher marks it, and
the published mathematics then leaves it out of the plane. Older files do not carry the
mark, so it is guessed from the words, and only where an author asks several in a row.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.forum.rules.exchange import Remark

IN_A_ROW = 3
OPENING_WORDS = 3
OF_ONESELF = re.compile(
    r"(?:\d+\.\s*)?(?:"
    r"i\s+(?:am|live|lived|work|worked|own|rent|study|have|had|do\s+now|access|identify|use)\b"
    r"|i['’]m\b"
    r"|my\s+(?:\w+\s+){1,3}(?:is|are|has|have)\b"
    r"|english\s+is\s+my\b"
    r")",
    re.IGNORECASE,
)


def describing_oneself(statements: Iterable[Remark]) -> frozenset[str]:
    """Return the ids of the statements that describe who weighs; statements in their order.

    Three in a row by one author, or one that opens with the same words as one of those by the
    same author; nothing where no author is told. Somebody's "I am worried" alone among opinions
    is an opinion.
    """
    stated = list(statements)
    found: set[str] = set()
    openings: set[tuple[str, ...]] = set()
    for (author, of_oneself), run in groupby(
        stated, key=lambda one: (one.author, _is_of_oneself(one))
    ):
        row = list(run)
        if of_oneself and author and len(row) >= IN_A_ROW:
            found |= {one.id for one in row}
            openings |= {(author, *_opening(one)) for one in row}
    found |= {one.id for one in stated if (one.author, *_opening(one)) in openings}
    return frozenset(found)


def _is_of_oneself(statement: Remark) -> bool:
    return OF_ONESELF.match(statement.text) is not None


def _opening(statement: Remark) -> list[str]:
    return statement.text.lower().split()[:OPENING_WORDS]
