"""What assemblies say: sentences for refusals, names of states, rules in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext, ngettext

from app.assemblies.models import AssemblyState, QuorumKind, StageKind, Track
from app.assemblies.policy import AssemblyRefusal
from app.assemblies.rules import Change, Rules, is_left_open, latest_birth, quorum_needed
from app.residents.rules import AgeMode
from app.web.house import Waiting
from app.web.refusing import Sentence
from app.web.wording import format_datetime, format_plain_day

if TYPE_CHECKING:
    from datetime import datetime

    from app.assemblies.models import Assembly

TRACKS: dict[Track, Any] = {
    Track.SUPPORT: lazy_gettext("주민자치활동 지원"),
    Track.BUDGET: lazy_gettext("시민참여예산"),
    Track.GOVERNANCE: lazy_gettext("협치 사업"),
}
STATES: dict[AssemblyState, Any] = {
    AssemblyState.DRAFT: lazy_gettext("준비 중"),
    AssemblyState.NOTICED: lazy_gettext("공고"),
    AssemblyState.OPEN: lazy_gettext("진행 중"),
    AssemblyState.CLOSED: lazy_gettext("마침"),
}
STATE_TONES = {
    AssemblyState.DRAFT: "quiet",
    AssemblyState.NOTICED: "neutral",
    AssemblyState.OPEN: "pine",
    AssemblyState.CLOSED: "quiet",
}
STAGE_KINDS: dict[StageKind, Any] = {
    StageKind.PRELUDE: lazy_gettext("사전 행사"),
    StageKind.OPENING: lazy_gettext("개회"),
    StageKind.REPORT: lazy_gettext("결과 보고"),
    StageKind.PLAN: lazy_gettext("계획 보고"),
    StageKind.PRESENTATION: lazy_gettext("제안 발표"),
    StageKind.DISCUSSION: lazy_gettext("공론"),
    StageKind.VOTE: lazy_gettext("투표"),
    StageKind.COUNT: lazy_gettext("개표"),
    StageKind.CEREMONY: lazy_gettext("협약식"),
    StageKind.CLOSING: lazy_gettext("결과 발표·폐회"),
}
QUORUM_KINDS: dict[QuorumKind, Any] = {
    QuorumKind.PERMILLE: lazy_gettext("주민 수의 천분율(‰)"),
    QuorumKind.SEATS: lazy_gettext("위원 정수의 배수로 정한 사람 수"),
    QuorumKind.NONE: lazy_gettext("성원 기준 없음"),
}
AGE_MODES: dict[AgeMode, Any] = {
    AgeMode.ELECTION_LAW: lazy_gettext("선거법 방식(태어난 날을 넣어 셈)"),
    AgeMode.PLAIN: lazy_gettext("만 나이"),
    AgeMode.COUNTING: lazy_gettext("세는나이"),
}

LEFT_OPEN = lazy_gettext("마치지 않음")
CALLED_OFF = lazy_pgettext("assembly", "취소")

SENTENCES: dict[AssemblyRefusal, Sentence] = {
    AssemblyRefusal.NOT_CLERK: Sentence(403, lazy_gettext("이 동의 담당자만 할 수 있는 일입니다.")),
    AssemblyRefusal.NOT_CHAIR: Sentence(
        403, lazy_gettext("이 총회의 진행자만 할 수 있는 일입니다.")
    ),
    AssemblyRefusal.NOT_OPERATOR: Sentence(
        403, lazy_gettext("운영자만 총회 규칙을 바꿀 수 있습니다.")
    ),
    AssemblyRefusal.ENDS_BEFORE_START: Sentence(
        422, lazy_gettext("마치는 때가 시작하는 때보다 늦어야 합니다.")
    ),
    AssemblyRefusal.NOT_DRAFT: Sentence(
        409,
        lazy_gettext(
            "이미 공고한 총회입니다. 안건과 식순은 더 바꿀 수 없고, 때와 곳은 공고를 정정해 바꿀 수 있습니다."
        ),
    ),
    AssemblyRefusal.NOTICE_TOO_LATE: Sentence(
        409,
        lazy_gettext(
            "총회 %(days)s일 전인 %(latest)s까지 공고해야 합니다. 총회 날을 늦춘 뒤 공고해 주세요."
        ),
    ),
    AssemblyRefusal.NO_POPULATION: Sentence(
        409,
        lazy_gettext(
            "주민 수가 등록되어 있지 않아 성원을 셈할 수 없습니다. 운영자에게 알려 주세요."
        ),
    ),
    AssemblyRefusal.NO_STAGES: Sentence(422, lazy_gettext("식순을 한 단계 이상 적어 주세요.")),
    AssemblyRefusal.BAD_STAGE: Sentence(
        422, lazy_gettext("식순의 단계마다 이름과 1분 이상의 시간을 적어 주세요.")
    ),
    AssemblyRefusal.BAD_BUDGET: Sentence(422, lazy_gettext("예산은 0원 이상이어야 합니다.")),
    AssemblyRefusal.BAD_RULES: Sentence(
        422, lazy_gettext("규칙의 숫자를 확인해 주세요. 천분율은 1부터 1,000까지입니다.")
    ),
    AssemblyRefusal.NOT_ADOPTED: Sentence(
        409, lazy_gettext("부서가 채택하거나 부분채택한 제안만 안건으로 올릴 수 있습니다.")
    ),
    AssemblyRefusal.OTHER_PLACE: Sentence(
        409, lazy_gettext("다른 동의 제안은 이 총회의 안건으로 올릴 수 없습니다.")
    ),
    AssemblyRefusal.PROPOSAL_HIDDEN: Sentence(
        409, lazy_gettext("지금 가린 제안입니다. 다시 보이게 한 뒤에 안건으로 올려 주세요.")
    ),
    AssemblyRefusal.HIDDEN_ON_AGENDA: Sentence(
        409,
        lazy_gettext(
            "가린 제안에서 온 안건이 있습니다. 공고한 뒤에는 안건을 바꿀 수 없으니 그 안건을 빼 주세요."
        ),
    ),
    AssemblyRefusal.ALREADY_ON_AGENDA: Sentence(
        409, lazy_gettext("이미 이 총회의 안건에 오른 제안입니다.")
    ),
    AssemblyRefusal.ALREADY_WON: Sentence(
        409,
        lazy_gettext("이미 총회에서 뽑힌 제안입니다. 약속과 이행에서 어디까지 왔는지 봐 주세요."),
    ),
    AssemblyRefusal.ON_ANOTHER_AGENDA: Sentence(
        409,
        lazy_gettext(
            "다른 총회의 안건이나 투표에 올라 있는 제안입니다. 그 결과가 나온 뒤에 올릴 수 있습니다."
        ),
    ),
    AssemblyRefusal.NOT_NOTICED: Sentence(
        409, lazy_gettext("공고한 총회만 열 수 있습니다. 지금 상태를 확인해 주세요.")
    ),
    AssemblyRefusal.TOO_EARLY: Sentence(
        409, lazy_gettext("총회는 시작하기 30분 전부터 열 수 있습니다.")
    ),
    AssemblyRefusal.NOT_OPEN: Sentence(409, lazy_gettext("지금 진행 중인 총회가 아닙니다.")),
    AssemblyRefusal.OTHER_ASSEMBLY: Sentence(409, lazy_gettext("다른 총회의 식순입니다.")),
    AssemblyRefusal.NOT_SIGNED_IN: Sentence(403, lazy_gettext("로그인한 뒤 출석할 수 있습니다.")),
    AssemblyRefusal.NOT_MEMBER: Sentence(
        403,
        lazy_gettext(
            "이 지역의 주민으로 확인된 분만 출석할 수 있습니다. 동 주민센터에서 주민 확인을 받아 주세요."
        ),
    ),
    AssemblyRefusal.MEMBER_ELSEWHERE: Sentence(
        403,
        lazy_gettext(
            "%(place)s 총회입니다. 누구나 볼 수 있고, 출석과 투표는 %(place)s 주민만 할 수 있습니다."
        ),
    ),
    AssemblyRefusal.TOO_YOUNG: Sentence(
        403,
        lazy_gettext(
            "이 총회에는 %(birth)s까지 태어난 주민이 출석합니다. 나누는 이야기는 누구나 보실 수 있습니다."
        ),
    ),
    AssemblyRefusal.DOORS_CLOSED: Sentence(
        409, lazy_gettext("출석은 총회를 시작하기 30분 전부터 받습니다.")
    ),
    AssemblyRefusal.OVER: Sentence(409, lazy_gettext("이미 끝난 총회입니다.")),
    AssemblyRefusal.ALREADY_CHECKED_IN: Sentence(
        409, lazy_gettext("이미 출석하셨습니다. 한 분은 한 번만 셉니다.")
    ),
    AssemblyRefusal.NOT_CLOSED: Sentence(
        409, lazy_gettext("회의록은 총회를 마친 뒤에 공개할 수 있습니다.")
    ),
    AssemblyRefusal.EMPTY_MINUTES: Sentence(422, lazy_gettext("회의록 내용을 적어 주세요.")),
    AssemblyRefusal.MINUTES_STAND: Sentence(
        409,
        lazy_gettext(
            "회의록이 이미 공개되었습니다. 고칠 것이 있으면 총회 화면에서 회의록을 바로잡아 주세요."
        ),
    ),
    AssemblyRefusal.NO_MINUTES: Sentence(
        409, lazy_gettext("아직 공개한 회의록이 없습니다. 회의록을 먼저 공개해 주세요.")
    ),
    AssemblyRefusal.NOTHING_CORRECTED: Sentence(
        422, lazy_gettext("공개한 회의록과 같습니다. 고칠 곳을 고쳐 주세요.")
    ),
    AssemblyRefusal.ITEM_ON_PAPER: Sentence(
        409,
        lazy_gettext(
            "투표용지에 올라 있는 안건이라 뺄 수 없습니다. 투표 초안에서 그 선택지를 빼거나 초안을 버린 뒤 다시 해 주세요."
        ),
    ),
    AssemblyRefusal.NOT_AHEAD: Sentence(
        409, lazy_gettext("공고하고 아직 열지 않은 총회만 정정하거나 취소할 수 있습니다.")
    ),
    AssemblyRefusal.CALLED_OFF: Sentence(409, lazy_gettext("취소한 총회입니다.")),
    AssemblyRefusal.THROWN_AWAY: Sentence(
        409, lazy_gettext("그사이 버린 초안입니다. 총회를 다시 준비하려면 새로 만들어 주세요.")
    ),
    AssemblyRefusal.SOME_CAME: Sentence(
        409,
        lazy_gettext(
            "이미 출석한 분이 있어 공고를 정정할 수 없습니다. 열 수 없게 되었으면 총회를 취소해 주세요."
        ),
    ),
    AssemblyRefusal.IN_THE_PAST: Sentence(
        422, lazy_gettext("시작하는 때가 이미 지났습니다. 앞으로의 때를 적어 주세요.")
    ),
    AssemblyRefusal.NOTICE_TOO_SHORT: Sentence(
        422,
        lazy_gettext(
            "주민이 알고 올 수 있게 %(earliest)s이나 그 뒤로 정해 주세요. 때를 앞당길 때는 정정한 날부터 %(days)s일을 둡니다."
        ),
    ),
    AssemblyRefusal.NOTICE_STANDS_SO: Sentence(
        422, lazy_gettext("지금 공고와 같습니다. 바꿀 곳을 바꿔 주세요.")
    ),
    AssemblyRefusal.NOTICE_MOVED_MEANWHILE: Sentence(
        409,
        lazy_gettext(
            "그사이 다른 분이 공고를 정정했습니다. 지금 공고와 견주어 보고 다시 보내 주세요."
        ),
    ),
    AssemblyRefusal.AGENDA_TAKEN_UP: Sentence(
        409,
        lazy_gettext(
            "정한 때가 지난 뒤 안건의 제안이 다른 총회에 올랐습니다. 이 총회를 취소하고 새 총회를 준비해 주세요."
        ),
    ),
    AssemblyRefusal.NO_REASON: Sentence(422, lazy_gettext("까닭을 적어 주세요.")),
    AssemblyRefusal.CORRECTED_MEANWHILE: Sentence(
        409,
        lazy_gettext(
            "그사이 다른 분이 회의록을 바로잡았습니다. 지금 공개된 회의록과 견주어 보고 다시 보내 주세요."
        ),
    ),
}


def state_tag(assembly: Assembly, *, at: datetime) -> tuple[str, str]:
    """Return what an assembly's state is called and in which tone."""
    if assembly.is_called_off:
        return str(CALLED_OFF), "red"
    if is_left_open(assembly, at=at):
        return str(LEFT_OPEN), "amber"
    return str(STATES[assembly.state]), STATE_TONES[assembly.state]


