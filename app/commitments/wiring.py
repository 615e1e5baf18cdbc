"""What commitments plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.commitments import desk, queries, routes, words
from app.residents import own

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug commitments in."""
    house.words(words.SENTENCES)
    own.add(house, queries.OWN, words.OWN)
    house.blueprint(routes.blueprint)
    house.blueprint(desk.blueprint)
    house.desk_door(
        _("약속과 이행"),
        "commitments_desk.index",
        "department",
        "clerk",
        sense=_("이행 보고, 단계와 기한"),
        waiting=desk.waiting,
    )
