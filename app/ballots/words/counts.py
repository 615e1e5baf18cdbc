"""What a count says, in sentences: every round, decision, transfer and tie, from its data alone.

`tell_count` is the one door. Names that it is not given are told by their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from app.ballots.rules.counting.outcome import Count, Duel, Round, Transfer, Verdict
from app.ballots.words.amounts import amount
from app.ballots.words.ties import tell_tie
from app.ballots.words.verdicts import tell_step
from app.ballots.words.voice import BY_BUDGET, Voice, people, points, votes
from app.ballots.words.voice import say as _

POINTS = ("score", "weighted_channels")
BY_SUMS = ("approval", "single", "score", "weighted_channels")
BY_SECTIONS = ("greedy", "greedy-no-skip")
BY_ROUNDS = ("instant_runoff", "stv")
METHODS = {
    "yes_no": _l("찬반"),
    "single": _l("하나 고르기"),
    "approval": _l("여럿 고르기"),
    "score": _l("점수"),
    "weighted_channels": _l("경로별 가중 합산"),
    "instant_runoff": _l("즉석 결선"),
    "schulze": _l("일대일 비교 (슐체)"),
    "stv": _l("여러 자리 순위 투표 (STV)"),
    "greedy": _l("예산 안에서 득표순 (넘치면 건너뜀)"),
    "greedy-no-skip": _l("예산 안에서 득표순 (넘치면 멈춤)"),
    "equalshares": _l("고른 몫"),
    "equalshares/add1": _l("고른 몫 (남은 예산까지)"),
    "equalshares-comparison": _l("고른 몫 (득표순과 견줌)"),
    "equalshares/add1-comparison": _l("고른 몫 (남은 예산까지, 득표순과 견줌)"),
}


@dataclass(frozen=True)
class Told:
    """A heading and the sentences below it."""

    heading: str
    sentences: tuple[str, ...]


def tell_count(
    count: Count,
    names: Mapping[str, str],
    parts: Mapping[str, str],
    *,
    money: Callable[[Fraction], str] = amount,
    in_points: bool = False,
) -> list[Told]:
    """Return a count as sentences, round by round, ties before the decisions that follow from them.

    `names` are those of candidates, `parts` those of sections and channels; `money` writes costs.
    A budget may be spent by points too: then the ballots gave them (`in_points`).
    """
    is_of_points = count.method in POINTS or (in_points and count.method.startswith(BY_BUDGET))
    unit = points if is_of_points else votes
    voice = Voice(count.method, names, money, unit, parts)
    told = [_tell_round(one, count, voice) for one in count.rounds]
    if "for_greedy" in count.figures:
        told.append(_tell_comparison(count))
    return told


def _tell_comparison(count: Count) -> Told:
    """Tell by which of two selections more voters get more of what they picked."""
    shares, greedy = count.figures["for_shares"], count.figures["for_greedy"]
    sentence = _(
        "골랐던 것을 득표순에서 더 얻는 사람은 %(greedy)s, 고른 몫에서 더 얻는 사람은 %(shares)s입니다.",
        greedy=people(greedy),
        shares=people(shares),
    )
    follows = (
        _("그래서 득표순의 선정을 따릅니다.")
        if greedy > shares
        else _("그래서 고른 몫의 선정을 따릅니다.")
    )
    return Told(_("견줌"), (f"{sentence} {follows}",))


def _tell_round(one: Round, count: Count, voice: Voice) -> Told:
    stood = {**dict(one.standing), **{step.candidate: step.votes for step in one.steps}}
    ties = [tie for tie in count.ties if tie.round == one.number]
    sentences = [
        *(line for duel in one.duels for line in _tell_duel(duel, voice)),
        *(tell_tie(tie, voice, stood.get(tie.candidates[0])) for tie in ties),
        *_tell_line(one, voice),
        *(tell_step(step, voice) for step in one.steps),
        *_tell_transfers(one.transfers, voice),
    ]
    return Told(_heading(one, count, voice), tuple(sentences))


def _tell_line(one: Round, voice: Voice) -> list[str]:
    """Tell the line between the last that is in and the first that is out, where places divide."""
    if voice.method not in BY_SUMS:
        return []
    chosen = [step for step in one.steps if step.verdict is Verdict.SELECTED]
    left_out = [step for step in one.steps if step.verdict is Verdict.NOT_SELECTED]
    if not chosen or not left_out or chosen[-1].votes == left_out[0].votes:
        return []
    return [
        _(
            "자리 %(seats)s개의 경계: 마지막으로 든 %(last)s %(votes)s, 바로 다음 %(next)s %(fewer)s, 차이 %(apart)s.",
            seats=amount(chosen[-1].figures["seats"]),
            last=voice.name(chosen[-1].candidate),
            votes=voice.unit(chosen[-1].votes),
            next=voice.name(left_out[0].candidate),
            fewer=voice.unit(left_out[0].votes),
            apart=voice.unit(chosen[-1].votes - left_out[0].votes),
        )
    ]


def _heading(one: Round, count: Count, voice: Voice) -> str:
    if one.section:
        return voice.part(one.section)
    if voice.method in BY_SECTIONS and any(other.section for other in count.rounds):
        return _("남은 예산")
    if count.method in BY_ROUNDS or len(count.rounds) > 1:
        return _("%(number)s라운드", number=one.number)
    return str(METHODS.get(count.method, count.method))


def _tell_transfers(transfers: Iterable[Transfer], voice: Voice) -> list[str]:
    """Tell where papers went, one sentence for each pile."""
    piles: dict[str, list[Transfer]] = {}
    for one in transfers:
        piles.setdefault(one.origin, []).append(one)
    return [_tell_pile(origin, moves, voice) for origin, moves in piles.items()]


def _tell_pile(origin: str, moves: Sequence[Transfer], voice: Voice) -> str:
    parts = [
        _("%(votes)s가 %(to)s", votes=votes(one.votes), to=voice.name(one.to, "으로"))
        if one.to is not None
        else _("다음 이름이 없어 소진된 것이 %(votes)s", votes=votes(one.votes))
        for one in moves
    ]
    return _(
        "%(origin)s의 표가 이동합니다: %(moves)s.",
        origin=voice.name(origin),
        moves=", ".join(parts),
    )


def _tell_duel(duel: Duel, voice: Voice) -> list[str]:
    one, other = voice.name(duel.one), voice.name(duel.other)
    lines = [
        _(
            "%(one)s 대 %(other)s: %(votes)s 대 %(against)s.",
            one=one,
            other=other,
            votes=votes(duel.votes),
            against=votes(duel.against),
        )
    ]
    direct = (duel.votes > duel.against) - (duel.votes < duel.against)
    if direct != duel.lead:
        lines.append(
            _(
                "다른 비교를 거친 가장 센 길까지 보면, 그 길에서 가장 약한 비교가 %(one)s 쪽은 %(path)s, %(other)s 쪽은 %(back)s입니다.",
                one=one,
                other=other,
                path=_score(duel.path),
                back=_score(duel.back),
            )
        )
    return lines


def _score(duel: tuple[Fraction, Fraction]) -> str:
    return _("%(votes)s 대 %(against)s", votes=votes(duel[0]), against=votes(duel[1]))
