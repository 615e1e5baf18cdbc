"""여러 자리 순위 투표 (STV): several places, one ranking a voter, and no vote is spent twice.

The published rule is the one of Scotland's council elections (the Scottish Local Government
Elections Orders 2007 and 2011), a weighted inclusive Gregory method with the Droop quota: when a
candidate has more than the quota, *all* of their papers move on, each at its present value times
surplus / votes. It needs no lot to choose which papers move, treats all papers alike, and can be
followed by hand. One thing differs: values here are exact fractions, where the Order cuts after
five decimals; so no vote is lost to rounding. Papers that name nobody further are exhausted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.ordering import settle_among
from app.ballots.rules.counting.outcome import Count, Round, Tie, TieKind, Transfer, Verdict
from app.ballots.rules.counting.piles import Parcels, Piles, round_of
from app.ballots.rules.counting.places import OPEN, by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.ballots.rules.counting.election import Candidate, Ranking
    from app.ballots.rules.counting.ties import TieBreak

METHOD = "stv"


def droop_quota(valid: Fraction, seats: int) -> Fraction:
    """Return the smallest whole number of votes that only `seats` candidates can have at once."""
    return Fraction((valid / (seats + 1)).__floor__() + 1)


def count_stv(
    candidates: Iterable[Candidate],
    ballots: Iterable[Ranking],
    seats: int,
    *,
    ties: TieBreak = OPEN,
) -> Count:
    """Return who wins the places by single transferable vote, stage by stage.

    Each round: whoever has the quota is elected; then the largest surplus moves on, or if there is
    none, the last leaves. Where as many are left as places, they are elected. Equal surpluses and
    equal last ones: who had more (less) in the most recent earlier round, then the tie rule. Where
    it leaves that open, equal surpluses move together, candidates without a vote leave together,
    and else the count stops: the equals are TIED and whoever else is left gets no verdict.
    Raises KeyError for an unknown candidate, ValueError for a weight or number of seats below 1.
    """
    if seats < 1:
        raise ValueError("there is at least one seat")
    return _Table(by_id(candidates), ballots, seats, ties).count()


@dataclass
class _Table:
    """The counting table: what lies on it, and what has been written down so far."""

    candidates: dict[str, Candidate]
    ballots: Iterable[Ranking]
    seats: int
    breaking: TieBreak
    quota: Fraction = Fraction()
    elected: dict[str, Fraction] = field(default_factory=dict)  # with the votes they have now
    waiting: dict[str, Fraction] = field(default_factory=dict)  # whose surplus has not moved
    rounds: list[Round] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    history: list[dict[str, Fraction]] = field(default_factory=list)

    def count(self) -> Count:
        piles = Piles(self.candidates.values(), self.ballots)
        unmarked = piles.exhausted
        first = {one: piles.votes(one) for one in piles.continuing}
        valid = sum(first.values(), Fraction())
        self.quota = droop_quota(valid, self.seats)
        if valid:
            self._count(piles)
        else:
            self._write(first, dict.fromkeys(first, Verdict.NO_VOTES), ())
        return Count(
            method=METHOD,
            selected=tuple(self.elected),
            rounds=tuple(self.rounds),
            ties=tuple(self.ties),
            votes=first,
            figures={
                "valid": valid,
                "unmarked": unmarked,
                "exhausted": piles.exhausted - unmarked,
                "quota": self.quota,
                "seats": Fraction(self.seats),
            },
        )

    def _count(self, piles: Piles) -> None:
        taken: dict[str, Parcels] = {}
        is_over = False
        while not is_over:
            hopeful = {one: piles.votes(one) for one in piles.continuing}
            standing = {**self.elected, **hopeful}
            verdicts = self._elect(hopeful)
            taken |= piles.clear(list(verdicts))
            left = {one: votes for one, votes in hopeful.items() if one not in verdicts}
            transfers: tuple[Transfer, ...] = ()
            if len(self.elected) == self.seats or not left:
                verdicts |= dict.fromkeys(left, Verdict.NOT_SELECTED)
                is_over = True
            elif self.waiting:
                for one, ratio in self._whose_surplus():
                    transfers += piles.pass_on({one: taken.pop(one)}, ratio)
            elif leaving := self._who_leaves(left):
                verdicts |= dict.fromkeys(leaving, Verdict.ELIMINATED)
                transfers = piles.pass_on(piles.clear(leaving))
            else:
                verdicts |= dict.fromkeys(self.ties[-1].candidates, Verdict.TIED)
                is_over = True
            self._write(standing, verdicts, transfers)
            self.history.append(standing)

    def _elect(self, hopeful: dict[str, Fraction]) -> dict[str, Verdict]:
        """Elect whoever has the quota, and everybody else if no more are left than places."""
        now = [one for one in hopeful if hopeful[one] >= self.quota]
        self.waiting |= {one: hopeful[one] for one in now if hopeful[one] > self.quota}
        if len(hopeful) <= self.seats - len(self.elected):
            now = list(hopeful)
        now.sort(key=lambda one: -hopeful[one])
        self.elected |= {one: hopeful[one] for one in now}
        return dict.fromkeys(now, Verdict.SELECTED)

    def _whose_surplus(self) -> list[tuple[str, Fraction]]:
        """Take from those waiting whose surplus moves now, each with surplus / votes."""
        most = max(self.waiting.values())
        largest = [one for one, votes in self.waiting.items() if votes == most]
        if len(largest) > 1:
            tie = self._settle(largest, TieKind.SURPLUS)
            largest = list(tie.settled[:1]) or largest
        for one in largest:
            del self.waiting[one]
            self.elected[one] = self.quota
        return [(one, (most - self.quota) / most) for one in largest]

    def _who_leaves(self, left: dict[str, Fraction]) -> Sequence[str]:
        """Return who leaves now; nobody where a tie stays open."""
        least = min(left.values())
        last = [one for one, votes in left.items() if votes == least]
        vacant = self.seats - len(self.elected)
        if len(last) == 1 or (not least and len(left) - len(last) >= vacant):
            return last
        return self._settle(last, TieKind.ELIMINATION).settled[-1:]

    def _settle(self, tied: Sequence[str], kind: TieKind) -> Tie:
        tie = settle_among(tied, self.history, kind, ties=self.breaking, candidates=self.candidates)
        self.ties.append(tie)
        return tie

    def _write(
        self,
        standing: dict[str, Fraction],
        verdicts: dict[str, Verdict],
        transfers: tuple[Transfer, ...],
    ) -> None:
        self.rounds.append(
            round_of(
                len(self.rounds) + 1,
                self.candidates.values(),
                standing,
                verdicts,
                figures={"quota": self.quota},
                transfers=transfers,
            )
        )
