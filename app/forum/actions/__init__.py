"""Opening a topic, speaking in it, changing one's mind, summing up, answering."""

from app.forum.actions.claims import add_claim, decide_claim, mark_claim, weigh_claim
from app.forum.actions.importing import ImportedText, import_conversation
from app.forum.actions.leaving import take_back_in_open_talks
from app.forum.actions.maps import draw_map
from app.forum.actions.moderating import (
    hide_statement,
    recount_what_readers_see,
    report_statement,
    restore_statement,
)
from app.forum.actions.opinions import (
    answer_opinion,
    change_stance,
    endorse_opinion,
    withdraw_opinion_endorsement,
    write_opinion,
)
from app.forum.actions.topics import answer_topic, conclude_topic, open_topic
from app.forum.actions.within import COUNTED, Whereabouts

__all__ = [
    "COUNTED",
    "ImportedText",
    "Whereabouts",
    "add_claim",
    "answer_opinion",
    "answer_topic",
    "change_stance",
    "conclude_topic",
    "decide_claim",
    "draw_map",
    "endorse_opinion",
    "hide_statement",
    "import_conversation",
    "mark_claim",
    "open_topic",
    "recount_what_readers_see",
    "report_statement",
    "restore_statement",
    "take_back_in_open_talks",
    "weigh_claim",
    "withdraw_opinion_endorsement",
    "write_opinion",
]
