"""What each notice says: a short subject and one plain sentence with what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.moderation.models import SubjectKind
from app.moderation.words import REASONS, SUBJECT_KINDS
from app.notices.rules import ABOUT_THE_ACCOUNT, ACCOUNT_CLOSED
from app.proposals.models import TimelineCode
from app.residents.words import CORRECTABLE
from app.web.wording import josa

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: dict[str, tuple[Any, Any]] = {
    "PrecheckPassed": (
        _("공감이 시작되었습니다"),
        _("‘%(title)s’ 제안이 타당성 검토를 통과해 공감을 받고 있습니다."),
    ),
    "PrecheckFailed": (
        _("타당성 검토 결과를 알려 드립니다"),
        _("‘%(title)s’ 제안은 공감 단계로 가지 못했습니다. 까닭을 확인해 주세요."),
    ),
    "ThresholdReached": (
        _("공감이 다 모였습니다"),
        _("‘%(title)s’ 제안이 부서 검토로 넘어갔습니다. 답변 기한은 제안 화면에 있습니다."),
    ),
    "WindowMissed": (
        _("공감 기간이 끝났습니다"),
        _(
            "‘%(title)s’ 제안은 기준에 이르지 못해 마감되었습니다. 제안하신 분은 고쳐서 다시 제안하실 수 있습니다."
        ),
    ),
    "ProposalReplied": (
        _("부서 답변이 왔습니다"),
        _("‘%(title)s’ 제안에 부서가 답했습니다."),
    ),
    "ProposalAdvanced": (
        _("제안에 새 소식이 있습니다"),
        _("‘%(title)s’ 제안에 새 소식이 있습니다. 제안 화면에서 확인해 주세요."),
    ),
    "OpinionAnswered": (
        _("의견에 답글이 달렸습니다"),
        _("‘%(title)s’ 공론장에 쓰신 의견에 답글이 달렸습니다."),
    ),
    "TopicConcluded": (
        _("공론장이 정리되었습니다"),
        _("참여하신 ‘%(title)s’ 공론장의 결론이 나왔습니다."),
    ),
    "TopicAnswered": (
        _("공론장에 부서가 답했습니다"),
        _("참여하신 ‘%(title)s’ 공론장에 부서 답변이 올라왔습니다."),
    ),
    "ContentHidden": (
        _("쓰신 글이 가려졌습니다"),
        _(
            "‘%(title)s’에 쓰신 %(subject)s 가려졌습니다. 까닭은 ‘%(reason)s’입니다. 자세한 설명은 ‘가린 글의 공개 장부’에 있고, 사실과 다르면 동 주민센터에 알려 주세요."
        ),
    ),
    "ContentRestored": (
        _("쓰신 글이 다시 보입니다"),
        _("‘%(title)s’에 쓰신 %(subject)s 다시 보입니다. 까닭은 ‘가린 글의 공개 장부’에 있습니다."),
    ),
    "AssemblyNoticed": (
        _("주민총회가 열립니다"),
        _("‘%(title)s’ 공고가 나왔습니다. 때와 곳, 안건을 확인해 주세요."),
    ),
    "NoticeCorrected": (
        _("주민총회 공고를 정정했습니다"),
        _("‘%(title)s’ 공고를 정정했습니다. 바뀐 때와 곳, 까닭을 확인해 주세요."),
    ),
    "AssemblyCalledOff": (
        _("주민총회가 취소되었습니다"),
        _("‘%(title)s’ 총회를 열지 않습니다. 까닭을 확인해 주세요."),
    ),
    "MinutesPublished": (
        _("회의록이 올라왔습니다"),
        _("참석하신 ‘%(title)s’ 회의록을 보실 수 있습니다."),
    ),
    "BallotOpened": (
        _("투표가 시작되었습니다"),
        _("‘%(title)s’에 참여하실 수 있습니다."),
    ),
    "BallotCertified": (
        _("투표 결과가 확정되었습니다"),
        _("참여하신 ‘%(title)s’의 결과를 보실 수 있습니다."),
    ),
    "PassphraseChanged": (
        _("비밀문구를 바꾸었습니다"),
        _("로그인에 쓰는 비밀문구를 바꾸었습니다. 본인이 아니라면 바로 동 주민센터에 알려 주세요."),
    ),
    "PersonalDataCorrected": (
        _("연락처가 바뀌었습니다"),
        _(
            "로그인에 쓰는 %(field)s 바꾸거나 지웠습니다. 본인이 아니라면 바로 동 주민센터에 알려 주세요."
        ),
    ),
    ACCOUNT_CLOSED: (
        _("탈퇴했습니다"),
        _(
            "이 주소로 로그인하던 계정을 탈퇴했습니다. 본인이 아니라면 바로 동 주민센터에 알려 주세요."
        ),
    ),
    "PassphraseSetAnew": (
        _("새 비밀문구를 정했습니다"),
        _(
            "창구에서 드린 코드로 새 비밀문구를 정했습니다. 본인이 아니라면 바로 동 주민센터에 알려 주세요."
        ),
    ),
    "ResidentVerified": (
        _("주민 확인이 끝났습니다"),
        _("%(title)s 주민으로 확인되었습니다. 이제 제안하고 공감하고 투표하실 수 있습니다."),
    ),
    "MembershipEnded": (
        _("동 소속이 끝났습니다"),
        _("%(title)s 소속을 동 주민센터에서 끝냈습니다. 사실과 다르면 동 주민센터에 알려 주세요."),
    ),
    "IdentityCorrected": (
        _("인적사항을 바로잡았습니다"),
        _(
            "동 주민센터에서 이름이나 생년월일을 신분증대로 바로잡았습니다. 사실과 다르면 동 주민센터에 알려 주세요."
        ),
    ),
}

# What a later stage did to a proposal, by its code; what has no words here is news, no more.
PROGRESS: dict[str, tuple[Any, Any]] = {
    TimelineCode.FORUM_OPENED: (
        _("공론장이 열렸습니다"),
        _("‘%(title)s’ 제안을 두고 공론장이 열렸습니다. 의견을 남겨 주세요."),
    ),
    TimelineCode.FORUM_CONCLUDED: (
        _("공론장이 정리되었습니다"),
        _("‘%(title)s’ 제안을 두고 나눈 공론장의 결론이 나왔습니다."),
    ),
    TimelineCode.FORUM_ANSWERED: (
        _("공론장에 부서가 답했습니다"),
        _("‘%(title)s’ 제안을 두고 나눈 공론장에 부서 답변이 올라왔습니다."),
    ),
    TimelineCode.ON_AGENDA: (
        _("주민총회 안건이 되었습니다"),
        _("‘%(title)s’ 제안이 주민총회 안건이 되었습니다."),
    ),
    TimelineCode.CALLED_OFF: (
        _("총회가 취소되었습니다"),
        _(
            "‘%(title)s’ 제안이 안건으로 오른 총회가 취소되었습니다. 제안은 다른 총회에 다시 오를 수 있습니다."
        ),
    ),
    TimelineCode.ON_BALLOT: (
        _("투표 대상이 되었습니다"),
        _("‘%(title)s’ 제안이 투표에 오릅니다."),
    ),
    TimelineCode.SELECTED: (
        _("투표에서 선정되었습니다"),
        _("‘%(title)s’ 제안이 투표에서 선정되었습니다."),
    ),
    TimelineCode.NOT_SELECTED: (
        _("투표 결과를 알려 드립니다"),
        _("‘%(title)s’ 제안은 투표에서 선정되지 않았습니다. 제안 화면에서 결과를 볼 수 있습니다."),
    ),
    TimelineCode.TIED: (
        _("투표 결과를 알려 드립니다"),
        _("‘%(title)s’ 제안은 투표에서 동점이 되었습니다. 제안 화면에서 결과를 볼 수 있습니다."),
    ),
    TimelineCode.COMMITMENT_MADE: (
        _("약속이 되었습니다"),
        _("‘%(title)s’ 제안이 약속이 되었습니다. 언제 무엇을 하는지 확인해 주세요."),
    ),
    TimelineCode.PROGRESS_REPORTED: (
        _("이행 소식이 왔습니다"),
        _("‘%(title)s’ 제안이 어디까지 되었는지 부서가 알렸습니다."),
    ),
    TimelineCode.COMMITMENT_DELAYED: (
        _("약속의 기한을 미뤘습니다"),
        _("‘%(title)s’ 제안에 대한 약속의 기한을 미뤘습니다. 새 기한과 까닭을 확인해 주세요."),
    ),
    TimelineCode.COMMITMENT_KEPT: (
        _("약속이 지켜졌습니다"),
        _("‘%(title)s’ 제안이 모두 이행되었습니다."),
    ),
}


# A proposal stands in nothing else: it is called by its number while it is hidden.
OF_PROPOSALS: dict[str, tuple[Any, Any]] = {
    "ContentHidden": (
        _("쓰신 제안이 가려졌습니다"),
        _(
            "쓰신 ‘%(title)s’ 제안이 가려졌습니다. 까닭은 ‘%(reason)s’입니다. 자세한 설명은 제안 화면에 있고, 사실과 다르면 동 주민센터에 알려 주세요."
        ),
    ),
    "ContentRestored": (
        _("쓰신 제안이 다시 보입니다"),
        _("쓰신 ‘%(title)s’ 제안이 다시 보입니다. 까닭은 제안 화면에 있습니다."),
    ),
}


def _words(kind: str, details: Mapping[str, Any]) -> tuple[Any, Any]:
    if details.get("subject") == SubjectKind.PROPOSAL:
        return OF_PROPOSALS[kind]
    return PROGRESS.get(details.get("code", ""), SENTENCES[kind])


def subject(kind: str, details: Mapping[str, Any], *, is_over: bool = False) -> str:
    """Return a notice's subject line; of what is over by now, that it is."""
    if is_over:
        return str(gettext("투표가 마감되었습니다"))
    return str(_words(kind, details)[0])


