"""What a file that was written anew no longer says, of names and all that decides the selection."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import Approval, Ranking, Scoring

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from app.ballots.rules.counting.files import ReadFile


TITLE, IDS = "the title", "the ids of candidates"


def losses(before: ReadFile, after: ReadFile, *, but: Collection[str] = ()) -> list[str]:
    """Return what is not in `after` as it was in `before`; candidates are known by their place.

    What the format leaves out by its nature, `but` names.
    """
    one, other = _parts(before) | _names(before), _parts(after) | _names(after)
    lost = [part for part in one if one[part] != other[part] and part not in but]
    if _values_orders(before) and not _values_orders(after):
        lost.append("the points that an order is worth")
    return lost


def _parts(file: ReadFile) -> dict[str, object]:
    """Return all that decides who is selected, by what it is called."""
    election, terms, source = file.election, file.election.terms, file.source
    places = {one.id: place for place, one in enumerate(election.candidates)}
    ballots = _papers(election.ballots, places)
    is_custom = file.rule == "greedy-custom"
    return {
        "the rule": file.rule,
        "how ties are settled": file.ties,
        "the number of seats": election.seats,
        "the budget": election.budget,
        "who is withdrawn": [one.is_withdrawn for one in election.candidates],
        "what candidates cost": [one.cost for one in election.candidates],
        "which candidates shut each other out": [one.rivals for one in election.candidates],
        "which section candidates stand in": [one.section for one in election.candidates],
        "sections with their places and budgets": [
            (one.id, one.seats, one.budget) for one in terms.sections
        ],
        "channels": [(one.weight, _sums(one.sums, places)) for one in terms.channels],
        "the bounds of a paper": terms.paper,
        "the majority": terms.majority,
        "who took part or could have": (terms.voters, terms.roll),
        "the quorum": terms.needed,
        "the ballots": ballots,
        "the least votes that can be selected": source.threshold if source else Fraction(0),
        "the budgets of parts of the town": source.section_budgets if source and is_custom else {},
        "the custom of the city": is_custom and source and (source.fills_up, source.is_of_poznan),
        "sums without ballots": _sums(source.sums, places) if source and not ballots else {},
    }


def _names(file: ReadFile) -> dict[str, object]:
    """Return what everything is called; whoever has no name is called by the id."""
    election = file.election
    return {
        TITLE: election.title,
        IDS: [one.id for one in election.candidates],
        "the names of candidates": [one.name or one.id for one in election.candidates],
        "the names of channels": [one.name or one.id for one in election.terms.channels],
    }


def _values_orders(file: ReadFile) -> bool:
    """Say whether orders of preference are counted as points, as a `.pb` file may ask."""
    return file.source is not None and file.source.valued != file.election.ballots


def _sums(sums: Mapping[str, Fraction | int], places: Mapping[str, int]) -> dict[int, object]:
    return {places[one]: votes for one, votes in sums.items() if votes}


def _papers(
    ballots: Iterable[Approval | Scoring | Ranking], places: Mapping[str, int]
) -> dict[object, Fraction]:
    """Return how many voters cast each ballot, whatever the order of rows and of equals."""
    sums: dict[object, Fraction] = {}
    for ballot in ballots:
        key: tuple[str, object]
        match ballot:
            case Approval(picks):
                key = "picks", frozenset(places[one] for one in picks)
            case Scoring(points):
                key = "points", frozenset((places[one], given) for one, given in points if given)
            case Ranking(tiers):
                key = (
                    "tiers",
                    tuple(frozenset(places[one] for one in tier) for tier in tiers if tier),
                )
        sums[key] = sums.get(key, Fraction(0)) + ballot.weight
    return sums
