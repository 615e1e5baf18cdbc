"""The minutes of an assembly of the demo, put together from what stands on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.assemblies.models import Track
from app.ballots.models import Outcome
from app.core.korean import format_datetime, format_won
from app.core.numbers import percent

if TYPE_CHECKING:
    from app.assemblies.models import Assembly
    from app.ballots.models import Ballot

TRACKS = {
    Track.SUPPORT: "주민자치활동 지원",
    Track.BUDGET: "시민참여예산",
    Track.GOVERNANCE: "협치",
}


def minutes_of(assembly: Assembly, ballot: Ballot) -> str:
    """Return the minutes as Markdown: when, who, what was decided."""
    assert assembly.opened_at and assembly.closed_at  # noqa: S101, PT018
    opened, closed = format_datetime(assembly.opened_at), format_datetime(assembly.closed_at)
    turnout = percent(ballot.cast_count, ballot.roll_count)
    lines = [
        "## 개요",
        f"- **때**: {opened} 개회, {closed} 폐회",
        f"- **곳**: {assembly.venue}",
        f"- **출석**: {assembly.attendance_count}명",
        f"- **투표**: 투표인 {ballot.roll_count}명 가운데 {ballot.cast_count}명({turnout}%)",
        "",
        "## 의결",
    ]
    for track in sorted((seats.track for seats in ballot.seats), key=list(TRACKS).index):
        lines += [
            f"### {TRACKS[track]}",
            "",
            "| 안건 | 예산 | 득표 | 결과 |",
            "| --- | --- | ---: | --- |",
        ]
        options = [option for option in ballot.options if option.track is track]
        for option in sorted(options, key=lambda one: (one.rank or 0, one.position)):
            outcome = "선정" if option.outcome is Outcome.SELECTED else "미선정"
            won = format_won(option.budget_won)
            lines.append(f"| {option.title} | {won} | {option.votes} | {outcome} |")
        lines.append("")
    lines += [
        "선정된 안건은 담당 부서의 약속으로 옮기고, 추진 상황을 공개하기로 하였다.",
        "한 사람이 여러 안건을 고를 수 있어 득표를 더한 수는 투표한 사람 수보다 많다.",
    ]
    return "\n".join(lines)
