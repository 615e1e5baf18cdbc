"""Drawing a topic's map anew from all weighings, and keeping what readers see of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.core.clock import seoul_day
from app.forum import queries
from app.forum.actions.within import _hold_sums
from app.forum.models import AgreementMap, Topic
from app.forum.rules import attendance
from app.places.queries import dongs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Drawing:
    """A map as drawn, not kept yet."""

    people: int
    weighings: int
    picture: dict[str, Any]
    memory: dict[str, Any]


def draw_map(
    reading: Session,
    write: Callable[[], AbstractContextManager[Session]],
    topic_id: int,
    *,
    at: datetime,
) -> None:
    """Draw a topic's map and keep it; it takes the earlier one's place and goes on from it.

    Read and computed before the write begins, so that no vote waits for a drawing.
    """
    drawn = _drawing(reading, topic_id, at=at)
    with write() as writing:
        _keep(writing, topic_id, drawn, at=at)


def _drawing(session: Session, topic_id: int, *, at: datetime) -> Drawing:
    """Draw a topic's map of what was weighed until now, without keeping it: it only reads."""
    from app.forum.rules import mapping

    topic = session.get_one(Topic, topic_id)
    before = queries.agreement_map(session, topic_id)
    rows = queries.votes_of(session, topic_id, until=at)
    votes = _votes(rows, queries.claims_that_draw(session, topic_id))
    drawn = mapping.chart(votes, earlier=mapping.earlier_of(before.memory) if before else None)
    today = seoul_day(at)
    people = queries.participation(session, topic_id, on=today)
    places = dongs(session, topic.place) if topic.place.is_district else [topic.place]
    present = {
        "dongs": attendance.by_dong(
            ((person, dong) for person, dong, _ in people), [one.name for one in places]
        ),
        "ages": attendance.by_age(((person, born) for person, _, born in people), today),
    }
    told = {name: [asdict(cell) for cell in cells] for name, cells in present.items()}
    return Drawing(
        people=len(votes.people),
        weighings=len(rows),
        picture=mapping.picture(drawn) | told,
        memory=mapping.memory(drawn, votes),
    )


def _keep(session: Session, topic_id: int, drawn: Drawing, *, at: datetime) -> None:
    """Keep a drawing as the topic's newest map, unless a newer one came while it was drawn."""
    _hold_sums(session, Topic, topic_id)
    kept = queries.agreement_map(session, topic_id)
    if kept is None:
        kept = AgreementMap(topic_id=topic_id)
    elif kept.drawn_at > at:
        return
    kept.drawn_at, kept.people, kept.weighings = at, drawn.people, drawn.weighings
    kept.picture, kept.memory = drawn.picture, drawn.memory
    session.add(kept)
    session.flush()


def _votes(rows: Sequence[Any], drawing: frozenset[int]) -> Any:
    """Return the weighings as the engine takes them; sentences nobody weighed are left out."""
    from app.forum.rules.mapping import Votes

    people = list(dict.fromkeys(row.person_id for row in rows))
    claims = sorted({row.claim_id for row in rows})
    row_of = {person: place for place, person in enumerate(people)}
    column_of = {claim: place for place, claim in enumerate(claims)}
    return Votes.of(
        [str(person) for person in people],
        [str(claim) for claim in claims],
        ((row_of[row.person_id], column_of[row.claim_id], row.value) for row in rows),
        hidden=[column_of[claim] for claim in claims if claim not in drawing],
    )
