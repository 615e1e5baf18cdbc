"""How one proposal lives: published, looked at, endorsed, and answered or let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.core.clock import seoul_day
from app.demo.calendar import office_hour, spread, waking_hour
from app.demo.people import DISTRICT, some_of
from app.proposals import actions
from app.proposals.models import Field, Proposal, ProposalState, Verdict

if TYPE_CHECKING:
    from app.demo.people import Neighbour
    from app.demo.teller import Teller

AUTHORS_ARE = 15
FOLLOWERS_AT_MOST = 6


@dataclass(frozen=True)
class Answer:
    """What the department will say, and how many days after the review began."""

    verdict: Verdict
    department: str
    after_days: int
    reason: str
    planned_on: date | None


@dataclass(frozen=True)
class Idea:
    """A proposal as the content tells it; `support` is how many endorse or would have."""

    place: str
    home: str
    field: Field
    title: str
    sense: str
    body: str
    day: date
    support: int = 0
    passes_within: int = 14
    unfit: str | None = None
    answer: Answer | None = None


def tell_idea(teller: Teller, idea: Idea) -> None:
    """Note the life of a proposal, beginning with its publication."""
    moment = waking_hour(idea.day, teller.chance)
    teller.calendar.at(moment, _publish, teller, idea)


def _publish(teller: Teller, idea: Idea) -> None:
    on = seoul_day(teller.at)
    author = teller.chance.choice(teller.cast.old_enough(idea.home, years=AUTHORS_ARE, on=on))
    proposal = publish(teller, idea, author.person_id)
    teller.proposal_ids[idea.title] = proposal.id
    proposal_id = proposal.id
    looked_at = office_hour(on + timedelta(days=teller.chance.randint(1, 2)), teller.chance)
    teller.calendar.at(looked_at, _precheck, teller, idea, proposal_id, author)


def publish(teller: Teller, idea: Idea, author_id: int) -> Proposal:
    """Write and publish a proposal now."""
    by = teller.who(author_id)
    proposal = actions.draft_proposal(
        teller.session,
        place=teller.place(idea.place),
        field=idea.field,
        title=idea.title,
        sense=idea.sense,
        body=idea.body,
        home=teller.place(idea.home),
        by=by,
        at=teller.at,
    )
    actions.publish_proposal(teller.session, proposal, by=by, at=teller.at)
    return proposal


def receiver(teller: Teller, place: str) -> int:
    """Return the clerk who receives a place's proposals."""
    return teller.cast.registrar if place == DISTRICT else teller.cast.clerks[place]


def endorsers(teller: Teller, idea: Idea, author_id: int, count: int) -> list[Neighbour]:
    """Return so many who endorse: of the dong itself, or of the district with neighbours first."""
    near = [one for one in teller.cast.neighbours[idea.home] if one.person_id != author_id]
    if idea.place != DISTRICT:
        return some_of(near, count, teller.chance)
    chosen = some_of(near, count * 2 // 5, teller.chance)
    taken = {one.person_id for one in chosen} | {author_id}
    far = [one for one in teller.cast.everybody() if one.person_id not in taken]
    return chosen + some_of(far, count - len(chosen), teller.chance)


def _precheck(teller: Teller, idea: Idea, proposal_id: int, author: Neighbour) -> None:
    proposal = teller.session.get_one(Proposal, proposal_id)
    by = teller.who(receiver(teller, idea.place))
    if idea.unfit is not None:
        actions.fail_precheck(teller.session, proposal, reason=idea.unfit, by=by, at=teller.at)
        return
    actions.pass_precheck(teller.session, proposal, by=by, at=teller.at)
    assert proposal.opens_at and proposal.closes_at and proposal.threshold  # noqa: S101, PT018
    begin = max(teller.at, proposal.opens_at) + timedelta(minutes=20)
    people = endorsers(teller, idea, author.person_id, idea.support)
    if idea.answer is None:
        end = proposal.closes_at - timedelta(minutes=30)
        _gather(teller, idea, proposal_id, people, begin, end)
        teller.calendar.at(
            proposal.closes_at + timedelta(minutes=1),
            lambda: actions.close_missed_windows(teller.session, at=teller.at),
        )
        return
    days = teller.chance.randint(4, idea.passes_within)
    needed, others = people[: proposal.threshold], people[proposal.threshold :]
    _gather(teller, idea, proposal_id, needed, begin, begin + timedelta(days=days))
    for neighbour in others[:FOLLOWERS_AT_MOST]:
        moment = begin + timedelta(days=days, hours=teller.chance.randint(1, 60))
        _follow(teller, proposal_id, neighbour, moment)


def _gather(
    teller: Teller,
    idea: Idea,
    proposal_id: int,
    people: list[Neighbour],
    begin: datetime,
    end: datetime,
) -> None:
    moments = spread(begin, end, len(people), teller.chance)
    for moment, neighbour in zip(moments, people, strict=True):

        def endorse(person_id: int = neighbour.person_id) -> None:
            actions.endorse(teller.session, proposal_id, person_id=person_id, at=teller.at)
            proposal = teller.session.get_one(Proposal, proposal_id)
            if idea.answer is not None and proposal.state is ProposalState.REVIEW:
                _hand_over(teller, idea, idea.answer, proposal_id)

        teller.calendar.at(moment, endorse)


def _follow(teller: Teller, proposal_id: int, neighbour: Neighbour, moment: datetime) -> None:
    teller.calendar.at(
        moment,
        lambda: actions.follow(
            teller.session, proposal_id, by=teller.who(neighbour.person_id), at=teller.at
        ),
    )


def _hand_over(teller: Teller, idea: Idea, answer: Answer, proposal_id: int) -> None:
    """Note who will be asked, and when they answer."""
    today = seoul_day(teller.at)

    def assign() -> None:
        actions.assign_department(
            teller.session,
            teller.session.get_one(Proposal, proposal_id),
            teller.department(answer.department),
            by=teller.who(receiver(teller, idea.place)),
            at=teller.at,
        )

    def reply() -> None:
        actions.reply_to_proposal(
            teller.session,
            teller.session.get_one(Proposal, proposal_id),
            verdict=answer.verdict,
            reason=answer.reason,
            planned_on=answer.planned_on,
            by=teller.who(teller.cast.departments[answer.department]),
            at=teller.at,
        )

    teller.calendar.at(office_hour(today + timedelta(days=1), teller.chance), assign)
    teller.calendar.at(office_hour(today + timedelta(days=answer.after_days), teller.chance), reply)
