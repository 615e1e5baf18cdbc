"""The sentences of ballots: refusals, states and outcomes (`polls`), and counts (`counts`)."""

from app.ballots.words.counts import METHODS, Told, tell_count
from app.ballots.words.notices import differences
from app.ballots.words.polls import (
    AGE_MODES,
    CHANGES,
    OUTCOMES,
    QUORUM_KINDS,
    SENTENCES,
    STATES,
    TRACKS,
    consequences,
    eligibility,
    latest_birth,
    off_roll,
    pick_rule,
    receipt_text,
    result_rows,
    tell_result,
    tie_line,
    track_line,
    verdict,
)

__all__ = [
    "AGE_MODES",
    "CHANGES",
    "METHODS",
    "OUTCOMES",
    "QUORUM_KINDS",
    "SENTENCES",
    "STATES",
    "TRACKS",
    "Told",
    "consequences",
    "differences",
    "eligibility",
    "latest_birth",
    "off_roll",
    "pick_rule",
    "receipt_text",
    "result_rows",
    "tell_count",
    "tell_result",
    "tie_line",
    "track_line",
    "verdict",
]
