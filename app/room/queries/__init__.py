"""Reading a live room; hidden words leave here for those who keep order in it, and nobody else."""

from app.room.queries.hall import (
    QUESTIONS_A_PAGE,
    QuestionView,
    RoomView,
    floor_queue,
    open_ballots,
    questions,
    room_view,
)
from app.room.queries.happenings import (
    EVENTS_AT_MOST,
    TALK_SHOWN,
    Happening,
    events_after,
    last_seq,
    talk,
)
from app.room.queries.keeping import (
    HiddenWords,
    hidden_words,
    moderated_words,
)
from app.room.queries.own import (
    OWN,
)

__all__ = [
    "EVENTS_AT_MOST",
    "OWN",
    "QUESTIONS_A_PAGE",
    "TALK_SHOWN",
    "Happening",
    "HiddenWords",
    "QuestionView",
    "RoomView",
    "events_after",
    "floor_queue",
    "hidden_words",
    "last_seq",
    "moderated_words",
    "open_ballots",
    "questions",
    "room_view",
    "talk",
]
