"""The proposals' sentences: refusals, phases, the life line, the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from app.core.clock import seoul_day
from app.moderation.words import MODERATING_ROLES
from app.proposals import rules
from app.proposals.models import Field, Stage, TimelineCode, Verdict
from app.proposals.policy import ProposalRefusal
from app.proposals.queries import Order, Pile
from app.proposals.rules import Phase
from app.web.house import Waiting
from app.web.refusing import Sentence
from app.web.templating import days_left, left, left_words
from app.web.wording import format_date, format_day, format_near_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.moderation.models import HideReason
    from app.proposals.models import Proposal, TimelineEntry
    from app.proposals.queries import Line
    from app.proposals.rules import LifeLine, Passage


class FromProposal(Protocol):
    """An agenda item or commitment: its title was taken from a proposal, if from any."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def hidden_reason(self) -> HideReason | None:
        """Why its proposal is hidden, None if it is not."""


SENTENCES: dict[ProposalRefusal, Sentence] = {
    ProposalRefusal.UNKNOWN: Sentence(404, _("찾으시는 제안이 없습니다.")),
    ProposalRefusal.SIGN_IN_NEEDED: Sentence(401, _("로그인이 필요합니다.")),
    ProposalRefusal.NOT_AUTHOR: Sentence(403, _("제안하신 분만 할 수 있습니다.")),
    ProposalRefusal.NOT_DRAFT: Sentence(409, _("이미 올린 제안이라 고칠 수 없습니다.")),
    ProposalRefusal.NOT_VERIFIED: Sentence(
        403, _("주민 확인을 받으면 할 수 있습니다. 동 주민센터에서 확인해 드립니다.")
    ),
    ProposalRefusal.OTHER_DONG: Sentence(
        403,
        _(
            "이 동 주민만 참여할 수 있습니다. 직장이나 학교가 이 동에 있으면 동 주민센터에서 소속 확인을 받아 주세요."
        ),
    ),
    ProposalRefusal.HIDDEN: Sentence(409, _("가려진 제안이라 공감할 수 없습니다.")),
    ProposalRefusal.HIDDEN_NOW: Sentence(
        409, _("가려져 있는 제안입니다. 진행자가 다시 보이게 하면 처리할 수 있습니다.")
    ),
    ProposalRefusal.NOT_OPEN_YET: Sentence(409, _("타당성 검토가 끝나면 공감할 수 있습니다.")),
    ProposalRefusal.WINDOW_CLOSED: Sentence(409, _("공감 기간이 끝났습니다.")),
    ProposalRefusal.REVIEW_BEGAN: Sentence(
        409, _("공감이 다 모여 부서 검토가 시작되었습니다. 이제 공감을 더하거나 거둘 수 없습니다.")
    ),
    ProposalRefusal.UNFIT: Sentence(
        409, _("타당성 검토에서 제안 요건에 맞지 않는다고 한 제안입니다.")
    ),
    ProposalRefusal.ALREADY_ENDORSED: Sentence(409, _("이미 공감하신 제안입니다.")),
    ProposalRefusal.NOT_ENDORSED: Sentence(409, _("공감하지 않은 제안입니다.")),
    ProposalRefusal.NOT_CLERK: Sentence(403, _("이 동의 담당자만 할 수 있습니다.")),
    ProposalRefusal.NOT_OPERATOR: Sentence(403, _("운영자만 공감 기준을 바꿀 수 있습니다.")),
    ProposalRefusal.NOT_IN_PRECHECK: Sentence(409, _("타당성 검토가 이미 끝난 제안입니다.")),
    ProposalRefusal.REASON_NEEDED: Sentence(422, _("까닭을 적어 주세요. 모두에게 공개됩니다.")),
    ProposalRefusal.NOT_IN_REVIEW: Sentence(409, _("지금은 부서 검토 중인 제안이 아닙니다.")),
    ProposalRefusal.UNKNOWN_DEPARTMENT: Sentence(422, _("이 구의 부서를 골라 주세요.")),
    ProposalRefusal.NO_DEPARTMENT: Sentence(409, _("소관부서가 아직 정해지지 않았습니다.")),
    ProposalRefusal.NOT_DEPARTMENT: Sentence(403, _("소관부서 담당자만 답변할 수 있습니다.")),
    ProposalRefusal.ALREADY_REPLIED: Sentence(409, _("이미 답변한 제안입니다.")),
    ProposalRefusal.PLAN_NEEDED: Sentence(422, _("채택할 때는 언제 할지 날짜를 함께 적어 주세요.")),
    ProposalRefusal.PLAN_PASSED: Sentence(
        422, _("이미 지난 날입니다. 오늘이나 그 뒤의 날을 적어 주세요.")
    ),
    ProposalRefusal.UNFINISHED: Sentence(
        422, _("아직 빈 곳이 있어 올릴 수 없습니다. 빈 곳을 채워 주세요.")
    ),
}

