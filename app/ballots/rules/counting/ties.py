"""What becomes of candidates that stand equal: named before the opening, never the order of rows.

The public draw can be repeated by anybody: the number is published (and drawn from something nobody
controls) after the ballots are in; whoever has the smallest
`SHA-256("madang/draw/v1:" + number + ":" + id)` comes first.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate


class TieRule(StrEnum):
    """How a tie is settled; `JOINT` and `RUNOFF` leave it open in the count itself."""

    JOINT = "joint"  # 공동: all of them or none, as the assembly decides
    RUNOFF = "runoff"  # 결선: a second vote among them
    DRAW = "draw"  # 공개 추첨, from a published number
    CHEAPER = "cheaper"  # 낮은 예산 먼저
    PAPER_ORDER = "paper_order"  # 먼저 접수된 순서, as it stands on the paper


@dataclass(frozen=True)
class TieBreak:
    """A tie rule, with the published number where it is a draw."""

    rule: TieRule = TieRule.JOINT
    number: str = ""

    def __post_init__(self) -> None:
        """Refuse a draw from nothing. Raises ValueError."""
        if self.rule is TieRule.DRAW and not self.number.strip():
            raise ValueError("a public draw needs its published number")

    def settle(
        self, tied: Sequence[str], candidates: Mapping[str, Candidate], *, places: int = 0
    ) -> tuple[str, ...] | None:
        """Return the tied candidates in their order of precedence, None if the rule leaves it open.

        `candidates` are all candidates of the paper, in its order. Where equal costs leave
        `CHEAPER` undecided, it leaves the tie open; if only `places` of them are to be had, it need
        decide who gets one, not who of those is first.
        """
        match self.rule:
            case TieRule.JOINT | TieRule.RUNOFF:
                return None
            case TieRule.DRAW:
                return tuple(sorted(tied, key=lambda one: draw_ticket(self.number, one)))
            case TieRule.PAPER_ORDER:
                names = set(tied)
                return tuple(one for one in candidates if one in names)
            case TieRule.CHEAPER:
                order = sorted(tied, key=lambda one: candidates[one].cost)
                lines = [places] if places else range(1, len(order))
                costs = [candidates[one].cost for one in order]
                is_open = any(costs[line - 1] == costs[line] for line in lines)
                return None if is_open else tuple(order)

    def parts(self, level: Sequence[Candidate]) -> Iterable[Sequence[Candidate]]:
        """Return equals in the parts that take their turns one after another.

        They are one part, in which `settle` puts them in order, unless costs order only some.
        """
        costs = sorted({one.cost for one in level})
        if self.rule is not TieRule.CHEAPER or not 1 < len(costs) < len(level):
            return [level]
        return [[one for one in level if one.cost == cost] for cost in costs]


def draw_ticket(number: str, candidate: str) -> str:
    """Return a candidate's ticket in the public draw of a number; the smallest ticket is first.

    Both texts are taken in NFC, in UTF-8. By hand: `printf '%s' 'madang/draw/v1:NUMBER:ID' |
    sha256sum`.
    """
    text = unicodedata.normalize("NFC", f"madang/draw/v1:{number.strip()}:{candidate}")
    return hashlib.sha256(text.encode()).hexdigest()
