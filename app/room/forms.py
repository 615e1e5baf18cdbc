"""The papers of the live room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import NumberRange

from app.moderation.models import HideReason
from app.moderation.words import REASONS
from app.room.policy import ANSWER_LETTERS, MESSAGE_LETTERS, TOPIC_LETTERS
from app.web.fields import picker
from app.web.forms import LineField, Paper, TextField, needed

NONCE_LETTERS = 64
NOTE_LETTERS = 200
SPEECH_MINUTES = (1, 2, 3, 5, 10)


class MessagePaper(Paper):
    """Something said in the discussion."""

    text = TextField(_("함께 나눌 이야기"), most=MESSAGE_LETTERS, least=1, id="say-text")
    nonce = LineField(_("보내기 번호"), most=NONCE_LETTERS, least=8, id="say-nonce")


class QuestionPaper(Paper):
    """A question to the assembly."""

    text = TextField(_("묻고 싶은 것"), most=MESSAGE_LETTERS, least=1, id="ask-text")
    nonce = LineField(_("보내기 번호"), most=NONCE_LETTERS, least=8, id="ask-nonce")


class FloorPaper(Paper):
    """A wish to speak."""

    topic = LineField(_("무엇에 대해 말씀하시나요?"), most=TOPIC_LETTERS, least=1, id="floor-topic")
    minutes = SelectField(
        _("발언 시간"),
        coerce=int,
        choices=[
            SelectChoice(str(minutes), _("%(minutes)s분", minutes=minutes))
            for minutes in SPEECH_MINUTES
        ],
        default=3,
        id="floor-minutes",
    )


class AnnouncementPaper(Paper):
    """What the chair tells everyone."""

    text = TextField(_("안내할 말"), most=MESSAGE_LETTERS, least=1, id="announce-text")


class AnswerPaper(Paper):
    """The chair's answer; empty when it was given aloud."""

    answer = TextField(_("답변"), most=ANSWER_LETTERS)


class StagePaper(Paper):
    """The stage to move to."""

    stage = IntegerField(_("식순"), validators=[needed(), NumberRange(1, 2**31 - 1)])


class HidingPaper(Paper):
    """Why something is hidden."""

    reason = picker(_("가리는 까닭"), REASONS, validators=[needed()], coerce=HideReason)
    note = LineField(_("공개 장부에 남길 말"), most=NOTE_LETTERS, least=1)


class RestoringPaper(Paper):
    """Why something is shown again."""

    note = LineField(_("다시 보이는 까닭"), most=NOTE_LETTERS, least=1)
