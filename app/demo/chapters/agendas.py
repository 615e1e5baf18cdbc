"""Chapter three: what the ten dongs proposed to themselves, on its way to their assemblies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.core.korean import format_won
from app.demo.chapters.ideas import Answer, Idea, tell_idea
from app.demo.content import text_of
from app.proposals.models import Field, Verdict

if TYPE_CHECKING:
    from app.demo.teller import Teller

FIRST_DAY, DAYS = date(2020, 1, 13), 44
SUPPORT = 10
CARRIED_OUT_BY = date(2021, 11, 30)
DEPARTMENT_OF = {
    Field.WELFARE: "welfare",
    Field.ENVIRONMENT: "environment",
    Field.SAFETY: "safety",
    Field.TRANSPORT: "traffic",
    Field.CULTURE: "culture-sports",
    Field.EDUCATION: "education",
    Field.ECONOMY: "economy",
    Field.HEALTH: "health",
    Field.SELFGOV: "community",
    Field.YOUTH: "jobs-youth",
}
ADOPTED = (
    "이웃의 공감을 모아 주셔서 고맙습니다. 동에서 실행할 수 있는 일로 보아 {won} 규모로 주민총회 안건에 올리겠습니다. 주민께서 골라 주시면 2021년에 실행합니다.",
    "제안하신 자리와 방법을 현장에서 확인하였고 어려움이 없다고 판단하였습니다. 예산은 {won}으로 어림하였습니다. 실행할지는 주민총회에서 주민께 여쭙겠습니다.",
    "비슷한 사업과 겹치지 않고 주민이 함께 맡겠다고 하신 점을 높이 보았습니다. {won} 안에서 할 수 있는 계획으로 다듬어 총회 안건으로 올립니다.",
    "필요한 일이라는 데 부서의 생각도 같습니다. {won}을 들여 2021년 안에 마칠 수 있다고 보아 주민총회에 올려 결정을 받겠습니다.",
)
PARTLY = (
    "취지에 공감합니다. 다만 자리와 횟수는 안전과 이웃 동의를 확인하며 조정이 필요합니다. 조정한 {won} 규모로 총회 안건에 올려 주민께 여쭙겠습니다.",
    "제안 가운데 법과 기준에 맞추어야 하는 부분이 있어 규모를 {won}으로 줄여 검토하였습니다. 이 안으로 주민총회에 올리겠습니다.",
    "유지 관리를 누가 맡을지 더 의논해야 합니다. 첫해는 {won} 안에서 시작하는 것으로 총회 안건에 올리고, 이어 갈지는 결과를 보고 정하겠습니다.",
)


def tell_agendas(teller: Teller) -> None:
    """Note the proposals that residents made to their own dong in the winter of 2020."""
    for number, entry in enumerate(text_of("agendas")["agenda"]):
        tell_idea(teller, _idea(teller, entry, number))


def department_of(entry: dict[str, Any]) -> str:
    """Return the department that answers for an agenda item."""
    department: str = entry.get("department") or DEPARTMENT_OF[Field(entry["field"])]
    return department


def _idea(teller: Teller, entry: dict[str, Any], number: int) -> Idea:
    is_partly = not entry["wins"] or number % 5 == 0
    reasons = PARTLY if is_partly else ADOPTED
    return Idea(
        place=entry["dong"],
        home=entry["dong"],
        field=Field(entry["field"]),
        title=entry["title"],
        sense=entry["sense"],
        body=entry["body"].strip(),
        day=FIRST_DAY + timedelta(days=teller.chance.randrange(DAYS)),
        support=SUPPORT + teller.chance.randrange(4),
        passes_within=10,
        answer=Answer(
            verdict=Verdict.PARTLY if is_partly else Verdict.ADOPTED,
            department=department_of(entry),
            after_days=teller.chance.randint(8, 18),
            reason=reasons[number % len(reasons)].format(won=format_won(entry["budget_won"])),
            planned_on=CARRIED_OUT_BY,
        ),
    )
