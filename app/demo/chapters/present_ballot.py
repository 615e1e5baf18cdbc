"""The district's open vote of the running demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.assemblies.models import QuorumKind, Track
from app.ballots import actions as ballots
from app.ballots.models import Ballot
from app.core.clock import seoul_day, seoul_midnight
from app.demo.chapters.votes import note_votes, roll_of, share_out
from app.demo.content import text_of
from app.residents.rules import AgeMode

if TYPE_CHECKING:
    from app.demo.teller import Teller

OPENED_DAYS_AGO, LASTS_DAYS = 4, 14
FROZEN_BEFORE = timedelta(hours=14)
MIN_AGE, SEATS, TURNOUT = 14, 2, 0.25


def note_ballot(teller: Teller, now: datetime) -> None:
    """Note a vote that opened some days ago and stays open for more than a week."""
    teller.calendar.at(now - timedelta(days=OPENED_DAYS_AGO + 6), _draw, teller, now)


def _draw(teller: Teller, now: datetime) -> None:
    content = text_of("present")["ballot"]
    opens_at = seoul_midnight(seoul_day(now - timedelta(days=OPENED_DAYS_AGO)))
    by = teller.who(teller.cast.registrar)
    ballot = ballots.draw_ballot(
        teller.session,
        place=teller.place(),
        title=content["title"],
        explanation=content["explanation"].strip(),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=LASTS_DAYS),
        max_picks=content["max_picks"],
        seats={Track(entry["track"]): SEATS for entry in content["option"]},
        base_date=seoul_day(opens_at - FROZEN_BEFORE),
        ages_on=seoul_day(opens_at),
        min_age=MIN_AGE,
        age_mode=AgeMode.ELECTION_LAW,
        quorum_kind=QuorumKind.NONE,
        quorum_value=0,
        by=by,
        at=teller.at,
    )
    ballot_id = ballot.id
    for entry in content["option"]:
        ballots.add_option(
            teller.session,
            ballot,
            track=Track(entry["track"]),
            title=entry["title"],
            sense=entry["sense"],
            budget_won=entry["budget_won"],
            department=teller.department(entry["department"]),
            by=by,
            at=teller.at,
        )
    popularity = {entry["title"]: entry["popularity"] for entry in content["option"]}
    teller.calendar.at(
        opens_at - FROZEN_BEFORE,
        lambda: freeze_and_vote(teller, ballot_id, popularity, now, turnout=TURNOUT),
    )


def freeze_and_vote(
    teller: Teller,
    ballot_id: int,
    popularity: dict[str, float],
    now: datetime,
    *,
    turnout: float,
) -> None:
    """Freeze a ballot, and note its opening and the votes of a part of the roll until now."""
    ballot = ballots.freeze_ballot(
        teller.session,
        teller.session.get_one(Ballot, ballot_id),
        keys=teller.keys,
        by=teller.who(teller.cast.officer),
        at=teller.at,
    )
    teller.calendar.at(
        ballot.opens_at, lambda: ballots.open_due_ballots(teller.session, at=teller.at)
    )
    known = {one.person_id for one in teller.cast.everybody()}
    roll = [person_id for person_id in roll_of(teller, ballot_id) if person_id in known]
    voters = teller.chance.sample(roll, int(len(roll) * turnout))
    shares = {option.id: popularity[option.title] for option in ballot.options}
    choices = share_out(shares, voters, ballot.max_picks, teller.chance)
    note_votes(teller, ballot_id, choices, ballot.opens_at + timedelta(seconds=30), now)
