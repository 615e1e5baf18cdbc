"""Who of equals goes first or last: by the latest round that tells them apart, then the rule."""

from fractions import Fraction

import pytest

from app.ballots.rules.counting.election import Candidate
from app.ballots.rules.counting.ordering import settle_among
from app.ballots.rules.counting.outcome import Tie, TieKind
from app.ballots.rules.counting.places import OPEN
from app.ballots.rules.counting.ties import TieBreak, TieRule

COSTS = {"A": 5, "B": 2, "C": 2, "D": 9}
CANDIDATES = {one: Candidate(id=one, name=one, cost=Fraction(cost)) for one, cost in COSTS.items()}
ORDER, CHEAPER = TieBreak(TieRule.PAPER_ORDER), TieBreak(TieRule.CHEAPER)
OUT, MOVED = TieKind.ELIMINATION, TieKind.SURPLUS


def rounds(*texts):
    """How A, B, C and D stood, round by round: `3210` is three votes for A, none for D."""
    return [dict(zip("ABCD", map(Fraction, text), strict=True)) for text in texts]


def settle(tied, kind, *earlier, ties=ORDER):
    return settle_among(tuple(tied), rounds(*earlier), kind, ties=ties, candidates=CANDIDATES)


@pytest.mark.parametrize(
    ("tied", "kind", "earlier", "settled", "looked_at"),
    [
        # The last of the settled leaves, and the first is moved: whoever the round tells apart.
        ("ABC", OUT, ["3212"], "ABC", 1),
        ("ABC", OUT, ["3122"], "ACB", 1),
        ("ABC", MOVED, ["1230"], "CAB", 1),
        ("ABC", MOVED, ["1320"], "BAC", 1),
        # The latest round that tells somebody apart decides, whatever stood before it.
        ("AB", OUT, ["2100", "1200", "1100"], "BA", 2),
        ("AB", MOVED, ["2100", "1200", "1100"], "BA", 2),
        # Each round leaves those that stand level at its edge; an earlier one looks at those alone.
        ("ABC", OUT, ["0210", "5110"], "ABC", 1),
        ("ABC", MOVED, ["9120", "1550"], "CAB", 1),
    ],
)
def test_the_latest_round_that_tells_them_apart_decides(tied, kind, earlier, settled, looked_at):
    assert settle(tied, kind, *earlier) == Tie(
        candidates=tuple(tied),
        places=1,
        rule=TieRule.PAPER_ORDER,
        settled=tuple(settled),
        kind=kind,
        round=len(earlier) + 1,
        earlier=looked_at,
    )


@pytest.mark.parametrize(
    ("tied", "kind", "earlier", "ties", "settled"),
    [
        ("CAB", OUT, [], ORDER, "ABC"),
        ("CAB", MOVED, [], ORDER, "ABC"),
        # Who stands apart from the edge stays in, or waits; the rule orders the others.
        ("CDA", OUT, ["2011"], ORDER, "ACD"),
        ("DCA", MOVED, ["0011"], ORDER, "CDA"),
        ("DCB", OUT, ["0229"], ORDER, "DBC"),
        ("DCB", MOVED, ["0221"], ORDER, "BCD"),
        # Costs need tell no more than who leaves, or who is first.
        ("ABC", OUT, [], CHEAPER, "BCA"),
        ("ABC", MOVED, [], CHEAPER, ""),
        ("DBC", OUT, [], CHEAPER, "BCD"),
        ("AD", MOVED, [], CHEAPER, "AD"),
        ("ABC", OUT, [], OPEN, ""),
    ],
)
def test_the_rule_orders_whom_no_round_tells_apart(tied, kind, earlier, ties, settled):
    tie = settle(tied, kind, *earlier, ties=ties)
    assert tie == Tie(
        candidates=tuple(tied),
        places=1,
        rule=ties.rule,
        settled=tuple(settled),
        kind=kind,
        round=len(earlier) + 1,
    )


def test_a_draw_tells_the_number_it_was_drawn_from():
    tie = settle("AB", OUT, ties=TieBreak(TieRule.DRAW, "17"))
    assert (tie.number, sorted(tie.settled), tie.earlier) == ("17", ["A", "B"], 0)
