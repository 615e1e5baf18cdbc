"""What counted ballots came to, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.ballots.models import Ballot, Option, Outcome
from app.ballots.queries.public import HAS_RESULT
from app.ballots.rules import candidates_of, count_paper

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from app.assemblies.models import Track
    from app.ballots.rules.counting.outcome import Count


@dataclass(frozen=True)
class TrackResult:
    """One track's options in the order of their ranks."""

    track: Track
    seats: int
    options: Sequence[Option]

    @property
    def selected(self) -> int:
        """Return how many were selected."""
        return sum(option.outcome is Outcome.SELECTED for option in self.options)

    @property
    def tied(self) -> int:
        """Return how many stand equal for the last place."""
        return sum(option.outcome is Outcome.TIED for option in self.options)


@dataclass(frozen=True)
class Result:
    """A counted ballot in figures; percentages name their base.

    `took_part` are those who voted or were at the assembly, each once.
    `count` is counted again from the stored sums, and explains them.
    """

    roll_count: int
    voters: int
    took_part: int
    votes: int
    quorum_needed: int
    selected: int
    tied: int
    options: int
    tracks: Sequence[TrackResult]
    count: Count

    @property
    def is_quorate(self) -> bool:
        """Say whether enough people took part; a ballot without a quorum always has enough."""
        return self.took_part >= self.quorum_needed

    @property
    def counts_the_hall(self) -> bool:
        """Say whether people count for the quorum who were at the assembly and did not vote."""
        return self.took_part > self.voters


def result(ballot: Ballot) -> Result | None:
    """Return the figures of a counted ballot, None before the count."""
    if ballot.state not in HAS_RESULT:
        return None
    order = list(dict.fromkeys(option.track for option in ballot.options))
    tracks = [
        TrackResult(
            seats.track,
            seats.seats,
            sorted(
                (option for option in ballot.options if option.track is seats.track),
                key=lambda option: (option.rank or 0, option.position),
            ),
        )
        for seats in sorted(ballot.seats, key=lambda seats: order.index(seats.track))
    ]
    outcomes = [option.outcome for option in ballot.options]
    return Result(
        roll_count=ballot.roll_count,
        voters=ballot.cast_count,
        took_part=ballot.quorum_count,
        votes=sum(option.votes or 0 for option in ballot.options),
        quorum_needed=ballot.quorum_needed or 0,
        selected=outcomes.count(Outcome.SELECTED),
        tied=outcomes.count(Outcome.TIED),
        options=len(outcomes),
        tracks=tracks,
        count=count_paper(
            candidates_of(ballot.options),
            {str(option.position): option.votes or 0 for option in ballot.options},
            {seats.track: seats.seats for seats in ballot.seats},
            voters=ballot.quorum_count,
            needed=ballot.quorum_needed or 0,
        ),
    )


def with_ties(session: Session, ballot_ids: Collection[int]) -> frozenset[int]:
    """Return which of these ballots have options that stand equal for the last place."""
    return frozenset(
        session.scalars(
            select(Option.ballot_id).where(
                Option.ballot_id.in_(ballot_ids), Option.outcome == Outcome.TIED
            )
        )
    )
