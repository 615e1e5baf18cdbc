"""The sentences of ties: who stood equal, for what, and how it was settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ballots.rules.counting.outcome import Tie, TieKind
from app.ballots.rules.counting.ties import TieRule
from app.ballots.words.voice import Voice
from app.ballots.words.voice import say as _

if TYPE_CHECKING:
    from fractions import Fraction


def tell_tie(tie: Tie, voice: Voice, sum_of_each: Fraction | None = None) -> str:
    """Return a tie as sentences; `sum_of_each` is what all of them stood at, where it was one sum."""
    told = [_equal(tie, voice, sum_of_each)]
    if tie.settled:
        told += [_how(tie), _what_follows(tie, voice)]
    else:
        told.append(_open(tie))
    return " ".join(part for part in told if part)


def _equal(tie: Tie, voice: Voice, sum_of_each: Fraction | None) -> str:
    names = voice.together(tie.candidates, "이")
    if sum_of_each is None or voice.method == "schulze":
        return _(
            "%(names)s 서로 앞서지 않습니다. 남은 자리는 %(places)s개입니다.",
            names=names,
            places=tie.places,
        )
    votes = voice.unit(sum_of_each)
    if tie.kind is TieKind.ELIMINATION:
        return _("%(names)s %(votes)s로 함께 최하위입니다.", names=names, votes=votes)
    if tie.kind is TieKind.SURPLUS:
        return _("%(names)s 똑같이 %(votes)s로 기준을 넘었습니다.", names=names, votes=votes)
    if voice.tells_of_a_budget:
        return _(
            "%(names)s 똑같이 %(votes)s이고, 이 가운데 많아야 %(places)s개가 선정됩니다.",
            names=names,
            votes=votes,
            places=tie.places,
        )
    return _(
        "%(names)s 똑같이 %(votes)s이고 남은 자리는 %(places)s개입니다.",
        names=names,
        votes=votes,
        places=tie.places,
    )


def _how(tie: Tie) -> str:
    if tie.earlier:
        return _(
            "앞선 %(round)s라운드에서는 표가 달랐으므로 그 차례를 따릅니다.", round=tie.earlier
        )
    match tie.rule:
        case TieRule.DRAW:
            return _(
                "미리 정한 대로 공개 추첨으로 가립니다. 공개된 번호 %(number)s에 후보의 번호를 이어 SHA-256을 구해, 작은 값이 앞섭니다. 누구나 다시 해 볼 수 있습니다.",
                number=tie.number,
            )
        case TieRule.CHEAPER:
            return _("미리 정한 대로 예산이 적은 쪽이 앞섭니다.")
        case _other:
            return _("미리 정한 대로 먼저 접수된(용지에서 앞선) 쪽이 앞섭니다.")


def _what_follows(tie: Tie, voice: Voice) -> str:
    if tie.kind is TieKind.ELIMINATION:
        return _("그래서 %(name)s 탈락합니다.", name=voice.name(tie.settled[-1], "이"))
    if tie.kind is TieKind.SURPLUS:
        return _("그래서 %(name)s 넘긴 표를 먼저 옮깁니다.", name=voice.name(tie.settled[0], "이"))
    return _("차례는 %(names)s입니다.", names=voice.all_names(tie.settled))


def _open(tie: Tie) -> str:
    if tie.kind is TieKind.SURPLUS:
        return _("넘긴 표를 함께 옮깁니다.")
    if tie.kind is TieKind.ELIMINATION:
        return _(
            "누가 탈락할지 정한 규칙이 없어 여기서 셈을 멈춥니다. 총회가 정하거나 추첨 번호를 공개하면 이어서 셀 수 있습니다."
        )
    match tie.rule:
        case TieRule.RUNOFF:
            return _("미리 정한 대로 이들만 놓고 결선 투표를 합니다.")
        case TieRule.CHEAPER:
            return _("예산까지 같아 정해지지 않았습니다. 총회가 정합니다.")
        case _other:
            return _("아무도 임의로 고르지 않고 동점으로 둡니다. 총회가 정합니다.")
