"""What assemblies plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.assemblies import desk, queries, routes, words
from app.residents import own

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug assemblies in."""
    house.words(words.SENTENCES)
    own.add(house, queries.OWN, words.OWN)
    house.blueprint(routes.blueprint)
    house.blueprint(desk.blueprint)
    house.desk_door(
        _("총회"),
        "assemblies_desk.index",
        "clerk",
        "chair",
        "operator",
        sense=_("안건과 식순, 공고, 회의록"),
        waiting=desk.waiting,
    )
