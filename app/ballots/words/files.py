"""The sentences of files: what a reader had to mend, and how a count differs from what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from app.ballots.rules.counting.formats.pabulib import Oddity, Reason
from app.ballots.rules.counting.formats.pabulib.points import (
    MAX_LENGTH,
    PROJECTS,
    PROJECTS_LESS_ONE,
    VOTE_LENGTH,
)
from app.ballots.rules.counting.unheeded import Term
from app.ballots.words.amounts import amount
from app.ballots.words.voice import say as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.ballots.rules.counting.formats.pabulib import Difference, Note
    from app.ballots.rules.counting.unheeded import Unheeded

ODDITIES: dict[Oddity, object] = {
    Oddity.BLANK_LINES: _l("빈 줄이 있어 건너뛰었습니다."),
    Oddity.HEADER_MISSING: _l("%(section)s의 머리글이 없어 흔히 쓰는 머리글로 읽었습니다."),
    Oddity.HEADER_MENDED: _l(
        "%(section)s의 머리글을 띄어쓰기와 대소문자를 가리지 않고 읽었습니다."
    ),
    Oddity.KEY_TWICE: _l("%(key)s: 값이 둘 이상이라 마지막 것으로 읽었습니다."),
    Oddity.COLUMN_UNKNOWN: _l("%(section)s에 머리글보다 칸이 많아 남는 칸을 읽지 않았습니다."),
    Oddity.FIELD_MISSING: _l("%(section)s에 머리글보다 칸이 적어 빈 칸으로 읽었습니다."),
    Oddity.DECIMAL_COMMA: _l("쉼표를 소수점으로 읽었습니다."),
    Oddity.THOUSANDS: _l("숫자 사이의 자릿수 표시를 빼고 읽었습니다."),
    Oddity.RULE_MISSING: _l("세는 규칙이 없어 득표순(greedy)으로 셉니다."),
    Oddity.RULE_UNKNOWN: _l("모르는 규칙 %(rule)s: 득표순(greedy)으로 셉니다."),
    Oddity.RULE_UNTOLD: _l("세는 규칙을 모른다고(%(rule)s) 적혀 있어 득표순(greedy)으로 셉니다."),
    Oddity.VOTE_TYPE_MISSING: _l("투표 방식이 적혀 있지 않아 %(told)s 방식으로 읽었습니다."),
    Oddity.VOTES_MISSING: _l("표가 들어 있지 않아 파일에 적힌 합계로 셉니다."),
    Oddity.NUMBER_OF_VOTES: _l(
        "투표자 수가 다릅니다. 파일에는 %(stated)s, 든 표는 %(counted)s장입니다. 표를 셉니다."
    ),
    Oddity.NUMBER_OF_PROJECTS: _l(
        "사업 수가 다릅니다. 파일에는 %(stated)s, 실린 사업은 %(counted)s건입니다."
    ),
    Oddity.EMPTY_CHOICE: _l("고른 것 사이에 빈칸이 있어 뺐습니다."),
    Oddity.EMPTY_BALLOT: _l("아무것도 고르지 않은 표입니다. 투표자로는 셉니다."),
    Oddity.DOUBLE_CHOICE: _l("한 표에서 같은 사업을 두 번 골라 한 번만 셉니다."),
    Oddity.BOUNDS: _l("%(key)s %(limit)s: 지키지 않은 표도 그대로 셉니다."),
    Oddity.UNKNOWN_PROJECT: _l("사업 목록에 없는 %(project)s: 고른 것에서 뺐습니다."),
    Oddity.DOUBLE_VOTER: _l("투표자 번호 %(voter)s: 두 번 나옵니다. 표를 모두 셉니다."),
    Oddity.POINTS_MISSING: _l("점수가 고른 수보다 적습니다. 점수가 없는 것은 0점입니다."),
    Oddity.POINTS_TOO_MANY: _l("점수가 고른 수보다 많습니다. 남는 점수를 뺐습니다."),
    Oddity.VOTES_DIFFER: _l("득표수가 다릅니다. %(project)s: 파일 %(stated)s, 센 표 %(counted)s."),
    Oddity.SCORE_DIFFERS: _l("점수가 다릅니다. %(project)s: 파일 %(stated)s, 센 점수 %(counted)s."),
    Oddity.SCORING: _l("순위를 점수로 바꾼 방식: %(way)s."),
    Oddity.EXCLUSIVE: _l("설명에 따라 이 가운데 하나만 선정합니다: %(projects)s."),
    Oddity.THRESHOLD_TOLD: _l("최소 득표 %(least)s: 파일의 설명에서 읽었습니다."),
    Oddity.THRESHOLD_MISSING: _l("최소 득표가 적혀 있지 않아 두지 않았습니다."),
    Oddity.SECTION_BUDGETS: _l(
        "%(key)s: 지역이나 분야의 예산을 나눌 수 없어(이름, 금액, 합계, 사업의 분야 가운데 맞지 않는 것이 있습니다) 전체 예산 하나로 셉니다."
    ),
    Oddity.SECTION_BUDGETS_ROUNDED: _l(
        "%(key)s: 나눈 예산을 더하면 %(together)s, 전체 예산은 %(whole)s입니다. 반올림한 것으로 보고 적힌 대로 셉니다."
    ),
    Oddity.SECTION_BUDGETS_UNUSED: _l(
        "%(key)s: %(rule)s 규칙은 지역이나 분야의 예산을 따로 쓰지 않습니다. 전체 예산 하나로 셉니다."
    ),
    Oddity.MARK_UNKNOWN: _l("알 수 없는 선정 표시 %(mark)s: 읽지 않았습니다."),
}
REASONS: dict[Reason, object] = {
    Reason.SPECIAL_MARKS: _l("파일에 선정(1)도 미선정(0)도 아닌 표시가 있습니다. 설명을 보세요."),
    Reason.FULLY_FUNDED: _l("모든 사업에 예산이 배정되었다고 적혀 있습니다(fully_funded)."),
    Reason.OVER_BUDGET: _l("발표된 것의 비용을 모두 더하면 예산보다 많습니다."),
    Reason.TIE: _l("동점이 있었고, 순서를 달리 정했을 수 있습니다."),
    Reason.SUMS: _l("파일에 적힌 합계로 세면 발표와 같습니다. 표와 합계가 서로 다릅니다."),
    Reason.OTHER_RULE: _l("%(rule)s 규칙으로 세면 발표와 같습니다."),
    Reason.EXCLUSIVE: _l("설명에 함께 선정될 수 없는 사업이 있다고 적혀 있습니다."),
    Reason.RULE_UNTOLD: _l("여기서 아는 규칙이 파일에 적혀 있지 않습니다."),
    Reason.OWN_LIMITS: _l("지역이나 분야마다 따로 정한 예산이 있습니다."),
    Reason.COMMENT: _l("파일의 설명에 까닭이 있을 수 있습니다."),
    Reason.UNEXPLAINED: _l("파일에서 까닭을 찾지 못했습니다."),
}
WAYS: dict[str, object] = {
    MAX_LENGTH: _l("첫째에 적을 수 있는 최대 수만큼, 다음부터 1점씩 적게"),
    VOTE_LENGTH: _l("첫째에 그 표가 적은 수만큼, 다음부터 1점씩 적게"),
    PROJECTS: _l("첫째에 사업 수만큼, 다음부터 1점씩 적게"),
    PROJECTS_LESS_ONE: _l("첫째에 사업 수보다 1점 적게, 다음부터 1점씩 적게"),
}
UNHEEDED: dict[Term, object] = {
    Term.BUDGET: _l("예산(%(figure)s)과 비용"),
    Term.THRESHOLD: _l("최소 득표(%(figure)s)"),
    Term.RIVALS: _l("함께 선정될 수 없는 것"),
    Term.PARTS: _l("동네나 분야마다 정한 예산"),
    Term.LEFTOVER: _l("남은 예산을 쓰는 법(leftover_budget)"),
    Term.FOUR_FIFTHS: _l("비용의 5분의 4만 남아도 선정하는 것"),
}


def note_sentence(note: Note) -> str:
    """Return what a reader of files noted, with its line and how often."""
    parts = dict(note.parts)
    if note.oddity is Oddity.SCORING:
        parts["way"] = str(WAYS[parts["way"]])
    said = str(ODDITIES[note.oddity]) % parts
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


def unheeded_sentence(terms: Sequence[Unheeded], rule: str) -> str:
    """Return what a file says and a rule passed over, as one sentence."""
    parts = (
        str(UNHEEDED[one.term]) % {"figure": "" if one.figure is None else amount(one.figure)}
        for one in terms
    )
    return _(
        "%(rule)s 규칙은 파일에 적힌 것 가운데 이것을 보지 않고 셉니다: %(terms)s.",
        rule=rule,
        terms=", ".join(parts),
    )
