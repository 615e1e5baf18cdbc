"""What is done in a live room; every act appends its numbered event in its own transaction."""

from app.room.actions.events import append_event
from app.room.actions.floor import (
    call_speaker,
    clear_floor,
    end_speech,
    request_floor,
    withdraw_request,
)
from app.room.actions.moderating import hide_words, restore_words
from app.room.actions.questions import answer_question, upvote_question, withdraw_upvote
from app.room.actions.talk import announce, ask_question, post_message

__all__ = [
    "announce",
    "answer_question",
    "append_event",
    "ask_question",
    "call_speaker",
    "clear_floor",
    "end_speech",
    "hide_words",
    "post_message",
    "request_floor",
    "restore_words",
    "upvote_question",
    "withdraw_request",
    "withdraw_upvote",
]