FIELDS = {
    Field.WELFARE: _("복지"),
    Field.ENVIRONMENT: _("환경"),
    Field.SAFETY: _("안전"),
    Field.TRANSPORT: _("교통"),
    Field.CULTURE: _("문화"),
    Field.EDUCATION: _("교육"),
    Field.ECONOMY: _("경제"),
    Field.HEALTH: _("건강"),
    Field.SELFGOV: _("주민자치"),
    Field.YOUTH: _("청소년·청년"),
}

PHASES = {
    Phase.DRAFT: _("임시저장"),
    Phase.PRECHECK: _("타당성 검토"),
    Phase.UNFIT: _("요건에 맞지 않음"),
    Phase.ENDORSING: _("공감 모으는 중"),
    Phase.EXPIRED: _("공감 미달"),
    Phase.REVIEW: _("부서 검토"),
    Phase.OVERDUE: _("답변이 늦어짐"),
    Phase.REPLIED: _("부서 답변"),
}
TONES = {
    Phase.ENDORSING: "pine",
    Phase.EXPIRED: "quiet",
    Phase.UNFIT: "quiet",
    Phase.OVERDUE: "red",
}

VERDICTS = {
    Verdict.ADOPTED: _("채택"),
    Verdict.PARTLY: _("부분채택"),
    Verdict.REJECTED: _("불채택"),
}

STAGES = {
    Stage.PROPOSAL: _p("one", "제안"),
    Stage.ENDORSEMENT: _("공감"),
    Stage.REVIEW: _("검토"),
    Stage.FORUM: _("공론"),
    Stage.ASSEMBLY: _("총회"),
    Stage.EXECUTION: _("실행"),
    Stage.RESULT: _("성과"),
}

ORDERS = {
    Order.NEWEST: _("최신순"),
    Order.CLOSING: _("마감 임박순"),
    Order.ENDORSED: _("공감 많은 순"),
}

PILES = {
    Pile.TO_DO: _("할 일"),
    Pile.OVERDUE: _("기한 지남"),
    Pile.PRECHECK: _("타당성 검토"),
    Pile.REVIEW: _("부서 검토"),
    Pile.ENDORSING: _("공감 모으는 중"),
    Pile.REPLIED: _("답변 마침"),
}

PASSAGES = {
    TimelineCode.PUBLISHED: _("제안이 접수되었습니다"),
    TimelineCode.PRECHECK_PASSED: _("타당성 검토를 마치고 공감을 모으기 시작했습니다"),
    TimelineCode.PRECHECK_FAILED: _("타당성 검토에서 제안 요건에 맞지 않는다고 했습니다"),
    TimelineCode.THRESHOLD_REACHED: _("공감이 다 모여 부서 검토를 시작했습니다"),
    TimelineCode.WINDOW_MISSED: _("공감 기간이 끝났습니다. 기준에 미치지 못했습니다"),
    TimelineCode.DEPARTMENT_ASSIGNED: _("소관부서를 정했습니다"),
    TimelineCode.REPLIED: _("소관부서가 답변했습니다"),
    TimelineCode.FORUM_OPENED: _("공론장이 열렸습니다"),
    TimelineCode.FORUM_CONCLUDED: _("공론장이 결과를 정리했습니다"),
    TimelineCode.FORUM_ANSWERED: _("공론장 결과에 부서가 답했습니다"),
    TimelineCode.ON_AGENDA: _("주민총회 안건이 되었습니다"),
    TimelineCode.CALLED_OFF: _("안건으로 오른 총회가 취소되었습니다"),
    TimelineCode.ON_BALLOT: _("투표 대상이 되었습니다"),
    TimelineCode.SELECTED: _("투표에서 선정되었습니다"),
    TimelineCode.NOT_SELECTED: _("투표에서 선정되지 않았습니다"),
    TimelineCode.TIED: _("투표에서 동점이 나왔습니다"),
    TimelineCode.COMMITMENT_MADE: _("약속이 되었습니다"),
    TimelineCode.PROGRESS_REPORTED: _("이행 상황을 알렸습니다"),
    TimelineCode.COMMITMENT_DELAYED: _("약속의 기한을 미뤘습니다"),
    TimelineCode.COMMITMENT_KEPT: _("약속이 지켜졌습니다"),
    TimelineCode.HIDDEN: _("제안을 가렸습니다"),
    TimelineCode.RESTORED: _("제안을 다시 보이게 했습니다"),
}
_SHORT = {
    TimelineCode.FORUM_OPENED: _("의견 모으는 중"),
    TimelineCode.FORUM_CONCLUDED: _("결과 정리"),
    TimelineCode.FORUM_ANSWERED: _("부서 답변"),
    TimelineCode.ON_AGENDA: _("안건 상정"),
    TimelineCode.CALLED_OFF: _("총회 취소"),
    TimelineCode.ON_BALLOT: _("투표 대상"),
    TimelineCode.SELECTED: _("선정"),
    TimelineCode.NOT_SELECTED: _("미선정"),
    TimelineCode.TIED: _("동점"),
    TimelineCode.COMMITMENT_MADE: _p("one", "약속"),
    TimelineCode.PROGRESS_REPORTED: _("이행 보고"),
    TimelineCode.COMMITMENT_DELAYED: _("기한 미룸"),
    TimelineCode.COMMITMENT_KEPT: _("지킴"),
}
_ACTORS = {
    TimelineCode.PUBLISHED: _("제안자"),
    TimelineCode.PRECHECK_PASSED: _("담당자"),
    TimelineCode.PRECHECK_FAILED: _("담당자"),
    TimelineCode.DEPARTMENT_ASSIGNED: _("담당자"),
    TimelineCode.REPLIED: _("소관부서"),
}


