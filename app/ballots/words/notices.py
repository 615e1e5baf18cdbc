"""Where a ballot differs from what its assembly's notice tells everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from app.assemblies import words as assembly_words
from app.assemblies.rules import Rules, frozen_rules, latest_birth
from app.residents.rules import cut_off
from app.web.wording import format_datetime, format_plain_day, format_until

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.assemblies.models import Assembly, NoticeCorrection
    from app.ballots.models import Ballot


def _(sentence: str, **parts: object) -> str:
    return str(gettext(sentence, **parts))


def differences(ballot: Ballot, assembly: Assembly | None) -> list[str]:
    """Return what a ballot does otherwise than its assembly's notice says; nothing for a draft."""
    if assembly is None:
        return []
    return _apart(ballot, assembly, assembly.held_at, assembly.ends_at)


def new_differences(
    ballot: Ballot, corrected: tuple[Assembly, NoticeCorrection] | None
) -> list[str]:
    """Return those differences that came with corrections of the notice, the first of them named.

    Whatever differed before was chosen so.
    """
    if corrected is None:
        return []
    assembly, first = corrected
    before = _apart(ballot, assembly, first.held_before, first.ends_before)
    return [line for line in differences(ballot, assembly) if line not in before]


def _apart(ballot: Ballot, assembly: Assembly, held_at: datetime, ends_at: datetime) -> list[str]:
    noticed = frozen_rules(assembly)
    if noticed is None:
        return []
    here = Rules(
        notice_days=noticed.notice_days,
        quorum_kind=ballot.quorum_kind,
        quorum_value=ballot.quorum_value,
        min_age=ballot.min_age,
        age_mode=ballot.age_mode,
    )
    birth = cut_off(ballot.age_day, ballot.min_age, ballot.age_mode)
    found = []
    told, does = _ages(noticed, latest_birth(held_at, noticed)), _ages(here, birth)
    if told != does:
        found.append(
            _("나이: 공고는 ‘%(told)s’, 이 투표는 ‘%(does)s’입니다.", told=told, does=does)
        )
    told, does = assembly_words.quorum_rule(noticed), assembly_words.quorum_rule(here)
    if told != does:
        found.append(
            _("성원: 공고는 ‘%(told)s’, 이 투표는 ‘%(does)s’입니다.", told=told, does=does)
        )
    return found + _hours(ballot, held_at, ends_at)


def _ages(rules: Rules, birth: date) -> str:
    """Return who is old enough; a minimum of nought leaves nobody out."""
    if rules.min_age == 0:
        return _("나이 제한 없음")
    return _(
        "%(birth)s까지 태어난 분 · %(basis)s",
        birth=format_plain_day(birth),
        basis=assembly_words.age_basis(rules),
    )


def _hours(ballot: Ballot, held_at: datetime, ends_at: datetime) -> list[str]:
    """Return where voting does not fit the hours of the assembly; it may well begin before."""
    if ballot.closes_at <= held_at:
        return [
            _(
                "투표 기간: 총회는 %(held)s에 시작하는데, 투표는 그 전인 %(closes)s까지입니다.",
                held=format_datetime(held_at),
                closes=format_until(ballot.closes_at),
            )
        ]
    if ballot.closes_at > ends_at:
        return [
            _(
                "투표 기간: 총회는 %(ends)s에 마치는데, 투표는 그 뒤인 %(closes)s까지입니다.",
                ends=format_datetime(ends_at),
                closes=format_until(ballot.closes_at),
            )
        ]
    return []
