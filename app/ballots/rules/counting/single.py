"""단수 선택: everybody picks one; the most picked wins, by a majority where the rule asks it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.majority import Base, Majority
from app.ballots.rules.counting.outcome import Count, Step, Verdict
from app.ballots.rules.counting.places import OPEN
from app.ballots.rules.counting.unfit import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.ties import TieBreak

METHOD = "single"
FINALISTS = 2


def count_single(
    candidates: Iterable[Candidate],
    sums: Mapping[str, Fraction | int],
    *,
    places: int = 1,
    ties: TieBreak = OPEN,
    majority: Majority | None = None,
    voters: int | None = None,
    roll: int | None = None,
    needed: int = 0,
) -> Count:
    """Return who has the most votes on a paper on which everybody picks one.

    With a `majority` the one place goes only to somebody who reaches it; otherwise the first two
    (and whoever equals the second) are NO_MAJORITY and go into a second vote (결선), which one who
    alone has votes does not need.
    Raises Unfit where the base of the majority is not named, or places are several.
    """
    flat = [replace(one, section="") for one in candidates]
    count = count_approval(
        flat, sums, {"": places}, ties=ties, voters=voters, needed=needed, method=METHOD
    )
    if (
        majority is None
        or not any(count.votes.values())
        or (voters is not None and voters < needed)
    ):
        return count
    if places != 1:
        raise Unfit("a majority fills one place")
    total = sum((votes for _, votes in count.rounds[0].standing), Fraction())
    return _by_majority(count, majority, _base(majority, total, voters, roll))


def _by_majority(count: Count, majority: Majority, base: Fraction) -> Count:
    """Return the count again: the leader selected by a majority of the base, or a second vote."""
    (only,) = count.rounds
    figures = {
        **count.figures,
        "base": base,
        "majority": Fraction(majority.needed(base)),
        "seats": Fraction(1),
    }
    if majority.base is not Base.VOTES:
        figures[majority.base.value] = base
    leader, most = only.standing[0]
    sums = [votes for _, votes in only.standing]
    if sums.count(most) == 1 and majority.is_reached(most, base):
        steps = [
            replace(step, figures=figures) if step.candidate == leader else step
            for step in only.steps
        ]
        return replace(count, figures=figures, rounds=(replace(only, steps=tuple(steps)),))
    bar = sums[min(FINALISTS, len(sums)) - 1] or most
    figures["finalists"] = Fraction(sum(votes >= bar for votes in sums))
    steps = [_retold(step, bar, figures) for step in only.steps]
    rounds = (replace(only, steps=tuple(steps)),)
    return replace(count, selected=(), ties=(), figures=figures, rounds=rounds)


def _retold(step: Step, bar: Fraction, figures: dict[str, Fraction]) -> Step:
    """Return a decision again, now that nobody has the majority."""
    if step.verdict in (Verdict.NO_VOTES, Verdict.WITHDRAWN):
        return step
    verdict = Verdict.NO_MAJORITY if step.votes >= bar else Verdict.NOT_SELECTED
    return replace(step, verdict=verdict, figures=figures)


def _base(majority: Majority, votes: Fraction, voters: int | None, roll: int | None) -> Fraction:
    match majority.base:
        case Base.VOTES:
            return votes
        case Base.PARTICIPANTS if voters is not None:
            return Fraction(voters)
        case Base.ROLL if roll is not None:
            return Fraction(roll)
    raise Unfit(f"a majority of the {majority.base} needs their number")
