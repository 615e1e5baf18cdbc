"""What residents plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.residents import commands, desk, jobs, own, queries, routes, words
from app.residents.models import Role
from app.residents.policy import RECORD_READERS

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug in the pages, the sentences, the jobs, the doors, the commands and everyone's own."""
    house.blueprint(routes.blueprint)
    house.blueprint(desk.blueprint)
    house.words(words.SENTENCES)
    own.add(house, queries.OWN, words.OWN)
    house.job("residents.forget_old_sign_ins", jobs.forget_old_sign_ins)
    house.job("residents.forget_ended_codes", jobs.forget_ended_codes)
    house.desk_door(
        _("주민 찾기와 확인"),
        "residents_desk.people",
        *sorted(RECORD_READERS),
        sense=_("신분증을 보고 주민으로 확인하기"),
    )
    house.desk_door(
        _("역할 맡기기"),
        "residents_desk.roles",
        Role.OPERATOR,
        sense=_("담당자와 진행자 정하기"),
    )
    house.commands(commands.residents)
