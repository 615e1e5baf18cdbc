"""What ballots plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from app.assemblies.facts import AssemblyCalledOff, AssemblyDiscarded
from app.assemblies.panels import register, register_on_desk
from app.ballots import actions, commands, desk, queries, routes, words
from app.residents import own

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug ballots in."""
    house.blueprint(routes.bp)
    house.blueprint(desk.bp)
    house.desk_door(
        _p("many", "투표"),
        "ballots_desk.index",
        *desk.EVERYONE,
        sense=_l("투표용지 만들기, 확정, 마감과 개표"),
        waiting=desk.waiting,
    )
    register(house.app, routes.panel)
    register_on_desk(house.app, desk.panel)
    house.words(words.SENTENCES)
    own.add(house, queries.OWN, words.OWN)
    house.commands(commands.ballots)
    # Drafts have no ballots today; earlier versions drew some up.
    for kind in (AssemblyCalledOff, AssemblyDiscarded):
        house.on_recorded(kind, actions.keep_voted_assembly)
    house.job("ballots.open", actions.open_due_ballots)
    house.job("ballots.close", actions.close_due_ballots)
