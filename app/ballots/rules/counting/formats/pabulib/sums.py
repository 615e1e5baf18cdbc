"""The sums of a `.pb` file: those that its ballots give, and those that it states itself."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import (
    NONE,
    Approval,
    Candidate,
    Ranking,
    Scoring,
    sum_of_picks,
    sum_of_points,
)
from app.ballots.rules.counting.formats.pabulib.terms import BY_PICKS
from app.ballots.rules.counting.formats.reading import LONGEST_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Huge integers are slow to read, and beyond some size an error.
NUMBER = re.compile(rf"(?!.{{{LONGEST_NUMBER + 1}}})[0-9]+(?:\.[0-9]+)?")


def named_sums(
    names: Iterable[str], ballots: Iterable[Approval | Scoring | Ranking]
) -> dict[str, Fraction]:
    """Return how many voters named each, whatever they gave it."""
    candidates = [Candidate(id=name) for name in names]
    return sum_of_picks(candidates, (Approval(one.names, one.weight) for one in ballots))


def counted_sums(
    candidates: Sequence[Candidate], valued: Sequence[Approval | Scoring]
) -> dict[str, Fraction]:
    """Return what the ballots give to each, in picks or points."""
    picks = sum_of_picks(candidates, (one for one in valued if isinstance(one, Approval)))
    points = sum_of_points(candidates, (one for one in valued if isinstance(one, Scoring)))
    return {name: picks[name] + points[name] for name in picks}


def published_sums(rows: Mapping[str, Mapping[str, str]], vote_type: str) -> dict[str, Fraction]:
    """Return the sums a file states: votes where ballots pick, else the score, if it has both."""
    columns = ("votes", "score") if vote_type in BY_PICKS else ("score", "votes")
    told = [one for one in columns if any(fields.get(one) for fields in rows.values())]
    texts = {name: fields.get(told[0], "") if told else "" for name, fields in rows.items()}
    return {
        name: Fraction(text) if NUMBER.fullmatch(text) else NONE for name, text in texts.items()
    }
