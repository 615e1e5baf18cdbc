"""The acts upon ballots, from drawing up to certifying."""

from app.ballots.actions.casting import cast_ballot, prepare_choice, prepare_in
from app.ballots.actions.counting import OpenedUrn, certify_count, count_ballot, open_urn
from app.ballots.actions.discarding import discard_ballot, keep_voted_assembly
from app.ballots.actions.drawing import (
    add_option,
    draw_ballot,
    put_agenda_on_ballot,
    remove_option,
    revise_ballot,
)
from app.ballots.actions.running import (
    close_ballot,
    close_due_ballots,
    freeze_ballot,
    open_ballot,
    open_due_ballots,
    roll_for,
)
from app.ballots.actions.shared import freezing_details, hours

__all__ = [
    "OpenedUrn",
    "add_option",
    "cast_ballot",
    "certify_count",
    "close_ballot",
    "close_due_ballots",
    "count_ballot",
    "discard_ballot",
    "draw_ballot",
    "freeze_ballot",
    "freezing_details",
    "hours",
    "keep_voted_assembly",
    "open_ballot",
    "open_due_ballots",
    "open_urn",
    "prepare_choice",
    "prepare_in",
    "put_agenda_on_ballot",
    "remove_option",
    "revise_ballot",
    "roll_for",
]
