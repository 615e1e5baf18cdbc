"""찬반: a question that is carried or not; whoever abstains took part and said neither."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.majority import MORE_THAN_HALF, Base, Majority
from app.ballots.rules.counting.outcome import Count, Round, Step, Verdict
from app.ballots.rules.counting.unfit import Unfit

if TYPE_CHECKING:
    from app.ballots.rules.counting.election import Candidate

METHOD = "yes_no"
YES, NO, ABSTAIN = "yes", "no", "abstain"


def count_yes_no(
    question: Candidate,
    *,
    yes: Fraction | int,
    no: Fraction | int,
    abstain: Fraction | int = 0,
    majority: Majority = MORE_THAN_HALF,
    present: int | None = None,
    roll: int | None = None,
    needed: int = 0,
) -> Count:
    """Say whether a question is carried.

    Those present who cast no vote count as participants (`present`, by default whoever voted).
    As many yes as no is no majority. Below `needed` participants nothing is decided.
    Raises Unfit where more voted than were present, or the roll is asked for and not named.
    """
    sums = {YES: Fraction(yes), NO: Fraction(no), ABSTAIN: Fraction(abstain)}
    cast = sum(sums.values(), Fraction())
    participants = cast if present is None else Fraction(present)
    if min(sums.values()) < 0 or cast > participants:
        raise Unfit("more voted than were present, or less than nobody did")
    base = {
        Base.PARTICIPANTS: participants,
        Base.VOTES: sums[YES] + sums[NO],
        Base.ROLL: _roll(roll, majority),
    }[majority.base]
    if participants < needed:
        verdict = Verdict.NO_QUORUM
    elif majority.is_reached(sums[YES], base):
        verdict = Verdict.SELECTED
    else:
        verdict = Verdict.NO_MAJORITY
    figures = {
        "base": base,
        "majority": Fraction(majority.needed(base)),
        "needed": Fraction(needed),
        "voters": participants,
    }
    if majority.base is not Base.VOTES:
        figures[majority.base.value] = base
    step = Step(candidate=question.id, verdict=verdict, votes=sums[YES], figures=figures)
    return Count(
        method=METHOD,
        selected=(question.id,) if verdict is Verdict.SELECTED else (),
        rounds=(Round(number=1, standing=tuple(sums.items()), steps=(step,)),),
        votes=sums,
        figures=figures,
    )


def _roll(roll: int | None, majority: Majority) -> Fraction:
    if roll is not None:
        return Fraction(roll)
    if majority.base is Base.ROLL:
        raise Unfit("a majority of the roll needs the roll")
    return Fraction()
