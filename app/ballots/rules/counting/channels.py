"""가중 합산: several channels, each with a weight, whose shares of votes are added (45/45/10).

A channel's score for a candidate is that candidate's share of the channel's votes, times the
channel's weight. So each channel that has votes gives away exactly its weight, however many or
few took part in it, and all scores together make 100.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.places import OPEN, by_id, exact
from app.ballots.rules.counting.unfit import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.outcome import Count, Step
    from app.ballots.rules.counting.terms import Channel
    from app.ballots.rules.counting.ties import TieBreak

METHOD = "weighted_channels"
WHOLE = 100


def count_channels(
    candidates: Iterable[Candidate],
    channels: Sequence[Channel],
    places: Mapping[str, int],
    *,
    ties: TieBreak = OPEN,
    voters: int | None = None,
    needed: int = 0,
) -> Count:
    """Return who is selected by the weighted sum of the channels, exactly.

    Every step carries `raw:CHANNEL` (votes) and `score:CHANNEL` (share times weight) side by side.
    A channel without a vote gives nothing to anybody; `Count.figures` says so in `empty:CHANNEL`.
    Raises Unfit where the weights do not make 100, are negative, or two channels share an id.
    """
    ids = [channel.id for channel in channels]
    if len(set(ids)) != len(ids):
        raise Unfit("two channels share an id")
    weights = [Fraction(channel.weight) for channel in channels]
    if sum(weights) != WHOLE or min(weights) < 0:
        raise Unfit(f"the weights of the channels make {sum(weights)}, not {WHOLE}")
    paper = by_id(candidates)
    raw = {channel.id: _counted(paper, channel) for channel in channels}
    empty = {one: Fraction(1) for one, votes in raw.items() if not sum(votes.values())}
    scores = {
        channel.id: {
            one: Fraction(channel.weight) * votes / (sum(raw[channel.id].values()) or 1)
            for one, votes in raw[channel.id].items()
        }
        for channel in channels
    }
    total = {one: sum((scores[key][one] for key in ids), Fraction()) for one in paper}
    count = count_approval(
        paper.values(), total, places, ties=ties, voters=voters, needed=needed, method=METHOD
    )

    def beside(step: Step) -> Step:
        one = step.candidate
        figures = dict(step.figures)
        for key in ids:
            figures |= {f"raw:{key}": raw[key][one], f"score:{key}": scores[key][one]}
        return replace(step, figures=figures)

    rounds = tuple(
        replace(one, steps=tuple(beside(step) for step in one.steps)) for one in count.rounds
    )
    figures = {
        **count.figures,
        **{f"weight:{channel.id}": Fraction(channel.weight) for channel in channels},
        **{f"empty:{key}": value for key, value in empty.items()},
    }
    return replace(count, rounds=rounds, figures=figures)


def _counted(paper: Mapping[str, Candidate], channel: Channel) -> dict[str, Fraction]:
    """Return a channel's votes; those for somebody withdrawn count for nobody."""
    votes = exact(paper, channel.sums)
    return {one: Fraction() if paper[one].is_withdrawn else votes[one] for one in votes}
