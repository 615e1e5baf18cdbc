"""Reading proposals: the board, one proposal, a person's own, the desk."""

from app.proposals.queries.finding import (
    SIMILAR_SIZE,
    Filters,
    Order,
    board,
    similar,
)
from app.proposals.queries.highlights import (
    Counts,
    Sections,
    awaiting_reply,
    closing_soon,
    counts,
    newest,
    sections,
)
from app.proposals.queries.moderated import moderated_proposals
from app.proposals.queries.own import OWN
from app.proposals.queries.people import (
    drafts_of,
    endorsed_by,
    followed_by,
    followers,
    proposals_of,
)
from app.proposals.queries.piles import DeskLine, Pile, desk, desk_load
from app.proposals.queries.rows import (
    COUNT_CAP,
    FOUND_MOST,
    NEWEST_SLICE,
    SECTION_SIZE,
    Line,
    lines_of,
)
from app.proposals.queries.single import Ties, life_line, life_line_of, proposal, ties, timeline
from app.proposals.queries.terms import policy_history, policy_in_force, terms_in_force

__all__ = [
    "COUNT_CAP",
    "FOUND_MOST",
    "NEWEST_SLICE",
    "OWN",
    "SECTION_SIZE",
    "SIMILAR_SIZE",
    "Counts",
    "DeskLine",
    "Filters",
    "Line",
    "Order",
    "Pile",
    "Sections",
    "Ties",
    "awaiting_reply",
    "board",
    "closing_soon",
    "counts",
    "desk",
    "desk_load",
    "drafts_of",
    "endorsed_by",
    "followed_by",
    "followers",
    "life_line",
    "life_line_of",
    "lines_of",
    "moderated_proposals",
    "newest",
    "policy_history",
    "policy_in_force",
    "proposal",
    "proposals_of",
    "sections",
    "similar",
    "terms_in_force",
    "ties",
    "timeline",
]