def age_sentence(held_at: datetime, rules: Rules) -> str:
    """Say who is old enough: "2003. 4. 8.까지 태어난 주민"."""
    if rules.min_age == 0:
        return str(_("나이 제한 없이 모든 주민"))
    return str(_("%(day)s까지 태어난 주민", day=format_plain_day(latest_birth(held_at, rules))))


def age_basis(rules: Rules) -> str:
    """Say by which age and count: "15세, 선거법 방식(…)"."""
    if rules.min_age == 0:
        return ""
    return str(_("%(years)s세 이상, %(mode)s", years=rules.min_age, mode=AGE_MODES[rules.age_mode]))


def quorum_rule(rules: Rules) -> str:
    """Say from what a quorum is computed: "주민 수의 0.5%"."""
    if rules.quorum_kind is QuorumKind.PERMILLE:
        return str(_("주민 수의 %(share)s%%", share=_share(rules.quorum_value)))
    if rules.quorum_kind is QuorumKind.SEATS:
        return str(_("%(count)s명 이상", count=f"{rules.quorum_value:,}"))
    return str(_("성원 기준 없음"))


def _share(permille: int) -> str:
    """Return a share per mille as per cent: 5 is "0.5", 10 is "1"."""
    whole, tenth = divmod(permille, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def quorum_sentence(rules: Rules, *, base: int | None) -> str:
    """Say in words how many must take part, and why that many."""
    if rules.quorum_kind is QuorumKind.NONE:
        return str(_("성원 기준이 없습니다. 참여한 주민이 함께 정합니다."))
    if rules.quorum_kind is QuorumKind.PERMILLE and base:
        count = quorum_needed(rules.quorum_kind, rules.quorum_value, base)
        return str(
            _(
                "주민 %(base)s명의 %(share)s%%인 %(needed)s명 이상이 참여하면 총회가 성립합니다.",
                base=f"{base:,}",
                share=_share(rules.quorum_value),
                needed=f"{count:,}",
            )
        )
    if rules.quorum_kind is QuorumKind.SEATS:
        return str(
            _(
                "%(needed)s명 이상이 참여하면 총회가 성립합니다.",
                needed=f"{rules.quorum_value:,}",
            )
        )
    return str(_("%(rule)s 이상이 참여하면 총회가 성립합니다.", rule=quorum_rule(rules)))


def attendance_sentence(assembly: Assembly) -> str:
    """Say how many are present of how many must be."""
    present, needed = assembly.attendance_count, assembly.quorum_needed or 0
    if needed == 0:
        return str(_("%(present)s명이 출석했습니다", present=f"{present:,}"))
    return str(
        _("출석 %(present)s / 성원 %(needed)s명", present=f"{present:,}", needed=f"{needed:,}")
    )


def waiting(held: int, unnoticed: int, unminuted: int) -> Waiting:
    """Say what waits on the desk for someone."""
    return Waiting.of(
        (held, ngettext("오늘 총회 %(num)s건", "오늘 총회 %(num)s건", held)),
        (unnoticed, ngettext("공고 %(num)s건", "공고 %(num)s건", unnoticed)),
        (unminuted, ngettext("회의록 %(num)s건", "회의록 %(num)s건", unminuted)),
    )


def span_sentence(held_at: datetime, ends_at: datetime) -> str:
    """Say from when until when: "2021. 5. 24.(월) 19:00 ~ 20:30"."""
    start, end = format_datetime(held_at), format_datetime(ends_at)
    same_day = start.rpartition(" ")[0] == end.rpartition(" ")[0]
    return f"{start} ~ {end.rpartition(' ')[2] if same_day else end}"


def change_sentences(change: Change) -> list[str]:
    """Say what a correction changed of a notice: what stood there, and what stands there since."""
    one, before, after = change.correction, [], []
    if change.is_moved:
        before.append(span_sentence(one.held_before, one.ends_before))
        after.append(span_sentence(change.held_at, change.ends_at))
    if change.is_elsewhere:
        before.append(one.venue_before)
        after.append(change.venue)
    lines = []
    if before:
        lines = [
            _("정정하기 전: %(what)s", what=", ".join(before)),
            _("정정한 뒤: %(what)s", what=", ".join(after)),
        ]
    return [*lines, _("공고문을 고쳤습니다.")] if change.is_reworded else lines


def notice_consequences(assembly: Assembly, rules: Rules) -> list[str]:
    """Say exactly what publishing the notice will do."""
    proposals = sum(1 for item in assembly.items if item.proposal_id is not None)
    lines = [
        _("누구나 이 총회의 공고를 볼 수 있게 됩니다."),
        _("제목, 안건, 식순은 더 바꿀 수 없게 됩니다."),
        _("때와 곳, 공고문은 까닭을 밝혀 정정할 수 있고, 바뀌기 전의 때와 곳이 함께 남습니다."),
        _(
            "지금의 규칙이 이 총회에 고정됩니다. 함께할 분: %(age)s. 성원: %(quorum)s.",
            age=age_sentence(assembly.held_at, rules),
            quorum=quorum_rule(rules),
        ),
    ]
    if proposals:
        lines.append(
            _(
                "안건이 된 제안 %(count)s건의 지나온 길에 총회 상정이 적히고, 제안자와 지켜보는 분에게 알려집니다.",
                count=proposals,
            )
        )
    return lines


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "attendances": lazy_gettext("출석한 총회"),
    "assemblies_called": lazy_gettext("준비한 총회"),
    "notices_corrected": lazy_gettext("정정한 공고"),
    "minutes_corrected": lazy_gettext("바로잡은 회의록"),
    "assembly_rules_set": lazy_gettext("정한 총회 규칙"),
}
