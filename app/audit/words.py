"""What chains and acts are called on the desk."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from app.audit.rules import ACTS_OF_OFFICE
from app.ballots.words import CHANGES
from app.forum.words import CLAIM_STATES, STANCES
from app.moderation.words import REASONS, SUBJECT_KINDS
from app.proposals.words import PASSAGES, STAGES, VERDICTS
from app.residents.facts import Withdrawal
from app.residents.words import CLASSES, CONSENTS, CORRECTABLE, PURPOSES, ROLES, WITHDRAWALS
from app.room.words import FLOOR_STATES
from app.web.wording import format_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.audit.models import AuditRow
    from app.audit.queries import Names

CHAINS: dict[str, Any] = {
    "proposal": _p("one", "제안"),
    "topic": _p("one", "공론장"),
    "assembly": _("총회"),
    "ballot": _("투표"),
    "commitment": _p("one", "약속"),
    "place": _("지역"),
    "person": _("사람"),
    "district": _("하루 묶음"),
}

ACTS: dict[str, Any] = {
    "AccountOpened": _("가입"),
    "ResidentVerified": _("주민 확인"),
    "IdentityCorrected": _("이름이나 생년월일 바로잡음"),
    "OtherIdentityRead": _("다른 동이 확인한 신분과 다르게 적음"),
    "OtherCardRead": _("비밀문구 코드를 받으려는 분과 다른 신분증을 적음"),
    "MembershipEnded": _("주민 자격 종료"),
    "RoleGranted": _("역할 맡김"),
    "RoleEnded": _("역할 거둠"),
    "PassphraseChanged": _("비밀문구 바꿈"),
    "SignInsRevoked": _("기기에서 로그아웃"),
    "PassphraseCodeGiven": _("새 비밀문구를 정할 코드 드림"),
    "PassphraseSetAnew": _("코드로 비밀문구를 새로 정함"),
    "PersonalRecordShown": _p("act", "개인정보 열람"),
    "PersonalRecordRefused": _("다른 동 주민을 찾음 (열람 거절)"),
    "PersonWithdrew": _("탈퇴"),
    "ConsentGiven": _("동의"),
    "ConsentWithdrawn": _("동의 거둠"),
    "PersonalDataCorrected": _("개인정보 정정"),
    "ProposalPublished": _("제안 올림"),
    "PrecheckPassed": _("타당성 검토 통과"),
    "PrecheckFailed": _("타당성 검토 부적합"),
    "ProposalEndorsed": _("공감"),
    "EndorsementWithdrawn": _("공감 거둠"),
    "ThresholdReached": _("공감 다 모임"),
    "WindowMissed": _("공감 기간 끝남"),
    "DepartmentAssigned": _("소관부서 정함"),
    "ProposalReplied": _("부서 답변"),
    "ProposalAdvanced": _("제안 다음 단계"),
    "EndorsementPolicySet": _("공감 기준 정함"),
    "TopicOpened": _("공론장 열림"),
    "OpinionWritten": _("의견 씀"),
    "OpinionAnswered": _("의견에 답글"),
    "OpinionEndorsed": _("의견에 공감"),
    "OpinionEndorsementWithdrawn": _("의견 공감 거둠"),
    "StanceChanged": _("입장 바꿈"),
    "ClaimAdded": _("지도에 문장 보탬"),
    "ClaimDecided": _("지도의 문장을 보일지 정함"),
    "ClaimMarked": _("지도의 문장이 자기 소개인지 정함"),
    "TopicConcluded": _("공론장 정리"),
    "TopicAnswered": _("공론장 부서 답변"),
    "AssemblyDrafted": _("총회 준비 시작"),
    "AssemblyRevised": _("총회 초안 고침"),
    "RunningOrderSet": _("식순 정함"),
    "AgendaItemAdded": _("안건 올림"),
    "AgendaItemRemoved": _("안건 내림"),
    "AssemblyNoticed": _("총회 공고"),
    "NoticeCorrected": _("총회 공고 정정"),
    "AssemblyDiscarded": _("총회 초안 버림"),
    "AssemblyCalledOff": _("총회 취소"),
    "AssemblyOpened": _("총회 열림"),
    "StageMoved": _("식순 진행"),
    "CheckedIn": _("출석"),
    "AttendanceTakenBack": _("탈퇴로 출석 줄어듦"),
    "AssemblyClosed": _("총회 닫힘"),
    "MinutesPublished": _("회의록 공개"),
    "MinutesCorrected": _("회의록 바로잡음"),
    "AssemblyRulesSet": _("총회 규칙 정함"),
    "BallotDrawn": _("투표 초안 만듦"),
    "PaperChanged": _("투표 초안 고침"),
    "BallotDiscarded": _("투표 초안 버림"),
    "BallotFrozen": _("투표용지와 인명부 확정"),
    "BallotOpened": _("투표 시작"),
    "BallotCast": _("투표 참여"),
    "BallotClosed": _("투표 마감"),
    "BallotCounted": _("개표"),
    "BallotCertified": _("결과 확정"),
    "CommitmentMade": _("약속이 됨"),
    "MilestonesSet": _("이행 단계 정함"),
    "MissedMilestoneMoved": _("기한 지난 단계의 날 바꿈"),
    "MissedMilestoneRemoved": _("기한 지난 단계 뺌"),
    "ProgressReported": _("이행 보고"),
    "CommitmentKept": _("약속 지킴"),
    "CommitmentDelayed": _("기한 미룸"),
    "ContentHidden": _("글 가림"),
    "ContentRestored": _("글 다시 보임"),
    "ContentReported": _("글 신고"),
    "ReportsSettled": _("신고 처리"),
    "ReportsReopened": _("신고를 다시 살피기로 함"),
    "QuestionAsked": _p("one", "질문"),
    "QuestionAnswered": _("질문에 답함"),
    "FloorRequested": _("발언 신청"),
    "FloorMoved": _("발언 순서 움직임"),
    "Announced": _("방에 알림"),
    "HeadsAnchored": _("하루 기록 묶음"),
}

# What an act is called that is another one for a reason of its own.
OWN_ACTS: dict[tuple[str, Any], Any] = {
    ("PersonWithdrew", Withdrawal.REPLACED): _("등록 기록 끝냄"),
}

FIELDS: dict[str, Any] = {
    "after": _("바뀐 입장"),
    "assembly_id": _("총회"),
    "ballot_id": _("투표"),
    "before": _("앞선 입장"),
    "change": _("고친 것"),
    "claim_id": _("문장"),
    "code": _("내용"),
    "commitment_id": _p("one", "약속"),
    "container_id": _("속한 곳"),
    "count": _("수"),
    "department_id": _("부서"),
    "digest": _("글의 확인값"),
    "district_id": _("자치구"),
    "due_after": _("새 기한"),
    "due_before": _("앞선 기한"),
    "field": _("항목"),
    "heads": _("묶은 기록"),
    "is_of_oneself": _("자기 소개"),
    "item_id": _p("one", "안건"),
    "kind": _("종류"),
    "member_class": _("구분"),
    "milestones": _("단계 수"),
    "moderated_id": _("글"),
    "number": _("번호"),
    "opinion_id": _p("one", "의견"),
    "option_id": _p("one", "선택지"),
    "percent": _("진행률"),
    "spent_won": _("집행한 돈(원)"),
    "person_id": _("사람"),
    "place_id": _("지역"),
    "proposal_id": _p("one", "제안"),
    "purpose": _("보는 까닭"),
    "question_id": _p("one", "질문"),
    "reason": _("까닭"),
    "reply_id": _("답글"),
    "request_id": _("발언 신청"),
    "role": _("역할"),
    "roll_count": _("투표인명부"),
    "same_identity_checked": _("이름과 생년월일이 같은 다른 분"),
    "seq": _("순번"),
    "setup_hash": _("확정값"),
    "stage": _("단계"),
    "stage_id": _p("one", "식순"),
    "stages": _("식순 수"),
    "stance": _("생각"),
    "state": _("상태"),
    "subject_kind": _("글의 종류"),
    "topic_id": _p("one", "공론장"),
    "turnout": _("투표자"),
    "verdict": _("답변"),
    "version": _("판"),
}
# What a code is called, by the field it stands in; some acts have codes of their own.
VALUES: dict[str, Mapping[Any, Any]] = {
    "after": STANCES,
    "before": STANCES,
    "change": CHANGES,
    "code": PASSAGES,
    "field": CORRECTABLE,
    "is_of_oneself": {True: _("예"), False: _("아니요")},
    "kind": CONSENTS,
    "member_class": CLASSES,
    "purpose": PURPOSES,
    "reason": REASONS,
    "role": ROLES,
    "same_identity_checked": {True: _("있음"), False: _("없음")},
    "stage": STAGES,
    "stance": STANCES,
    "state": CLAIM_STATES,
    "subject_kind": SUBJECT_KINDS,
    "verdict": VERDICTS,
}
OWN_VALUES: dict[tuple[str, str], Mapping[Any, Any]] = {
    ("FloorMoved", "state"): FLOOR_STATES,
    ("PersonWithdrew", "reason"): WITHDRAWALS,
}
DAYS = frozenset({"due_after", "due_before"})  # numbers such as 20210731
LONGEST, BEGINNING = 32, 12


def told(row: AuditRow, names: Names) -> list[tuple[str, str]]:
    """Return what a row says beside its subject, as pairs of a name and a value.

    Codes are told by their words, places and departments by their names, long values by their
    beginning, lists by how many they hold. What has no words (an older version's code) stands as
    it is; the chain's own page shows the very bytes that the digest covers.
    """
    return [
        (str(FIELDS.get(key, key)), _in_words(row.act, key, value, names))
        for key, value in row.said.items()
        if key != f"{row.chain}_id" and value is not None
    ]


def subject(chain: str, subject_id: int, names: Names) -> str:
    """Return what an aggregate is called: by its name where it has one, else its number."""
    return names.of(f"{chain}_id", subject_id) or f"{CHAINS[chain]} {subject_id}"


def _in_words(act: str, key: str, value: Any, names: Names) -> str:
    if named := names.of(key, value):
        return named
    if key in DAYS:
        return format_date(date.fromisoformat(str(value)))
    if isinstance(value, (str, bool)):
        words = OWN_VALUES.get((act, key)) or VALUES.get(key, {})
        if value in words:
            return str(words[value])
    return f"{value}%" if key == "percent" else _shortly(value)


def _shortly(value: object) -> str:
    said = str(len(value)) if isinstance(value, list) else str(value)
    return said if len(said) <= LONGEST else f"{said[:BEGINNING]}…"


def actor(row: AuditRow, *, sees_people: bool) -> str:
    """Return who acted: whoever holds an office by number, residents by theirs to few.

    `sees_people` is whether the reader may read the chains of people; to anybody else a resident's
    number would be a name, for the same number stands where they published something.
    """
    if row.by is None:
        return str(_("자동"))
    if sees_people or row.act in ACTS_OF_OFFICE:
        return str(_("사람 %(number)s", number=row.by))
    return str(_("본인이나 진행자") if row.act == "FloorMoved" else _("주민"))


def fingerprint(row: AuditRow, *, sees_people: bool) -> str:
    """Return the beginning of a row's digest, none where it would tell who acted.

    It covers the number of the actor, who could be found by trying them all where no salt does.
    """
    is_told = sees_people or row.salt is not None or row.by is None or row.act in ACTS_OF_OFFICE
    return row.digest.hex()[:BEGINNING] if is_told else ""


def act_name(row: AuditRow) -> str:
    """Return what an act is called; acts of older versions keep their own names."""
    own = OWN_ACTS.get((row.act, row.said.get("reason")))
    return str(own or ACTS.get(row.act, row.act))


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "record": _("내 정보에 있었던 일"),
}
