"""What the forum says: refusals, sides, phases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext, ngettext

from app.core.clock import seoul_day
from app.forum.models import ClaimState, Stance, TopicKind
from app.forum.policy import ForumRefusal
from app.forum.rules import Phase, phase_of
from app.forum.rules.attendance import SMALLEST_CELL
from app.web.house import Waiting
from app.web.refusing import Sentence
from app.web.wording import format_near_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.forum.models import Topic
    from app.forum.queries import TopicLine

SENTENCES = {
    ForumRefusal.NOT_MODERATOR: Sentence(
        403, lazy_gettext("이 동네 공론장의 진행자나 담당자만 할 수 있습니다.")
    ),
    ForumRefusal.NOT_DEPARTMENT: Sentence(
        403, lazy_gettext("이 의제를 맡은 부서의 담당자만 답변할 수 있습니다.")
    ),
    ForumRefusal.NOT_VERIFIED: Sentence(
        403,
        lazy_gettext("주민 확인을 받으면 할 수 있습니다. 동 주민센터에서 확인해 드립니다."),
    ),
    ForumRefusal.NOT_OF_PLACE: Sentence(
        403, lazy_gettext("이 동 주민만 참여할 수 있는 의제입니다. 읽기는 누구나 할 수 있습니다.")
    ),
    ForumRefusal.FOREIGN_HOME: Sentence(
        403, lazy_gettext("확인받은 동만 이름 곁에 보일 수 있습니다.")
    ),
    ForumRefusal.NOT_YET_OPEN: Sentence(
        409, lazy_gettext("아직 토론이 시작되지 않았습니다. 먼저 숙의자료를 읽어 보세요.")
    ),
    ForumRefusal.ALREADY_CLOSED: Sentence(
        409, lazy_gettext("토론이 끝난 의제입니다. 나눈 이야기와 결론은 계속 읽을 수 있습니다.")
    ),
    ForumRefusal.STILL_OPEN: Sentence(
        409, lazy_gettext("토론 기간이 끝난 뒤에 결론을 쓸 수 있습니다.")
    ),
    ForumRefusal.ALREADY_CONCLUDED: Sentence(
        409, lazy_gettext("이미 결론을 낸 의제입니다. 결론은 바꿀 수 없습니다.")
    ),
    ForumRefusal.NOT_CONCLUDED: Sentence(
        409, lazy_gettext("결론이 나온 뒤에 부서가 답변할 수 있습니다.")
    ),
    ForumRefusal.ALREADY_ANSWERED: Sentence(
        409, lazy_gettext("이미 부서가 답변한 의제입니다. 답변은 바꿀 수 없습니다.")
    ),
    ForumRefusal.TOO_MANY_OPINIONS: Sentence(
        429, lazy_gettext("의견은 하루에 %(limit)s개까지 쓸 수 있습니다. 내일 이어서 써 주세요.")
    ),
    ForumRefusal.TOO_MANY_REPLIES: Sentence(
        429, lazy_gettext("답글은 하루에 %(limit)s개까지 쓸 수 있습니다. 내일 이어서 써 주세요.")
    ),
    ForumRefusal.OPINION_HIDDEN: Sentence(
        409, lazy_gettext("가려진 의견에는 공감하거나 답하거나 인용할 수 없습니다.")
    ),
    ForumRefusal.FOREIGN_QUOTE: Sentence(
        422, lazy_gettext("인용하려는 의견이 이 의제에 없습니다.")
    ),
    ForumRefusal.OWN_OPINION: Sentence(
        409, lazy_gettext("자기 의견에는 공감할 수 없습니다. 이웃의 의견에 공감해 주세요.")
    ),
    ForumRefusal.ALREADY_ENDORSED: Sentence(409, lazy_gettext("이미 공감하신 의견입니다.")),
    ForumRefusal.NOT_ENDORSED: Sentence(409, lazy_gettext("공감하지 않은 의견입니다.")),
    ForumRefusal.NOT_AUTHOR: Sentence(403, lazy_gettext("자기 의견의 입장만 바꿀 수 있습니다.")),
    ForumRefusal.SAME_STANCE: Sentence(422, lazy_gettext("지금과 다른 입장을 골라 주세요.")),
    ForumRefusal.BAD_PERIOD: Sentence(
        422, lazy_gettext("끝나는 날은 시작하는 날과 같거나 그 뒤여야 합니다.")
    ),
    ForumRefusal.PERIOD_PAST: Sentence(
        422, lazy_gettext("지난 날에는 열 수 없습니다. 오늘이나 그 뒤의 날짜를 골라 주세요.")
    ),
    ForumRefusal.BAD_SOURCE: Sentence(
        422, lazy_gettext("제안에서 온 의제는 제안을 고르고, 구의 물음은 제안을 비워 주세요.")
    ),
    ForumRefusal.FOREIGN_PROPOSAL: Sentence(
        422, lazy_gettext("다른 동네의 제안입니다. 같은 동네의 제안을 골라 주세요.")
    ),
    ForumRefusal.PROPOSAL_NOT_READY: Sentence(
        409, lazy_gettext("아직 공론장에 올릴 수 없는 제안입니다.")
    ),
    ForumRefusal.PROPOSAL_IN_FORUM: Sentence(
        409, lazy_gettext("이미 공론장에서 이야기하고 있는 제안입니다.")
    ),
    ForumRefusal.FOREIGN_DEPARTMENT: Sentence(422, lazy_gettext("이 구의 부서를 골라 주세요.")),
    ForumRefusal.TOO_MANY_CLAIMS: Sentence(
        429,
        lazy_gettext("문장은 하루에 %(limit)s개까지 보탤 수 있습니다. 내일 이어서 보태 주세요."),
    ),
    ForumRefusal.CLAIM_KNOWN: Sentence(
        409, lazy_gettext("똑같은 문장이 이미 있습니다. 다른 생각을 적어 주세요.")
    ),
    ForumRefusal.CLAIM_UNKNOWN: Sentence(409, lazy_gettext("이 의제에 그런 문장이 없습니다.")),
    ForumRefusal.CLAIM_NOT_SHOWN: Sentence(
        409, lazy_gettext("지금은 생각을 표시할 수 없는 문장입니다.")
    ),
    ForumRefusal.CLAIM_DECIDED: Sentence(409, lazy_gettext("이미 그렇게 정한 문장입니다.")),
    ForumRefusal.TOPIC_OVER: Sentence(
        409, lazy_gettext("토론이 끝난 의제의 문장은 더 바꿀 수 없습니다.")
    ),
}

STANCES = {
    Stance.FOR: lazy_gettext("찬성"),
    Stance.IMPROVE: lazy_gettext("보완"),
    Stance.AGAINST: lazy_gettext("반대"),
}
SIGNS = {Stance.FOR: "○", Stance.IMPROVE: "△", Stance.AGAINST: "×"}
STANCE_HELP = {
    Stance.FOR: lazy_gettext("이대로 하면 좋겠습니다"),
    Stance.IMPROVE: lazy_gettext("고치거나 조건을 붙이면 좋겠습니다"),
    Stance.AGAINST: lazy_gettext("하지 않는 것이 좋겠습니다"),
}
CONTACT_NAMED = lazy_gettext(
    "전화번호나 이메일로 보이는 것이 있습니다. 누구나 보게 되니 빼는 것이 좋습니다. 그대로 남기려면 한 번 더 눌러 주세요."
)
# 금천구's own name for what the district asks: a district's file has no field for such a name.
KINDS = {
    TopicKind.PROPOSAL: lazy_gettext("주민 제안에서"),
    TopicKind.QUESTION: lazy_gettext("금나래가 묻습니다"),
}
PHASES = {
    Phase.UPCOMING: lazy_gettext("예고"),
    Phase.OPEN: lazy_gettext("토론 중"),
    Phase.CLOSED: lazy_gettext("정리 중"),
    Phase.CONCLUDED: lazy_gettext("부서 답변 준비"),
    Phase.FINISHED: lazy_gettext("종료"),
}
PHASE_TONES = {
    Phase.UPCOMING: "neutral",
    Phase.OPEN: "pine",
    Phase.CLOSED: "amber",
    Phase.CONCLUDED: "amber",
    Phase.FINISHED: "quiet",
}
WEIGHTS = {
    1: lazy_gettext("동의"),
    -1: lazy_gettext("반대"),
    0: lazy_gettext("잘 모르겠음"),
}
WEIGHT_SIGNS = {1: "○", -1: "×", 0: "?"}
GROUPS = (
    lazy_gettext("첫째 모임"),
    lazy_gettext("둘째 모임"),
    lazy_gettext("셋째 모임"),
    lazy_gettext("넷째 모임"),
    lazy_gettext("다섯째 모임"),
)
GROUP_COUNTS = {
    1: lazy_gettext("한 모임"),
    2: lazy_gettext("두 모임"),
    3: lazy_gettext("세 모임"),
    4: lazy_gettext("네 모임"),
    5: lazy_gettext("다섯 모임"),
}
GROUP_SIGNS = ("①", "②", "③", "④", "⑤")
CLAIM_STATES = {
    ClaimState.WAITING: lazy_gettext("확인 대기"),
    ClaimState.SHOWN: lazy_gettext("보임"),
    ClaimState.REFUSED: lazy_gettext("싣지 않음"),
}
CLAIM_TONES = {
    ClaimState.WAITING: "amber",
    ClaimState.SHOWN: "pine",
    ClaimState.REFUSED: "quiet",
}
AGES = {
    "0-19": lazy_gettext("19세 이하"),
    "20-39": lazy_gettext("20~39세"),
    "40-59": lazy_gettext("40~59세"),
    "60-199": lazy_gettext("60세 이상"),
}


@dataclass(frozen=True)
class Stop:
    """One stop on the way of a topic, as the life line draws it."""

    key: str
    name: str
    state: str
    date: date | None
    when: str | None
    note: str | None


def few() -> str:
    """Return what stands where a number would tell of too few people."""
    return str(gettext("%(least)s명 미만", least=SMALLEST_CELL))


def counts_of(topic: Topic | TopicLine) -> tuple[int, int, int]:
    """Return how many opinions stand on each side, in the order sides are shown."""
    return topic.for_count, topic.improve_count, topic.against_count  # as STANCES stand


def waiting(conclusions: int, answers: int, claims: int) -> Waiting:
    """Say what waits on the desk for someone."""
    return Waiting.of(
        (conclusions, ngettext("결론 %(num)s건", "결론 %(num)s건", conclusions)),
        (answers, ngettext("부서 답변 %(num)s건", "부서 답변 %(num)s건", answers)),
        (claims, ngettext("살필 문장 %(num)s개", "살필 문장 %(num)s개", claims)),
    )


def last_day(topic: Topic | TopicLine) -> date:
    """Return the last day of the talk; it ends at the midnight after."""
    return seoul_day(topic.closes_at - timedelta(microseconds=1))


def way_of(topic: Topic, *, at: datetime) -> tuple[Stop, ...]:
    """Return the way of a topic: announced, talked about, summed up, answered."""
    phase = phase_of(topic, at=at)
    order = [Phase.UPCOMING, Phase.OPEN, Phase.CLOSED, Phase.CONCLUDED]
    now = order.index(phase) if phase in order else len(order)
    closing, today = last_day(topic), seoul_day(at)
    stops = [
        (
            gettext("예고"),
            seoul_day(topic.created_at),
            gettext("%(day)s 시작", day=format_near_day(topic.opens_at, today=today)),
        ),
        (
            gettext("토론"),
            closing,
            gettext("%(day)s까지", day=format_near_day(closing, today=today)),
        ),
        (gettext("결론"), _day(topic.concluded_at), gettext("진행자가 정리하고 있습니다")),
        (gettext("부서 답변"), _day(topic.replied_at), gettext("부서가 준비하고 있습니다")),
    ]
    return tuple(
        Stop(
            key=order[place],
            name=name,
            state="done" if place < now else "now" if place == now else "ahead",
            date=day if place <= now else None,
            when=format_near_day(day, today=today) if day and place < now else None,
            note=note if place == now else None,
        )
        for place, (name, day, note) in enumerate(stops)
    )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else seoul_day(moment)


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "opinions": lazy_gettext("공론장에 쓴 의견"),
    "stance_changes": lazy_gettext("바꾼 생각"),
    "replies_to_opinions": lazy_gettext("의견에 쓴 답글"),
    "opinion_endorsements": lazy_gettext("공감한 의견"),
    "claims": lazy_gettext("지도에 보탠 문장"),
    "weighings": lazy_gettext("문장마다 표시한 생각"),
    "topics_opened": lazy_gettext("연 의제"),
    "claims_decided": lazy_gettext("보일지 정한 문장"),
}
