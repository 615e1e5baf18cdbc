"""즉석 결선: the last of each round leaves, its papers move on, until somebody has more than half.

More than half is of the votes still in the count: a paper that names nobody left is exhausted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.majority import MORE_THAN_HALF
from app.ballots.rules.counting.ordering import settle_among
from app.ballots.rules.counting.outcome import Count, Round, Tie, TieKind, Transfer, Verdict
from app.ballots.rules.counting.piles import Piles, round_of
from app.ballots.rules.counting.places import OPEN, by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.ballots.rules.counting.election import Candidate, Ranking
    from app.ballots.rules.counting.ties import TieBreak

METHOD = "instant_runoff"


def count_instant_runoff(
    candidates: Iterable[Candidate], ballots: Iterable[Ranking], *, ties: TieBreak = OPEN
) -> Count:
    """Return who wins by instant runoff, round by round.

    Equal last ones: whoever had less in the most recent earlier round leaves; if they never
    differed, all of them leave together where their votes together do not reach the next one
    (then no order could change anything); else the tie rule decides. Where it leaves that open,
    the count stops: the equals are TIED and whoever else is left gets no verdict.
    Raises KeyError for an unknown candidate, ValueError for a weight that is not positive.
    """
    return _Table(by_id(candidates), ballots, ties).count()


@dataclass
class _Table:
    """The counting table: what lies on it, and what has been written down so far."""

    candidates: dict[str, Candidate]
    ballots: Iterable[Ranking]
    breaking: TieBreak
    rounds: list[Round] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    history: list[dict[str, Fraction]] = field(default_factory=list)

    def count(self) -> Count:
        piles = Piles(self.candidates.values(), self.ballots)
        unmarked = piles.exhausted
        winner = None
        while piles.continuing:
            standing = {one: piles.votes(one) for one in piles.continuing}
            base = sum(standing.values(), Fraction())
            most = max(standing.values())
            if not base:
                self._write(standing, standing, Verdict.NO_VOTES, base=base)
                break
            if MORE_THAN_HALF.is_reached(most, base):
                winner = max(standing, key=standing.__getitem__)
                self._write(standing, [winner], Verdict.SELECTED, base=base)
                break
            leaving = self._who_leaves(standing)
            if not leaving:
                self._write(standing, self.ties[-1].candidates, Verdict.TIED, base=base)
                break
            transfers = piles.pass_on(piles.clear(leaving))
            self._write(standing, leaving, Verdict.ELIMINATED, transfers, base=base)
            self.history.append(standing)
        first = dict(self.rounds[0].standing) if self.rounds else {}
        valid = sum(first.values(), Fraction())
        return Count(
            method=METHOD,
            selected=(winner,) if winner is not None else (),
            rounds=tuple(self.rounds),
            ties=tuple(self.ties),
            votes=first,
            figures={"valid": valid, "unmarked": unmarked, "exhausted": piles.exhausted - unmarked},
        )

    def _who_leaves(self, standing: dict[str, Fraction]) -> Sequence[str]:
        """Return who leaves now; nobody where a tie stays open."""
        least = min(standing.values())
        last = [one for one, votes in standing.items() if votes == least]
        if len(last) == 1:
            return last
        ahead = [votes for votes in standing.values() if votes > least]
        if ahead and least * len(last) < min(ahead):
            return last
        kind = TieKind.ELIMINATION
        tie = settle_among(last, self.history, kind, ties=self.breaking, candidates=self.candidates)
        self.ties.append(tie)
        return tie.settled[-1:]

    def _write(
        self,
        standing: dict[str, Fraction],
        decided: Iterable[str],
        verdict: Verdict,
        transfers: tuple[Transfer, ...] = (),
        **figures: Fraction,
    ) -> None:
        """Write a round down; where somebody won, nobody else did."""
        verdicts = dict.fromkeys(decided, verdict)
        if verdict is Verdict.SELECTED:
            verdicts |= {one: Verdict.NOT_SELECTED for one in standing if one not in verdicts}
        self.rounds.append(
            round_of(
                len(self.rounds) + 1,
                self.candidates.values(),
                standing,
                verdicts,
                figures=figures,
                transfers=transfers,
            )
        )
