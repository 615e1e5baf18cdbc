"""How the people of the demo vote: so that the urns tell what the texts tell."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.ballots import actions
from app.ballots.models import Slot
from app.demo.calendar import spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from app.demo.teller import Teller

# Most people leave some of their picks unused.
USED_PICKS = 0.8


def share_out(
    shares: Mapping[int, float], voters: Sequence[int], most: int, chance: Random
) -> dict[int, list[int]]:
    """Return each voter's picks so that each option gets its share of the voters' picks.

    Nobody picks more than `most` or nothing at all. Shares that add up to more than people pick
    are scaled down together, so their order stays.
    """
    scale = min(1.0, USED_PICKS * most / sum(shares.values()))
    picks: dict[int, list[int]] = {voter: [] for voter in voters}
    for option_id, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        free = [voter for voter in voters if len(picks[voter]) < most]
        keys = {voter: len(picks[voter]) + chance.random() * 2.5 for voter in free}
        free.sort(key=lambda voter: keys[voter])
        for voter in free[: round(share * scale * len(voters))]:
            picks[voter].append(option_id)
    favourite = max(shares, key=lambda option_id: shares[option_id])
    return {voter: chosen or [favourite] for voter, chosen in picks.items()}


def roll_of(teller: Teller, ballot_id: int) -> list[int]:
    """Return who stands on a frozen roll."""
    return list(
        teller.session.scalars(
            select(Slot.person_id).where(Slot.ballot_id == ballot_id).order_by(Slot.person_id)
        )
    )


def note_votes(
    teller: Teller,
    ballot_id: int,
    choices: Mapping[int, Sequence[int]],
    begin: datetime,
    end: datetime,
) -> None:
    """Note when each of these people casts their vote between two moments."""
    moments = spread(begin, end, len(choices), teller.chance)
    for moment, (person_id, option_ids) in zip(moments, choices.items(), strict=True):

        def vote(person_id: int = person_id, option_ids: Sequence[int] = option_ids) -> None:
            cast_vote(teller, ballot_id, person_id, option_ids)

        teller.calendar.at(moment, vote)


def cast_vote(teller: Teller, ballot_id: int, person_id: int, option_ids: Sequence[int]) -> None:
    """Have someone choose and cast now."""
    by = teller.who(person_id)
    choice = actions.prepare_choice(
        teller.session, ballot_id, option_ids=option_ids, by=by, at=teller.at
    )
    actions.cast_ballot(teller.session, ballot_id, choice=choice, by=by, at=teller.at)
