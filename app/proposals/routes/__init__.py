"""The residents' pages: the board, one proposal, writing, endorsing, following."""

from app.proposals.routes.acting import endorse, follow, hide, report, restore, unfollow, withdraw
from app.proposals.routes.reading import BOARD_PHASES, WORDS_MOST, board, detail, searched_words
from app.proposals.routes.shared import routes
from app.proposals.routes.writing import discard, done, drafts, edit, preview, publish, write_new

__all__ = [
    "BOARD_PHASES",
    "WORDS_MOST",
    "board",
    "detail",
    "discard",
    "done",
    "drafts",
    "edit",
    "endorse",
    "follow",
    "hide",
    "preview",
    "publish",
    "report",
    "restore",
    "routes",
    "searched_words",
    "unfollow",
    "withdraw",
    "write_new",
]