# ---------------------------------------------------------------- the life line


@dataclass(frozen=True)
class StageView:
    """One stage as the life line macro reads it."""

    key: str
    name: str
    state: str
    date: date | None
    when: str | None = None
    note: str | None = None


def title_of_draft(draft: Proposal) -> str:
    """Return what a draft is called, which may have no title yet."""
    return draft.title or str(gettext("제목을 아직 적지 않은 글"))


def seen_title(one: FromProposal) -> str:
    """Return the title of what was made from a proposal; of a hidden one only that it is."""
    return str(gettext("가려진 제안")) if one.hidden_reason else one.title


def life_line(line: LifeLine, *, today: date, is_held: bool = False) -> tuple[StageView, ...]:
    """Return a proposal's seven stages for the macro life_line; a held clock is told as such."""
    runs = line.last is None and line.phase in (Phase.ENDORSING, Phase.REVIEW, Phase.OVERDUE)
    note = str(gettext("기한 멈춤")) if is_held and runs else _note_of(line, today)
    return life_line_of_item(line.days, line.now, note, today=today)


def life_line_of_item(
    stage_dates: Mapping[Stage, date], now_stage: Stage, note: str | None = None, *, today: date
) -> tuple[StageView, ...]:
    """Return the seven stages of an item, with or without a proposal behind it.

    A stage before the present one that has no day was skipped; the note stands beside the
    present one.
    """
    stages = list(Stage)
    here = stages.index(now_stage)
    views = []
    for position, stage in enumerate(stages):
        day = stage_dates.get(stage)
        if position == here:
            views.append(StageView(stage, str(STAGES[stage]), "now", day, note=note))
        elif position > here:
            views.append(StageView(stage, str(STAGES[stage]), "ahead", None))
        else:
            state = "done" if day else "skipped"
            when = format_near_day(day, today=today) if day else None
            views.append(StageView(stage, str(STAGES[stage]), state, day, when))
    return tuple(views)


def standing(line: LifeLine) -> tuple[str, str]:
    """Return where a proposal stands now, also past its answer, and the tone of its tag."""
    if line.last is None:
        return str(PHASES[line.phase]), TONES.get(line.phase, "neutral")
    tone = "pine" if line.now is Stage.RESULT else "neutral"
    return f"{STAGES[line.now]} · {_short(line.last)}", tone


def _short(passage: Passage) -> str:
    return str(_SHORT.get(passage.code, STAGES[passage.stage]))


def _note_of(line: LifeLine, today: date) -> str | None:
    """Return what to say beside the present stage: its next date, or how it ended."""
    if line.last is not None:
        return f"{_short(line.last)} · {format_near_day(line.last.at, today=today)}"
    note: str | None = None
    match line.phase:
        case Phase.PRECHECK:
            note = gettext("타당성 검토 중")
        case Phase.ENDORSING if line.closes_at is not None:
            note = days_left(line.closes_at)
        case Phase.EXPIRED:
            note = gettext("기준에 미치지 못함")
        case Phase.UNFIT:
            note = gettext("제안 요건에 맞지 않음")
        case Phase.REVIEW | Phase.OVERDUE if line.reply_due_on is not None:
            note = review_clock(line.reply_due_on, line.days_late)
        case Phase.REPLIED if line.verdict is not None and Stage.REVIEW in line.days:
            answered = format_near_day(line.days[Stage.REVIEW], today=today)
            note = f"{VERDICTS[line.verdict]} · {answered}"
        case _:
            pass
    return note


