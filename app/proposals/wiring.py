"""What proposals plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.moderation import subjects
from app.moderation.models import SubjectKind
from app.proposals import queries, words
from app.proposals.actions import close_missed_windows, discard_drafts_of, take_back_open
from app.proposals.desk import ROLES, desk, waiting
from app.proposals.routes import routes
from app.residents import own
from app.residents.facts import PersonWithdrew
from app.residents.models import Role

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug the board, the desk, their words and the end of missed windows in."""
    house.words(words.SENTENCES)
    subjects.register(house.app, SubjectKind.PROPOSAL, queries.moderated_proposals)
    own.add(house, queries.OWN, words.OWN)
    house.blueprint(routes)
    house.blueprint(desk)
    house.on_recorded(PersonWithdrew, take_back_open)
    house.on_recorded(PersonWithdrew, discard_drafts_of)
    house.job("proposals.close_missed_windows", close_missed_windows)
    house.desk_door(
        _("제안 처리"),
        "proposals_desk.index",
        *ROLES,
        sense=_("타당성 검토, 소관부서 정하기, 답변"),
        waiting=waiting,
    )
    house.desk_door(
        _("공감 기준"),
        "proposals_desk.endorsement_policy",
        Role.OPERATOR,
        sense=_("몇 명이 며칠 안에 공감하면 답하는지 정하기"),
    )
