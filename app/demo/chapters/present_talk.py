"""The open forum topic of the running demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.core.clock import seoul_day, seoul_midnight
from app.demo.calendar import spread
from app.demo.chapters.present_map import note_map
from app.demo.content import text_of
from app.forum import actions as forum
from app.forum.models import Opinion, Stance, Topic, TopicKind

if TYPE_CHECKING:
    from app.demo.teller import Teller

OPENED_DAYS_AGO, LASTS_DAYS = 5, 21
ADULT = 16


def note_topic(teller: Teller, now: datetime) -> None:
    """Note a topic that opened some days ago, and what was said in it since."""
    opens_at = seoul_midnight(seoul_day(now - timedelta(days=OPENED_DAYS_AGO)))
    teller.calendar.at(opens_at - timedelta(hours=10), _open, teller, opens_at, now)


def _open(teller: Teller, opens_at: datetime, now: datetime) -> None:
    entry = text_of("present")["topic"]
    topic_id = forum.open_topic(
        teller.session,
        place=teller.place(),
        kind=TopicKind.QUESTION,
        proposal=None,
        department=teller.department(entry["department"]),
        title=entry["title"],
        question=entry["question"],
        background=entry["background"].strip(),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=LASTS_DAYS),
        by=teller.who(teller.cast.moderator),
        at=teller.at,
    ).id
    spoken = spread(opens_at, now - timedelta(hours=20), len(entry["opinion"]), teller.chance)
    for moment, opinion in zip(spoken, entry["opinion"], strict=True):
        teller.calendar.at(
            moment,
            _speak,
            teller,
            topic_id,
            opinion,
            now,
        )
    teller.calendar.at(opens_at, note_map, teller, topic_id, entry["claim"], now)


def _speak(teller: Teller, topic_id: int, entry: dict[str, Any], now: datetime) -> None:
    dong = entry["dong"]
    author, answerer = (
        one.person_id
        for one in teller.chance.sample(
            teller.cast.old_enough(dong, years=ADULT, on=seoul_day(teller.at)), 2
        )
    )
    opinion_id = forum.write_opinion(
        teller.session,
        teller.session.get_one(Topic, topic_id),
        stance=Stance(entry["stance"]),
        text=entry["text"],
        reason=entry["reason"],
        home=teller.place(dong),
        by=teller.who(author),
        at=teller.at,
    ).id
    for text in entry["replies"]:
        moment = teller.at + (now - teller.at) * (0.2 + 0.6 * teller.chance.random())

        def reply(text: str = text) -> None:
            forum.answer_opinion(
                teller.session,
                teller.session.get_one(Opinion, opinion_id),
                text=text,
                home=teller.place(dong),
                by=teller.who(answerer),
                at=teller.at,
            )

        teller.calendar.at(moment, reply)
    others = [one.person_id for one in teller.cast.everybody() if one.person_id != author]
    supporters = teller.chance.sample(others, entry["endorsements"])
    moments = spread(teller.at, now, len(supporters), teller.chance)
    for moment, person_id in zip(moments, supporters, strict=True):

        def endorse(person_id: int = person_id) -> None:
            forum.endorse_opinion(teller.session, opinion_id, person_id=person_id, at=teller.at)

        teller.calendar.at(moment, endorse)
