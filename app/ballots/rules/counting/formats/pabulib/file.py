"""A `.pb` file as it was read, and the habits of cities that it tells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from app.ballots.rules.counting.election import Approval, Election, Scoring
    from app.ballots.rules.counting.formats.pabulib.notes import Note

_FITS = re.compile(r"\bfit", re.IGNORECASE)
_MISFITS = re.compile(r"(?:\bnot|n['’]t|\bcannot|\bno longer|\bnever) fit", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class PabulibFile:
    """A `.pb` file as it was read.

    `valued` are the ballots as the budget's rules count them: picks or points. `sums` are counted
    from them, or are the published ones where the file holds no ballots. `marks` are the published
    selection by project (1 selected, 0 not, others as the comment explains), empty if there is
    none. `section_budgets` are those of `sections`, by candidate, where the file tells them; the
    election knows no sections, as only the custom of the budget's own rule counts by them.
    """

    meta: Mapping[str, str]
    election: Election
    budget: Fraction
    rule: str
    vote_type: str
    threshold: Fraction
    valued: tuple[Approval | Scoring, ...]
    sums: Mapping[str, Fraction]
    marks: Mapping[str, int]
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    section_budgets: Mapping[str, Fraction] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def published(self) -> tuple[str, ...]:
        """Return the projects that the city marked as selected.

        In Poznań 2 marks the last one, of whose cost four fifths were left.
        """
        taken = (1, 2) if self.is_of_poznan else (1,)
        return tuple(name for name, mark in self.marks.items() if mark in taken)

    @property
    def fills_up(self) -> bool:
        """Say whether the count goes on behind a project that does not fit.

        By custom it does only where the file says that what is left funds others that fit. A part
        of the first that does not fit may be paid: Amsterdam marks it with 2, as other money joins.
        """
        left = self.meta.get("leftover_budget", "")
        return bool(_FITS.search(left)) and not _MISFITS.search(left)

    @property
    def is_of_poznan(self) -> bool:
        """Say whether the file follows the custom of Poznań."""
        place = f"{self.meta.get('unit', '')} {self.meta.get('comment', '')}"
        return self.rule == "greedy-custom" and bool(
            re.search(r"pozna[nń]|\b80 ?%", place, re.IGNORECASE)
        )
