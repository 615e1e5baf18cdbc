"""A ballot's paper as the counting engine sees it, and what its count says of each option.

An option's number on the paper is its candidate's id, so that anybody can repeat a draw from the
paper alone. Tracks are sections; ties for the last place stay open, for the assembly to settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.models import Outcome
from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.election import Approval, Candidate, Election, sum_of_picks
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.terms import Section, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.assemblies.models import Track
    from app.ballots.models import Ballot, Option
    from app.ballots.rules.counting.outcome import Count

_OUTCOMES = {Verdict.SELECTED: Outcome.SELECTED, Verdict.TIED: Outcome.TIED}


@dataclass(frozen=True, kw_only=True)
class Placing:
    """What the count says of one option."""

    votes: int
    rank: int
    outcome: Outcome


def candidates_of(options: Iterable[Option]) -> tuple[Candidate, ...]:
    """Return the options of a paper as candidates, in its order."""
    return tuple(
        Candidate(
            id=str(option.position),
            name=option.title,
            section=option.track.value,
            cost=Fraction(option.budget_won),
        )
        for option in options
    )


def sums_to_recount(
    ballot: Ballot, votes: Mapping[str, Fraction | int], names: Mapping[Track, str]
) -> Election:
    """Return a counted ballot as a file that anybody can count again: sums, and nobody's paper.

    Each option's votes stand as ballots that pick it alone; `names` are those of the tracks, and
    `voters` in it are all who count for the quorum.
    """
    candidates = candidates_of(ballot.options)
    places = {seats.track: seats.seats for seats in ballot.seats}
    sections = dict.fromkeys(option.track for option in ballot.options)
    return Election(
        title=ballot.title,
        candidates=candidates,
        ballots=tuple(
            Approval((one.id,), Fraction(votes[one.id])) for one in candidates if votes[one.id]
        ),
        terms=Terms(
            rule="approval",
            sections=tuple(
                Section(id=track.value, name=names[track], seats=places[track])
                for track in sections
            ),
            voters=ballot.quorum_count,
            needed=ballot.quorum_needed or 0,
        ),
    )


def sum_papers(
    papers: Iterable[Sequence[int]], candidates: Iterable[Candidate]
) -> dict[str, Fraction]:
    """Return how many papers, each a choice of positions, chose each candidate."""
    return sum_of_picks(candidates, (Approval(tuple(map(str, paper))) for paper in papers))


def count_paper(
    candidates: Sequence[Candidate],
    votes: Mapping[str, Fraction | int],
    seats: Mapping[Track, int],
    *,
    voters: int,
    needed: int,
) -> Count:
    """Return the count of a paper from its sums, track by track in the order of the paper."""
    order = dict.fromkeys(one.section for one in candidates)
    by_section = {track.value: count for track, count in seats.items()}
    places = {section: by_section[section] for section in order}
    return count_approval(candidates, votes, places, voters=voters, needed=needed)


def placings(count: Count) -> dict[int, Placing]:
    """Return what a count says of each option, by its position.

    Equal votes share a rank in their track and the next is skipped (1, 2, 2, 4).
    """
    found = {}
    for one in count.rounds:
        for candidate, votes in one.standing:
            ahead = sum(other > votes for _, other in one.standing)
            found[int(candidate)] = Placing(
                votes=int(votes),
                rank=ahead + 1,
                outcome=_OUTCOMES.get(count.verdicts[candidate].verdict, Outcome.NOT_SELECTED),
            )
    return found
