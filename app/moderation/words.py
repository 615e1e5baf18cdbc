"""Moderation's sentences: refusals, reasons, kinds, and the trust in which things are hidden."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p
from flask_babel import ngettext

from app.moderation.models import HideReason, SubjectKind
from app.moderation.policy import ModerationRefusal
from app.residents.models import Role
from app.web.house import Waiting
from app.web.refusing import Sentence

SENTENCES: dict[ModerationRefusal, Sentence] = {
    ModerationRefusal.NOT_MODERATOR: Sentence(403, _("이곳의 글을 관리할 권한이 없습니다.")),
    ModerationRefusal.ALREADY_HIDDEN: Sentence(409, _("이미 가려진 글입니다.")),
    ModerationRefusal.NOT_HIDDEN: Sentence(409, _("가려지지 않은 글입니다.")),
    ModerationRefusal.REASON_NEEDED: Sentence(422, _("까닭을 적어 주세요. 공개 장부에 남습니다.")),
    ModerationRefusal.SIGN_IN_NEEDED: Sentence(401, _("로그인한 뒤 신고할 수 있습니다.")),
    ModerationRefusal.ALREADY_REPORTED: Sentence(
        409, _("이미 신고하셨습니다. 담당자가 살펴보고 있습니다.")
    ),
    ModerationRefusal.NOTHING_TO_SETTLE: Sentence(409, _("이미 정리된 신고입니다.")),
    ModerationRefusal.NOTHING_TO_REOPEN: Sentence(
        409, _("다시 살필 신고가 없습니다. 이미 다시 살피고 있거나, 그사이 가려진 글입니다.")
    ),
}

REASONS = {
    HideReason.ADVERTISING: _("광고·홍보"),
    HideReason.INSULT: _("욕설·비방"),
    HideReason.PERSONAL_DATA: _("개인정보"),
    HideReason.OFF_TOPIC: _("주제와 관계없음"),
    HideReason.UNLAWFUL: _("법에 어긋남"),
    HideReason.REPEATED: _("같은 글을 되풀이함"),
}

SUBJECT_KINDS = {
    SubjectKind.PROPOSAL: _p("one", "제안"),
    SubjectKind.OPINION: _p("one", "의견"),
    SubjectKind.OPINION_REPLY: _("의견에 단 답글"),
    SubjectKind.MESSAGE: _("총회 이야기"),
    SubjectKind.QUESTION: _("총회 질문"),
    SubjectKind.FLOOR_REQUEST: _("총회 발언 신청"),
}

MODERATING_ROLES = {
    Role.MODERATOR: _("공론장 진행자"),
    Role.CLERK: _("담당자"),
    Role.CHAIR: _("총회 진행자"),
}

ACTS = {"hide": _("가림"), "restore": _("다시 보임")}


def waiting(subjects: int) -> Waiting:
    """Say what waits on the desk for a moderator."""
    return Waiting.of((subjects, ngettext("신고된 글 %(num)s건", "신고된 글 %(num)s건", subjects)))


def hide_reasons() -> list[tuple[str, str]]:
    """Return the reasons as choices of a form."""
    return [(reason.value, str(label)) for reason, label in REASONS.items()]


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "reports": _("신고한 글"),
    "moderation_acts": _("가리거나 다시 보인 글"),
}
