"""Chapter four: ten dong assemblies in June 2020, their ballots, and what was promised there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.assemblies import actions as assemblies
from app.assemblies.models import Assembly, QuorumKind, StageKind, Track
from app.assemblies.rules import PlannedStage
from app.ballots import actions as ballots
from app.ballots.models import Ballot, Outcome
from app.commitments import actions as commitments
from app.commitments.rules import mark_of
from app.core.clock import seoul_day, seoul_midnight, seoul_moment
from app.demo.calendar import office_hour
from app.demo.chapters.agendas import CARRIED_OUT_BY, department_of
from app.demo.chapters.minutes import minutes_of
from app.demo.chapters.votes import note_votes, roll_of, share_out
from app.demo.content import text_of
from app.demo.teller import STORY_BEGINS, StoryWentWrong
from app.proposals.models import Proposal
from app.residents.rules import AgeMode

if TYPE_CHECKING:
    from app.demo.teller import Teller

NOTICE_DAYS, MIN_AGE, QUORUM = 30, 15, 30
PREPARED_BEFORE, NOTICED_BEFORE = timedelta(days=38), timedelta(days=33)
FROZEN_BEFORE, EARLY_VOTE = timedelta(days=12), timedelta(days=9)
YEAR = 2021


@dataclass
class Gathering:
    """One assembly on its way; the ids come as the acts happen."""

    dong: str
    title: str
    held_at: datetime
    ends_at: datetime
    vote_begins: datetime
    vote_ends: datetime
    notice: str
    venue: str
    stages: list[PlannedStage]
    agenda: list[dict[str, Any]]
    assembly_id: int = 0
    ballot_id: int = 0
    voters: list[int] = field(default_factory=list)

    @property
    def day(self) -> date:
        """Return the day it is held on."""
        return seoul_day(self.held_at)

    def seats(self) -> dict[Track, int]:
        """Return how many items of each track are to be selected."""
        counts = dict.fromkeys((Track(entry["track"]) for entry in self.agenda), 0)
        for entry in self.agenda:
            counts[Track(entry["track"])] += bool(entry["wins"])
        return counts


def tell_gatherings(teller: Teller) -> list[Gathering]:
    """Note everything around the assemblies but what is said in them; return them by date."""
    teller.calendar.at(STORY_BEGINS + timedelta(hours=2), _set_rules, teller)
    gatherings = _gatherings()
    for gathering in gatherings:
        _note(teller, gathering)
    return gatherings


def _set_rules(teller: Teller) -> None:
    for slug in teller.dongs:
        assemblies.set_assembly_rules(
            teller.session,
            teller.place(slug),
            notice_days=NOTICE_DAYS,
            quorum_kind=QuorumKind.SEATS,
            quorum_value=QUORUM,
            min_age=MIN_AGE,
            age_mode=AgeMode.ELECTION_LAW,
            by=teller.who(teller.cast.operator),
            at=teller.at,
        )


def _gatherings() -> list[Gathering]:
    agenda: dict[str, list[dict[str, Any]]] = {}
    for entry in text_of("agendas")["agenda"]:
        agenda.setdefault(entry["dong"], []).append(entry)
    told_in_full = _full(agenda)
    short = [_short(entry, agenda) for entry in text_of("gatherings")["gathering"]]
    return sorted([told_in_full, *short], key=lambda one: one.held_at)


def _full(agenda: dict[str, list[dict[str, Any]]]) -> Gathering:
    content = text_of("assembly")
    head = content["assembly"]
    starts = {stage["key"]: stage["started_at"] for stage in content["stage"]}
    moments = {
        key: seoul_moment(head["on"], at.hour, at.minute, at.second) for key, at in starts.items()
    }
    opens = head["opens_at"]
    held_at = seoul_moment(head["on"], opens.hour, opens.minute)
    return Gathering(
        dong=head["dong"],
        title=head["title"],
        held_at=held_at,
        ends_at=held_at + timedelta(minutes=sum(one["minutes"] for one in content["stage"])),
        vote_begins=moments["vote"],
        vote_ends=moments["count"],
        notice=head["notice"].strip(),
        venue="온라인 총회장 · 독산2동 주민센터 2층",
        stages=[
            PlannedStage(StageKind(stage["kind"]), stage["name"], stage["minutes"])
            for stage in content["stage"]
        ],
        agenda=agenda[head["dong"]],
    )


def _short(entry: dict[str, Any], agenda: dict[str, list[dict[str, Any]]]) -> Gathering:
    frame = text_of("gatherings")
    stages = [
        PlannedStage(StageKind(stage["kind"]), stage["name"], stage["minutes"])
        for stage in frame["stage"]
    ]
    at = entry["at"]
    held_at = seoul_moment(entry["on"], at.hour, at.minute)
    kinds = [stage.kind for stage in stages]
    vote = kinds.index(StageKind.VOTE)
    vote_begins = held_at + timedelta(minutes=sum(stage.minutes for stage in stages[:vote]))
    vote_ends = vote_begins + timedelta(minutes=stages[vote].minutes)
    return Gathering(
        dong=entry["dong"],
        title=f"2020년 {entry['name']} 주민총회",
        held_at=held_at,
        ends_at=held_at + timedelta(minutes=sum(stage.minutes for stage in stages)),
        vote_begins=vote_begins,
        vote_ends=vote_ends,
        notice=frame["notice"].format(name=entry["name"]),
        venue=entry["venue"],
        stages=stages,
        agenda=agenda[entry["dong"]],
    )


def _note(teller: Teller, gathering: Gathering) -> None:
    day, chance = gathering.day, teller.chance
    noticed_at = office_hour(day - NOTICED_BEFORE, chance)
    for moment, act in (
        (office_hour(day - PREPARED_BEFORE, chance), _prepare),
        (noticed_at, _publish),
        (noticed_at + timedelta(hours=1), _draw),
        (office_hour(day - FROZEN_BEFORE, chance), _freeze),
        (seoul_midnight(day - EARLY_VOTE), _open_ballot),
        (gathering.vote_ends, _close_ballot),
        (gathering.vote_ends + timedelta(minutes=2), _count),
        (gathering.vote_ends + timedelta(minutes=8), _certify),
        (office_hour(day + timedelta(days=5), chance), _promise),
        (office_hour(day + timedelta(days=9), chance), _publish_minutes),
    ):
        teller.calendar.at(moment, act, teller, gathering)


def _clerk(teller: Teller, gathering: Gathering) -> int:
    return teller.cast.clerks[gathering.dong]


def _prepare(teller: Teller, gathering: Gathering) -> None:
    by = teller.who(_clerk(teller, gathering))
    assembly = assemblies.call_assembly(
        teller.session,
        place=teller.place(gathering.dong),
        title=gathering.title,
        notice_text=gathering.notice,
        venue=gathering.venue,
        held_at=gathering.held_at,
        ends_at=gathering.ends_at,
        by=by,
        at=teller.at,
    )
    gathering.assembly_id = assembly.id
    assemblies.set_running_order(teller.session, assembly, gathering.stages, by=by, at=teller.at)
    for entry in gathering.agenda:
        assemblies.add_item(
            teller.session,
            assembly,
            title=entry["title"],
            sense=entry["sense"],
            body=entry["body"].strip(),
            track=Track(entry["track"]),
            budget_won=entry["budget_won"],
            department=teller.department(department_of(entry)),
            proposal=teller.session.get_one(Proposal, teller.proposal_ids[entry["title"]]),
            by=by,
            at=teller.at,
        )


def _assembly(teller: Teller, gathering: Gathering) -> Assembly:
    return teller.session.get_one(Assembly, gathering.assembly_id)


def _ballot(teller: Teller, gathering: Gathering) -> Ballot:
    return teller.session.get_one(Ballot, gathering.ballot_id)


def _publish(teller: Teller, gathering: Gathering) -> None:
    by = teller.who(_clerk(teller, gathering))
    assemblies.publish_notice(teller.session, _assembly(teller, gathering), by=by, at=teller.at)


def _draw(teller: Teller, gathering: Gathering) -> None:
    by = teller.who(_clerk(teller, gathering))
    seats = gathering.seats()
    total = sum(seats.values())
    assembly = _assembly(teller, gathering)
    ballot = ballots.draw_ballot(
        teller.session,
        place=teller.place(gathering.dong),
        assembly=assembly,
        title=f"{gathering.title} 투표",
        explanation=text_of("gatherings")["ballot"].format(
            total=total, support=seats[Track.SUPPORT], budget=seats[Track.BUDGET]
        ),
        opens_at=seoul_midnight(gathering.day - EARLY_VOTE),
        closes_at=gathering.vote_ends,
        max_picks=total,
        seats=seats,
        base_date=gathering.day - FROZEN_BEFORE,
        by=by,
        at=teller.at,
    )
    gathering.ballot_id = ballot.id
    ballots.put_agenda_on_ballot(teller.session, ballot, assembly, by=by, at=teller.at)


def _freeze(teller: Teller, gathering: Gathering) -> None:
    ballot = _ballot(teller, gathering)
    ballots.freeze_ballot(
        teller.session, ballot, keys=teller.keys, by=teller.who(teller.cast.officer), at=teller.at
    )
    roll = roll_of(teller, ballot.id)
    voters = teller.chance.sample(roll, max(QUORUM + 2, len(roll) * 17 // 20))
    gathering.voters = voters
    popularity = {entry["title"]: entry["popularity"] for entry in gathering.agenda}
    shares = {option.id: popularity[option.title] for option in ballot.options}
    choices = list(share_out(shares, voters, ballot.max_picks, teller.chance).items())
    early = len(choices) * 7 // 10
    note_votes(
        teller,
        ballot.id,
        dict(choices[:early]),
        ballot.opens_at + timedelta(hours=8),
        gathering.held_at - timedelta(hours=16),
    )
    note_votes(
        teller,
        ballot.id,
        dict(choices[early:]),
        gathering.vote_begins + timedelta(seconds=40),
        gathering.vote_ends - timedelta(seconds=20),
    )


def _open_ballot(teller: Teller, _gathering: Gathering) -> None:
    ballots.open_due_ballots(teller.session, at=teller.at)


def _close_ballot(teller: Teller, _gathering: Gathering) -> None:
    ballots.close_due_ballots(teller.session, at=teller.at)


def _count(teller: Teller, gathering: Gathering) -> None:
    ballot, by = _ballot(teller, gathering), teller.who(teller.cast.officer)
    opened = ballots.open_urn(teller.session, ballot, keys=teller.keys, by=by)
    ballots.count_ballot(teller.session, ballot, opened=opened, by=by, at=teller.at)
    told = {entry["title"] for entry in gathering.agenda if entry["wins"]}
    insist_winners(ballot, told)


def insist_winners(ballot: Ballot, told: set[str]) -> None:
    """Insist that a count selected exactly what the texts tell."""
    selected = {one.title for one in ballot.options if one.outcome is Outcome.SELECTED}
    if selected != told:
        message = f"{ballot.title}: the urn and the texts differ on {sorted(selected ^ told)}"
        raise StoryWentWrong(message)


def _certify(teller: Teller, gathering: Gathering) -> None:
    by = teller.who(teller.cast.observer)
    ballots.certify_count(teller.session, _ballot(teller, gathering), by=by, at=teller.at)


def _promise(teller: Teller, gathering: Gathering) -> None:
    """Make commitments of what was selected, and have the departments plan their steps."""
    made = commitments.make_commitments(
        teller.session,
        _ballot(teller, gathering),
        year=YEAR,
        due_on=CARRIED_OUT_BY,
        default_department=teller.department("community"),
        by=teller.who(_clerk(teller, gathering)),
        at=teller.at,
    )
    entries = {entry["title"]: entry for entry in gathering.agenda}
    for commitment in made:
        entry = entries[commitment.title]
        teller.commitment_ids[commitment.title] = commitment.id
        commitments.set_milestones(
            teller.session,
            commitment,
            [(step["name"], step["due"]) for step in entry["milestones"]],
            seen=mark_of(commitment.milestones),
            by=teller.who(teller.cast.departments[department_of(entry)]),
            at=teller.at,
        )


def _publish_minutes(teller: Teller, gathering: Gathering) -> None:
    assembly = _assembly(teller, gathering)
    assemblies.publish_minutes(
        teller.session,
        assembly,
        minutes=minutes_of(assembly, _ballot(teller, gathering)),
        by=teller.who(_clerk(teller, gathering)),
        at=teller.at,
    )
