"""What ballots plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ballots import actions, words

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug ballots in."""
    house.words(words.SENTENCES)
    house.job("ballots.open", actions.open_due_ballots)
    house.job("ballots.close", actions.close_due_ballots)
