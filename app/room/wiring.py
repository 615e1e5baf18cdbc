"""What room plugs into the product."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.assemblies.facts import (
    AssemblyClosed,
    AssemblyOpened,
    AttendanceTakenBack,
    CheckedIn,
    StageMoved,
)
from app.assemblies.panels import register
from app.ballots.facts import (
    BallotCast,
    BallotCertified,
    BallotClosed,
    BallotCounted,
    BallotOpened,
)
from app.moderation import subjects
from app.moderation.facts import ContentHidden, ContentRestored
from app.residents import own
from app.residents.facts import PersonWithdrew
from app.room import live, queries, routes, words
from app.room.actions import echoes
from app.room.actions.leaving import leave_floors
from app.room.actions.presence import take_back_in_rooms
from app.room.facts import LiveEventAppended
from app.room.models import SAID
from app.room.routes.panel import panel

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug room in."""
    house.blueprint(routes.blueprint)
    house.words(words.SENTENCES)
    for said in SAID:
        subjects.register(house.app, said, partial(queries.moderated_words, kind=said))
    own.add(house, queries.OWN, words.OWN)
    register(house.app, panel)
    house.on_recorded(AssemblyOpened, echoes.echo_opening)
    house.on_recorded(StageMoved, echoes.echo_stage)
    house.on_recorded(CheckedIn, echoes.echo_attendance)
    house.on_recorded(AttendanceTakenBack, echoes.echo_attendance)
    house.on_recorded(AssemblyClosed, echoes.echo_closing)
    # First of what leaving does in rooms: it holds assemblies and questions, which come before.
    house.on_recorded(PersonWithdrew, take_back_in_rooms)
    for kind in (BallotOpened, BallotClosed, BallotCounted, BallotCertified):
        house.on_recorded(kind, echoes.echo_ballot)
    house.on_recorded(BallotCast, echoes.echo_turnout)
    house.on_recorded(ContentHidden, echoes.echo_hiding)
    house.on_recorded(ContentRestored, echoes.echo_restoring)
    house.on_recorded(PersonWithdrew, leave_floors)
    house.on_committed(LiveEventAppended, live.deliver)
