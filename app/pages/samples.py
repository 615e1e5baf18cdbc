"""Made-up content for the style guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core.paging import Page
from app.proposals.models import Stage
from app.proposals.words import PassageView, life_line_of_item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Bar:
    """A line of the table of results."""

    label: str
    value: int
    share: float
    chosen: bool
    text: str | None = None


def pieces(at: datetime) -> dict[str, Any]:
    """Return what the macros of the style guide are shown with."""
    first = date(2021, 5, 3)
    return {
        "stages": life_line_of_item(
            {
                Stage.PROPOSAL: first,
                Stage.ENDORSEMENT: first + timedelta(days=12),
                Stage.REVIEW: first + timedelta(days=30),
            },
            Stage.FORUM,
            _("6. 14.(월)까지 이야기합니다"),
            today=first,
        ),
        "entries": [
            PassageView(
                at,
                _("부서가 답했습니다"),
                _("구 소유 땅이라 쉼터로 꾸밀 수 있습니다."),
                _("공원녹지과"),
                "#answer",
            ),
            PassageView(at - timedelta(days=18), _("공감 20명이 모였습니다"), "", None, ""),
            PassageView(at - timedelta(days=30), _("제안했습니다"), "", None, ""),
        ],
        "rows": [
            Bar(_("안양천 쉼터 그늘막"), 214, 0.716, chosen=True),
            Bar(_("마을돌봄 모델 연구"), 190, 0.635, chosen=True),
            Bar(_("골목 끝 빈터 쉼터"), 88, 0.294, chosen=False),
        ],
        "page": Page(["-"], 2, has_next=True),
    }
