"""The sentences of a count: each decision with its figures, ties, and what a file had wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.ballots.rules.counting.formats.pabulib import Oddity, Reason
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.ties import TieRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from app.ballots.rules.counting.formats.pabulib import Difference, Note
    from app.ballots.rules.counting.outcome import Count, Step, Tie


def _(sentence: str, **parts: object) -> str:
    return str(gettext(sentence, **parts))


VERDICTS: dict[Verdict, object] = {
    Verdict.SELECTED: _l("선정되었습니다."),
    Verdict.NOT_SELECTED: _l("표가 더 많은 쪽이 자리를 채워 선정되지 않았습니다."),
    Verdict.TIED: _l("표가 같고 규칙이 순서를 정하지 않아 결정되지 않았습니다."),
    Verdict.ELIMINATED: _l("이번 차례에서 표가 가장 적어 빠졌습니다."),
    Verdict.NO_VOTES: _l("표를 받지 못했습니다."),
    Verdict.NO_QUORUM: _l("성원이 되지 않아 선정되지 않았습니다."),
    Verdict.NO_MAJORITY: _l("과반을 얻지 못했습니다."),
    Verdict.BELOW_THRESHOLD: _l("최소 득표에 미치지 못했습니다."),
    Verdict.TOO_COSTLY: _l("비용이 남은 예산보다 커서 선정되지 않았습니다."),
    Verdict.STOPPED: _l("앞 순서에서 개표가 멈추어 선정되지 않았습니다."),
    Verdict.RIVAL_SELECTED: _l("함께 선정될 수 없는 사업이 먼저 선정되었습니다."),
    Verdict.WITHDRAWN: _l("철회된 사업입니다."),
    Verdict.UNAFFORDABLE: _l("지지한 사람들의 남은 몫을 모두 합쳐도 비용에 모자랍니다."),
}
FIGURES: dict[str, object] = {
    "cost": _l("비용"),
    "left": _l("남은 예산"),
    "threshold": _l("최소 득표"),
    "price": _l("지지자가 나누어 낸 값"),
    "emptied": _l("몫을 다 쓴 사람"),
    "money": _l("지지자들의 남은 몫"),
    "budget": _l("예산"),
    "voters": _l("투표자"),
    "share": _l("한 사람 몫"),
    "endowment": _l("마지막 한 사람 몫"),
    "for_shares": _l("균등 몫이 더 나은 투표자"),
    "for_greedy": _l("득표순이 더 나은 투표자"),
    "seats": _l("자리"),
    "quota": _l("당선 기준"),
    "needed": _l("성원 기준"),
    "base": _l("기준 수"),
}
TIE_RULES: dict[TieRule, object] = {
    TieRule.JOINT: _l("공동으로 둡니다"),
    TieRule.RUNOFF: _l("결선 투표를 합니다"),
    TieRule.DRAW: _l("공개 추첨"),
    TieRule.CHEAPER: _l("비용이 낮은 쪽 먼저"),
    TieRule.PAPER_ORDER: _l("먼저 적힌 순서"),
}
ODDITIES: dict[Oddity, object] = {
    Oddity.BLANK_LINES: _l("빈 줄이 있어 건너뛰었습니다."),
    Oddity.HEADER_MISSING: _l("%(section)s의 머리글이 없어 흔히 쓰는 머리글로 읽었습니다."),
    Oddity.HEADER_MENDED: _l(
        "%(section)s의 머리글을 띄어쓰기와 대소문자를 가리지 않고 읽었습니다."
    ),
    Oddity.COLUMN_UNKNOWN: _l("%(section)s에 머리글보다 칸이 많아 남는 칸을 읽지 않았습니다."),
    Oddity.FIELD_MISSING: _l("%(section)s에 머리글보다 칸이 적어 빈 칸으로 읽었습니다."),
    Oddity.DECIMAL_COMMA: _l("쉼표를 소수점으로 읽었습니다."),
    Oddity.THOUSANDS: _l("숫자 사이의 자릿수 표시를 빼고 읽었습니다."),
    Oddity.RULE_MISSING: _l("세는 규칙이 없어 득표순(greedy)으로 셉니다."),
    Oddity.RULE_UNKNOWN: _l("모르는 규칙 %(rule)s: 득표순(greedy)으로 셉니다."),
    Oddity.VOTE_TYPE_MISSING: _l("투표 방식이 없어 %(told)s로 읽었습니다."),
    Oddity.VOTES_MISSING: _l("표가 들어 있지 않아 파일에 적힌 합계로 셉니다."),
    Oddity.NUMBER_OF_VOTES: _l(
        "투표자 수가 %(stated)s로 적혀 있으나 표는 %(counted)s장입니다. 표를 셉니다."
    ),
    Oddity.NUMBER_OF_PROJECTS: _l("사업 수가 %(stated)s로 적혀 있으나 사업은 %(counted)s건입니다."),
    Oddity.EMPTY_CHOICE: _l("고른 것 사이에 빈칸이 있어 뺐습니다."),
    Oddity.EMPTY_BALLOT: _l("아무것도 고르지 않은 표입니다. 투표자로는 셉니다."),
    Oddity.DOUBLE_CHOICE: _l("한 표에서 같은 사업을 두 번 골라 한 번만 셉니다."),
    Oddity.UNKNOWN_PROJECT: _l("사업 목록에 없는 %(project)s: 고른 것에서 뺐습니다."),
    Oddity.DOUBLE_VOTER: _l("투표자 번호 %(voter)s: 두 번 나옵니다. 표를 모두 셉니다."),
    Oddity.POINTS_MISSING: _l("점수가 고른 수보다 적습니다. 점수가 없는 것은 0점입니다."),
    Oddity.POINTS_TOO_MANY: _l("점수가 고른 수보다 많습니다. 남는 점수를 뺐습니다."),
    Oddity.VOTES_DIFFER: _l("득표수가 다릅니다. %(project)s: 파일 %(stated)s, 센 표 %(counted)s."),
    Oddity.SCORE_DIFFERS: _l("점수가 다릅니다. %(project)s: 파일 %(stated)s, 센 점수 %(counted)s."),
    Oddity.SCORING: _l("순위를 점수로 바꾼 방식: %(way)s."),
    Oddity.EXCLUSIVE: _l("설명에 따라 이 가운데 하나만 선정합니다: %(projects)s."),
    Oddity.THRESHOLD_MISSING: _l("최소 득표가 적혀 있지 않아 두지 않았습니다."),
    Oddity.MARK_UNKNOWN: _l("알 수 없는 선정 표시 %(mark)s: 읽지 않았습니다."),
}
REASONS: dict[Reason, object] = {
    Reason.SPECIAL_MARKS: _l("파일에 선정(1)도 미선정(0)도 아닌 표시가 있습니다. 설명을 보세요."),
    Reason.FULLY_FUNDED: _l("모든 사업에 예산이 배정되었다고 적혀 있습니다(fully_funded)."),
    Reason.TIE: _l("동점이 있었고, 순서를 달리 정했을 수 있습니다."),
    Reason.SUMS: _l("파일에 적힌 합계로 세면 발표와 같습니다. 표와 합계가 서로 다릅니다."),
    Reason.OTHER_RULE: _l("%(rule)s 규칙으로 세면 발표와 같습니다."),
    Reason.EXCLUSIVE: _l("설명에 함께 선정될 수 없는 사업이 있다고 적혀 있습니다."),
    Reason.OWN_LIMITS: _l("지역이나 분야마다 따로 정한 예산이 있습니다."),
    Reason.COMMENT: _l("파일의 설명에 까닭이 있을 수 있습니다."),
    Reason.UNEXPLAINED: _l("파일에서 까닭을 찾지 못했습니다."),
}


def figure(number: Fraction) -> str:
    """Return an exact number for reading: grouped by thousands, at most two places."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    hundredths = (abs(number) * 100 + 1 / type(number)(2)).__floor__()
    sign = "-" if number < 0 else ""
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d}"


