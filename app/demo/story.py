"""The demo year, put together: read `tell` as a table of contents."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from app.core.clock import FixedClock
from app.demo.calendar import Calendar
from app.demo.chapters.agendas import tell_agendas
from app.demo.chapters.arrivals import tell_arrivals
from app.demo.chapters.board import tell_board
from app.demo.chapters.gatherings import tell_gatherings
from app.demo.chapters.hall import tell_halls
from app.demo.chapters.napul import tell_napul
from app.demo.chapters.promises import tell_promises
from app.demo.chapters.talk import tell_talk
from app.demo.people import Cast
from app.demo.teller import STORY_BEGINS, STORY_NOW, Teller

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

SEED = 2020


def tell(session: Session, *, keys: Path, seed: int = SEED) -> Teller:
    """Tell 2020 and 2021 into an empty database, through actions alone.

    `keys` is the folder for the ballots' key files. The same seed tells the same year.
    """
    clock = FixedClock(STORY_BEGINS)
    teller = Teller(session, Calendar(clock), Random(seed), keys, Cast(session))
    tell_arrivals(teller)
    teller.calendar.happen(session)

    tell_board(teller)
    tell_agendas(teller)
    gatherings = tell_gatherings(teller)
    tell_halls(teller, gatherings)
    tell_napul(teller)
    tell_talk(teller)
    tell_promises(teller)
    teller.calendar.happen(session)
    clock.at = STORY_NOW
    return teller
