"""Reading ballots. Before the count nothing here says, or can say, what anyone chose."""

from app.ballots.queries.office import (
    ballot_of,
    corrected_since,
    desk_ballots,
    desk_load,
    editors,
    surroundings_of,
    took_part,
    without_ballot,
)
from app.ballots.queries.own import OWN
from app.ballots.queries.public import (
    HAS_RESULT,
    Shelves,
    ballot_page,
    is_taking,
    public_ballot,
    public_ballot_of,
    shelves,
    to_cast,
    used_places,
)
from app.ballots.queries.results import (
    Result,
    TrackResult,
    result,
    with_ties,
)
from app.ballots.queries.voting import (
    Booth,
    booth,
    is_in_urn,
    receipt_of,
    roll_hash,
    slot_of,
    urn_sizes,
)

__all__ = [
    "HAS_RESULT",
    "OWN",
    "Booth",
    "Result",
    "Shelves",
    "TrackResult",
    "ballot_of",
    "ballot_page",
    "booth",
    "corrected_since",
    "desk_ballots",
    "desk_load",
    "editors",
    "is_in_urn",
    "is_taking",
    "public_ballot",
    "public_ballot_of",
    "receipt_of",
    "result",
    "roll_hash",
    "shelves",
    "slot_of",
    "surroundings_of",
    "to_cast",
    "took_part",
    "urn_sizes",
    "used_places",
    "with_ties",
    "without_ballot",
]