def count_sentences(count: Count, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a count as sentences: its figures, each round with its decisions, the ties."""
    if count.figures:
        yield figures_of(count.figures)
    for one in count.rounds:
        if len(count.rounds) > 1:
            yield _("%(number)s차", number=one.number)
        for step in one.steps:
            yield f"- {step_sentence(step, names)}"
    for tie in count.ties:
        yield tie_sentence(tie, names)


def figures_of(figures: Mapping[str, Fraction]) -> str:
    """Return figures with their labels in one line."""
    return ", ".join(f"{FIGURES.get(key, key)} {figure(value)}" for key, value in figures.items())


def step_sentence(step: Step, names: Mapping[str, str]) -> str:
    """Return one decision with what it rests on."""
    shown = _("득표 %(votes)s", votes=figure(step.votes))
    if step.figures:
        shown = f"{shown}, {figures_of(step.figures)}"
    return f"{named(step.candidate, names)}: {VERDICTS[step.verdict]} ({shown})"


def tie_sentence(tie: Tie, names: Mapping[str, str]) -> str:
    """Return who stood equal, and how that was settled."""
    tied = ", ".join(named(one, names) for one in tie.candidates)
    rule = str(TIE_RULES[tie.rule])
    if not tie.settled:
        return _("동점: %(tied)s. 규칙이 순서를 정하지 않았습니다(%(rule)s).", tied=tied, rule=rule)
    order = ", ".join(named(one, names) for one in tie.settled)
    return _("동점: %(tied)s. 정한 순서(%(rule)s): %(order)s.", tied=tied, rule=rule, order=order)


def named(candidate: str, names: Mapping[str, str]) -> str:
    """Return a candidate's mark with the name, where there is one."""
    name = names.get(candidate, "")
    return f"[{candidate}] {name}" if name and name != candidate else f"[{candidate}]"


def note_sentence(note: Note) -> str:
    """Return what a reader of files noted, with its line and how often."""
    said = str(ODDITIES[note.oddity]) % dict(note.parts)
    if note.line:
        said = _("%(line)s행: %(said)s", line=note.line, said=said)
    if note.times > 1:
        said = _("%(said)s (모두 %(times)s곳)", said=said, times=note.times)
    return said


def difference_sentences(difference: Difference | None) -> Iterator[str]:
    """Yield whether a count comes out as published, and why not as far as the file tells."""
    if difference is None:
        yield _("발표된 선정 결과와 같습니다.")
        return
    yield _("발표된 선정 결과와 다릅니다.")
    if difference.only_here:
        yield _("- 여기서만 선정: %(ids)s", ids=", ".join(difference.only_here))
    if difference.only_there:
        yield _("- 발표에서만 선정: %(ids)s", ids=", ".join(difference.only_there))
    for reason in difference.reasons:
        yield f"- {str(REASONS[reason]) % {'rule': difference.rule}}"
