"""The present: something to endorse, to answer, to vote on, to discuss and to attend, always.

Everything here is told at every start of the demo and adds only what is missing. It happened in
the past days, so it is noted backwards from now; the people of the sign-ins take no part in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.ballots.models import Ballot, BallotState
from app.core.clock import seoul_day
from app.demo.calendar import spread
from app.demo.chapters import present_ballot, present_hall, present_talk
from app.demo.chapters.ideas import Idea, endorsers, publish, receiver
from app.demo.content import text_of
from app.demo.people import DISTRICT
from app.demo.recall import recall
from app.forum.models import Topic
from app.proposals import actions as proposals
from app.proposals.models import Field, Proposal, ProposalState

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.core.clock import Clock
    from app.demo.teller import Teller

SOON = timedelta(days=4)
HOUR = timedelta(hours=1)


def tell_present(session: Session, clock: Clock, *, keys: Path) -> None:
    """Add what a told demo lacks now."""
    now = clock.now()
    teller = recall(session, clock, keys=keys)
    _proposals(teller, now)
    if not _has_ballot(teller, now):
        present_ballot.note_ballot(teller, now)
    if not _has_topic(teller, now):
        present_talk.note_topic(teller, now)
    present_hall.note_halls(teller, now)
    teller.calendar.happen(session)


def _has_ballot(teller: Teller, now: datetime) -> bool:
    return _exists(
        teller,
        select(Ballot.id).where(
            Ballot.place_id == teller.place_ids[DISTRICT],
            Ballot.state == BallotState.OPEN,
            Ballot.closes_at > now + HOUR,
        ),
    )


def _has_topic(teller: Teller, now: datetime) -> bool:
    return _exists(
        teller, select(Topic.id).where(Topic.opens_at <= now, Topic.closes_at > now + HOUR)
    )


def _exists(teller: Teller, query: Any) -> bool:
    return teller.session.scalar(query.limit(1)) is not None


# ---------------------------------------------------------------- proposals in every stage


def _proposals(teller: Teller, now: datetime) -> None:
    """Note the proposals that are missing, each with how long ago it was published."""
    endorsing = Proposal.state == ProposalState.ENDORSING
    here = Proposal.place_id == teller.place_ids[DISTRICT]
    closes = Proposal.closes_at
    wanted: tuple[tuple[str, int, float, tuple[ColumnElement[bool], ...]], ...] = (
        ("closing", 18, 0.85, (endorsing, here, closes > now + HOUR, closes < now + SOON)),
        ("new", 2, 0.2, (endorsing, here, closes > now + SOON)),
        (
            "awaiting",
            24,
            1.0,
            (Proposal.state == ProposalState.REVIEW, Proposal.reply_due_on >= seoul_day(now)),
        ),
        ("dong", 6, 0.6, (endorsing, ~here, closes > now + HOUR)),
        ("precheck", 1, 0.0, (Proposal.state == ProposalState.PRECHECK,)),
    )
    for key, days_ago, share, found in wanted:
        if not _exists(teller, select(Proposal.id).where(*found)):
            _note_proposal(teller, key, now, days_ago=days_ago, share=share)


def _note_proposal(teller: Teller, key: str, now: datetime, *, days_ago: int, share: float) -> None:
    entry = text_of("present")[key]
    idea = Idea(
        place=entry["home"] if key == "dong" else DISTRICT,
        home=entry["home"],
        field=Field(entry["field"]),
        title=entry["title"],
        sense=entry["sense"],
        body=entry["body"].strip(),
        day=seoul_day(now),
    )
    published_at = now - timedelta(days=days_ago) - HOUR

    def begin() -> None:
        on = seoul_day(teller.at)
        author = teller.chance.choice(teller.cast.old_enough(idea.home, years=15, on=on))
        proposal = publish(teller, idea, author.person_id)
        if key == "precheck":
            return
        proposal_id = proposal.id
        teller.calendar.at(
            published_at + HOUR / 2,
            _open,
            teller,
            idea,
            proposal_id,
            author.person_id,
            now,
            share,
        )

    teller.calendar.at(published_at, begin)


def _open(
    teller: Teller, idea: Idea, proposal_id: int, author_id: int, now: datetime, share: float
) -> None:
    """Open the window and note endorsements: a share of what the rule asks for."""
    proposal = teller.session.get_one(Proposal, proposal_id)
    if proposal.state is ProposalState.PRECHECK:
        by = teller.who(receiver(teller, idea.place))
        proposals.pass_precheck(teller.session, proposal, by=by, at=teller.at)
    assert proposal.threshold  # noqa: S101 - the window has just opened
    people = endorsers(teller, idea, author_id, int(proposal.threshold * share))
    passes = share >= 1
    end = teller.at + (now - teller.at) / 2 if passes else now
    moments = spread(teller.at, end, len(people), teller.chance)
    if passes:
        moments[-1] = end
    for moment, neighbour in zip(moments, people, strict=True):

        def endorse(person_id: int = neighbour.person_id) -> None:
            proposals.endorse(teller.session, proposal_id, person_id=person_id, at=teller.at)

        teller.calendar.at(moment, endorse)
    if passes:
        department = text_of("present")["awaiting"]["department"]
        teller.calendar.at(end + HOUR, _assign, teller, proposal_id, department)


def _assign(teller: Teller, proposal_id: int, department: str) -> None:
    proposals.assign_department(
        teller.session,
        teller.session.get_one(Proposal, proposal_id),
        teller.department(department),
        by=teller.who(teller.cast.registrar),
        at=teller.at,
    )
