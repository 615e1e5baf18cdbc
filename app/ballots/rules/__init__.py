"""The arithmetic of a ballot, pure: what hides a choice, what is frozen, how it is counted."""

from app.ballots.rules.papers import (
    FrozenPaper,
    PaperOption,
    roll_digest,
    setup_digest,
)
from app.ballots.rules.receipts import NotAReceipt, StatedReceipt, read_receipt
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
from app.ballots.rules.tally import (
    Placing,
    candidates_of,
    count_paper,
    placings,
    sum_papers,
    sums_to_recount,
)

__all__ = [
    "MAX_OPTIONS",
    "PICKS_BYTES",
    "REVIEW_LASTS",
    "SEED_BYTES",
    "FrozenPaper",
    "NotAReceipt",
    "PaperOption",
    "Placing",
    "PreparedChoice",
    "Receipt",
    "StatedReceipt",
    "candidates_of",
    "commit",
    "count_paper",
    "open_choice",
    "picks_from_bytes",
    "picks_to_bytes",
    "placings",
    "read_receipt",
    "review_key",
    "roll_digest",
    "seal_choice",
    "setup_digest",
    "split_payload",
    "sum_papers",
    "sums_to_recount",
    "to_the_minute",
]