def sentence(kind: str, details: Mapping[str, Any], *, is_over: bool = False) -> str:
    """Return a notice's sentence; of what is over by now, only that it is."""
    if is_over:
        return str(gettext("%(title)s 마감되었습니다.", title=josa(f"‘{details['title']}’", "이")))
    return str(_words(kind, details)[1]) % _told(details)


def _told(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a notice's sentence names, its codes by their words."""
    told = dict(details)
    if "field" in told:
        told["field"] = josa(str(CORRECTABLE[told["field"]]), "을")
    if "subject" in told:
        told["subject"] = josa(str(SUBJECT_KINDS[told["subject"]]), "이")
        told["reason"] = str(REASONS[told["reason"]])
    return told


def letter_text(kind: str, details: Mapping[str, Any], *, site: str, href: str) -> str:
    """Return a letter: the sentence, where to look, and how to stop such letters (§50④).

    A letter about the account itself comes whatever one agreed to, and says so.
    """
    greeting = gettext("안녕하세요, 마당입니다.")
    look = gettext("아래 주소에서 보실 수 있습니다.")
    ending = (
        gettext("계정을 지키기 위해 소식 받기와 상관없이 보내 드립니다.")
        if kind in {*ABOUT_THE_ACCOUNT, ACCOUNT_CLOSED}
        else gettext(
            "소식 받기에 동의하신 분께 보내 드립니다. 그만 받으시려면 ‘내 정보’에서 동의를 거두어 주세요."
        )
    )
    if kind == ACCOUNT_CLOSED:  # there is nothing to look at, and nothing to settle
        return f"{greeting}\n\n{sentence(kind, details)}\n\n-- \n{ending}\n{site}\n"
    return (
        f"{greeting}\n\n{sentence(kind, details)}\n\n{look}\n{site}{href}\n\n"
        f"-- \n{ending}\n{site}/me/settings\n"
    )


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "notices": _("받은 알림"),
}
