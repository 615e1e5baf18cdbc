"""Chapter six: the district's online vote of July 2020, eighteen ideas, six picks each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.assemblies.models import QuorumKind, Track
from app.ballots import actions as ballots
from app.ballots.models import Ballot
from app.core.clock import seoul_midnight
from app.demo.calendar import office_hour
from app.demo.chapters.gatherings import insist_winners
from app.demo.chapters.votes import note_votes, roll_of, share_out
from app.demo.content import text_of
from app.residents.rules import AgeMode

if TYPE_CHECKING:
    from app.demo.teller import Teller

MIN_AGE = 14
FROZEN_BEFORE = timedelta(days=6)
TURNOUT = 0.72


class Napul:
    """The vote on its way; the id comes when it is drawn up."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        content = text_of("napul")
        self.head: dict[str, Any] = content["ballot"]
        self.options: list[dict[str, Any]] = content["option"]
        self.opens_at = seoul_midnight(self.head["from"])
        self.closes_at = seoul_midnight(self.head["until"] + timedelta(days=1))
        self.ballot_id = 0

    def note(self) -> None:
        """Note its acts."""
        begin, end, chance = self.head["from"], self.head["until"], self.teller.chance
        for moment, act in (
            (office_hour(begin - timedelta(days=16), chance), self.draw),
            (office_hour(begin - FROZEN_BEFORE, chance), self.freeze),
            (self.opens_at, self.open),
            (self.closes_at, self.close),
            (office_hour(end + timedelta(days=1), chance), self.count),
            (office_hour(end + timedelta(days=5), chance), self.certify),
        ):
            self.teller.calendar.at(moment, act)

    def ballot(self) -> Ballot:
        """Return the ballot's row."""
        return self.teller.session.get_one(Ballot, self.ballot_id)

    def draw(self) -> None:
        """Draw the paper up."""
        teller = self.teller
        by = teller.who(teller.cast.registrar)
        seats: dict[Track, int] = {}
        for entry in self.options:
            track = Track(entry["track"])
            seats[track] = seats.get(track, 0) + bool(entry["adopted"])
        ballot = ballots.draw_ballot(
            teller.session,
            place=teller.place(),
            title=self.head["title"],
            explanation=self.head["intro"].strip(),
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            max_picks=self.head["max_picks"],
            seats=seats,
            base_date=self.head["from"] - FROZEN_BEFORE,
            ages_on=self.head["from"],
            min_age=MIN_AGE,
            age_mode=AgeMode.ELECTION_LAW,
            quorum_kind=QuorumKind.NONE,
            quorum_value=0,
            by=by,
            at=teller.at,
        )
        self.ballot_id = ballot.id
        for entry in self.options:
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

    def freeze(self) -> None:
        """Freeze paper and roll, and note who will vote when."""
        teller = self.teller
        ballot = ballots.freeze_ballot(
            teller.session,
            self.ballot(),
            keys=teller.keys,
            by=teller.who(teller.cast.officer),
            at=teller.at,
        )
        roll = roll_of(teller, ballot.id)
        voters = teller.chance.sample(roll, int(len(roll) * TURNOUT))
        popularity = {entry["title"]: entry["popularity"] for entry in self.options}
        shares = {option.id: popularity[option.title] for option in ballot.options}
        choices = share_out(shares, voters, ballot.max_picks, teller.chance)
        begin = self.opens_at + timedelta(hours=7)
        note_votes(teller, ballot.id, choices, begin, self.closes_at - timedelta(hours=3))

    def open(self) -> None:
        """Open at midnight."""
        ballots.open_due_ballots(self.teller.session, at=self.teller.at)

    def close(self) -> None:
        """Close at midnight."""
        ballots.close_due_ballots(self.teller.session, at=self.teller.at)

    def count(self) -> None:
        """Open the urn; all but one idea are taken up."""
        teller, ballot = self.teller, self.ballot()
        by = teller.who(teller.cast.officer)
        opened = ballots.open_urn(teller.session, ballot, keys=teller.keys, by=by)
        ballots.count_ballot(teller.session, ballot, opened=opened, by=by, at=teller.at)
        insist_winners(ballot, {entry["title"] for entry in self.options if entry["adopted"]})

    def certify(self) -> None:
        """Certify the count."""
        by = self.teller.who(self.teller.cast.observer)
        ballots.certify_count(self.teller.session, self.ballot(), by=by, at=self.teller.at)


def tell_napul(teller: Teller) -> None:
    """Note the district's vote."""
    Napul(teller).note()
