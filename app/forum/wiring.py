"""What forum plugs into the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.forum import actions, commands, desk, jobs, queries, routes, words
from app.moderation import subjects
from app.moderation.facts import ContentHidden, ContentRestored
from app.moderation.models import SubjectKind
from app.residents import own
from app.residents.facts import PersonWithdrew

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug the forum in: its pages, its desk, and counts that follow what readers can see."""
    house.blueprint(routes.talk)
    house.blueprint(routes.agreement)
    house.blueprint(desk.blueprint)
    house.words(words.SENTENCES)
    subjects.register(house.app, SubjectKind.OPINION, queries.moderated_opinions)
    subjects.register(house.app, SubjectKind.OPINION_REPLY, queries.moderated_replies)
    own.add(house, queries.OWN, words.OWN)
    house.commands(commands.forum)
    house.long_job("forum.draw_maps", jobs.draw_maps)
    house.desk_door(
        _("공론장"),
        "forum_desk.index",
        "moderator",
        "clerk",
        "department",
        sense=_("의제 열기, 결론 정리, 부서 답변"),
        waiting=desk.waiting,
    )
    house.on_recorded(PersonWithdrew, actions.take_back_in_open_talks)
    house.on_recorded(ContentHidden, actions.recount_what_readers_see)
    house.on_recorded(ContentRestored, actions.recount_what_readers_see)
