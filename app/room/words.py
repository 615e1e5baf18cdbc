"""What the live room says: sentences for refusals, names of what is hidden and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext

from app.room.models import FloorState
from app.room.policy import RoomRefusal
from app.web.refusing import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

FLOOR_STATES: Mapping[FloorState, object] = {
    FloorState.WAITING: lazy_gettext("차례를 기다림"),
    FloorState.SPEAKING: lazy_gettext("발언 중"),
    FloorState.DONE: lazy_gettext("발언 마침"),
    FloorState.WITHDRAWN: lazy_gettext("신청 거둠"),
}

SENTENCES: Mapping[RoomRefusal, Sentence] = {
    RoomRefusal.NOT_OPEN: Sentence(
        409,
        lazy_gettext("지금 진행 중인 총회가 아닙니다. 총회가 열려 있는 동안에만 할 수 있습니다."),
    ),
    RoomRefusal.NOT_MEMBER: Sentence(
        403,
        lazy_gettext(
            "이 지역의 주민으로 확인된 분만 함께 말할 수 있습니다. 동 주민센터에서 주민 확인을 받아 주세요."
        ),
    ),
    RoomRefusal.NOT_CHECKED_IN: Sentence(
        403, lazy_gettext("먼저 출석해 주세요. 출석하시면 바로 함께 말할 수 있습니다.")
    ),
    RoomRefusal.TOO_FAST: Sentence(
        429,
        lazy_gettext(
            "모두가 읽을 수 있도록 3초에 한 번씩 보낼 수 있습니다. 잠시 뒤 다시 보내 주세요."
        ),
    ),
    RoomRefusal.EMPTY: Sentence(422, lazy_gettext("내용을 적어 주세요.")),
    RoomRefusal.NOT_CHAIR: Sentence(403, lazy_gettext("이 총회의 진행자만 할 수 있는 일입니다.")),
    RoomRefusal.OWN_QUESTION: Sentence(
        409,
        lazy_gettext("내 질문에는 ‘나도 궁금’을 누를 수 없습니다. 다른 분의 질문에 눌러 주세요."),
    ),
    RoomRefusal.QUESTION_HIDDEN: Sentence(
        409, lazy_gettext("가린 질문에는 ‘나도 궁금’을 누르거나 답할 수 없습니다.")
    ),
    RoomRefusal.ALREADY_ANSWERED: Sentence(409, lazy_gettext("이미 답변한 질문입니다.")),
    RoomRefusal.ALREADY_WAITING: Sentence(
        409, lazy_gettext("이미 발언을 신청하셨습니다. 차례가 되면 진행자가 부릅니다.")
    ),
    RoomRefusal.QUEUE_FULL: Sentence(
        409, lazy_gettext("발언 신청이 많아 잠시 받지 않습니다. 조금 뒤 다시 신청해 주세요.")
    ),
    RoomRefusal.NOT_YOURS: Sentence(403, lazy_gettext("본인이나 진행자만 할 수 있는 일입니다.")),
    RoomRefusal.NOT_WAITING: Sentence(
        409, lazy_gettext("이미 차례가 지났거나 거둔 발언 신청입니다. 목록을 확인해 주세요.")
    ),
    RoomRefusal.NOT_SPEAKING: Sentence(409, lazy_gettext("이미 끝난 발언입니다.")),
}


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "messages": lazy_gettext("총회에서 나눈 이야기"),
    "questions": lazy_gettext("총회에 한 질문"),
    "question_upvotes": lazy_gettext("나도 궁금하다고 한 질문"),
    "floor_requests": lazy_gettext("발언 신청"),
}
