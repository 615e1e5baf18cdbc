"""The sentence of one decision, with the figures that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ballots.rules.counting.outcome import Step, Verdict
from app.ballots.words.voice import Voice, people, points, votes
from app.ballots.words.voice import say as _
from app.web.wording import josa

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction


def tell_step(step: Step, voice: Voice) -> str:
    """Return one decision as a sentence."""
    told = _decision(step, voice)
    beside = _channels(step, voice)
    return f"{told} {beside}" if beside else told


def _decision(step: Step, voice: Voice) -> str:  # noqa: PLR0911 -- one sentence for each verdict
    name, stood = voice.name(step.candidate, "은"), voice.unit(step.votes)
    match step.verdict:
        case Verdict.SELECTED:
            return _selected(step, voice)
        case Verdict.NOT_SELECTED if voice.method == "schulze":
            return _("%(name)s 앞선 후보에게 져서 선정되지 않았습니다.", name=name)
        case Verdict.NOT_SELECTED:
            return _(
                "%(name)s %(votes)s이고, 남은 자리가 없어 선정되지 않았습니다.",
                name=name,
                votes=stood,
            )
        case Verdict.TIED:
            return _("%(name)s 동점으로 남아 있습니다.", name=name)
        case Verdict.ELIMINATED:
            return _("%(name)s 최하위 %(votes)s로 탈락합니다.", name=name, votes=stood)
        case Verdict.NO_VOTES:
            return _("%(name)s 한 표도 얻지 못해 선정되지 않았습니다.", name=name)
        case Verdict.STOPPED:
            return _("%(name)s 셈이 앞에서 멈추어 선정되지 않았습니다.", name=name)
        case Verdict.RIVAL_SELECTED:
            return _("%(name)s 함께 선정될 수 없는 것이 먼저 선정되어 빠졌습니다.", name=name)
        case Verdict.WITHDRAWN:
            return _("%(name)s 철회되어 세지 않았습니다.", name=name)
        case _missing:
            return _missing_figures(step, voice)


def _missing_figures(step: Step, voice: Voice) -> str:
    """Tell what somebody was short of: people, votes or money."""
    name, figures = voice.name(step.candidate, "은"), step.figures
    match step.verdict:
        case Verdict.NO_QUORUM:
            return _(
                "%(name)s %(votes)s입니다. %(voters)s 참여하여 성원 기준 %(needed)s에 미치지 못해 정해지지 않았습니다.",
                name=name,
                votes=voice.unit(step.votes),
                voters=josa(people(figures["voters"]), "이"),
                needed=people(figures["needed"]),
            )
        case Verdict.NO_MAJORITY:
            told = _(
                "%(name)s %(base)s 가운데 %(votes)s로, 필요한 %(majority)s에 미치지 못했습니다.",
                name=name,
                base=_base(figures),
                votes=votes(step.votes),
                majority=votes(figures["majority"]),
            )
            return (
                told + " " + _("결선 투표로 갑니다.") if figures.get("finalists", 0) > 1 else told
            )
        case Verdict.BELOW_THRESHOLD:
            return _(
                "%(name)s %(votes)s, 정해진 최소 %(threshold)s에 미치지 못했습니다.",
                name=name,
                votes=josa(voice.unit(step.votes), "으로"),
                threshold=voice.unit(figures["threshold"]),
            )
        case Verdict.TOO_COSTLY:
            return _(
                "%(name)s %(votes)s이지만 비용 %(cost)s에 남은 예산 %(left)s 모자라 선정되지 않았습니다.",
                name=name,
                votes=voice.unit(step.votes),
                cost=voice.money(figures["cost"]),
                left=josa(voice.money(figures["left"]), "이"),
            )
        case _unaffordable:
            cost = josa(voice.money(figures["cost"]), "을")
            if "money" in figures:
                return _(
                    "%(name)s 지지자에게 남은 몫이 모두 %(money)s뿐이어서 비용 %(cost)s 함께 낼 수 없습니다.",
                    name=name,
                    money=voice.money(figures["money"]),
                    cost=cost,
                )
            return _(
                "%(name)s 지지자가 남은 몫으로 비용 %(cost)s 함께 낼 수 없습니다.",
                name=name,
                cost=cost,
            )


def _selected(step: Step, voice: Voice) -> str:
    figures, name = step.figures, voice.name(step.candidate, "은")
    if "price" in figures:
        return _shared(step, voice)
    if "cost" in figures and "left" in figures:
        return _paid(step, voice)
    if "quota" in figures:
        return _by_quota(step, figures["quota"], voice)
    if voice.method == "schulze":
        return _("%(name)s 남은 누구와 견주어도 지지 않아 선정되었습니다.", name=name)
    if "base" in figures:
        return _by_majority(step, voice)
    won = josa(voice.unit(step.votes), "으로")
    return _("%(name)s %(votes)s 선정되었습니다.", name=name, votes=won)


def _by_majority(step: Step, voice: Voice) -> str:
    name, base = voice.name(step.candidate, "은"), _base(step.figures)
    if "majority" in step.figures:
        return _(
            "%(name)s %(base)s 가운데 %(votes)s로, 필요한 %(majority)s 이상이므로 선정되었습니다.",
            name=name,
            base=base,
            votes=votes(step.votes),
            majority=votes(step.figures["majority"]),
        )
    return _(
        "%(name)s 남아 있는 %(base)s의 과반인 %(votes)s로 선정되었습니다.",
        name=name,
        base=base,
        votes=votes(step.votes),
    )


def _base(figures: Mapping[str, Fraction]) -> str:
    """Return of what a share is one: of votes, of those who took part, or of those on the roll."""
    if "roll" in figures:
        return _("명부 %(people)s", people=people(figures["roll"]))
    if "participants" in figures:
        return _("참여자 %(people)s", people=people(figures["participants"]))
    return votes(figures["base"])


def _by_quota(step: Step, quota: Fraction, voice: Voice) -> str:
    name = voice.name(step.candidate, "은")
    if step.votes < quota:
        return _(
            "%(name)s %(votes)s이고, 남은 후보가 남은 자리보다 많지 않아 선정되었습니다.",
            name=name,
            votes=votes(step.votes),
        )
    if step.votes == quota:
        return _(
            "%(name)s 당선 기준 %(quota)s를 꼭 채워 선정되었습니다.", name=name, quota=votes(quota)
        )
    return _(
        "%(name)s %(votes)s로 당선 기준 %(quota)s를 넘어 선정되었습니다. 넘긴 표는 %(surplus)s입니다.",
        name=name,
        votes=votes(step.votes),
        quota=votes(quota),
        surplus=votes(step.votes - quota),
    )


def _paid(step: Step, voice: Voice) -> str:
    cost, left = step.figures["cost"], step.figures["left"]
    name, stood = voice.name(step.candidate, "은"), voice.unit(step.votes)
    if cost > left:
        return _(
            "%(name)s %(votes)s입니다. 비용 %(cost)s에 남은 예산 %(left)s 모자라지만, 미리 정한 대로 마지막으로 선정되었습니다.",
            name=name,
            votes=stood,
            cost=voice.money(cost),
            left=josa(voice.money(left), "이"),
        )
    return _(
        "%(name)s %(votes)s이고, 비용 %(cost)s 남은 예산 %(left)s 안에 들어 선정되었습니다.",
        name=name,
        votes=stood,
        cost=josa(voice.money(cost), "이"),
        left=voice.money(left),
    )


def _shared(step: Step, voice: Voice) -> str:
    told = _(
        "%(name)s 지지자가 한 사람에 %(price)s까지 함께 내어 비용 %(cost)s 채워 선정되었습니다.",
        name=voice.name(step.candidate, "은"),
        price=voice.money(step.figures["price"]),
        cost=josa(voice.money(step.figures["cost"]), "을"),
    )
    emptied = step.figures.get("emptied")
    if not emptied:
        return told
    return told + " " + _("%(people)s 가진 몫을 다 냈습니다.", people=josa(people(emptied), "은"))


def _channels(step: Step, voice: Voice) -> str:
    """Tell what each channel gave, raw and weighted side by side."""
    channels = [key.removeprefix("raw:") for key in step.figures if key.startswith("raw:")]
    parts = [
        _(
            "%(channel)s %(votes)s → %(points)s",
            channel=voice.part(channel),
            votes=votes(step.figures[f"raw:{channel}"]),
            points=points(step.figures[f"score:{channel}"]),
        )
        for channel in channels
    ]
    return f"({', '.join(parts)})" if parts else ""
