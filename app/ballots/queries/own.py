"""What is handed over of ballots to whoever asks for their own."""

from __future__ import annotations

from typing import Any

from app.ballots.models import Ballot, BallotEditor, Slot
from app.core.own_rows import OwnRows, looked_up
from app.places.models import Place


def _in_office(whose: Any, at: Any) -> OwnRows:
    place = looked_up(Place.name, Place.id == Ballot.place_id)
    return OwnRows(whose, {"at": at, "id": Ballot.id, "place": place, "title": Ballot.title})


# That someone voted, and when; never their choice, and nothing that leads to their envelope.
OWN = {
    "places_on_rolls": OwnRows(
        Slot.person_id,
        {
            "voted_at": Slot.used_at,
            "ballot_id": Slot.ballot_id,
            "ballot": looked_up(Ballot.title, Ballot.id == Slot.ballot_id),
            "dong": looked_up(Place.name, Place.id == Slot.place_id),
            "state": Slot.state,
        },
    ),
    "ballots_drawn": _in_office(Ballot.drawn_by, Ballot.created_at),
    "ballots_edited": OwnRows(
        BallotEditor.person_id,
        {
            "ballot_id": BallotEditor.ballot_id,
            "ballot": looked_up(Ballot.title, Ballot.id == BallotEditor.ballot_id),
        },
    ),
    "ballots_frozen": _in_office(Ballot.frozen_by, Ballot.frozen_at),
    "ballots_counted": _in_office(Ballot.counted_by, Ballot.counted_at),
    "ballots_certified": _in_office(Ballot.certified_by, Ballot.certified_at),
}
