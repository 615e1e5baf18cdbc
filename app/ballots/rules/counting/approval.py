"""승인 투표: everybody picks several, and in each section the most picked get its places."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.outcome import Count, Round, Tie, Verdict
from app.ballots.rules.counting.places import OPEN, by_id, exact, fill_places, refuse_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.ties import TieBreak

METHOD = "approval"


def count_approval(
    candidates: Iterable[Candidate],
    sums: Mapping[str, Fraction | int],
    places: Mapping[str, int],
    *,
    ties: TieBreak = OPEN,
    voters: int | None = None,
    needed: int = 0,
    method: str = METHOD,
) -> Count:
    """Return who is selected, section by section, from how many voters picked each.

    `places` names the places of every section, in the order to count them ("" is the one of a
    paper without sections). Below `needed` voters nobody is selected.
    Raises KeyError where a candidate's section has no places named.
    """
    paper = by_id(candidates)
    votes = exact(paper, sums)
    sections: dict[str, dict[str, Fraction]] = {section: {} for section in places}
    for one in paper.values():
        sections[one.section][one.id] = votes[one.id]
    figures = {"needed": Fraction(needed)}
    if voters is not None:
        figures["voters"] = Fraction(voters)
    is_quorate = voters is None or voters >= needed
    rounds: list[Round] = []
    selected: list[str] = []
    settled: list[Tie] = []
    for number, (section, own) in enumerate(sections.items(), start=1):
        filling = (
            fill_places(own, places[section], paper, ties, number=number)
            if is_quorate
            else refuse_all(own, Verdict.NO_QUORUM, **figures)
        )
        rounds.append(
            Round(number=number, section=section, standing=filling.standing, steps=filling.steps)
        )
        selected += filling.selected
        settled += filling.ties
    return Count(
        method=method,
        selected=tuple(selected),
        rounds=tuple(rounds),
        ties=tuple(settled),
        votes=votes,
        figures=figures,
    )
