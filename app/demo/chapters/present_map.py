"""The map of the running demo's open topic: a few hundred neighbours weigh sentences."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from app.core.clock import seoul_day
from app.demo.calendar import spread
from app.forum import actions as forum
from app.forum.models import Topic

if TYPE_CHECKING:
    from app.demo.teller import Teller

SEED = 27
NEIGHBOURS = 240
ADULT = 16
EAGER = 0.56
STOPS_EARLY = 0.25


def note_map(teller: Teller, topic_id: int, claims: list[dict[str, Any]], now: datetime) -> None:
    """Put the sentences, and note who weighs them until now, then the drawing.

    The chance is its own, so that what else is told stays as it is.
    """
    chance = Random(SEED)
    by = teller.who(teller.cast.moderator)
    topic = teller.session.get_one(Topic, topic_id)
    put = [
        (
            forum.add_claim(teller.session, topic, text=one["text"], by=by, at=teller.at).id,
            one["agree"],
        )
        for one in claims
    ]
    today = seoul_day(now)
    able = [one for one in teller.cast.everybody() if one.is_old_enough(ADULT, on=today)]
    neighbours = chance.sample(able, min(NEIGHBOURS, len(able)))
    ends = now - timedelta(hours=1)
    for moment, one in zip(
        spread(topic.opens_at, ends, len(neighbours), chance), neighbours, strict=True
    ):
        teller.calendar.at(moment, _weigh, teller, topic_id, one.person_id, put, chance)
    teller.calendar.at(ends, _draw, teller, topic_id)


def _weigh(
    teller: Teller,
    topic_id: int,
    person_id: int,
    put: list[tuple[int, list[float]]],
    chance: Random,
) -> None:
    """Let one neighbour weigh, some all sentences and some only the first they are shown."""
    camp = 0 if chance.random() < EAGER else 1
    order = chance.sample(put, len(put))
    if chance.random() < STOPS_EARLY:
        order = order[: chance.randint(3, len(put) - 2)]
    topic = teller.session.get_one(Topic, topic_id)
    for claim_id, agree in order:
        forum.weigh_claim(
            teller.session,
            topic,
            claim_id,
            value=_answer(agree[camp], chance),
            person_id=person_id,
            at=teller.at,
        )


def _answer(agree: float, chance: Random) -> int:
    if chance.random() < 0.08:
        return 0
    return 1 if chance.random() < agree else -1


def _draw(teller: Teller, topic_id: int) -> None:
    forum.draw_map(teller.session, lambda: nullcontext(teller.session), topic_id, at=teller.at)
