"""What the audit plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.audit import actions, commands, desk, jobs, queries, words
from app.residents import own

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Chain a row for every act, whatever it was."""
    house.on_closing(actions.chain_facts)
    house.long_job("audit.anchor_daily", jobs.anchor_daily)
    house.commands(commands.audit)
    house.blueprint(desk.blueprint)
    own.add(house, queries.OWN, words.OWN)
    house.desk_door(
        _("행위 기록"),
        "audit_desk.rows",
        "operator",
        "observer",
        sense=_("누가 언제 무엇을 했는지 보기"),
    )
