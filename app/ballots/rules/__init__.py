"""The arithmetic of a ballot, pure: what hides a choice, what is frozen, how it is counted."""

from app.ballots.rules.papers import (
    FrozenPaper,
    PaperOption,
    roll_digest,
    setup_digest,
)
from app.ballots.rules.placing import Placing, count_picks, place_options, rank_track
from app.ballots.rules.sealing import (
    MAX_OPTIONS,
    PICKS_BYTES,
    REVIEW_LASTS,
    SEED_BYTES,
    PreparedChoice,
    Receipt,
    commit,
    open_choice,
    picks_from_bytes,
    picks_to_bytes,
    review_key,
    seal_choice,
    split_payload,
    to_the_minute,
)

__all__ = [
    "MAX_OPTIONS",
    "PICKS_BYTES",
    "REVIEW_LASTS",
    "SEED_BYTES",
    "FrozenPaper",
    "PaperOption",
    "Placing",
    "PreparedChoice",
    "Receipt",
    "commit",
    "count_picks",
    "open_choice",
    "picks_from_bytes",
    "picks_to_bytes",
    "place_options",
    "rank_track",
    "review_key",
    "roll_digest",
    "seal_choice",
    "setup_digest",
    "split_payload",
    "to_the_minute",
]
