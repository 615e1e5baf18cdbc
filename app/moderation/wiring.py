"""What moderation plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.moderation import queries, words
from app.moderation.desk import ROLES, desk, waiting
from app.moderation.routes import routes
from app.residents import own

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug the ledger, the moderators' desk and their words in."""
    house.words(words.SENTENCES)
    own.add(house, queries.OWN, words.OWN)
    house.blueprint(routes)
    house.blueprint(desk)
    house.desk_door(
        _("신고 살피기"),
        "moderation_desk.reports",
        *ROLES,
        sense=_("주민이 신고한 글 읽고 정리하기"),
        waiting=waiting,
    )
