"""What commitments say: sentences for refusals, names of statuses, summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from app.commitments.policy import CommitmentRefusal
from app.commitments.queries import Status
from app.commitments.rules import (
    SILENT_AFTER_DAYS,
    WHOLE,
    Progress,
    is_late,
    progress_of,
    silent_days,
)
from app.core.clock import seoul_day
from app.core.numbers import percent
from app.proposals.models import Stage
from app.proposals.words import life_line_of_item
from app.web.house import Waiting
from app.web.refusing import Sentence
from app.web.wording import format_date, format_near_day, format_won

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.commitments.models import Commitment, Milestone
    from app.commitments.rules import Tally
    from app.proposals.words import StageView

STATUSES: dict[Status, Any] = {
    Status.ON_WAY: lazy_gettext("하는 중"),
    Status.LATE: lazy_gettext("기한이 지난 것"),
    Status.SILENT: lazy_gettext("새 소식이 없는 것"),
    Status.DELAYED: lazy_gettext("날을 미룬 것"),
    Status.KEPT: lazy_gettext("지킨 것"),
}
PROGRESSES: dict[Progress, Any] = {
    Progress.KEPT: lazy_gettext("지켰습니다"),
    Progress.LATE: lazy_gettext("기한이 지났습니다"),
    Progress.DELAYED: lazy_gettext("날을 미뤘습니다"),
    Progress.ON_WAY: lazy_gettext("하는 중입니다"),
}
TONES = {
    Progress.KEPT: "pine",
    Progress.LATE: "red",
    Progress.DELAYED: "amber",
    Progress.ON_WAY: "neutral",
}

SENTENCES: dict[CommitmentRefusal, Sentence] = {
    CommitmentRefusal.NOT_CLERK: Sentence(
        403, lazy_gettext("이곳의 담당자만 투표 결과를 약속으로 옮길 수 있습니다.")
    ),
    CommitmentRefusal.NOT_RESPONSIBLE: Sentence(
        403, lazy_gettext("소관부서나 담당자만 이 약속의 이행을 알릴 수 있습니다.")
    ),
    CommitmentRefusal.NOT_COUNTED: Sentence(
        409, lazy_gettext("개표를 마치고 결과를 확정한 투표만 약속으로 옮길 수 있습니다.")
    ),
    CommitmentRefusal.NOT_CERTIFIED: Sentence(
        409,
        lazy_gettext(
            "개표 결과가 아직 확정되지 않았습니다. 투표용지를 만들지 않은 투표관리자나 참관인이 확정하면 약속으로 옮길 수 있습니다."
        ),
    ),
    CommitmentRefusal.ALREADY_KEPT: Sentence(
        409, lazy_gettext("이미 지킨 약속입니다. 지킨 약속의 기록은 바꾸지 않습니다.")
    ),
    CommitmentRefusal.PERCENT_OUTSIDE: Sentence(
        422, lazy_gettext("진행률은 0부터 100까지 적어 주세요.")
    ),
    CommitmentRefusal.PERCENT_FALLS: Sentence(
        422, lazy_gettext("진행률은 지난번에 알린 %(before)s%%보다 낮출 수 없습니다.")
    ),
    CommitmentRefusal.SPENT_NEGATIVE: Sentence(
        422, lazy_gettext("집행한 돈은 0원 이상이어야 합니다.")
    ),
    CommitmentRefusal.SPENT_FALLS: Sentence(
        409,
        lazy_gettext("그사이 다른 분이 더 많은 돈을 알렸습니다. 지난번에 알린 돈을 확인해 주세요."),
    ),
    CommitmentRefusal.NO_TEXT: Sentence(422, lazy_gettext("무엇을 했는지 적어 주세요.")),
    CommitmentRefusal.NO_REASON: Sentence(422, lazy_gettext("날을 미루는 까닭을 적어 주세요.")),
    CommitmentRefusal.NOT_LATER: Sentence(
        422, lazy_gettext("새 날은 지금 정해진 %(due_on)s보다 뒤여야 합니다.")
    ),
    CommitmentRefusal.BAD_MILESTONE: Sentence(
        422,
        lazy_gettext(
            "단계마다 서로 다른 이름을 적어 주세요. 이미 마친 단계의 이름도 쓸 수 없습니다."
        ),
    ),
    CommitmentRefusal.MISSED_WITHOUT_REASON: Sentence(
        422,
        lazy_gettext(
            "기한이 지난 단계의 날을 바꾸거나 빼려면 까닭을 적어 주세요: ‘%(steps)s’. 까닭과 날짜는 이행 보고에 함께 남습니다."
        ),
    ),
    CommitmentRefusal.MILESTONE_AFTER_DUE: Sentence(
        422,
        lazy_gettext(
            "약속의 기한 %(due_on)s보다 늦은 단계가 있습니다: ‘%(steps)s’. 날을 앞당기거나, ‘기한 미루기’에서 약속의 기한을 먼저 미뤄 주세요."
        ),
    ),
    CommitmentRefusal.NO_SUCH_MILESTONE: Sentence(
        409,
        lazy_gettext(
            "고르신 단계가 지금은 없습니다. 그사이 다른 분이 단계를 바꾸었으니, 지금 있는 단계에서 다시 골라 주세요."
        ),
    ),
    CommitmentRefusal.STEPS_CHANGED_MEANWHILE: Sentence(
        409,
        lazy_gettext(
            "그사이 다른 분이 단계를 바꾸었습니다. 지금 정해진 단계와 견주어 고친 뒤 다시 저장해 주세요."
        ),
    ),
    CommitmentRefusal.OPEN_MILESTONES: Sentence(
        422,
        lazy_gettext(
            "아직 마치지 않은 단계가 있습니다: ‘%(steps)s’. 마쳤으면 아래에서 함께 고르고, 필요 없어졌으면 단계에서 뺀 뒤 100%%로 알려 주세요."
        ),
    ),
    CommitmentRefusal.DUE_PASSED: Sentence(
        422, lazy_gettext("이미 지난 날입니다. 오늘이나 그 뒤의 날을 골라 주세요.")
    ),
    CommitmentRefusal.DEPARTMENT_NEEDED: Sentence(
        422, lazy_gettext("소관부서가 없는 것이 있습니다. 그것을 맡을 부서를 골라 주세요.")
    ),
}


def summary(tally: Tally) -> str:
    """Say how many of how many were kept: "61개 약속 가운데 30개를 지켰습니다"."""
    if tally.kept == 0:
        return str(_("%(count)s개 약속을 하고 있습니다", count=f"{tally.count:,}"))
    if tally.kept == tally.count:
        return str(_("%(count)s개 약속을 모두 지켰습니다", count=f"{tally.count:,}"))
    return str(
        _(
            "%(count)s개 약속 가운데 %(kept)s개를 지켰습니다",
            count=f"{tally.count:,}",
            kept=f"{tally.kept:,}",
        )
    )


def due_words(commitment: Commitment, *, today: date) -> str:
    """Say the next date of a commitment: by when, how late, or when it was kept."""
    if commitment.done_at is not None:
        return str(_("%(day)s 지킴", day=format_near_day(commitment.done_at, today=today)))
    late = (today - commitment.due_on).days
    if late > 0:
        return str(_("기한이 %(days)s일 지났습니다", days=late))
    return str(_("%(day)s까지", day=format_date(commitment.due_on)))


def silence(commitment: Commitment, *, at: datetime) -> str | None:
    """Say for how long nothing was heard, if that is thirty days or more."""
    days = silent_days(commitment, at=at)
    return None if days is None else str(_("%(days)s일째 새 소식이 없습니다", days=days))


def waiting(ballots: int, silent: int, late: int) -> Waiting:
    """Say what waits on the desk for someone."""
    days = SILENT_AFTER_DAYS
    return Waiting.of(
        (
            ballots,
            ngettext("약속으로 옮길 투표 %(num)s건", "약속으로 옮길 투표 %(num)s건", ballots),
        ),
        (
            silent,
            ngettext(
                "%(days)s일 이상 소식 없음 %(num)s건",
                "%(days)s일 이상 소식 없음 %(num)s건",
                silent,
                days=days,
            ),
        ),
        late=(late, ngettext("%(num)s건 기한 지남", "%(num)s건 기한 지남", late)),
    )


def step_when(step: Milestone, *, today: date) -> str:
    """Say when a step was done, by when it will be, or how late it is."""
    if step.done_on is not None:
        return str(_("%(day)s 마침", day=format_near_day(step.done_on, today=today)))
    if is_late(step, today=today):
        return str(_("%(days)s일 지남", days=(today - step.due_on).days))
    return str(_("%(day)s까지", day=format_near_day(step.due_on, today=today)))


def next_step(step: Milestone, *, today: date) -> str:
    """Say what comes next and by when, or which step is late and by how much."""
    when = step_when(step, today=today)
    if is_late(step, today=today):
        return f"{step.name} · {when}"
    return str(_("다음: %(name)s · %(when)s", name=step.name, when=when))


def spending(commitment: Commitment) -> str:
    """Say how much of the budget was spent."""
    spent = format_won(commitment.spent_won)
    if commitment.budget_won == 0 or commitment.spent_won == 0:
        return spent
    share = percent(commitment.spent_won, commitment.budget_won, 1)
    return str(_("%(spent)s (예산의 %(share)s%%)", spent=spent, share=share))


def weighty(commitment: Commitment, *, percent: int, spent_won: int) -> str | None:
    """Say what of a report ought to be looked at twice: an end for good, money that surprises."""
    said = []
    if percent == WHOLE:
        said.append(
            _("100%로 알리면 약속을 지킨 것으로 마치고, 진행률과 단계를 다시 바꿀 수 없습니다.")
        )
    if spent_won > commitment.budget_won:
        said.append(
            _(
                "집행한 돈 %(spent)s이 예산 %(budget)s보다 많습니다.",
                spent=format_won(spent_won),
                budget=format_won(commitment.budget_won),
            )
        )
    if spent_won < commitment.spent_won:
        said.append(
            _(
                "집행한 돈 %(spent)s이 지난번에 알린 %(before)s보다 적습니다.",
                spent=format_won(spent_won),
                before=format_won(commitment.spent_won),
            )
        )
    if not said:
        return None
    return " ".join(map(str, [*said, _("맞으면 아래 칸에 표시하고 다시 보내 주세요.")]))


def status_words(commitment: Commitment, *, at: datetime) -> tuple[str, str]:
    """Return how a commitment stands now, and the tone of its tag."""
    progress = progress_of(commitment, today=seoul_day(at))
    return str(PROGRESSES[progress]), TONES[progress]


def own_life_line(commitment: Commitment, *, today: date) -> tuple[StageView, ...]:
    """Return the stages of a commitment that came from no proposal on this site."""
    made = seoul_day(commitment.created_at)
    dates = {Stage.ASSEMBLY: made, Stage.EXECUTION: made}
    if commitment.done_at is not None:
        dates[Stage.RESULT] = seoul_day(commitment.done_at)
        kept = due_words(commitment, today=today)
        return life_line_of_item(dates, Stage.RESULT, kept, today=today)
    note = str(_("%(day)s까지", day=format_near_day(commitment.due_on, today=today)))
    return life_line_of_item(dates, Stage.EXECUTION, note, today=today)


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "progress_reports": lazy_gettext("쓴 이행 보고"),
}