def review_clock(reply_due_on: date, days_late: int) -> str:
    """Return the department's deadline, or plainly by how much it has passed."""
    if days_late > 0:
        return str(gettext("답변 기한이 %(days)s일 지났습니다", days=days_late))
    return str(gettext("%(day)s까지 답변", day=format_day(reply_due_on)))


@dataclass(frozen=True)
class PassageView:
    """One line of the way a proposal has come, as the macro timeline reads it."""

    at: datetime
    title: str
    text: str
    actor: str | None
    href: str


def _actor(entry: TimelineEntry) -> str | None:
    """Return in which trust somebody did what a line says, None where it needs no saying."""
    actor = MODERATING_ROLES[entry.by_role] if entry.by_role else _ACTORS.get(entry.code)
    return None if actor is None else str(actor)


def timeline(entries: Sequence[TimelineEntry]) -> list[PassageView]:
    """Return the way a proposal has come, newest first."""
    return [
        PassageView(
            entry.at,
            str(PASSAGES[entry.code]),
            entry.note,
            _actor(entry),
            entry.href,
        )
        for entry in reversed(entries)
    ]


# ---------------------------------------------------------------- rows and panels


@dataclass(frozen=True)
class RowView:
    """What a row of a list says beside its title."""

    phase: Phase
    label: str
    tone: str
    count: str
    right: str


class Hour(NamedTuple):
    """What the time of day makes of a list row: its phase, how long is left, how late it is."""

    phase: Phase
    left: timedelta = timedelta(0)
    days_late: int = 0
    is_of_another_year: bool = False


def hour(line: Line, at: datetime) -> Hour:
    """Return what time makes of a list row now."""
    phase = rules.phase(line, at)
    if phase is Phase.ENDORSING and line.closes_at is not None:
        return Hour(phase, left=left(line.closes_at, at))
    if phase in (Phase.REVIEW, Phase.OVERDUE) and line.reply_due_on is not None:
        return Hour(phase, days_late=rules.days_overdue(line.reply_due_on, at))
    published = seoul_day(line.published_at)
    return Hour(phase, is_of_another_year=published.year != seoul_day(at).year)


def row(line: Line, hour: Hour) -> RowView:
    """Return a list row's state, its count with the threshold, and its next date."""
    phase = hour.phase
    label = str(PHASES[phase])
    right = ""
    match phase:
        case Phase.ENDORSING:
            right = left_words(hour.left)
        case Phase.REVIEW | Phase.OVERDUE if line.reply_due_on is not None:
            right = review_clock(line.reply_due_on, hour.days_late)
        case Phase.REPLIED if line.verdict is not None:
            label = str(VERDICTS[line.verdict])
        case _:
            spoken = format_date if hour.is_of_another_year else format_day
            right = spoken(line.published_at)
    return RowView(phase, label, TONES.get(phase, "neutral"), count_words(line), right)


def count_words(line: Line) -> str:
    """Return "공감 13 / 20", or nothing before the window opened."""
    if line.threshold is None:
        return ""
    goal = f"{line.threshold:,}"
    return str(gettext("공감 %(count)s / %(goal)s", count=f"{line.endorsement_count:,}", goal=goal))


def waiting(prechecks: int, replies: int, late: int) -> Waiting:
    """Say what waits on the desk for an officer."""
    return Waiting.of(
        (prechecks, ngettext("타당성 검토 %(num)s건", "타당성 검토 %(num)s건", prechecks)),
        (replies, ngettext("답변 %(num)s건", "답변 %(num)s건", replies)),
        late=(late, ngettext("%(num)s건 기한 지남", "%(num)s건 기한 지남", late)),
    )


def newest_title(*, in_dong: bool, are_new: bool) -> str:
    """Return what stands above the latest proposals: new only if they are."""
    if in_dong:
        return str(gettext("우리 동 새 제안") if are_new else gettext("우리 동 제안"))
    return str(gettext("새 제안") if are_new else gettext("최근 제안"))


def waited(review_began_at: datetime, at: datetime) -> int:
    """Return on which day of its review a proposal is, the first being 1."""
    return (seoul_day(at) - seoul_day(review_began_at)).days + 1


def total_words(total: int, cap: int) -> str:
    """Return how many were found, without counting further than the cap."""
    if total > cap:
        return str(gettext("%(count)s건 이상", count=f"{cap:,}"))
    return str(gettext("모두 %(count)s건", count=f"{total:,}"))


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "proposals": _("쓴 제안"),
    "endorsements": _("공감한 제안"),
    "follows": _("지켜보는 제안"),
    "replies_to_proposals": _("부서 담당자로 쓴 답변"),
    "endorsement_rules_set": _("정한 공감 기준"),
}
