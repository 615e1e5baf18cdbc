"""Chapter two: the forty-four proposals that residents made to the district in 2020."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.demo.chapters.ideas import Answer, Idea, tell_idea
from app.demo.content import text_of
from app.demo.people import DISTRICT
from app.demo.teller import STORY_BEGINS
from app.proposals import actions
from app.proposals.models import Field, Verdict

if TYPE_CHECKING:
    from app.demo.teller import Teller

THRESHOLD, WINDOW_DAYS, DECISION_DAYS = 20, 20, 20
DONG_THRESHOLD = 10


def tell_board(teller: Teller) -> None:
    """Note the endorsement rules and the district's proposals."""
    teller.calendar.at(STORY_BEGINS + timedelta(hours=1), _set_rules, teller)
    for entry in text_of("proposals")["proposal"]:
        tell_idea(teller, _idea(entry))


def _set_rules(teller: Teller) -> None:
    for slug in (DISTRICT, *teller.dongs):
        actions.set_endorsement_policy(
            teller.session,
            teller.place(slug),
            threshold=THRESHOLD if slug == DISTRICT else DONG_THRESHOLD,
            window_days=WINDOW_DAYS,
            counts_opening_day=True,
            precheck_required=True,
            decision_days=DECISION_DAYS,
            by=teller.who(teller.cast.operator),
            at=teller.at,
        )


def _idea(entry: dict[str, Any]) -> Idea:
    reply = entry.get("reply")
    return Idea(
        place=DISTRICT,
        home=entry["dong"],
        field=Field(entry["field"]),
        title=entry["title"],
        sense=entry["sense"],
        body=entry["body"].strip(),
        day=entry["day"],
        support=entry.get("count", 0),
        unfit=entry.get("precheck_reason"),
        answer=None if reply is None else _answer(reply),
    )


def _answer(reply: dict[str, Any]) -> Answer:
    return Answer(
        verdict=Verdict(reply["verdict"]),
        department=reply["department"],
        after_days=reply["after_days"],
        reason=reply["reason"],
        planned_on=reply.get("plan_date"),
    )
